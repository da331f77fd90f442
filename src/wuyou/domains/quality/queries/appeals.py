"""Appeals somebody may see, what waits for whom, and where an appeal stands now (spec 05)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from wuyou.domains.org.models import Assignment, Node, Project, Role, User
from wuyou.domains.org.queries import (
    held_by,
    is_all_powerful,
    nodes_visible_to,
    projects_visible_to,
    users_holding,
    users_in_role,
)
from wuyou.domains.quality.choices import AppealState, Step
from wuyou.domains.quality.models import Appeal, AppealLadder, AppealStage
from wuyou.domains.quality.policies.rights import DECIDE_APPEALS, FILE_APPEALS, MANAGE_CAMPAIGNS
from wuyou.domains.quality.rules.appeals import LADDER, LIMIT_DAYS, Decision, Rung, deciders, has_lapsed, limit_after
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.clocks.calendars import day_table
from wuyou.kernel.evidence.models import Evidence
from wuyou.kernel.evidence.queries import evidence_of

WAITING = Q(decided_at__isnull=True, lapsed_at__isnull=True)
MOST_WAITING = 500


@dataclass(frozen=True, slots=True)
class Ladder:
    """How appeals climb at a project today."""

    days: int
    rungs: tuple[Rung, ...]
    node: Node | None = None  # whose rule it is; None for the one shipped


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an appeal stands at a moment: the step that waits, who decides it, whether its time is over."""

    stage: AppealStage | None
    deciders: frozenset[int]
    is_lapsed: bool
    decided_before: frozenset[int]


def appeals_visible_to(user: Actor) -> QuerySet[Appeal]:
    """Appeals of projects where the user appeals or decides, their own, those they were named for.

    Administrators also see those nobody is left to decide.
    """
    here = projects_visible_to(user, FILE_APPEALS) | projects_visible_to(user, DECIDE_APPEALS)
    seen = Q(project__in=here.values("pk"))
    if isinstance(user, User):
        named = AppealStage.objects.filter(appointee=user).values("appeal")
        seen |= Q(filed_by=user) | Q(pk__in=named)
    if is_all_powerful(user):
        seen |= Q(stuck_at__isnull=False)
    return Appeal.objects.filter(seen)


def appeals_for_list(user: Actor) -> QuerySet[Appeal]:
    """Visible appeals with what a list shows of them, the newest first."""
    return appeals_visible_to(user).select_related("project", "filed_by").prefetch_related("stages").order_by("-pk")


def appeals_on(kind: str, pk: int) -> QuerySet[Appeal]:
    """Every appeal there was against a decision, the newest first. The caller has checked that it is visible."""
    return Appeal.objects.filter(subject_kind=kind, subject_id=pk).order_by("-pk")


def open_appeal_on(kind: str, pk: int) -> Appeal | None:
    """The appeal against a decision that is not decided yet, if there is one."""
    return appeals_on(kind, pk).filter(state=AppealState.FILED).first()


def appeal_in_the_way(decision: Decision) -> Appeal | None:
    """The appeal because of which this decision cannot be appealed against: one is open, or it was decided before.

    A decision that was made anew since then is another one; a withdrawn appeal is in nobody's way.
    """
    last = appeals_on(decision.kind, decision.id).exclude(state=AppealState.WITHDRAWN).first()
    if last is None or (last.state != AppealState.FILED and last.decided_at < decision.decided_at):
        return None
    return last


def stuck_appeals(user: Actor) -> QuerySet[Appeal]:
    """Visible appeals for which somebody has to be named, the oldest first."""
    return appeals_visible_to(user).filter(state=AppealState.FILED, stuck_at__isnull=False).order_by("stuck_at")


def lapsed_appeals(now: datetime) -> QuerySet[Appeal]:
    """Appeals whose step had no answer in time and that have not climbed yet."""
    late = AppealStage.objects.filter(WAITING, due_at__lt=now)
    return Appeal.objects.filter(state=AppealState.FILED, pk__in=late.values("appeal")).order_by("pk")


def ladder_of(project: Project) -> Ladder:
    """How appeals climb at a project today: the nearest rule above it, else the one shipped."""
    path = project.node.path
    above = [path[:end] for end in range(Node.steplen, len(path) + 1, Node.steplen)]
    rows = AppealLadder.objects.filter(node__path__in=above, starts_on__lte=clock.today()).select_related("node")
    row = rows.order_by("-node__depth", "-starts_on").first()
    if row is None:
        return Ladder(LIMIT_DAYS, LADDER)
    return Ladder(row.days, rungs_of(row.steps), row.node)


def appealable_until(decision: Decision, ladder: Ladder) -> datetime:
    """The last second in which a decision can be appealed against."""
    return limit_after(decision.decided_at, days=ladder.days, table=day_table())


def rungs_of(steps: Iterable[dict[str, object]]) -> tuple[Rung, ...]:
    """Stored steps as the rules take them."""
    return tuple(Rung(str(one["step"]), str(one["role"]), int(str(one["days"]))) for one in steps)


def ladders_at(node: Node) -> QuerySet[AppealLadder]:
    """What a node says about appeals, the newest first."""
    return AppealLadder.objects.filter(node=node).order_by("-starts_on")


def ladders_below(nodes: Sequence[Node]) -> list[AppealLadder]:
    """What these nodes say about appeals, by node, the newest first."""
    rows = AppealLadder.objects.filter(node__in=[node.pk for node in nodes]).select_related("node")
    return list(rows.order_by("node__path", "-starts_on"))


def ladders_visible_to(user: Actor) -> QuerySet[AppealLadder]:
    """Ladders of the nodes where the user says how appeals climb, by node, the newest first."""
    nodes = nodes_visible_to(user, MANAGE_CAMPAIGNS)
    return AppealLadder.objects.filter(node__in=nodes).select_related("node").order_by("node__path", "-starts_on")


def deciding_roles() -> list[Role]:
    """Roles that may stand on a ladder."""
    return [role for role in Role.objects.order_by("-is_standard", "pk") if DECIDE_APPEALS in role.permissions]


def candidates(role: str, project: Project) -> frozenset[int]:
    """Users in a role at or above the project who decide appeals there."""
    return frozenset(users_in_role(role, project)) & frozenset(users_holding(DECIDE_APPEALS, project))


def decided_before(stages: Iterable[AppealStage]) -> frozenset[int]:
    """Who has decided on earlier steps."""
    return frozenset(stage.decided_by_id for stage in stages if stage.decided_by_id is not None)


def deciders_left(appeal: Appeal, *, role: str, stages: Iterable[AppealStage]) -> frozenset[int]:
    """Who of a role may decide an appeal."""
    return deciders(
        candidates(role, appeal.project),
        not_by=appeal.not_by,
        appellant=appeal.filed_by_id,
        decided_before=decided_before(stages),
    )


def waiting_stage(stages: Sequence[AppealStage]) -> AppealStage | None:
    """The step that waits for an answer, if any."""
    return next((one for one in reversed(stages) if one.decided_at is None and one.lapsed_at is None), None)


def standing(appeal: Appeal, *, stages: Sequence[AppealStage] | None = None) -> Standing:
    """Where an appeal stands now: a step whose time is over counts as lapsed before any job has noted it."""
    rows = list(appeal.stages.all()) if stages is None else stages
    stage = waiting_stage(rows) if appeal.state == AppealState.FILED else None
    before = decided_before(rows)
    if stage is None:
        return Standing(None, frozenset(), is_lapsed=False, decided_before=before)
    is_lapsed = has_lapsed(clock.now(), due=stage.due_at)
    if is_lapsed:
        return Standing(stage, frozenset(), is_lapsed=True, decided_before=before)
    return Standing(stage, deciders_at(appeal, stage, rows), is_lapsed=False, decided_before=before)


def deciders_at(appeal: Appeal, stage: AppealStage, stages: Sequence[AppealStage]) -> frozenset[int]:
    """Who decides a step of an appeal: those of its role, or the person named, without who has a part in the case."""
    if stage.step != Step.APPOINTED:
        return deciders_left(appeal, role=stage.role, stages=stages)
    return deciders(
        {stage.appointee_id} - {None},  # type: ignore[arg-type]
        not_by=appeal.not_by,
        appellant=appeal.filed_by_id,
        decided_before=decided_before(stages),
    )


def appeals_waiting_for(user: Actor) -> list[Appeal]:
    """Appeals whose step this person decides now, the first due first."""
    if not isinstance(user, User):
        return []
    roles: dict[str, list[str]] = {}
    for held in held_by(user):
        if DECIDE_APPEALS in held.permissions:
            roles.setdefault(held.role, []).append(held.path)
    mine = Q(appointee=user) | Q(role__in=list(roles))
    rows = AppealStage.objects.filter(WAITING, mine, appeal__state=AppealState.FILED, due_at__gte=clock.now())
    stages = rows.select_related("appeal__project__node", "appeal__filed_by").prefetch_related("appeal__stages")
    return [
        stage.appeal
        for stage in stages.order_by("due_at")[:MOST_WAITING]
        if _is_for(user, stage, roles.get(stage.role, []))
    ]


def _is_for(user: User, stage: AppealStage, paths: Iterable[str]) -> bool:
    appeal = stage.appeal
    is_named = stage.appointee_id == user.pk
    if not is_named and not any(appeal.project.node.path.startswith(path) for path in paths):
        return False
    return bool(
        deciders(
            {user.pk},
            not_by=appeal.not_by,
            appellant=appeal.filed_by_id,
            decided_before=decided_before(appeal.stages.all()),
        )
    )


def people_named(ids: Iterable[int]) -> list[User]:
    """Users by their ids, in the order they joined."""
    return list(User.objects.filter(pk__in=list(ids)).order_by("pk"))


def appointees_for(appeal: Appeal) -> QuerySet[User]:
    """Who may be named to decide: active, decides appeals somewhere, has no part in this one."""
    part = {*appeal.not_by, *decided_before(appeal.stages.all()), appeal.filed_by_id}
    deciding = [role.pk for role in deciding_roles()]
    held = assignments_today().filter(role__in=deciding).values("user")
    return User.objects.filter(pk__in=held, is_active=True).exclude(pk__in=part).order_by("pk")


def assignments_today() -> QuerySet[Assignment]:
    """Roles in force today, of anybody."""
    day = clock.today()
    rows = Assignment.objects.filter(starts_on__lte=day, revoked_at__isnull=True)
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def proofs_of_appeal(appeal: Appeal) -> list[Evidence]:
    """What was attached to an appeal, oldest first."""
    return evidence_of("appeal", [appeal.pk])[str(appeal.pk)]
