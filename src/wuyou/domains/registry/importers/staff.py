"""Import of the staff workbook: people at work, their teams, zones and licences (spec 01)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.registry import documents
from wuyou.domains.registry.actions.people import root_of
from wuyou.domains.registry.choices import Employment, PlaceLevel
from wuyou.domains.registry.models import Contractor, Qualification, QualificationKind, Staff, Team
from wuyou.domains.registry.rules.contact import age_on
from wuyou.domains.registry.rules.licences import kind_named
from wuyou.domains.registry.rules.naming import place_key
from wuyou.kernel.actors import Actor
from wuyou.kernel.imports import (
    Applied,
    CellError,
    Changes,
    Context,
    Report,
    Row,
    Sample,
    register,
)

from . import columns as sheets
from .book import Known, Mention, PersonBook, people_by_id
from .places import add_zones
from .records import SHOWN, RegistryImporter, Writing, created, differing, problem, project_of, warning
from .tree import PlaceTree

YOUNGEST, YOUNGEST_GUARD = 16, 18  # 劳动法 15, 保安服务管理条例 16 (spec 13 §5)
GUARDS = ("保安", "秩序", "门岗", "guard")
FIELDS = ("name", "sex", "born_on", "education", "job", "employment", "hired_on", "left_on")


@dataclass(slots=True)
class StaffPlan:
    """What is to become of one member of staff."""

    row: Any
    staff: Staff | None
    person: Known
    values: dict[str, Any]
    zones: list[str] = field(default_factory=list)  # keys of zones to add
    licences: list[tuple[str, date | None]] = field(default_factory=list)  # (kind, valid to) to enter
    renewals: list[tuple[Qualification, date]] = field(default_factory=list)
    leader: str = ""  # number of another supervisor than before

    @property
    def is_change(self) -> bool:
        """Whether anything of somebody known is to change."""
        others = (self.zones, self.licences, self.renewals, self.leader, self.person.changes)
        return bool(self.values or any(others))


@dataclass(slots=True)
class StaffChanges(Changes):
    """The changes with what they were compared with."""

    known: Any = None


class StaffImporter(RegistryImporter):
    """Staff; somebody is known by the staff number within the project."""

    code = "registry.staff"
    label = _("Staff")
    columns = sheets.STAFF

    def validate(self, rows: Sequence[Row], context: Context) -> list[CellError]:
        """Ages, dates, zones, licences, contractors and supervisors nobody knows."""
        known = _Register(project_of(context.project_id), rows)
        errors: list[CellError] = []
        for row in rows:
            errors += _date_errors(row, context.today)
            errors += known.errors(row)
        return errors

    def plan(self, rows: Sequence[Row], context: Context) -> Changes:
        """Compare with the staff that are there."""
        known = _Register(project_of(context.project_id), rows)
        plans = [known.plan(row) for row in rows]
        changes = StaffChanges(known=known)
        changes.create = [one for one in plans if one.staff is None]
        changes.update = [one for one in plans if one.staff is not None and one.is_change]
        changes.unchanged = len(plans) - len(changes.create) - len(changes.update)
        changes.samples = [_sample(one) for one in [*changes.create, *changes.update][:SHOWN]]
        changes.counts = {str(_("new teams")): len(known.new_teams), str(_("new zones")): len(known.new_zones)}
        return changes

    def apply(self, changes: Changes, context: Context, *, by: Actor, report: Report) -> Applied:
        """Add and change, set-wise."""
        if not isinstance(changes, StaffChanges):
            raise TypeError("these changes are of another import")
        plans = [*changes.create, *changes.update]
        applied, writing = Applied(), Writing()
        changes.known.add_groups(applied)
        staff = _write_staff(plans, changes.known, applied, writing)
        _write_supervisors(plans, staff, changes.known, writing)
        _write_zones(plans, staff, changes.known, applied)
        _write_licences(plans, staff, changes.known, applied, writing)
        applied.updated = writing.write()
        documents.index_staff([row.pk for row in staff.values()])
        documents.index_persons([row.person_id for row in staff.values()])
        report(done=len(plans), total=len(plans))
        return applied


class _Register:
    """What is known of a project's staff, teams, zones and licences, read once."""

    def __init__(self, project: Project, rows: Sequence[Row]) -> None:
        self.project = project
        self.tree = PlaceTree(project.pk)
        self.rows = {row.staff_number: row for row in rows}
        self.staff = {
            row.number: row
            for row in Staff.objects.filter(project=project).select_related("person", "team", "supervisor")
        }
        self.teams = dict(Team.objects.filter(project=project).values_list("name", "id"))
        kinds = list(QualificationKind.objects.all())
        self.kinds = {kind.code: kind for kind in kinds}
        self._words = [(kind.code, kind.name_zh, kind.synonyms) for kind in kinds]
        self.contractors = {
            row.name: row.pk for row in Contractor.objects.filter(node__in=_nodes_of(project), ended_on=None)
        }
        self.held: dict[tuple[int, str], Qualification] = {
            (row.staff_id, row.kind.code): row
            for row in Qualification.objects.filter(staff__project=project, revoked_on=None).select_related("kind")
        }
        self.zone_ids: dict[int, set[int]] = {}
        for staff_id, zone_id in Staff.zones.through.objects.filter(staff__project=project).values_list(
            "staff_id", "zone_id"
        ):
            self.zone_ids.setdefault(staff_id, set()).add(zone_id)
        mentions = [Mention(row.name, row.phone, row.identity) for row in rows]
        self.book = PersonBook(root_of(project.node), mentions, project_id=project.pk)
        self.new_teams = list(dict.fromkeys(row.team for row in rows if row.team not in self.teams))
        wanted = {place_key(name): name for row in rows for name in row.zones}
        self.new_zones = {key: name for key, name in wanted.items() if key not in self.tree.zones}
        self.new_contractors = list(
            dict.fromkeys(row.contractor for row in rows if row.contractor and row.contractor not in self.contractors)
        )

    def errors(self, row: Row) -> Iterator[CellError]:
        """What a row names that nobody knows."""
        staff = self.staff.get(row.staff_number)
        if staff is not None and staff.person.erased_at:
            yield problem(row, "staff_number", row.staff_number, _("This person's data have been erased."))
        has_areas = self.tree.has(PlaceLevel.AREA)
        for name in row.zones:
            if (
                has_areas
                and place_key(name) not in self.tree.zones
                and not self.tree.named(name, level=PlaceLevel.AREA)
            ):
                yield problem(row, "zones", name, _("There is no zone or area of this name. Add it first."))
        for name in row.licences:
            if self.kind_of(name) is None:
                yield problem(
                    row,
                    "licences",
                    name,
                    _("This licence is not known. Known are: %(names)s."),
                    names="、".join(one[1] for one in self._words),
                )
        if len(row.licence_until) > 1 and len(row.licence_until) != len(row.licences):
            yield problem(row, "licence_until", "", _("Give one date for all licences, or one for each."))
        if row.supervisor and row.supervisor not in self.rows and row.supervisor not in self.staff:
            yield problem(row, "supervisor", row.supervisor, _("There is nobody with this staff number."))
        if (row.employment == Employment.OUTSOURCED) != bool(row.contractor):
            yield problem(
                row, "contractor", row.contractor, _("Outsourced staff have a contractor, own staff have none.")
            )
        yield from self._surplus_zones(row)

    def _surplus_zones(self, row: Row) -> Iterator[CellError]:
        staff = self.staff.get(row.staff_number)
        wanted = {self.tree.zones.get(place_key(name)) for name in row.zones}
        if staff is not None and wanted and self.zone_ids.get(staff.pk, set()) - wanted:
            yield warning(
                row, "zones", "、".join(row.zones), _("Works in further zones, which stay: take them out by hand.")
            )

    def kind_of(self, name: str) -> str | None:
        """The code of a licence by any of its names."""
        return kind_named(name, self._words)

    def plan(self, row: Row) -> StaffPlan:
        """Compare a row with what is known."""
        staff = self.staff.get(row.staff_number)
        mention = Mention(row.name, row.phone, row.identity)
        person = self._same_person(staff, mention) or self.book.person(mention)
        wanted = {name: getattr(row, name) for name in FIELDS}
        if staff is None:
            values = {name: value for name, value in wanted.items() if value not in (None, "")}
        else:
            values = {**differing(staff, wanted), **self._moved(row, staff)}
        plan = StaffPlan(row, staff, person, values)
        known = self.zone_ids.get(staff.pk, set()) if staff else set()
        plan.zones = [place_key(name) for name in row.zones if self.tree.zones.get(place_key(name), -1) not in known]
        led_by = staff.supervisor.number if staff and staff.supervisor else ""
        plan.leader = row.supervisor if row.supervisor not in ("", led_by, row.staff_number) else ""
        self._plan_licences(plan)
        return plan

    def _same_person(self, staff: Staff | None, mention: Mention) -> Known | None:
        """Whoever holds the staff number is meant; what the sheet says new of them is learnt."""
        if staff is None:
            return None
        row = staff.person
        person = Known(
            row.name, row.phone_digest, row.identity_digest, id=row.pk, is_restricted=row.restricted_at is not None
        )
        person.learn(mention, self.book.digests[mention.phone], self.book.digests[mention.identity])
        return person

    def _moved(self, row: Row, staff: Staff) -> dict[str, Any]:
        """Another team or contractor than before; ids are known when the groups are there."""
        moved: dict[str, Any] = {}
        if row.team != staff.team.name:
            moved["team"] = row.team
        contractor = self.contractors.get(row.contractor)
        if row.contractor and contractor != staff.contractor_id:
            moved["contractor"] = row.contractor
        return moved

    def _plan_licences(self, plan: StaffPlan) -> None:
        until = plan.row.licence_until
        for at, name in enumerate(plan.row.licences):
            end = until[at] if len(until) > 1 else (until[0] if until else None)
            code = self.kind_of(name) or ""
            held = self.held.get((plan.staff.pk, code)) if plan.staff else None
            if held is None:
                plan.licences.append((code, end))
            elif end is not None and end != held.valid_to:
                plan.renewals.append((held, end))

    def add_groups(self, applied: Applied) -> None:
        """New teams, zones and contractors."""
        teams = [Team(project=self.project, name=name) for name in self.new_teams]
        Team.objects.bulk_create(teams)
        self.teams |= {team.name: team.pk for team in teams}
        companies = [Contractor(node=self.project.node, name=name) for name in self.new_contractors]
        Contractor.objects.bulk_create(companies)
        self.contractors |= {row.name: row.pk for row in companies}
        created(applied, [*teams, *companies, *add_zones(self.tree, self.new_zones)])

    def columns(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values with the ids of team and contractor in place of their names."""
        ids = {"team": self.teams, "contractor": self.contractors}
        return {
            f"{name}_id" if name in ids else name: ids[name][value] if name in ids else value
            for name, value in values.items()
        }


def _nodes_of(project: Project) -> list[int]:
    path, step = project.node.path, project.node.steplen
    paths = [path[:end] for end in range(step, len(path) + 1, step)]
    return list(type(project.node).objects.filter(path__in=paths).values_list("pk", flat=True))


def _date_errors(row: Row, today: date) -> Iterator[CellError]:
    if row.born_on is not None:
        youngest = YOUNGEST_GUARD if any(word in f"{row.job}{row.team}".lower() for word in GUARDS) else YOUNGEST
        if age_on(row.born_on, row.hired_on or today) < youngest:
            yield problem(row, "born_on", row.born_on, _("Nobody works here before the age of %(age)s."), age=youngest)
        elif age_on(row.born_on, today) > 100:
            yield problem(row, "born_on", row.born_on, _("Nobody at work is more than 100 years old."))
    if row.hired_on and row.left_on and row.left_on < row.hired_on:
        yield problem(row, "left_on", row.left_on, _("Nobody can leave before being hired."))


def _sample(plan: StaffPlan) -> Sample:
    after = {name: value for name, value in plan.values.items() if name != "born_on"} | plan.person.shown_changes()
    before = {name: getattr(plan.staff, name, "") for name in plan.values if name != "born_on"} if plan.staff else {}
    if plan.zones:
        after["zones"] = "、".join(plan.row.zones)
    if plan.licences or plan.renewals:
        after["licences"] = "、".join(plan.row.licences)
    return Sample(plan.row.number, f"{plan.row.staff_number} {plan.row.name}", before, after)


def _write_staff(plans: Sequence[StaffPlan], known: _Register, applied: Applied, writing: Writing) -> dict[str, Staff]:
    """People and their employments; staff by number."""
    created(applied, known.book.add_new())
    changed = {
        plan.person.id: plan.person.changes for plan in plans if plan.person.id is not None and plan.person.changes
    }
    for pk, person in people_by_id([pk for pk in changed if pk is not None]).items():
        writing.change(person, changed[pk])
    new = [
        Staff(
            project=known.project, number=plan.row.staff_number, person_id=plan.person.pk,
            team_id=known.teams[plan.row.team], contractor_id=known.contractors.get(plan.row.contractor), **plan.values,
        )
        for plan in plans if plan.staff is None
    ]  # fmt: skip
    Staff.objects.bulk_create(new)
    created(applied, new)
    for plan in plans:
        if plan.staff is not None and plan.values:
            writing.change(plan.staff, known.columns(plan.values))
    return {row.number: row for row in [*new, *(plan.staff for plan in plans if plan.staff is not None)]}


def _write_supervisors(
    plans: Sequence[StaffPlan], staff: Mapping[str, Staff], known: _Register, writing: Writing
) -> None:
    for plan in plans:
        leader = staff.get(plan.leader) or known.staff.get(plan.leader)
        if leader is None:
            continue
        if plan.staff is None:
            Staff.objects.filter(pk=staff[plan.row.staff_number].pk).update(supervisor=leader)
        else:
            writing.change(plan.staff, {"supervisor_id": leader.pk})


def _write_zones(plans: Sequence[StaffPlan], staff: Mapping[str, Staff], known: _Register, applied: Applied) -> None:
    through = Staff.zones.through
    links = [
        through(staff_id=staff[plan.row.staff_number].pk, zone_id=known.tree.zones[key])
        for plan in plans
        for key in dict.fromkeys(plan.zones)
    ]
    through.objects.bulk_create(links)
    created(applied, links)


def _write_licences(
    plans: Sequence[StaffPlan], staff: Mapping[str, Staff], known: _Register, applied: Applied, writing: Writing
) -> None:
    new = [
        Qualification(staff=staff[plan.row.staff_number], kind=known.kinds[code], valid_to=end)
        for plan in plans
        for code, end in dict(plan.licences).items()
    ]
    Qualification.objects.bulk_create(new)
    created(applied, new)
    for plan in plans:
        for held, end in plan.renewals:
            writing.change(held, {"valid_to": end})


register(StaffImporter())
