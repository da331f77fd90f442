"""Answers are saved section by section, photos item by item; nothing is lost, nobody is overwritten (spec 05)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from django.core.files.base import File
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.choices import InspectionState
from wuyou.domains.quality.flows.inspections import INSPECTION_FLOW
from wuyou.domains.quality.models import Inspection, InspectionAnswer
from wuyou.domains.quality.policies import inspections as policies
from wuyou.domains.quality.queries.inspections import EVIDENCE_KIND, item_in, section_of
from wuyou.domains.registry.models import Place
from wuyou.domains.sheets.choices import AnswerType
from wuyou.domains.sheets.models import Item
from wuyou.domains.sheets.queries import spec_of
from wuyou.domains.sheets.rules.agreement import verdict
from wuyou.domains.sheets.rules.answers import WrongAnswer, read_answer
from wuyou.domains.sheets.rules.items import ItemSpec
from wuyou.kernel import clock, evidence
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, FieldError, Invalid
from wuyou.kernel.evidence.models import Evidence
from wuyou.kernel.transactions import action

from .telling import chain

MOST_NOTE = 500
WRITTEN = ["value", "number", "verdict", "place", "note", "revision", "at"]


@dataclass(frozen=True, slots=True)
class AnswerIn:
    """What is answered to one item: the answer (None or "" takes it back), a remark, the place it is about."""

    value: object = None
    note: str = ""
    place_id: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said."""
        blank = self.value is None or (isinstance(self.value, str) and not self.value.strip())
        return blank and not self.note.strip() and self.place_id is None


@dataclass(slots=True)
class _Changes:
    written: list[InspectionAnswer] = field(default_factory=list)
    errors: list[FieldError] = field(default_factory=list)


@action
def save_section(
    inspection: Inspection,
    *,
    section: str,
    answers: Mapping[str, AnswerIn],
    by: Actor,
    revision: int | None = None,
) -> int:
    """Save what was answered to some items of a section; gives the inspection's new revision.

    What is not named stays as it is. With `revision`, the one that was last seen, an answer that somebody else has
    changed since to something else is not overwritten. Raises Denied, IllegalMove once submitted, Missing for an
    unknown section, Conflict, and Invalid at `answers.<code>`; then nothing is saved.
    """
    policies.check_fill(by, inspection)
    now = _claimed(inspection)
    items = {item.code: item for item in section_of(inspection, section)}
    known = {
        row.item_id: row
        for row in InspectionAnswer.objects.filter(inspection=inspection, item__in=[one.pk for one in items.values()])
    }
    changes = _changes(inspection, items, answers, known, revision=now)
    _check_places(inspection, changes)
    if changes.errors:
        raise Invalid(fields={error.field: error.message for error in changes.errors})
    _refuse_overwriting(changes.written, known, seen=revision)
    InspectionAnswer.objects.bulk_create(
        changes.written, update_conflicts=True, unique_fields=["inspection", "item"], update_fields=WRITTEN
    )
    return now


def _claimed(inspection: Inspection) -> int:
    """Lock the inspection for an edit and count it; raises IllegalMove once it is submitted or void."""
    rows = Inspection.objects.filter(pk=inspection.pk, state=InspectionState.UNDER_WAY)
    if rows.update(revision=F("revision") + 1) != 1:
        inspection.refresh_from_db(fields=["state"])
        INSPECTION_FLOW.check("submit", inspection.state)
    inspection.refresh_from_db(fields=["revision"])
    return inspection.revision


def _changes(
    inspection: Inspection,
    items: Mapping[str, Item],
    answers: Mapping[str, AnswerIn],
    known: Mapping[int, InspectionAnswer],
    *,
    revision: int,
) -> _Changes:
    """The rows to write: those that say something else than what is stored."""
    changes, at = _Changes(), clock.now()
    for code, given in answers.items():
        item = items.get(code)
        if item is None:
            changes.errors.append(FieldError(f"answers.{code}", _("This is not in the section.")))
            continue
        try:
            row = _row(inspection, item, given)
        except WrongAnswer as wrong:
            changes.errors.append(FieldError(f"answers.{code}", wrong.message))
            continue
        before = known.get(item.pk)
        if not (_says_same(before, row) if before else given.is_empty):
            row.revision, row.at = revision, at
            changes.written.append(row)
    return changes


def _row(inspection: Inspection, item: Item, given: AnswerIn) -> InspectionAnswer:
    """An answer as it is stored; raises WrongAnswer."""
    note = given.note.strip()
    if len(note) > MOST_NOTE:
        raise WrongAnswer(_("A remark has at most 500 characters."))
    row = InspectionAnswer(inspection=inspection, item=item, note=note, place_id=given.place_id)
    if given.value is None or (isinstance(given.value, str) and not given.value.strip()):
        return row
    spec = spec_of(item)
    if spec.answer_type == AnswerType.PHOTO:
        return row  # photos are counted when they come
    answer = read_answer(spec, given.value)
    row.value, row.number, row.verdict = answer.value, answer.number, verdict_of(spec, answer.value)
    return row


def verdict_of(spec: ItemSpec, value: str) -> str:
    """Pass, fail or na of an item that can fail; empty for others and before it is answered."""
    return verdict(spec, value) if value and spec.can_fail else ""


def _says_same(before: InspectionAnswer, row: InspectionAnswer) -> bool:
    if row.item.answer_type == AnswerType.PHOTO:
        row.value = before.value
    return (before.value, before.note, before.place_id) == (row.value, row.note, row.place_id)


def _check_places(inspection: Inspection, changes: _Changes) -> None:
    asked = {row.place_id for row in changes.written if row.place_id is not None}
    if not asked:
        return
    ours = set(Place.objects.filter(project=inspection.project_id, pk__in=asked).values_list("pk", flat=True))
    changes.errors += [
        FieldError(f"answers.{row.item.code}", _("This place belongs to another project."))
        for row in changes.written
        if row.place_id is not None and row.place_id not in ours
    ]


def _refuse_overwriting(
    rows: Sequence[InspectionAnswer], known: Mapping[int, InspectionAnswer], *, seen: int | None
) -> None:
    if seen is None:
        return
    newer = [row.item.text_zh for row in rows if row.item_id in known and known[row.item_id].revision > seen]
    if newer:
        raise Conflict(
            _("Somebody has answered this meanwhile: %(items)s. Look at it again before you save."),
            items="、".join(newer),
        )


@action
def attach_photo(
    inspection: Inspection,
    *,
    item_code: str,
    upload: "File[bytes] | BinaryIO",
    by: Actor,
    taken_at: dt.datetime | None = None,
    position: tuple[float, float] | tuple[float, float, float] | None = None,
) -> Evidence:
    """Attach a photo to an item; the same file twice is kept once. Raises as save_section and kernel.evidence do."""
    policies.check_fill(by, inspection)
    _claimed(inspection)
    item = item_in(inspection, item_code)
    answer, _made = InspectionAnswer.objects.get_or_create(
        inspection=inspection, item=item, defaults={"at": clock.now()}
    )
    where = answer.place or inspection.place or inspection.project
    row = evidence.receive(
        upload, by=by, project_id=inspection.project_id, subject=(EVIDENCE_KIND, answer.pk, item.text_zh),
        watermark=f"{where}\n{by.actor_label}", taken_at=taken_at, position=position, chain=chain(inspection),
    )  # fmt: skip
    _count_photos(answer, item)
    return row


@action
def discard_photo(inspection: Inspection, *, item_code: str, photo: Evidence, by: Actor) -> None:
    """Mark a photo that was taken by mistake: it stays, but proves nothing. Raises as save_section does, or Invalid."""
    policies.check_fill(by, inspection)
    _claimed(inspection)
    item = item_in(inspection, item_code)
    answer = InspectionAnswer.objects.filter(inspection=inspection, item=item).first()
    if answer is None or (photo.subject_kind, photo.subject_id) != (EVIDENCE_KIND, str(answer.pk)):
        raise Invalid(_("This photo belongs to another item."))
    evidence.review(
        photo, verdict="rejected", reason=str(_("Taken by mistake")), by=by,
        chain=chain(inspection),
    )  # fmt: skip
    _count_photos(answer, item)


def _count_photos(answer: InspectionAnswer, item: Item) -> None:
    found = evidence.evidence_of(EVIDENCE_KIND, [answer.pk])[str(answer.pk)]
    answer.photos = sum(row.verdict != "rejected" for row in found)
    if item.answer_type == AnswerType.PHOTO:
        answer.value = str(answer.photos) if answer.photos else ""
    answer.save(update_fields=["photos", "value"])
