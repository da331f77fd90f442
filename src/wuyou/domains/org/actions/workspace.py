"""Saved views of lists and comments on records."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Comment, Project, SavedView, User
from wuyou.domains.org.queries import chain_of, has_permission
from wuyou.kernel import clock, journal
from wuyou.kernel.errors import Conflict, Denied, Invalid
from wuyou.kernel.transactions import action

MOST_TEXT = 2000
# who may remark on what, by kind of record; the caller has checked that the record is visible
OTHERS = ("registry.view_places",)
COMMENTERS = {
    "task": ("work.view_tasks", "work.do_tasks"), "problem": ("work.view_tasks", "work.do_tasks"),
    "finding": ("quality.inspect", "quality.correct_findings", "work.view_tasks"),
}  # fmt: skip


@action
def save_view(user: User, *, page: str, name: str, query: str, is_shared: bool = False) -> SavedView:
    """Keep the present filters of a list under a name; the same name again replaces them."""
    if not name.strip() or len(query) > MOST_TEXT:
        raise Invalid(fields={"name": _("A view needs a name.")})
    view, _created = SavedView.objects.update_or_create(
        user=user, page=page, name=name.strip()[:60], defaults={"query": query, "is_shared": is_shared}
    )
    return view


@action
def forget_view(view: SavedView, *, by: User) -> None:
    """Drop a view of one's own: a personal setting, not a record."""
    if view.user_id != by.pk:
        raise Denied(_("This is somebody else's view."))
    view.delete()


@action
def add_comment(*, project: Project, subject: tuple[str, object, str], text: str, by: User) -> Comment:
    """Remark on a record (kind, id, label) of a project that `by` can see; the journal notes that, not what."""
    _require_any(by, COMMENTERS.get(subject[0], OTHERS), project)
    if not text.strip() or len(text) > MOST_TEXT:
        raise Invalid(fields={"text": _("A comment has between 1 and 2000 characters.")})
    comment = Comment.objects.create(
        project=project,
        subject_kind=subject[0],
        subject_id=str(subject[1]),
        author=by,
        text=text.strip(),
        at=clock.now(),
    )
    journal.record("org.comment_added", chain=chain_of(project), by=by, subject=subject, data={"comment": comment.pk})
    return comment


def _require_any(by: User, permissions: tuple[str, ...], project: Project) -> None:
    if not any(has_permission(by, permission, project.node) for permission in permissions):
        raise Denied(_("You are not allowed to do this here."))


@action
def withdraw_comment(comment: Comment, *, by: User) -> Comment:
    """Cross out one's own comment; raises Conflict when that was done already."""
    if comment.author_id != by.pk:
        raise Denied(_("This is somebody else's comment."))
    now = clock.now()
    if Comment.objects.filter(pk=comment.pk, withdrawn_at__isnull=True).update(withdrawn_at=now) != 1:
        raise Conflict(_("This comment is withdrawn already."))
    comment.withdrawn_at = now
    return comment
