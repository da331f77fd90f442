"""Working on a draft: lines without a clause, changes by hand with a reason (spec 03, Plan)."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import chain_of
from wuyou.domains.registry.models import Place, Staff, Team
from wuyou.domains.work import policies
from wuyou.domains.work.choices import PlanState
from wuyou.domains.work.models import Plan, PlanLine, WorkloadSetting
from wuyou.domains.work.rules.demands import EPOCH
from wuyou.domains.work.rules.strictness import satisfies
from wuyou.kernel import journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.cadence import Anniversaries, Cadence, Never, OnCondition, parse
from wuyou.kernel.errors import IllegalMove, Invalid
from wuyou.kernel.transactions import action

from .drafting import schedule_ids, yearly
from .plan import record

MOST_MINUTES = Decimal(10_000)


def _lock_draft(plan: Plan) -> None:
    """Hold the plan's row; raises IllegalMove unless it is a draft."""
    state = Plan.objects.select_for_update().values_list("state", flat=True).get(pk=plan.pk)
    if state != PlanState.DRAFT:
        raise IllegalMove(_("Only a draft can be changed; draft the next plan."))


@action
def add_custom_line(
    plan: Plan,
    *,
    title: str,
    activity: str,
    cadence: str,
    team: Team,
    minutes: Decimal,
    by: Actor,
    place: Place | None = None,
    asset: Asset | None = None,
    assignee: Staff | None = None,
    evidence: str = "photo",
    anchor: date | None = None,
) -> PlanLine:
    """Add a line without a clause to a draft: maintenance by the maker's book, visits, training, meter reading.

    `minutes` of one time. Raises Denied, IllegalMove when it is no draft, Invalid for a frequency that cannot be read,
    an empty title, somebody else's place, or the same activity on the same thing twice.
    """
    policies.check_edit_plan(by, plan.project)
    _lock_draft(plan)
    reading = parse(cadence)
    _check_words(title, activity, minutes)
    _check_custom(plan, reading, things=(place, asset, team, assignee), anchor=anchor)
    where = f"place:{place.pk}" if place else f"asset:{asset.pk}" if asset else f"project:{plan.project_id}"
    key = f"{activity}~custom:{where}"
    if PlanLine.objects.filter(plan=plan, key=key).exists():
        raise Invalid(fields={"activity": _("The plan has this line already.")})
    is_triggered = isinstance(reading, OnCondition)
    counted_from = anchor or EPOCH
    line = PlanLine.objects.create(
        plan=plan,
        project_id=plan.project_id,
        key=key,
        title=title.strip()[:200],
        activity=activity,
        place=place,
        asset=asset,
        zone_id=(asset.zone_id if asset else None) or (place.zone_id if place else None),
        team=team,
        assignee=assignee,
        crew=team.name,
        cadence=reading.text,
        anchor=counted_from,
        is_triggered=is_triggered,
        per_year=yearly(reading.text),
        schedule_id=None if is_triggered else schedule_ids({(reading.text, counted_from)})[reading.text, counted_from],
        minutes=minutes,
        evidence=evidence,
        is_custom=True,
    )
    record("work.line_added", plan, by, {"key": key, "title": line.title, "cadence": line.cadence})
    return line


def _check_words(title: str, activity: str, minutes: Decimal) -> None:
    wrong: dict[str, object] = {}
    if not title.strip():
        wrong["title"] = _("Give it a name.")
    if not activity.strip() or len(activity) > 40:
        wrong["activity"] = _("Say what is done, in at most 40 characters.")
    if not Decimal(0) <= minutes < MOST_MINUTES:
        wrong["minutes"] = _("Minutes must be between 0 and 10,000.")
    if wrong:
        raise Invalid(fields=wrong)


def _check_custom(
    plan: Plan, reading: Cadence, *, things: tuple[Place | Asset | Team | Staff | None, ...], anchor: date | None
) -> None:
    wrong: dict[str, object] = {}
    if isinstance(reading, Never):
        wrong["cadence"] = _("A line needs a frequency.")
    if isinstance(reading, Anniversaries) and anchor is None:
        wrong["anchor"] = _("Say from which date the years are counted.")
    if any(thing is not None and thing.project_id != plan.project_id for thing in things):
        wrong["place"] = _("This belongs to another project.")
    if wrong:
        raise Invalid(fields=wrong)


@action
def remove_custom_line(line: PlanLine, *, by: Actor) -> None:
    """Take a line without a clause out of a draft; raises Denied, IllegalMove, Invalid for a line a clause demands."""
    policies.check_edit_plan(by, line.project)
    _lock_draft(line.plan)
    if not line.is_custom:
        raise Invalid(_("A clause demands this line: deviate from the clause instead."))
    line.delete()
    record("work.line_removed", line.plan, by, {"key": line.key, "title": line.title})


@action
def override_line(line: PlanLine, *, reason: str, by: Actor, **changes: Any) -> PlanLine:
    """Change a draft's line by hand, with a reason: `cadence`, `minutes`, `assignee` (a Staff or None), `team`.

    What the plan said stays visible in `overrides`. Raises Denied, IllegalMove when it is no draft, Invalid without a
    reason, for other fields, and for a frequency looser than a clause of the line demands.
    """
    policies.check_edit_plan(by, line.project)
    _lock_draft(line.plan)
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say why.")})
    unknown = sorted(set(changes) - set(READERS))
    if unknown or not changes:
        raise Invalid(fields=dict.fromkeys(unknown or ["cadence"], _("This cannot be changed here.")))
    values: dict[str, Any] = {}
    for name, value in changes.items():
        values.update(READERS[name](line, value))
    first = {name: _plain(getattr(line, name)) for name in values if name in KEPT}
    values["overrides"] = {**first, **line.overrides}
    values["override_reason"] = reason.strip()[:300]
    PlanLine.objects.filter(pk=line.pk).update(**values)
    line.refresh_from_db()
    data = {"key": line.key, "reason": reason, **{name: _plain(getattr(line, name)) for name in first}}
    record("work.line_changed", line.plan, by, data)
    return line


KEPT = {"cadence", "minutes", "assignee_id", "team_id"}


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, int | str) else str(value)


def _read_cadence(line: PlanLine, value: Any) -> dict[str, Any]:
    reading = parse(str(value))
    if line.is_triggered or isinstance(reading, OnCondition | Never | Anniversaries):
        raise Invalid(fields={"cadence": _("Only a regular frequency can be changed into another.")})
    asked = line.proofs.exclude(cadence="").select_related("clause")
    loose = next((proof for proof in asked if not satisfies(reading.text, proof.cadence)), None)
    if loose:
        words = _("Clause %(code)s demands more (%(cadence)s): deviate from the clause instead.")
        raise Invalid(fields={"cadence": words % {"code": loose.clause.code, "cadence": loose.cadence}})
    anchor = line.anchor or EPOCH
    schedule_id = schedule_ids({(reading.text, anchor)})[reading.text, anchor]
    return {"cadence": reading.text, "per_year": yearly(reading.text), "schedule_id": schedule_id}


def _read_minutes(_line: PlanLine, value: Any) -> dict[str, Any]:
    try:
        minutes = Decimal(str(value))
    except InvalidOperation:
        minutes = Decimal(-1)
    if not (minutes.is_finite() and 0 <= minutes < MOST_MINUTES):
        raise Invalid(fields={"minutes": _("Minutes must be between 0 and 10,000.")})
    return {"minutes": minutes}


def _read_assignee(line: PlanLine, value: Staff | None) -> dict[str, Any]:
    if value is not None and (value.project_id != line.project_id or value.left_on is not None):
        raise Invalid(fields={"assignee": _("This person does not work here.")})
    return {"assignee_id": value.pk if value else None}


def _read_team(line: PlanLine, value: Team) -> dict[str, Any]:
    if value.project_id != line.project_id:
        raise Invalid(fields={"team": _("This belongs to another project.")})
    return {"team_id": value.pk, "crew": value.name}


READERS: Mapping[str, Callable[[PlanLine, Any], dict[str, Any]]] = {
    "cadence": _read_cadence,
    "minutes": _read_minutes,
    "assignee": _read_assignee,
    "team": _read_team,
}


@action
def set_workload(
    project: Project,
    *,
    yearly_hours: int,
    leave_days: int,
    absence_percent: Decimal,
    day_minutes: int,
    by: Actor,
) -> WorkloadSetting:
    """Say what a head works in a year here; raises Denied, Invalid when nothing is left to work."""
    policies.check_edit_plan(by, project)
    if yearly_hours <= leave_days * 8 or leave_days < 0:
        raise Invalid(fields={"leave_days": _("Leave and absence must leave hours to work.")})
    if not 0 <= absence_percent < 100:
        raise Invalid(fields={"absence_percent": _("A percentage below 100.")})
    if not 0 < day_minutes <= 1440:
        raise Invalid(fields={"day_minutes": _("Between 1 and 1,440 minutes.")})
    values = {
        "yearly_hours": yearly_hours,
        "leave_days": leave_days,
        "absence_percent": absence_percent,
        "day_minutes": day_minutes,
    }
    setting, _created = WorkloadSetting.objects.update_or_create(project=project, defaults=values)
    subject = ("org.project", project.pk, project.name)
    journal.record("work.workload_set", chain=chain_of(project), by=by, subject=subject, data=values)
    return setting
