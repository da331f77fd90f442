"""Codes on stickers: issued, replaced, scanned, printed (spec 01)."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from wuyou.domains.org.models import Project, User
from wuyou.domains.registry import queries
from wuyou.domains.registry.actions import tags as actions
from wuyou.domains.registry.labels import LAYOUTS
from wuyou.domains.registry.models import Tag
from wuyou.domains.registry.policies import PRINT_LABELS, VIEW_PLACES
from wuyou.faces.api.access import gates
from wuyou.faces.api.operations import Acts, body, handed, ref
from wuyou.faces.api.org.tree import PROJECTS
from wuyou.faces.api.questions import ask
from wuyou.faces.api.resources import Filter, Resource, ids, needing
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Given, Id, listed, one_of, text
from wuyou.ui.visitor import user_of

from . import router

KINDS = one_of(("place", "asset"))
TAGS = Resource(
    "tags",
    shape("Tag", Tag, "id project code subject_kind subject_id issued_at revoked_at replaced_by"),
    lambda user: queries.tags_visible_to(user).select_related("project__node"),
    view=[VIEW_PLACES],
    filters={
        "project_id": ids("project"), "subject_kind": Filter(KINDS, "subject_kind"), "subject_id": ids("subject_id"),
        "code": Filter(text(12), "code"),
    },
    sorts={"issued_at": "issued_at"},
)  # fmt: skip
RESOLVED = shape(
    "ResolvedTag", None, "", kind="kind", id=(int, "id"), project_id=(int, "project_id"),
    is_replaced=(bool, "is_replaced"), replaced_by="replaced_by",
)  # fmt: skip


def resolve(request: HttpRequest, given: Any) -> dict[str, Any]:
    """What a scanned or typed code stands for."""
    return RESOLVED.of(actions.resolve_tag(given.code, by=user_of(request)))


ask(
    router, "/tags/resolve", "tags_resolve", resolve, RESOLVED.model, [VIEW_PLACES, "work.do_tasks"],
    code=text(300, least=1),
)  # fmt: skip
TAGS.expose(router)
on_tags = Acts(router, TAGS, [PRINT_LABELS])


def issue(*, project: Project, by: User, **given: Any) -> Tag:
    """The code in force of a place or device, issued if there is none yet."""
    return actions.issue_tag(project, by=by, **given)


on_tags.add(issue, {"project": ref(PROJECTS), "kind": KINDS, "subject_id": Id})
on_tags.post("replace", actions.revoke_and_reissue, {"reason": text(200)}, answer=TAGS.shape)


class Labelled(Given):
    """A place or device that gets a sticker."""

    kind: KINDS  # type: ignore[valid-type]
    id: Id


PRINTED = {"project": ref(PROJECTS), "items": listed(Labelled, 1000), "layout": one_of(tuple(LAYOUTS))}
Printed = body("TagsPrint", PRINTED)


@router.post(
    "/tags/print", operation_id="tags_print", summary="Print labels", response=None, auth=gates([PRINT_LABELS]),
    openapi_extra={
        **needing([PRINT_LABELS]),
        "responses": {200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
    },
)  # fmt: skip
def print_labels(request: HttpRequest, given: Printed) -> HttpResponse:  # type: ignore[valid-type]
    """A PDF of stickers for places and devices; codes are issued where there are none."""
    values = handed(request, PRINTED, given)
    items = [(item.kind, item.id) for item in values["items"]]
    pdf = actions.print_labels(values["project"], items=items, layout=values["layout"], by=user_of(request))
    return HttpResponse(pdf, content_type="application/pdf")
