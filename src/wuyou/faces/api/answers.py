"""How answers leave: JSON, ETags, If-Match, repeated requests answered once (spec 11)."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from wuyou.kernel.errors import Invalid
from wuyou.kernel.idempotency import Answer, replay_or_run
from wuyou.kernel.transactions import unit_of_work

from .problems import Stale

SAFE = {"GET", "HEAD"}
JSON = "application/json"
KEY = "Idempotency-Key"


class Encoder(DjangoJSONEncoder):
    """Decimals as text, moments with their zone, lazy words in the language of whoever asks."""

    def default(self, o: Any) -> Any:
        """What JSON does not know itself."""
        if isinstance(o, BaseModel):
            return o.model_dump()
        if hasattr(o, "isoformat"):
            return o.isoformat().replace("+00:00", "Z")
        return super().default(o)


def dumped(data: Any) -> str:
    """Data as JSON, always the same for the same data."""
    return json.dumps(data, cls=Encoder, ensure_ascii=False, separators=(",", ":"))


def etag(text: str) -> str:
    """A strong validator of a representation."""
    return '"' + hashlib.sha256(text.encode()).hexdigest()[:32] + '"'


def read(request: HttpRequest, data: Any) -> HttpResponse:
    """An answer to a question: with its ETag, or 304 when the asker has it already."""
    text = dumped(data)
    tag = etag(text)
    if tag in tags(request, "If-None-Match"):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(text, content_type=JSON)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


def tags(request: HttpRequest, header: str) -> set[str]:
    """The ETags of a header, weak ones as the strong ones they stand for."""
    return {part.strip().removeprefix("W/") for part in request.headers.get(header, "").split(",") if part.strip()}


def check_match(request: HttpRequest, data: Callable[[], Any]) -> None:
    """Raise Stale when If-Match names another state of the record than the present one."""
    wanted = tags(request, "If-Match")
    if wanted and "*" not in wanted and etag(dumped(data())) not in wanted:
        raise Stale(_("Somebody changed this record since you read it. Read it again, then decide anew."))


def done(request: HttpRequest, run: Callable[[], Any], *, status: int = 200, is_secret: bool = False) -> HttpResponse:
    """Do something and answer with what came of it: one transaction, and once per idempotency key.

    A secret answer is kept nowhere, so it cannot be repeated: raises Invalid for a key.
    """
    key = request.headers.get(KEY)
    if is_secret and key is not None:
        raise Invalid(fields={KEY: _("This answer is a secret and is not kept: send no idempotency key.")})
    if key is None:
        with unit_of_work():
            answer = _answer(run(), status)
    else:
        answer = replay_or_run(
            lambda: _answer(run(), status),
            actor=request.user.actor_id,  # type: ignore[union-attr]
            key=key,
            method=str(request.method),
            path=request.get_full_path(),
            request_body=body_of(request),
        )
    response = HttpResponse(answer.body, status=answer.status, content_type=JSON)
    if not answer.body:
        del response["Content-Type"]  # nothing has no kind
    if answer.replayed:
        response["Idempotency-Replayed"] = "true"
    return response


def loose(run: Callable[[], Any]) -> HttpResponse:
    """Do something that takes several transactions and answer; doing it twice does no more than doing it once."""
    return HttpResponse(dumped(run()), content_type=JSON)


def _answer(data: Any, status: int) -> Answer:
    return Answer(204, "") if data is None else Answer(status, dumped(data))


def body_of(request: HttpRequest) -> bytes:
    """What tells one request from another: the body, or of a form its fields and its files."""
    if not (request.content_type or "").startswith("multipart/"):
        return request.body
    parts = [json.dumps(sorted(request.POST.lists()))]
    files: list[tuple[str, Any]] = sorted(request.FILES.items())
    for name, file in files:
        file.seek(0)
        parts.append(f"{name}:{file.name}:{hashlib.sha256(file.read()).hexdigest()}")
        file.seek(0)
    return "\n".join(parts).encode()
