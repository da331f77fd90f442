"""The questions of an inspection as a page asks them: sections, controls, what was answered so far (spec 05)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from wuyou.domains.quality.models import Inspection, InspectionAnswer
from wuyou.domains.quality.queries import inspections as queries
from wuyou.domains.sheets.choices import AnswerType
from wuyou.domains.sheets.models import Item
from wuyou.domains.sheets.rules.answers import asked_items
from wuyou.domains.sheets.rules.scoring import Progress
from wuyou.faces.console.work.forms import GRADES, PASS_FAIL, deductions
from wuyou.faces.console.work.looks import said
from wuyou.kernel.errors import Missing
from wuyou.kernel.evidence.models import Evidence
from wuyou.ui.pages import Photo

from .inspection_looks import ask_of, limits_of, section_name, shown_photos


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the sheet as the way through it shows it."""

    index: int
    section: str
    name: str
    answered: int
    asked: int

    @property
    def is_done(self) -> bool:
        """Whether everything asked is answered."""
        return self.answered == self.asked


@dataclass(frozen=True, slots=True)
class Question:
    """One item as it is answered."""

    item: Item
    ask: str
    limits: str
    kind: str  # choose, ticks, number, text, photo
    options: Sequence[tuple[str, object, bool]]
    value: str
    note: str
    place: str
    photos: list[tuple[Photo, str]]
    is_asked: bool
    error: str = ""

    @property
    def is_open(self) -> bool:
        """Whether remark and place are shown at once."""
        return bool(self.note or self.place or self.error)


def parts_of(filled: queries.Filled, progress: Progress) -> list[Part]:
    """The sections in the order of the sheet."""
    names = {item.section: section_name(item) for item in reversed(filled.items)}
    listed = list(dict.fromkeys(item.section for item in filled.items))
    return [
        Part(index, section, names[section], *progress.sections.get(section, (0, 0)))
        for index, section in enumerate(listed, start=1)
    ]


def part_at(parts: Sequence[Part], index: int) -> Part:
    """A section by its number; raises Missing."""
    if not 1 <= index <= len(parts):
        raise Missing(_("There is no such section."))
    return parts[index - 1]


def questions(inspection: Inspection, filled: queries.Filled, section: str) -> list[Question]:
    """The questions of a section with what was answered so far; those not asked are there but hidden."""
    asked = {item.code for item in asked_items(filled.specs, filled.values)}
    items = [item for item in filled.items if item.section == section]
    rows = {item.code: filled.answers.get(item.code) for item in items}
    known = [row for row in rows.values() if row is not None]
    photos = queries.photos_of([row for row in known if row.photos])
    ways = queries.ways_to([row.place for row in known if row.place is not None])
    return [
        question(inspection, item, rows[item.code], photos=photos, ways=ways, is_asked=item.code in asked)
        for item in items
    ]


def question(
    inspection: Inspection,
    item: Item,
    row: InspectionAnswer | None,
    *,
    photos: Mapping[int, list[Evidence]],
    ways: Mapping[int, str],
    is_asked: bool,
) -> Question:
    """One item with its controls."""
    value = row.value if row else ""
    kind, options = controls(item, value)
    return Question(
        item=item,
        ask=ask_of(item),
        limits=limits_of(item),
        kind=kind,
        options=options,
        value=value,
        note=row.note if row else "",
        place=ways.get(row.place_id, "") if row and row.place_id else "",
        photos=_with_discard(inspection, item, photos.get(row.pk, [])) if row else [],
        is_asked=is_asked,
    )


def _with_discard(inspection: Inspection, item: Item, rows: Sequence[Evidence]) -> list[tuple[Photo, str]]:
    """Photos, each with the address that leaves it out."""
    kept = [row for row in rows if row.verdict != "rejected" and row.thumbnail_path]
    return [
        (photo, reverse("console:quality:inspect_discard", args=[inspection.pk, item.code, row.pk]))
        for row, photo in zip(kept, shown_photos(kept), strict=True)
    ]


def controls(item: Item, value: str) -> tuple[str, list[tuple[str, object, bool]]]:
    """How an item is answered: the kind of control and its options, those chosen marked."""
    options: Sequence[tuple[str, object]] = ()
    if item.answer_type == AnswerType.PASS_FAIL:
        options = PASS_FAIL
    elif item.answer_type == AnswerType.GRADE:
        options = [*GRADES, PASS_FAIL[-1]]
    elif item.answer_type == AnswerType.CHOICE:
        options = [(one["code"], said(one["zh"], one.get("en", ""))) for one in item.options]
    elif item.answer_type == AnswerType.DEDUCT:
        chosen = set(value.split(","))
        return "ticks", [(code, label, code in chosen) for code, label in deductions(item)]
    if options:
        return "choose", [(code, label, code == value) for code, label in options]
    if item.answer_type == AnswerType.PHOTO:
        return "photo", []
    is_number = item.answer_type in {AnswerType.NUMBER, AnswerType.COUNT, AnswerType.MEASURE}
    return ("number" if is_number else "text"), []
