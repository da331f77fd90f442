"""Appeals: filed, decided up a ladder under clocks, taken further, withdrawn (spec 05; 00 rule 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project, User
from wuyou.domains.org.queries import chain_of
from wuyou.domains.quality import events
from wuyou.domains.quality.choices import AppealState, Outcome, Step
from wuyou.domains.quality.flows.appeals import APPEAL_FLOW, CLOCK
from wuyou.domains.quality.models import Appeal, AppealStage
from wuyou.domains.quality.notices import appeals as notices
from wuyou.domains.quality.policies import appeals as policies
from wuyou.domains.quality.queries import appeals as queries
from wuyou.domains.quality.queries.challenged import kind_of
from wuyou.domains.quality.rules import appeals as rules
from wuyou.domains.quality.rules.appeals import Decision
from wuyou.kernel import clock, flows, journal
from wuyou.kernel.actors import Actor, System
from wuyou.kernel.clocks.actions import start_clock, stop_clock
from wuyou.kernel.clocks.calendars import day_table
from wuyou.kernel.clocks.queries import open_clock
from wuyou.kernel.errors import Conflict, IllegalMove
from wuyou.kernel.numbering import next_number
from wuyou.kernel.transactions import action

from .effects import apply_effects

NUMBER_PREFIX = "SS"  # 申诉
CLIMBING = System("appeals")


@action
def file_appeal(*, project: Project, decision: Decision, grounds: str, wanted: str, by: Actor) -> Appeal:
    """Challenge a decision, within the working days the project's ladder gives, and enter its first step (spec 05).

    Raises Denied for who is not the party scored, Invalid without grounds or a wish, Conflict after the limit or when
    the same decision is or was under appeal.
    """
    appellant = policies.check_file(by, project, decision)
    rules.check_words(grounds, wanted)
    ladder, now = queries.ladder_of(project), clock.now()
    rules.check_in_time(now, until=queries.appealable_until(decision, ladder))
    _refuse_second(decision)
    rungs = rules.ladder_for(ladder.rungs, is_from_above=decision.is_from_above)
    appeal = Appeal(
        project=project,
        number=next_number(NUMBER_PREFIX, project.code, clock.today()),
        subject_kind=decision.kind,
        subject_id=decision.id,
        subject_label=decision.label[:120],
        decided_at=decision.decided_at,
        grounds=grounds.strip(),
        wanted=wanted.strip(),
        ladder=[asdict(rung) for rung in rungs],
        limit_days=ladder.days,
        not_by=sorted({*decision.decided_by, *decision.parties}),
        filed_by=appellant,
        filed_at=now,
    )
    _insert(appeal)
    data = {"against": f"{decision.kind}:{decision.id}", "label": appeal.subject_label, "wanted": appeal.wanted}
    _record("filed", appeal, by=by, data=data)
    _enter_next(appeal, by=by)
    events.appeal_filed.send(
        Appeal, appeal_id=appeal.pk, subject_kind=appeal.subject_kind, subject_id=appeal.subject_id
    )
    return appeal


def _refuse_second(decision: Decision) -> None:
    earlier = queries.appeal_in_the_way(decision)
    if earlier is not None and earlier.state == AppealState.FILED:
        raise Conflict(_("An appeal against this is open already: %(number)s."), number=earlier.number)
    if earlier is not None:
        raise Conflict(_("This has been appealed against before: %(number)s."), number=earlier.number)


def _insert(appeal: Appeal) -> None:
    try:
        with transaction.atomic():
            appeal.save(force_insert=True)
    except IntegrityError as error:  # two people filed at once
        raise Conflict(_("An appeal against this is open already.")) from error


def _enter_next(appeal: Appeal, *, by: Actor, missed_by: Sequence[int] = ()) -> AppealStage | None:
    """Enter the next step that has somebody to decide it, and the empty ones below; none left: say so, visibly."""
    stages = list(appeal.stages.all())
    rungs = queries.rungs_of(appeal.ladder)
    start = len([stage for stage in stages if stage.step != Step.APPOINTED])
    left = {
        place: queries.deciders_left(appeal, role=rungs[place].role, stages=stages)
        for place in range(start, len(rungs))
    }
    climb = rules.climb_from(rungs, start, left=left)
    now, table = clock.now(), day_table()
    for place, rung in enumerate(climb.empty, start=len(stages) + 1):
        AppealStage.objects.create(
            appeal=appeal, position=place, step=rung.step, role=rung.role, started_at=now, due_at=now, lapsed_at=now,
            is_empty=True,
        )  # fmt: skip
    if climb.waits is None:
        _get_stuck(appeal, by=by)
        return None
    stage = AppealStage.objects.create(
        appeal=appeal,
        position=len(stages) + len(climb.empty) + 1,
        step=climb.waits.step,
        role=climb.waits.role,
        started_at=now,
        due_at=rules.limit_after(now, days=climb.waits.days, table=table),
    )
    _start(appeal, stage, by=by, people=left[rungs.index(climb.waits)])
    if missed_by:
        notices.tell_of_climb(appeal, stage, missed_by=missed_by)
    return stage


def _start(appeal: Appeal, stage: AppealStage, *, by: Actor, people: frozenset[int]) -> None:
    """Let a step's clock run and tell those who decide; its due moment was computed in working days."""
    start_clock(
        CLOCK,
        case=_case(appeal),
        project_id=appeal.project_id,
        target=stage.due_at - stage.started_at,
        started_at=stage.started_at,
        by=by,
        chain=chain_of(appeal.project),
    )
    notices.tell_of_step(appeal, stage, people=people)


def _get_stuck(appeal: Appeal, *, by: Actor) -> None:
    appeal.stuck_at = clock.now()
    appeal.save(update_fields=["stuck_at"])
    _record("stuck", appeal, by=by, data={})
    notices.tell_of_lack(appeal)


@action
def decide_stage(
    appeal: Appeal, *, outcome: str, reasons: str, by: Actor, amended_to: Mapping[str, object] | None = None
) -> Appeal:
    """Decide the step that waits: uphold, amend or void, with reasons; what follows is done at once (spec 05).

    Raises Denied for who does not decide this step, Conflict when its time is over, Invalid without reasons or for an
    amendment that does not say to what.
    """
    stages = list(appeal.stages.all())
    now_standing = queries.standing(appeal, stages=stages)
    stage = _open_stage(appeal, now_standing)
    person = policies.check_decide(
        by, appeal, deciders=now_standing.deciders, decided_before=now_standing.decided_before
    )
    rules.check_outcome(outcome, reasons=reasons, amended_to=amended_to)
    becomes = kind_of(appeal.subject_kind).amend(appeal.subject_id, amended_to) if amended_to else None
    now = clock.now()
    _decide_row(stage, outcome=outcome, reasons=reasons.strip(), person=person, now=now)
    flows.claim(
        appeal,
        APPEAL_FLOW,
        "decide",
        outcome=str(outcome),
        amended_to=becomes,
        closed_at=now,
        further_until=_further_until(appeal, stages, outcome=outcome, now=now),
    )
    _stop(appeal, by=by)
    data = {"outcome": str(outcome), "step": stage.step, "reasons": stage.reasons, "amended_to": becomes}
    _record("decided", appeal, by=by, data=data)
    apply_effects(appeal, reasons=stage.reasons)
    events.appeal_decided.send(
        Appeal,
        appeal_id=appeal.pk,
        subject_kind=appeal.subject_kind,
        subject_id=appeal.subject_id,
        outcome=appeal.outcome,
        amended_to=appeal.amended_to,
    )
    notices.tell_of_decision(appeal, stage)
    return appeal


def _open_stage(appeal: Appeal, standing: queries.Standing) -> AppealStage:
    APPEAL_FLOW.check("decide", appeal.state)
    if standing.stage is None:
        raise IllegalMove(_("Nobody is left to decide: somebody has to be named first."))
    if standing.is_lapsed:
        raise Conflict(_("The time for this step is over; the appeal goes up the ladder."))
    return standing.stage


def _decide_row(stage: AppealStage, *, outcome: str, reasons: str, person: User, now: datetime) -> None:
    values = {"outcome": str(outcome), "reasons": reasons, "decided_by": person, "decided_at": now}
    if AppealStage.objects.filter(queries.WAITING, pk=stage.pk).update(**values) != 1:
        raise Conflict(_("Somebody else was faster: this step is decided."))
    for name, value in values.items():
        setattr(stage, name, value)


def _further_until(appeal: Appeal, stages: Sequence[AppealStage], *, outcome: str, now: datetime) -> datetime | None:
    """Until when an upheld decision may be taken a step further; None at the top, or when it was changed."""
    climbed = len([stage for stage in stages if stage.step != Step.APPOINTED])
    if outcome != Outcome.UPHOLD or climbed >= len(appeal.ladder):
        return None
    return rules.limit_after(now, days=appeal.limit_days, table=day_table())


@action
def go_further(appeal: Appeal, *, grounds: str, by: Actor) -> Appeal:
    """Take an upheld decision one step further up the ladder, saying why (spec 05).

    Raises Denied for anybody but the appellant, Invalid without grounds, Conflict after the limit or at the top.
    """
    policies.check_own(by, appeal)
    APPEAL_FLOW.check("further", appeal.state)
    if appeal.further_until is None:
        raise Conflict(_("This cannot be taken further: the last step has decided, or the decision was changed."))
    rules.check_in_time(clock.now(), until=appeal.further_until)
    rules.check_words(grounds, wanted=appeal.wanted)
    try:
        with transaction.atomic():
            flows.claim(appeal, APPEAL_FLOW, "further", outcome="", closed_at=None, further_until=None)
    except IntegrityError as error:
        raise Conflict(_("An appeal against this is open already.")) from error
    _record("taken_further", appeal, by=by, data={"grounds": grounds.strip()})
    _enter_next(appeal, by=by)
    return appeal


@action
def withdraw_appeal(appeal: Appeal, *, by: Actor) -> Appeal:
    """Take an appeal back; the decision stands. Raises Denied for anybody but the appellant."""
    policies.check_own(by, appeal)
    flows.claim(appeal, APPEAL_FLOW, "withdraw", closed_at=clock.now(), stuck_at=None)
    _stop(appeal, by=by)
    _record("withdrawn", appeal, by=by, data={})
    return appeal


@action
def climb(appeal: Appeal, *, by: Actor = CLIMBING) -> bool:
    """Note that a step had no answer in time and go up; gives whether there was anything to note (idempotent)."""
    stages = list(appeal.stages.all())
    now_standing = queries.standing(appeal, stages=stages)
    stage = now_standing.stage
    if stage is None or not now_standing.is_lapsed:
        return False
    rows = AppealStage.objects.filter(queries.WAITING, pk=stage.pk)
    if rows.update(lapsed_at=stage.due_at) != 1:  # another worker, or a decision at the last moment
        return False
    flows.claim(appeal, APPEAL_FLOW, "climb")
    _stop(appeal, by=by)
    _record("climbed", appeal, by=by, data={"step": stage.step, "since": stage.due_at})
    missed = queries.deciders_at(appeal, stage, stages)
    _enter_next(appeal, by=by, missed_by=sorted(missed))
    return True


@action
def appoint_decider(appeal: Appeal, *, user: User, by: Actor) -> AppealStage:
    """Name somebody without a part in the case when nobody of the ladder is left (spec 05).

    Raises Denied for who may not name, or for a person with a part; Conflict while a step waits.
    """
    policies.check_appoint(by, appeal)
    stages = list(appeal.stages.all())
    policies.check_appointee(user, appeal, decided_before=queries.decided_before(stages))
    if not Appeal.objects.filter(pk=appeal.pk, state=AppealState.FILED, stuck_at__isnull=False).update(stuck_at=None):
        raise Conflict(_("This appeal does not wait for somebody to be named."))
    appeal.stuck_at = None
    now = clock.now()
    days = int(appeal.ladder[-1]["days"]) if appeal.ladder else appeal.limit_days
    stage = AppealStage.objects.create(
        appeal=appeal,
        position=len(stages) + 1,
        step=Step.APPOINTED,
        appointee=user,
        started_at=now,
        due_at=rules.limit_after(now, days=days, table=day_table()),
    )
    _record("decider_named", appeal, by=by, data={"user": user.pk, "name": str(user)})
    _start(appeal, stage, by=by, people=frozenset({user.pk}))
    return stage


def _stop(appeal: Appeal, *, by: Actor) -> None:
    running = open_clock("appeal", appeal.pk, CLOCK)
    if running is not None:
        stop_clock(running, by=by)


def _case(appeal: Appeal) -> tuple[str, int, str]:
    return ("appeal", appeal.pk, appeal.number)


def _record(what: str, appeal: Appeal, *, by: Actor, data: Mapping[str, object]) -> None:
    journal.record(f"quality.appeal_{what}", chain=chain_of(appeal.project), by=by, subject=_case(appeal), data=data)
