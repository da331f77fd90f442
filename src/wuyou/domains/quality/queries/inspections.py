"""Inspections somebody may see, one inspection with all that belongs to it, its scores, its twin (spec 05)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project, User
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.quality.choices import InspectionState
from wuyou.domains.quality.models import Finding, Inspection, InspectionAnswer, Score
from wuyou.domains.quality.policies.rights import INSPECT, VIEW_INSPECTIONS
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.domains.registry.models import Place
from wuyou.domains.sheets.models import Item, SheetVersion
from wuyou.domains.sheets.queries import inspection_sheets_for, items_of, spec_of
from wuyou.domains.sheets.rules.agreement import Compared, compared
from wuyou.domains.sheets.rules.answers import asked_items, check_answers, fails
from wuyou.domains.sheets.rules.items import ItemSpec
from wuyou.domains.sheets.rules.scoring import Progress, progress
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Missing
from wuyou.kernel.evidence import evidence_of
from wuyou.kernel.evidence.models import Evidence

from .hiding import sight_of

SUBMITTED = (InspectionState.SUBMITTED, InspectionState.PUBLISHED)
EVIDENCE_KIND = "inspection_answer"


def inspections_visible_to(user: Actor) -> QuerySet[Inspection]:
    """Inspections of projects where the user may see them, and those the user makes; the newest first.

    Hidden ones are shown only as `hiding` says; clients and committees see what was published; of two inspectors of
    the same neither sees the other's before both have submitted.
    """
    rows = Inspection.objects.order_by("-day", "-pk")
    sight = sight_of(user, VIEW_INSPECTIONS)
    seen = Q(project_id__in=sight.inside)
    if sight.outside:
        seen |= Q(project_id__in=sight.outside, state=InspectionState.PUBLISHED)
    if not isinstance(user, User):
        return rows.filter(seen)
    open_ = Q(is_hidden=False) | Q(project_id__in=sight.unhidden)
    rows = rows.filter((seen & open_) | Q(inspector=user))
    return rows.exclude(pk__in=unseen_firsts(user)).exclude(pk__in=unseen_seconds(user))


def unseen_firsts(user: User) -> QuerySet[Any, Any]:
    """Ids of the first inspections of which the user makes the second, until both are submitted; for the database."""
    return _unfinished_pairs().filter(inspector=user).values("second_of_id")


def unseen_seconds(user: User) -> QuerySet[Any, Any]:
    """Ids of the second inspections of what the user inspects, until both are submitted; for the database."""
    return _unfinished_pairs().filter(second_of__inspector=user).values("pk")


def _unfinished_pairs() -> QuerySet[Inspection]:
    pairs = Inspection.objects.filter(second_of__isnull=False).exclude(state=InspectionState.VOID).order_by()
    return pairs.exclude(state__in=SUBMITTED, second_of__state__in=SUBMITTED)


def for_list(rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """Inspections with all that a list shows of them."""
    return rows.select_related("project__node", "campaign", "inspector", "sheet_version__sheet", "place")


def whole(rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """Inspections with all that one page shows of them."""
    return for_list(rows).select_related("target", "second_of__inspector")


def answers_visible_to(user: Actor) -> QuerySet[InspectionAnswer]:
    """Answers of visible inspections, in the order of their sheets."""
    rows = InspectionAnswer.objects.filter(inspection__in=inspections_visible_to(user).order_by())
    return rows.select_related("item", "place", "inspection").order_by("inspection_id", "item__position")


def self_check_projects(user: Actor) -> QuerySet[Project]:
    """Projects where the user may make a self-check."""
    return projects_visible_to(user, INSPECT).select_related("node").order_by("name")


def self_check_sheets(project: Project) -> QuerySet[SheetVersion]:
    """Sheets with which a self-check of a project may be made."""
    usable = [version.pk for version in inspection_sheets_for(project)]
    return SheetVersion.objects.filter(pk__in=usable).select_related("sheet").order_by("sheet__code")


def places_of(project: Project) -> QuerySet[Place]:
    """Places of a project an answer may be about, but for dwellings: these are not ours to inspect."""
    rows = Place.objects.filter(project=project, closed_on__isnull=True)
    return rows.exclude(level=PlaceLevel.ROOM).order_by("path")


# --- what was answered


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet with what was answered so far: items, their rules, answers by item code."""

    items: Sequence[Item]
    specs: Sequence[ItemSpec]
    answers: Mapping[str, InspectionAnswer]

    @property
    def values(self) -> dict[str, str]:
        """What was answered, as it is stored, by item code; blank ones left out."""
        return {code: row.value for code, row in self.answers.items() if row.value}

    @property
    def photos(self) -> dict[str, int]:
        """Photos by item code."""
        return {code: row.photos for code, row in self.answers.items()}

    @property
    def progress(self) -> Progress:
        """How far it is filled."""
        return progress(self.specs, self.values)


def filled_of(inspection: Inspection) -> Filled:
    """The sheet of an inspection with its answers, in two queries."""
    items = items_of(inspection.sheet_version)
    codes = {item.pk: item.code for item in items}
    rows = InspectionAnswer.objects.filter(inspection=inspection).select_related("place")
    answers = {codes[row.item_id]: row for row in rows}
    return Filled(items, [spec_of(item) for item in items], answers)


def left_to_do(filled: Filled) -> list[tuple[Item, object]]:
    """What stands between a sheet and its submission: items with what is missing, in the order of the sheet."""
    items = {item.code: item for item in filled.items}
    errors = check_answers(filled.specs, filled.values, photos=filled.photos).errors
    return [(items[error.field.removeprefix("answers.")], error.message) for error in errors]


def failed_items(filled: Filled) -> list[Item]:
    """The items that failed, of those that are asked; each will be a finding."""
    items = {item.code: item for item in filled.items}
    values = filled.values
    return [items[spec.code] for spec in asked_items(filled.specs, values) if fails(spec, values.get(spec.code, ""))]


def section_of(inspection: Inspection, section: str) -> list[Item]:
    """The items of one section of an inspection's sheet; raises Missing when it has none."""
    items = list(inspection.sheet_version.items.filter(section=section))
    if not items:
        raise Missing(_("There is no such section."))
    return items


def item_in(inspection: Inspection, code: str) -> Item:
    """One item of an inspection's sheet by its code; raises Missing."""
    item = inspection.sheet_version.items.filter(code=code).first()
    if item is None:
        raise Missing(_("There is no such item."))
    return item


def photo_in(inspection: Inspection, pk: int) -> Evidence:
    """A photo of one inspection, which the caller has seen to be visible; raises Missing."""
    answers = [str(one) for one in inspection.answers.values_list("pk", flat=True)]
    row = Evidence.objects.filter(pk=pk, subject_kind=EVIDENCE_KIND, subject_id__in=answers).first()
    if row is None:
        raise Missing(_("There is no such photo, or not for you."))
    return row


def photos_of(answers: Iterable[InspectionAnswer]) -> dict[int, list[Evidence]]:
    """Photos of answers by the answer's id, in one query."""
    ids = [row.pk for row in answers]
    found = evidence_of(EVIDENCE_KIND, ids) if ids else {}
    return {pk: found[str(pk)] for pk in ids}


# --- scores


def score_in_force(inspection: Inspection) -> Score | None:
    """The newest score of an inspection; None before it is submitted, or when its sheet is not scored."""
    return inspection.scores.order_by("-pk").first()


def scores_of(inspection: Inspection) -> list[Score]:
    """Every score an inspection had, the newest first: a score is superseded, never overwritten."""
    return list(inspection.scores.order_by("-pk"))


def findings_of(inspection: Inspection) -> QuerySet[Finding]:
    """What an inspection found, whatever became of it; the caller has checked that the inspection is visible."""
    rows = Finding.objects.filter(inspection=inspection)
    return rows.select_related("clause", "place", "owner", "answer__item", "merged_into").order_by("pk")


def answered_findings(inspection: Inspection) -> dict[str, Finding]:
    """Findings of an inspection by the code of the item that failed."""
    rows = Finding.objects.filter(inspection=inspection, answer__isnull=False).select_related("answer__item")
    return {row.answer.item.code: row for row in rows if row.answer is not None}


# --- two inspectors on the same


def twin_of(inspection: Inspection) -> Inspection | None:
    """The other inspection of the same, once both are submitted; None otherwise."""
    if inspection.state not in SUBMITTED:
        return None
    other = inspection.second_of
    if other is None:
        other = inspection.seconds.exclude(state=InspectionState.VOID).select_related("inspector").first()
    return other if other is not None and other.state in SUBMITTED else None


def has_second(inspection: Inspection) -> bool:
    """Whether somebody makes or made a second one."""
    return inspection.seconds.exclude(state=InspectionState.VOID).exists()


def agreement_of(one: Inspection, other: Inspection) -> list[Compared]:
    """Two submitted inspections with the same sheet, item by item; the first one's verdict stands first."""
    first, second = (other, one) if one.second_of_id == other.pk else (one, other)
    left, right = filled_of(first), filled_of(second)
    return compared(left.specs, left.values, right.values)


# --- places by the words of their way down the tree: 3号楼 › 1单元 › 楼道


WAY = " › "


def ways_to(places: Iterable[Place]) -> dict[int, str]:
    """How people say where some places of one project are, by id, in one query; the site itself is left out."""
    listed = list(places)
    paths = {path for place in listed for path in _paths_to(place)}
    names = dict(Place.objects.filter(path__in=paths).values_list("path", "name"))
    return {place.pk: WAY.join(names.get(path, "") for path in _paths_to(place)) for place in listed}


def _paths_to(place: Place) -> list[str]:
    """The paths from below the root of its tree down to the place; the root's own for the root."""
    step = Place.steplen
    return [place.path[:end] for end in range(2 * step, len(place.path) + 1, step)] or [place.path]


def places_called(project: Project, text: str, *, most: int = 20) -> list[str]:
    """Ways to places of a project whose name contains the last words of a text, and whose way contains all of them."""
    words = text.replace(WAY.strip(), " ").split()
    if not words:
        return []
    rows = places_of(project).filter(name__icontains=words[-1])[: most * 10]
    ways = ways_to(rows).values()
    return [way for way in ways if all(word.casefold() in way.casefold() for word in words)][:most]


def places_at(project: Project, ways: Iterable[str]) -> dict[str, int]:
    """Ids of places by their way, in two queries; ways that lead nowhere are left out."""
    wanted = {way.strip() for way in ways if way.strip()}
    if not wanted:
        return {}
    rows = places_of(project).filter(name__in={way.rpartition(WAY)[2] for way in wanted})
    return {way: pk for pk, way in ways_to(rows).items() if way in wanted}
