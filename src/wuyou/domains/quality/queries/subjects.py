"""Findings and inspections as decisions that can be appealed against, and what an appeal changed (spec 05)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.choices import FindingState, InspectionState, Level, Outcome
from wuyou.domains.quality.models import Appeal, Finding, Inspection, Score
from wuyou.domains.quality.rules.amending import finding_change, inspection_changes
from wuyou.domains.quality.rules.appeals import Decision
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Missing
from wuyou.kernel.journal.queries import entries_of

from .challenged import Amended, Challenge, Kind, declare
from .findings import findings_visible_to
from .inspections import inspections_visible_to, score_in_force

OWN_LEVELS = (Level.TEAM, Level.PROJECT)  # inspections a project makes of itself
GONE = (FindingState.MERGED, FindingState.VOID)
PUBLISHING = ("quality.inspection_published", "quality.campaign_published")


@dataclass(frozen=True, slots=True)
class Rescoring:
    """One score an appeal changed: of which inspection, from what to what."""

    inspection: Inspection
    before: Decimal | None
    after: Decimal | None
    at: datetime


def counting_findings(inspection: Inspection) -> QuerySet[Finding]:
    """Findings of an inspection that count in its score."""
    return inspection.findings.exclude(state__in=GONE).select_related("project__node", "clause").order_by("pk")


def finding_challenge(by: Actor, pk: int) -> Challenge:
    """A finding that is known to `by`, as a decision; raises Missing, Conflict for one that no longer stands."""
    rows = findings_visible_to(by).select_related("project__node", "inspection__campaign", "correction", "owner")
    finding = rows.filter(pk=pk).first()
    if finding is None:
        raise Missing(_("There is no such finding."))
    if finding.state in GONE:
        raise Conflict(_("This finding no longer stands."))
    inspection = finding.inspection
    makers = {finding.found_by_id, getattr(getattr(finding, "correction", None), "verified_by_id", None)}
    known = finding.found_at
    if inspection is not None:
        makers |= _makers(inspection)
        known = inspection.published_at or known
    owner = finding.owner.user_id if finding.owner else None
    decision = Decision(
        kind="finding",
        id=finding.pk,
        label=f"{finding.number} {finding.text}",
        decided_at=known,
        decided_by=_ids(makers),
        parties=_ids({owner}),
        is_from_above=inspection is not None and inspection.level not in OWN_LEVELS,
    )
    return Challenge(finding.project, decision)


def inspection_challenge(by: Actor, pk: int) -> Challenge:
    """A published inspection's score as a decision; raises Missing, Conflict for one not published or void."""
    rows = inspections_visible_to(by).select_related("project__node", "campaign")
    inspection = rows.filter(pk=pk, second_of__isnull=True).first()
    if inspection is None:
        raise Missing(_("There is no such inspection."))
    if inspection.state != InspectionState.PUBLISHED or inspection.published_at is None:
        raise Conflict(_("Only the result of a published inspection can be appealed against."))
    decision = Decision(
        kind="inspection",
        id=inspection.pk,
        label=f"{inspection.number} {inspection.score}",
        decided_at=_known_since(inspection, inspection.published_at),
        decided_by=_ids(_makers(inspection)),
        is_from_above=inspection.level not in OWN_LEVELS,
    )
    return Challenge(inspection.project, decision)


def _known_since(inspection: Inspection, published_at: datetime) -> datetime:
    """When the score in force was made known; one that an appeal made is not a new decision."""
    last = inspection.scores.exclude(cause_kind="appeal").order_by("-pk").first()
    return max(published_at, last.at) if last else published_at


def _makers(inspection: Inspection) -> set[int | None]:
    """Who inspected, who inspected a second time, who planned and who published."""
    seconds = inspection.seconds.values_list("inspector_id", flat=True)
    makers: set[int | None] = {inspection.inspector_id, *seconds}
    if inspection.campaign is not None:
        makers |= {inspection.campaign.made_by_id, *_published_by("campaign", inspection.campaign.pk)}
    return makers | _published_by("inspection", inspection.pk)


def _published_by(kind: str, pk: int) -> set[int | None]:
    actors = entries_of(kind, pk).filter(verb__in=PUBLISHING).values_list("actor_id", flat=True)
    return {int(actor.removeprefix("user:")) for actor in actors if actor.startswith("user:")}


def _ids(users: set[int | None]) -> tuple[int, ...]:
    return tuple(sorted(pk for pk in users if pk is not None))


def amend_finding_to(pk: int, given: Amended) -> Amended:
    """`amended_to` of a finding as it is kept."""
    finding = Finding.objects.get(pk=pk)
    change = finding_change(given, finding=pk, severity=finding.severity, text=finding.text)
    return {name: value for name, value in (("severity", change.severity), ("text", change.text)) if value}


def amend_inspection_to(pk: int, given: Amended) -> Amended:
    """`amended_to` of an inspection as it is kept."""
    now = {one.pk: one.severity for one in counting_findings(Inspection.objects.get(pk=pk))}
    changes = inspection_changes(given, findings=now)
    return {
        "findings": [
            {"id": one.finding, "void": True} if one.is_void else {"id": one.finding, "severity": one.severity}
            for one in changes
        ]
    }


def findings_to_amend(appeal: Appeal) -> list[Finding]:
    """What an amended decision can change: the finding itself, or those of the inspection that count."""
    if appeal.subject_kind == "finding":
        return list(Finding.objects.filter(pk=appeal.subject_id))
    if appeal.subject_kind == "inspection":
        return list(counting_findings(Inspection.objects.get(pk=appeal.subject_id)))
    return []


def rescorings_of(appeal: Appeal) -> list[Rescoring]:
    """The inspection scores an appeal changed, each with the score before it."""
    rows = Score.objects.filter(cause_kind="appeal", cause_id=appeal.pk).select_related("inspection__project")
    found: dict[int, Rescoring] = {}
    for score in rows.order_by("pk"):
        before = found.get(score.inspection_id)
        found[score.inspection_id] = Rescoring(
            inspection=score.inspection,
            before=before.before if before else _value_before(score),
            after=score.value,
            at=score.at,
        )
    return [*found.values(), *_voided(appeal)]


def _voided(appeal: Appeal) -> list[Rescoring]:
    """The inspection an appeal made void: it has no score any more."""
    if (appeal.subject_kind, appeal.outcome) != ("inspection", Outcome.VOID) or appeal.closed_at is None:
        return []
    inspection = Inspection.objects.select_related("project").get(pk=appeal.subject_id)
    last = score_in_force(inspection)
    return [Rescoring(inspection, before=last.value if last else None, after=None, at=appeal.closed_at)]


def _value_before(score: Score) -> Decimal | None:
    earlier = Score.objects.filter(inspection_id=score.inspection_id, pk__lt=score.pk).order_by("-pk")
    return earlier.values_list("value", flat=True).first()


FINDING = declare(Kind("finding", _("Finding"), finding_challenge, amend_finding_to))
INSPECTION = declare(Kind("inspection", _("Inspection"), inspection_challenge, amend_inspection_to))
