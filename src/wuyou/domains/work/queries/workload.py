"""A plan's yearly hours and heads against who is there (spec 03 Plan, 13 §5 and §7)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from wuyou.domains.org.models import Project
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.domains.registry.models import Place
from wuyou.domains.standards.queries import staffing_ratios
from wuyou.domains.work.choices import Layer
from wuyou.domains.work.models import Plan, PlanPost, WorkloadSetting
from wuyou.domains.work.rules.assigning import Worker
from wuyou.domains.work.rules.workload import (
    Assumptions,
    CrewLoad,
    Customary,
    Density,
    Effort,
    bare_heads_for,
    crew_loads,
    customary,
    fewest_lawful,
    heads_for,
    impossible_days,
    post_hours,
    posts_covered,
    yearly_hours,
)

from .plan import planned_minutes
from .site import bindings_in_force, workers_of

GREEN = ("公共绿地",)
# customary role → whom it counts: team, words a job must contain (none: the whole team)
ROLES = {
    "客服": ("客服", ()),
    "保洁": ("环境", ("保洁", "清运")),
    "秩序": ("秩序", ()),
    "绿化": ("环境", ("绿化",)),
    "工程": ("工程", ()),
}


@dataclass(frozen=True, slots=True)
class PostLoad:
    """A post's year: hours, heads bare (4.42 for 24 hours) and gross, and the fewest people the law allows."""

    post: PlanPost
    hours: Decimal
    bare: Decimal
    needed: Decimal
    fewest: int


@dataclass(frozen=True, slots=True)
class Workload:
    """Everything about hours and heads of a plan."""

    assumptions: Assumptions
    crews: tuple[CrewLoad, ...]
    posts: tuple[PostLoad, ...]
    customary: tuple[Customary, ...]
    guards: int
    round_the_clock_posts: int  # how many the guards could staff if they did nothing else


def assumptions_of(project: Project) -> Assumptions:
    """What a head works in a year at a project: its own setting, else the defaults."""
    setting = WorkloadSetting.objects.filter(project=project).first()
    if setting is None:
        return Assumptions()
    return Assumptions(
        yearly_hours=Decimal(setting.yearly_hours),
        leave_days=Decimal(setting.leave_days),
        absence_share=setting.absence_percent / 100,
        day_minutes=Decimal(setting.day_minutes),
    )


def workload(plan: Plan, *, on: date | None = None) -> Workload:
    """Yearly hours and heads per crew against the people present on a day (today by default)."""
    assumed = assumptions_of(plan.project)
    workers = workers_of(plan.project, on=on)
    posts = tuple(_post_load(post, assumed) for post in plan.posts.select_related("place", "clause").order_by("key"))
    needed = _needed_crews(plan)
    loads = crew_loads(
        yearly_hours(_efforts(plan)),
        _post_hours(posts),
        _present(workers, needed),
        assumptions=assumed,
    )
    guards = sum(worker.team == "秩序" for worker in workers)
    return Workload(
        assumed,
        tuple(loads),
        posts,
        tuple(_customary(plan, workers, on)),
        guards,
        posts_covered(guards, assumptions=assumed),
    )


def _efforts(plan: Plan) -> list[Effort]:
    rows = plan.lines.filter(is_triggered=False).values_list("crew", "per_year").annotate(all=Sum("minutes")).order_by()
    return [Effort(crew, Decimal(minutes), Decimal(often)) for crew, often, minutes in rows]


def _needed_crews(plan: Plan) -> set[str]:
    crews = set(plan.lines.order_by().values_list("crew", flat=True).distinct())
    return crews | set(plan.posts.values_list("crew", flat=True))


def _present(workers: list[Worker], needed: set[str]) -> dict[str, int]:
    """Heads by crew; a crew that is a whole team counts those of the team who are in no crew of their own."""
    present: dict[str, int] = defaultdict(int)
    for worker in workers:
        own = f"{worker.team}/{worker.job}"
        present[own if own in needed or worker.team not in needed else worker.team] += 1
    return dict(present)


def _post_load(post: PlanPost, assumed: Assumptions) -> PostLoad:
    hours = post_hours(hours_per_day=post.hours_per_day, heads=post.heads, days_per_week=post.days_per_week)
    return PostLoad(
        post,
        hours,
        bare_heads_for(hours, assumptions=assumed),
        heads_for(hours, assumptions=assumed),
        fewest_lawful(hours, assumptions=assumed),
    )


def _post_hours(posts: tuple[PostLoad, ...]) -> dict[str, Decimal]:
    total: dict[str, Decimal] = defaultdict(Decimal)
    for load in posts:
        total[load.post.crew] += load.hours
    return dict(total)


def _customary(plan: Plan, workers: list[Worker], on: date | None) -> list[Customary]:
    grades = bindings_in_force(plan.project, on=on).filter(layer__in=(Layer.GRADE, Layer.SERVICE_SET))
    rank = min(grades.values_list("grade__rank", flat=True), default=None)
    if rank is None:
        return []
    amounts = _amounts(plan.project)
    return [
        customary(
            ratio.role,
            amount=amounts[ratio.unit.partition(" per ")[0]],
            fewest_per_head=ratio.low,
            most_per_head=ratio.high,
            present=_heads(workers, ratio.role),
        )
        for ratio in staffing_ratios(rank)
        if amounts.get(ratio.unit.partition(" per ")[0]) and ratio.role in ROLES
    ]


def _amounts(project: Project) -> dict[str, Decimal]:
    rooms, green = Q(level=PlaceLevel.ROOM), Q(category__in=GREEN)
    found = Place.objects.filter(project=project, closed_on__isnull=True).aggregate(
        households=Count("id", filter=rooms),
        built=Sum("area_m2", filter=rooms),
        green=Sum("area_m2", filter=green),
    )
    return {
        "households": Decimal(found["households"]),
        "m2 built area": Decimal(found["built"] or 0),
        "m2 green area": Decimal(found["green"] or 0),
    }


def _heads(workers: list[Worker], role: str) -> int:
    team, words = ROLES[role]
    return sum(worker.team == team and (not words or any(word in worker.job for word in words)) for worker in workers)


def overfull_days(plan: Plan, *, start: date, end: date) -> list[Density]:
    """Person-days of a plan that hold more than a shift, the fullest first (spec 03: no impossible days)."""
    return impossible_days(planned_minutes(plan, start=start, end=end), assumptions=assumptions_of(plan.project))
