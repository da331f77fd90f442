"""Findings come in: from inspections, from problems at work, by hand (spec 05, Findings)."""

import datetime as dt
from dataclasses import dataclass
from typing import BinaryIO

from django.core.files.base import File
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project, User
from wuyou.domains.quality import events
from wuyou.domains.quality.choices import FindingState, Hazard, Remedy, SourceKind
from wuyou.domains.quality.models import Correction, Finding, Inspection, InspectionAnswer
from wuyou.domains.quality.notices import findings as notices
from wuyou.domains.quality.policies import findings as policies
from wuyou.domains.quality.queries.findings import Matter, hands_for, past_of, team_for, zone_for
from wuyou.domains.quality.rules import findings as rules
from wuyou.domains.registry.models import Place
from wuyou.domains.standards.models import Clause
from wuyou.domains.work.choices import Severity
from wuyou.domains.work.models import Problem
from wuyou.kernel import clock, evidence, search
from wuyou.kernel.actors import Actor, System
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.evidence.models import Evidence
from wuyou.kernel.numbering import next_number
from wuyou.kernel.transactions import action

from .elsewhere import draw_similar
from .merging import merge_one
from .recording import announced, limit_of, repeats_of, start_correcting, told, words

NUMBER_PREFIX = "BHG"  # 不合格
BY = System("findings")


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingEntry:
    """What was found: by what, about which clause, where, how grave. `remedy` None: as the rules say."""

    source: str
    text: str
    severity: str
    found_by: User | None
    source_id: int | None = None
    source_label: str = ""
    inspection: Inspection | None = None
    answer: InspectionAnswer | None = None
    clause: Clause | None = None
    place: Place | None = None
    asset: Asset | None = None
    remedy: str | None = None
    hazard: str = ""
    found_at: dt.datetime | None = None
    is_hidden: bool = False


@action
def enter_finding(*, project: Project, entry: FindingEntry, by: Actor) -> Finding:
    """Enter what was found to be wrong; deadline, who answers for it and what it repeats follow from the rules.

    A second sight of what is not yet put right at the same place is merged into the first at once. Raises Denied,
    Invalid, or Conflict when a finding was made of this source already (spec 05, Findings).
    """
    policies.check_enter(by, project, entry.inspection)
    return write_finding(project=project, entry=entry, by=by)


def write_finding(*, project: Project, entry: FindingEntry, by: Actor) -> Finding:
    """Write a finding, start its clock, tell those who listen; the caller has checked that `by` may."""
    _check(project, entry)
    found_at = entry.found_at or clock.now()
    matter = Matter(project, entry.clause, entry.place, entry.asset)
    past = past_of(matter, before=found_at)
    repeats = rules.repeated(past, found_at=found_at, is_hidden=entry.is_hidden)
    finding = _write(matter, entry, repeats, found_at=found_at)
    told("finding_entered", finding, by=by, source=finding.source, severity=finding.severity, weight=finding.weight)
    inspection_id = entry.inspection.pk if entry.inspection else None
    first = rules.duplicate(past, is_hidden=entry.is_hidden, inspection_id=inspection_id) if matter.is_pinned else None
    if first is not None:
        merge_one(finding, Finding.objects.select_related("project__node").get(pk=first.id), by=BY)
    elif not finding.is_hidden:
        begin(finding, by=by)
    events.finding_entered.send(Finding, finding_id=finding.pk)
    return finding


def _check(project: Project, entry: FindingEntry) -> None:
    words("text", entry.text)
    wrong: dict[str, object] = {}
    if entry.severity not in Severity.values:
        wrong["severity"] = _("Unknown severity.")
    if entry.remedy is not None and entry.remedy not in Remedy.values:
        wrong["remedy"] = _("Unknown remedy.")
    if entry.hazard not in Hazard.values:
        wrong["hazard"] = _("Unknown class of hazard.")
    for name, thing in (("place", entry.place), ("asset", entry.asset)):
        if thing is not None and thing.project_id != project.pk:
            wrong[name] = _("This belongs to another project.")
    if wrong:
        raise Invalid(fields=wrong)
    made = Q(source=entry.source, source_id=entry.source_id, source__in=["problem", "ticket", "incident"])
    if Finding.objects.filter(made, source_id__isnull=False).exists():
        raise Conflict(_("A finding was made of this already."))


def _write(matter: Matter, entry: FindingEntry, repeats: rules.Past | None, *, found_at: dt.datetime) -> Finding:
    place = matter.place or (matter.asset.place if matter.asset else None)
    zone = zone_for(place, matter.asset)
    team = team_for(matter.project, matter.clause)
    hands = hands_for(matter.project, zone, on=clock.today())
    party = rules.responsible(hands, team_id=team.pk if team else None)
    severity = rules.severity_for(entry.severity, hazard=entry.hazard)
    finding = Finding(
        project=matter.project,
        number=next_number(NUMBER_PREFIX, matter.project.code, clock.today()),
        source=entry.source,
        source_id=entry.source_id,
        source_label=entry.source_label[:60],
        inspection=entry.inspection,
        answer=entry.answer,
        clause=matter.clause,
        place=place,
        asset=matter.asset,
        zone=zone,
        team_id=party.team_id,
        contractor=(team.contractor if team else None) or (matter.asset.contractor if matter.asset else None),
        owner_id=party.owner_id,
        text=entry.text.strip(),
        severity=severity,
        remedy=entry.remedy or rules.remedy_for(severity=severity, team=team.name if team else ""),
        hazard=entry.hazard,
        weight=rules.weight_of(repeats),
        repeat_of_id=repeats.id if repeats else None,
        is_hidden=entry.is_hidden,
        found_by=entry.found_by,
        found_at=found_at,
    )
    finding.deadline = clock.now() + limit_of(finding).target  # of a clock that may start later
    finding.save(force_insert=True)
    finding.correction = Correction.objects.create(finding=finding)
    return finding


def begin(finding: Finding, *, by: Actor) -> None:
    """The project learns of a finding: its clock starts, people are told, it climbs at once if it repeats."""
    start_correcting(finding, by=by)
    if rules.looks_elsewhere(finding.severity):
        draw_similar(finding, by=by)
    roles = rules.told_at_once(repeats=repeats_of(finding), hazard=finding.hazard)
    notices.tell_of_finding(finding, roles=roles)
    make_findable(finding)
    announced("finding.entered", finding, text=finding.text, deadline=finding.deadline)


def make_findable(finding: Finding) -> None:
    """Let the search find it by number and words."""
    where = finding.asset or finding.place or finding.project
    search.index(
        "quality.finding",
        finding.pk,
        project_id=finding.project_id,
        title=finding.number,
        subtitle=f"{where} · {finding.text}",
        url_name="console:quality:finding",
    )


@action
def reveal_findings(inspection: Inspection, *, by: Actor) -> int:
    """Show a project what a hidden inspection found, now that it is published; clocks start now. Gives how many."""
    hidden = Finding.objects.filter(inspection=inspection, is_hidden=True).select_related("project__node")
    found = list(hidden.order_by("pk"))
    for finding in found:
        Finding.objects.filter(pk=finding.pk).update(is_hidden=False)
        finding.is_hidden = False
        told("finding_revealed", finding, by=by)
        if finding.state == FindingState.OPEN:
            begin(finding, by=by)
    return len(found)


@action
def make_finding(
    problem: Problem, *, by: Actor, severity: str | None = None, remedy: str | None = None, hazard: str = ""
) -> Finding:
    """Make a finding of a problem found at work; the problem goes its own way on, each names the other (spec 03, 05).

    Raises Denied, Invalid, or Conflict when one was made of it already.
    """
    policies.check_enter(by, problem.project)
    entry = entry_of(problem, severity=severity or problem.severity, remedy=remedy, hazard=hazard)
    return write_finding(project=problem.project, entry=entry, by=by)


def entry_of(problem: Problem, *, severity: str, remedy: str | None = None, hazard: str = "") -> FindingEntry:
    """A problem found at work as a finding."""
    return FindingEntry(
        source=SourceKind.PROBLEM,
        source_id=problem.pk,
        source_label=problem.number,
        clause=problem.task.clause if problem.task else None,
        place=problem.place,
        asset=problem.asset,
        text=problem.text,
        severity=severity,
        remedy=remedy,
        hazard=hazard,
        found_by=problem.reported_by,
        found_at=problem.reported_at,
    )


@action
def attach_to_finding(finding: Finding, *, upload: "File[bytes] | BinaryIO", by: Actor) -> Evidence:
    """Attach a photo of what is wrong, while it is not put right; raises as kernel.evidence does."""
    if not (isinstance(by, User) and finding.found_by_id == by.pk):
        policies.check_correct(by, finding)
    if finding.state not in rules.UNCORRECTED:
        raise Conflict(_("This finding is put right already."))
    where = finding.place or finding.asset or finding.project
    return evidence.receive(
        upload, by=by, project_id=finding.project_id, subject=("finding", finding.pk, finding.number),
        watermark=f"{where}\n{by.actor_label}",
    )  # fmt: skip
