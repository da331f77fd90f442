"""Every error as problem+json (RFC 9457), from one map."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DataError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, Field

from wuyou.kernel.errors import Conflict, Invalid, WuyouError
from wuyou.ui.errors import PROBLEM, reference_of, title_of

TYPE = "urn:wuyou:problem:"


class Unauthenticated(WuyouError):
    """Nobody known is asking."""

    status = 401
    code = "unauthenticated"


class Stale(WuyouError):
    """The record is not any more what If-Match says it is."""

    status = 412
    code = "stale"


class TooMany(WuyouError):
    """More requests than a token or person may send in a minute."""

    status = 429
    code = "too_many_requests"


class Fault(BaseModel):
    """One wrong value: where it stands and why it is wrong."""

    location: str = Field(alias="in", description="body, query, path or header")
    pointer: str = Field(description="JSON pointer within that part")
    message: str


class Problem(BaseModel):
    """What went wrong, in words for the person who can mend it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    reference: str
    errors: list[Fault] = []


def title(status: int) -> str:
    """A short name of the problem."""
    own = {
        401: _("Nobody is logged in"),
        405: _("This address does not take this method"),
        412: _("The record has changed since it was read"),
        429: _("Too many requests"),
    }
    return own.get(status) or title_of(status)


def answer(
    request: HttpRequest, *, status: int, code: str, detail: str, errors: Sequence[Mapping[str, str]] = ()
) -> HttpResponse:
    """A problem document."""
    body: dict[str, Any] = {
        "type": TYPE + code,
        "title": title(status),
        "status": status,
        "detail": detail,
        "instance": request.path,
        "reference": reference_of(request),
    }
    if errors:
        body["errors"] = list(errors)
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=PROBLEM)


def pointer(field: str) -> str:
    """`staffing.2.heads` as a JSON pointer."""
    return "/" + field.replace("~", "~0").replace("/", "~1").replace(".", "/")


def of_error(request: HttpRequest, error: WuyouError) -> HttpResponse:
    """A kernel error."""
    fields = error.fields if isinstance(error, Invalid) else ()
    errors = [{"in": "body", "pointer": pointer(one.field), "message": str(one.message)} for one in fields]
    response = answer(request, status=error.status, code=error.code, detail=str(error), errors=errors)
    if isinstance(error, Unauthenticated):
        response["WWW-Authenticate"] = 'Bearer realm="wuyou"'
    if isinstance(error, TooMany):
        response["Retry-After"] = "60"
    return response


def _place(loc: Sequence[Any]) -> dict[str, str]:
    where, *rest = [str(part) for part in loc] or ["body"]
    if where in {"body", "form"} and rest:
        rest = rest[1:]  # the name of the parameter in our own function is nobody's business
    kinds = {"form": "body", "file": "body"}
    inner = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in rest)
    return {"in": kinds.get(where, where), "pointer": inner or "/"}


def of_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Values of a wrong form."""
    errors = [{**_place(one.get("loc", ())), "message": str(one.get("msg", ""))} for one in error.errors]
    return answer(request, status=422, code="invalid", detail=_("The input is not valid."), errors=errors)


def of_stranger(request: HttpRequest, error: Exception) -> HttpResponse:
    """Nobody known is asking."""
    return of_error(request, Unauthenticated(gettext_lazy("Send a token, or log in first.")))


def of_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Whatever the library itself refuses."""
    return answer(request, status=error.status_code, code="refused", detail=str(error))


def of_missing(request: HttpRequest, error: Exception) -> HttpResponse:
    """Nothing there, or not for this person."""
    return answer(request, status=404, code="missing", detail=_("There is no such thing, or not for you."))


def of_clash(request: HttpRequest, error: Exception) -> HttpResponse:
    """A constraint of the database was quicker than the check before it."""
    return of_error(request, Conflict(gettext_lazy("This clashes with what is recorded already.")))


def of_data(request: HttpRequest, error: Exception) -> HttpResponse:
    """A value the database cannot hold."""
    return of_error(request, Invalid(gettext_lazy("A value is too large to be kept.")))


def install(api: NinjaAPI) -> None:
    """Make an API answer all errors this way."""
    for kind, handler in (
        (WuyouError, of_error),
        (ValidationError, of_validation),
        (AuthenticationError, of_stranger),
        (HttpError, of_http),
        (Http404, of_missing),
        (IntegrityError, of_clash),
        (DataError, of_data),
        (OverflowError, of_data),
    ):
        api.add_exception_handler(kind, handler)  # type: ignore[arg-type]
