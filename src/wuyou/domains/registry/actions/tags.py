"""Codes on stickers: issue, replace, resolve, print (spec 01)."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.registry import policies
from wuyou.domains.registry.labels import Label, label_sheet
from wuyou.domains.registry.models import Tag
from wuyou.domains.registry.queries import tags_visible_to
from wuyou.domains.registry.rules.tags import new_code, read_code, shown
from wuyou.domains.registry.tagging import Tagged, tagged
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid, Missing
from wuyou.kernel.transactions import action

from .recording import reason_given, record_other

Item = tuple[str, int]  # kind ("place", "asset") and id


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a scanned code stands for; an old sticker is `is_replaced` and names the code that follows it."""

    kind: str
    id: int
    project_id: int
    is_replaced: bool
    replaced_by: str


@action
def issue_tag(project: Project, *, kind: str, subject_id: int, by: Actor) -> Tag:
    """The code in force of a place or asset, issued if there is none yet; raises Denied, or Missing."""
    policies.check_print_labels(by, project)
    return _issue(project, [(kind, subject_id)], by=by)[(kind, subject_id)]


def _issue(project: Project, items: Sequence[Item], *, by: Actor) -> dict[Item, Tag]:
    """The tags in force of some items, new ones made set-wise."""
    tags = _in_force(project, items)
    lacking = [item for item in items if item not in tags]
    codes = _new_codes(len(lacking))
    now = clock.now()
    made = [
        Tag(project=project, code=code, subject_kind=kind, subject_id=subject_id, issued_at=now)
        for code, (kind, subject_id) in zip(codes, lacking, strict=True)
    ]
    _known(project, lacking)
    Tag.objects.bulk_create(made, batch_size=500)
    if made:
        record_other("tags_issued", "project", project, where=project, by=by, data={"codes": codes})
    return tags | {(tag.subject_kind, tag.subject_id): tag for tag in made}


def _in_force(project: Project, items: Sequence[Item]) -> dict[Item, Tag]:
    found: dict[Item, Tag] = {}
    for kind in sorted({kind for kind, _id in items}):
        ids = [one for other, one in items if other == kind]
        rows = Tag.objects.filter(project=project, subject_kind=kind, subject_id__in=ids, revoked_at__isnull=True)
        found |= {(tag.subject_kind, tag.subject_id): tag for tag in rows}
    return found


def _known(project: Project, items: Collection[Item]) -> dict[Item, Tagged]:
    """What the items are; raises Missing when one is not there (any more)."""
    found: dict[Item, Tagged] = {}
    for kind in sorted({kind for kind, _id in items}):
        things = tagged(kind, project_id=project.pk, ids=[one for other, one in items if other == kind])
        found |= {(kind, pk): thing for pk, thing in things.items()}
    if set(items) - set(found):
        raise Missing(_("Something to be labelled is not there (any more)."))
    return found


def _new_codes(count: int) -> list[str]:
    """Codes nobody has; with 27 thousand million possible ones a second draw is hardly ever needed."""
    codes: set[str] = set()
    while len(codes) < count:
        drawn = {new_code(secrets.choice) for _draw in range(count - len(codes))}
        codes |= drawn - set(Tag.objects.filter(code__in=drawn).values_list("code", flat=True))
    return sorted(codes)


@action
def revoke_and_reissue(tag: Tag, *, by: Actor, reason: str) -> Tag:
    """Replace a lost or damaged sticker: the old code scans to "replaced", the new one to the thing.

    Raises Denied, Invalid without a reason, Conflict when the code was replaced already.
    """
    policies.check_print_labels(by, tag.project)
    why = reason_given(reason)
    now = clock.now()
    if Tag.objects.filter(pk=tag.pk, revoked_at__isnull=True).update(revoked_at=now) != 1:
        raise Conflict(_("This code was replaced already."))
    fresh = Tag.objects.create(
        project=tag.project,
        code=_new_codes(1)[0],
        subject_kind=tag.subject_kind,
        subject_id=tag.subject_id,
        issued_at=now,
    )
    Tag.objects.filter(pk=tag.pk).update(replaced_by=fresh)
    tag.revoked_at, tag.replaced_by = now, fresh
    data = {"old": tag.code, "new": fresh.code, "reason": why}
    record_other("tag_replaced", "project", tag.project, where=tag.project, by=by, data=data)
    return fresh


def resolve_tag(text: str, *, by: Actor, permission: str = policies.VIEW_PLACES) -> Resolved:
    """What a scanned or typed code stands for; those who work at a project scan there with their own `permission`.

    Raises Invalid for a mistyped code, Missing for one nobody issued or of a project `by` does not see.
    """
    tag = tags_visible_to(by, permission).filter(code=read_code(text)).first()
    if tag is None:
        raise Missing(_("This code is not known."))
    current = _current(tag)
    return Resolved(tag.subject_kind, tag.subject_id, tag.project_id, tag.revoked_at is not None, current)


def _current(tag: Tag) -> str:
    """The code in force now of what a replaced sticker was on; '' while the sticker itself is in force."""
    if tag.revoked_at is None:
        return ""
    rows = Tag.objects.filter(subject_kind=tag.subject_kind, subject_id=tag.subject_id, revoked_at__isnull=True)
    return rows.values_list("code", flat=True).first() or ""


@action
def print_labels(project: Project, *, items: Sequence[Item], layout: str, by: Actor) -> bytes:
    """A PDF of stickers for some places and assets; codes are issued where there are none.

    Raises Denied, Missing, Invalid for the layout or none or too many items, NoChineseFont.
    """
    policies.check_print_labels(by, project)
    chosen = list(dict.fromkeys(items))
    if not chosen:
        raise Invalid(fields={"labels": _("Choose between 1 and 2,000 labels.")})
    things = _known(project, chosen)
    tags = _issue(project, chosen, by=by)
    labels = [Label(things[item].name, things[item].where, tags[item].code) for item in chosen]
    pdf = label_sheet(labels, layout=layout, title=project.name, shown_codes=[shown(one.code) for one in labels])
    record_other("labels_printed", "project", project, where=project, by=by, data={"labels": len(labels)})
    return pdf
