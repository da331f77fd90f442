"""Search over records of every kind one may see (spec 02)."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.http import HttpRequest
from pydantic import Field

from wuyou.domains.assets.policies import VIEW_ASSETS
from wuyou.domains.org.queries import has_permission, projects_visible_to
from wuyou.domains.quality.policies.rights import INSPECT
from wuyou.domains.registry.policies import VIEW_PEOPLE, VIEW_PLACES, VIEW_STAFF
from wuyou.faces.api.access import SEE_SELF
from wuyou.faces.api.questions import ask
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import PathId, one_of, text
from wuyou.kernel import search as engine
from wuyou.ui.visitor import user_of

from . import router

KINDS: Mapping[str, str] = {
    "registry.place": VIEW_PLACES,
    "registry.person": VIEW_PEOPLE,
    "registry.staff": VIEW_STAFF,
    "assets.asset": VIEW_ASSETS,
    "quality.finding": INSPECT,
}
HIT = shape(
    "SearchHit", None, "", kind="kind", id=("object_id"), project_id=(int | None, "project_id"), title="title",
    subtitle="subtitle",
)  # fmt: skip


def find(request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """Records that hold every word, the best of each kind first; the last word may be unfinished."""
    user = user_of(request)
    found = []
    for kind, permission in KINDS.items():
        if given.kind not in {None, kind} or not has_permission(user, permission):
            continue
        projects = projects_visible_to(user, permission)
        if given.project_id is not None:
            projects = projects.filter(pk=given.project_id)
        ids = list(projects.values_list("pk", flat=True))
        found += engine.find(given.q, project_ids=ids, kinds=[kind], limit=given.limit)
    return HIT.all(found)


ask(
    router, "/search", "search", find, list[HIT.model], [SEE_SELF],  # type: ignore[name-defined]
    q=text(80, least=1), kind=(one_of(tuple(KINDS)) | None, None), project_id=(PathId | None, None),
    limit=(Annotated[int, Field(ge=1, le=50)], 20),
)  # fmt: skip
