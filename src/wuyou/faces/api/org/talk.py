"""Comments on records."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets.queries import assets_visible_to
from wuyou.domains.org import actions, queries
from wuyou.domains.org.models import Comment, User
from wuyou.domains.quality.queries.findings import findings_visible_to
from wuyou.domains.registry.queries import places_visible_to
from wuyou.domains.work.queries.tasks import problems_visible_to, tasks_visible_to
from wuyou.faces.api.operations import Acts
from wuyou.faces.api.questions import ask
from wuyou.faces.api.resources import Resource, Rows
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Id, PathId, one_of, text
from wuyou.kernel.errors import Missing
from wuyou.ui.visitor import user_of

from . import router

SUBJECTS: Mapping[str, Rows] = {
    "task": tasks_visible_to,
    "problem": problems_visible_to,
    "finding": findings_visible_to,
    "place": places_visible_to,
    "asset": assets_visible_to,
}
NEEDS = ["work.view_tasks", "work.do_tasks", "registry.view_places"]
COMMENTS = Resource(
    "comments",
    shape(
        "Comment", Comment, "id project subject_kind subject_id author text at withdrawn_at",
        author_name="author.full_name",
    ),
    queries.comments_by,
    view=NEEDS,
)  # fmt: skip


def subject_of(user: User, kind: str, pk: int) -> Any:
    """The record a comment is about; raises Missing when the user does not see it."""
    row = SUBJECTS[kind](user).select_related("project__node").filter(pk=pk).first()
    if row is None:
        raise Missing(_("There is no such thing, or not for you."))
    return row


def comments(request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """The remarks on a record, oldest first."""
    subject_of(user_of(request), given.kind, given.id)
    return COMMENTS.shape.all(queries.comments_on(given.kind, given.id))


ask(
    router, "/comments", "comments_list", comments, list[COMMENTS.shape.model], NEEDS,  # type: ignore[name-defined]
    kind=one_of(tuple(SUBJECTS)), id=PathId,
)  # fmt: skip
on_comments = Acts(router, COMMENTS, NEEDS)


def remark(*, by: User, kind: str, subject_id: int, text: str) -> Comment:
    """Remark on a record one can see."""
    row = subject_of(by, kind, subject_id)
    label = getattr(row, "title", None) or getattr(row, "number", None) or str(row)
    return actions.add_comment(project=row.project, subject=(kind, row.pk, label), text=text, by=by)


on_comments.add(remark, {"kind": one_of(tuple(SUBJECTS)), "subject_id": Id, "text": text(2000, least=1)})
on_comments.post("withdraw", actions.withdraw_comment)
