"""Reads that are no lists: one question, one computed answer."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field, create_model

from .access import gates
from .answers import read
from .resources import Resource, needing, refuse_unknown
from .values import PathId

Answered = Any  # a pydantic model, or list of one


class Asked(BaseModel):
    """The ground of queries: unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid")


def asked(name: str, kinds: dict[str, Any]) -> type[BaseModel]:
    """A query: name → kind, or (kind, default)."""
    fields: dict[str, Any] = {
        field: given if isinstance(given, tuple) else (given, Field(...)) for field, given in kinds.items()
    }
    return create_model(name, __base__=Asked, **fields)


def ask(  # noqa: PLR0917 — a table reads by position
    router: Router,
    path: str,
    name: str,
    reader: Callable[..., Any],
    answer: Answered,
    needs: Sequence[str],
    /,
    **kinds: Any,
) -> None:
    """GET <path>: `reader(request, asked)` gives the data."""
    question = asked(_camel(name) + "Query", kinds)

    def view(request: HttpRequest, given: Query[question]) -> HttpResponse:  # type: ignore[valid-type]
        refuse_unknown(request, question)
        return answered(request, reader(request, given))

    def plain(request: HttpRequest) -> HttpResponse:
        refuse_unknown(request, question)
        return answered(request, reader(request, question()))

    _route(router, path, name, reader, answer, needs)(view if kinds else plain)


def ask_of(  # noqa: PLR0917 — as above
    router: Router, on: Resource, path: str, reader: Callable[..., Any], answer: Answered, needs: Sequence[str], /,
    **kinds: Any,
) -> None:  # fmt: skip
    """GET /<records>/{id}/<path>: `reader(row, request, asked)` gives the data."""
    name = f"{on.word}_{path.replace('-', '_').replace('/', '_')}"
    question = asked(_camel(name) + "Query", kinds)

    def view(request: HttpRequest, id: PathId, given: Query[question]) -> HttpResponse:  # type: ignore[valid-type]  # noqa: A002
        refuse_unknown(request, question)
        return answered(request, reader(on.subject(request, id), request, given))

    def plain(request: HttpRequest, id: PathId) -> HttpResponse:  # noqa: A002
        refuse_unknown(request, question)
        return answered(request, reader(on.subject(request, id), request, question()))

    _route(router, f"/{on.name}/{{int:id}}/{path}", name, reader, answer, needs)(view if kinds else plain)


def answered(request: HttpRequest, data: Any) -> Any:
    """Data as JSON, a file as it is."""
    return data if isinstance(data, HttpResponseBase) else read(request, data)


def _route(  # noqa: PLR0917 — as above
    router: Router, path: str, name: str, reader: Callable[..., Any], answer: Answered, needs: Sequence[str]
) -> Callable[[Any], Any]:
    extra: dict[str, Any] = needing(needs)
    if isinstance(answer, str):  # a file of this content type
        extra["responses"] = {200: {"content": {answer: {"schema": {"type": "string", "format": "binary"}}}}}
    description = inspect.getdoc(reader) or ""
    return router.get(
        path, response=None if isinstance(answer, str) else answer, operation_id=name,
        summary=description.partition(".")[0].partition(":")[0] or name, description=description, openapi_extra=extra,
        auth=gates(needs),
    )  # fmt: skip


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
