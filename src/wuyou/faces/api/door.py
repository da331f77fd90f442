"""The API as one thing: its rooms, its description, its errors."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.openapi.schema import REF_TEMPLATE

from . import problems
from .access import SEE_SELF, gates
from .answers import read
from .rooms import ROOMS

DESCRIPTION = """Everything the console can do, for programs.

* Authentication: `Authorization: Bearer wy_…`, or the console's session with `X-CSRFToken` on changes.
* Scopes: `*`, `read`, `<app>.*`, `<app>.read` or a permission such as `work.do_tasks`. A token never
  goes beyond its user.
* Errors: `application/problem+json` (RFC 9457); `errors` names every wrong value.
* `Idempotency-Key` on a change: sent again with the same key it is answered, not done again.
* `ETag` on answers, `If-None-Match` for 304, `If-Match` on changes of a record for 412.
* Lists: `page` (to 10,000), `size` (to 200), `sort`, `with_total`. Moments carry a zone; decimals are
  text; money is fen.
"""

api = NinjaAPI(
    title="Wuyou",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
    auth=gates([SEE_SELF]),
)
problems.install(api)
for tag, router in ROOMS:
    api.add_router("", router, tags=[tag])


def description() -> dict[str, Any]:
    """The OpenAPI 3.1 document, errors included."""
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    components = document["components"]
    model = problems.Problem.model_json_schema(ref_template=REF_TEMPLATE)
    components["schemas"] |= model.pop("$defs", {}) | {"Problem": model}
    content = {"application/problem+json": {"schema": {"$ref": REF_TEMPLATE.format(model="Problem")}}}
    components["responses"] = {"Problem": {"description": "What went wrong (RFC 9457)", "content": content}}
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"] = {str(status): one for status, one in operation["responses"].items()}
            operation["responses"]["4XX"] = {"$ref": "#/components/responses/Problem"}
    return dict(document)


@api.get("/openapi.json", include_in_schema=False)
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of all this."""
    return read(request, description())


def answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the API: strangers hear 401 from itself instead of a log-in page, a wrong method is a problem too."""

    @login_not_required
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            allowed = response["Allow"]
            response = problems.answer(request, status=405, code="method_not_allowed", detail=problems.title(405))
            response["Allow"] = allowed
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    inner.csrf_exempt = True  # type: ignore[attr-defined]  # tokens need none; sessions are checked by the API itself
    return inner


def patterns() -> list[URLPattern]:
    """The addresses of the API."""
    return [path(str(one.pattern), answering(one.callback), name=one.name) for one in api.urls[0] if one.callback]
