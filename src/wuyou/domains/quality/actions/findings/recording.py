"""What every act on a finding does besides: the journal, the clocks, other systems."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.actions import announce
from wuyou.domains.org.queries import chain_of
from wuyou.domains.quality.models import Correction, Finding
from wuyou.domains.quality.rules import findings as rules
from wuyou.kernel import clock, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.clocks.actions import pause_clock, resume_clock, retarget_clock, start_clock, stop_clock
from wuyou.kernel.clocks.calendars import day_table
from wuyou.kernel.clocks.choices import Hours, PauseReason
from wuyou.kernel.clocks.models import Clock
from wuyou.kernel.clocks.queries import measure_of, open_clock, pauses_of, stops
from wuyou.kernel.clocks.rules import counted
from wuyou.kernel.clocks.workcalendar import work_calendar
from wuyou.kernel.errors import Invalid

CORRECT, VERIFY, EFFECT = "correct", "verify", "effect"
JUDGES_LADDER = (("city", dt.timedelta(hours=8)), ("region", dt.timedelta(hours=40)))
MOST_TEXT = 500


def case_of(finding: Finding) -> tuple[str, int, str]:
    """How journal, clocks and comments name a finding."""
    return ("finding", finding.pk, finding.number)


def chain(finding: Finding) -> str:
    """The chain its history belongs to; what is hidden from the project is not told in the project's journal."""
    return chain_of(finding.project.node if finding.is_hidden else finding.project)


def told(verb: str, finding: Finding, *, by: Actor, **data: object) -> None:
    """Enter an act in the journal."""
    journal.record(f"quality.{verb}", chain=chain(finding), by=by, subject=case_of(finding), data=data)


def announced(event: str, finding: Finding, **data: object) -> None:
    """Tell other systems, unless it is hidden."""
    if not finding.is_hidden:
        payload = {"number": finding.number, "severity": finding.severity, "state": finding.state, **data}
        announce(event, project=finding.project, payload=payload)


def words(field: str, given: str, *, most: int = MOST_TEXT) -> str:
    """A text, stripped; raises Invalid at its field when it is empty or too long."""
    text = given.strip()
    if not text:
        raise Invalid(fields={field: _("This is needed for this step.")})
    if len(text) > most:
        raise Invalid(_("At most %(most)d characters."), fields={field: _("This text is too long.")}, most=most)
    return text


def correction_of(finding: Finding) -> Correction:
    """Its correction; there is one from the moment it is entered."""
    return Correction.objects.get_or_create(finding=finding)[0]


def keep(finding: Finding, **values: object) -> None:
    """Write into its correction."""
    correction = correction_of(finding)
    for name, value in values.items():
        setattr(correction, name, value)
    correction.save(update_fields=list(values))
    finding.correction = correction


def limit_of(finding: Finding) -> rules.Limit:
    """How long its correction may take."""
    return rules.limit_for(
        severity=finding.severity, remedy=finding.remedy, service_hours=finding.project.service_hours
    )


def repeats_of(finding: Finding) -> int:
    """How often it has been repeated, by its weight."""
    return finding.weight.bit_length() - 1 if finding.repeat_of_id else 0


def start_correcting(finding: Finding, *, by: Actor) -> None:
    """Start the clock of the correction; its due time is the deadline."""
    up = rules.steps_up(repeats=repeats_of(finding), hazard=finding.hazard)
    running = _start(CORRECT, finding, limit_of(finding), ladder=rules.ladder_from(up), by=by)
    set_deadline(finding, running.due_at)


def start_verifying(finding: Finding, *, by: Actor) -> None:
    """The doer's time stands still while whoever verifies has theirs."""
    running = open_clock("finding", finding.pk, CORRECT)
    if running is not None and running.paused_at is None:
        pause_clock(running, reason=PauseReason.OTHER, note=str(_("Waits to be verified")), by=by)
    _start_days(VERIFY, finding, rules.VERIFY_DAYS, by=by)


def start_effect(finding: Finding, *, by: Actor) -> None:
    """Start the clock of looking at the effect."""
    _start_days(EFFECT, finding, rules.LOOK_DAYS, by=by)


def _start_days(kind: str, finding: Finding, days: int, *, by: Actor) -> None:
    if open_clock("finding", finding.pk, kind) is None:
        limit = rules.days_limit(days, service_hours=finding.project.service_hours)
        _start(kind, finding, limit, ladder=JUDGES_LADDER, by=by)


def _start(kind: str, finding: Finding, limit: rules.Limit, *, ladder: Any, by: Actor) -> Clock:
    return start_clock(
        kind,
        case=case_of(finding),
        project_id=finding.project_id,
        target=limit.target,
        hours=limit.hours,
        service_hours=finding.project.service_hours,
        ladder=ladder,
        chain=chain(finding),
        by=by,
    )


def go_on_correcting(finding: Finding, *, by: Actor) -> None:
    """Let the doer's time run on after a refusal; the deadline moves by the time the proof waited."""
    running = open_clock("finding", finding.pk, CORRECT)
    if running is not None and running.paused_at is not None:
        resume_clock(running, by=by)
        set_deadline(finding, running.due_at)


def stop(finding: Finding, *kinds: str, by: Actor) -> None:
    """Stop those of its clocks that run."""
    for kind in kinds:
        running = open_clock("finding", finding.pk, kind)
        if running is not None:
            stop_clock(running, by=by)


def set_deadline(finding: Finding, moment: dt.datetime) -> None:
    """Keep the deadline beside the finding, for lists."""
    Finding.objects.filter(pk=finding.pk).update(deadline=moment)
    finding.deadline = moment


def due_after(finding: Finding, days: int) -> dt.datetime:
    """The moment so many service days from now."""
    limit = rules.days_limit(days, service_hours=finding.project.service_hours)
    if limit.hours == Hours.WALL:
        return clock.now() + limit.target
    return work_calendar(finding.project.service_hours, day_table()).add(clock.now(), limit.target)


def move_deadline(finding: Finding, until: dt.datetime, *, reason: str, by: Actor) -> None:
    """Give the correction until a moment, at the latest the close of service before it; raises Invalid for no gain."""
    running = open_clock("finding", finding.pk, CORRECT)
    if running is None:
        set_deadline(finding, until)
        return
    measure = measure_of(running, day_table())
    pauses = stops(pauses_of([running]).get(running.pk, []))
    target = counted(running.started_at, until, pauses=pauses, measure=measure)
    if target <= running.target:
        raise Invalid(fields={"until": _("There are no more service hours until then.")})
    retarget_clock(running, target=target, reason=reason, by=by)
    set_deadline(finding, running.due_at)
