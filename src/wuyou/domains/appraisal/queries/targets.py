"""Target letters: values, points and forecasts of their KPIs."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from wuyou.domains.appraisal.choices import LetterState, YearMethod
from wuyou.domains.appraisal.models import Kpi, KpiMonth, TargetLetter
from wuyou.domains.appraisal.policies import VIEW
from wuyou.domains.appraisal.rules.targets import Forecast, Target, forecast, letter_points, year_so_far
from wuyou.domains.org.models import User
from wuyou.domains.org.queries import projects_visible_to, users_visible_to
from wuyou.kernel.actors import Actor
from wuyou.kernel.explain import Link, Node, Words


def letters_visible_to(user: Actor) -> QuerySet[TargetLetter]:
    """Target letters of visible projects, the newest year first."""
    rows = TargetLetter.objects.filter(project__in=projects_visible_to(user, VIEW))
    return rows.select_related("project__node", "owner").order_by("-year", "project__code", "-pk")


def letter_owners(user: User) -> QuerySet[User]:
    """Who may own a letter that this person writes: the people he manages, and himself."""
    managed = users_visible_to(user).values("pk")
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=managed), is_active=True).order_by("full_name", "pk")


def target_of(row: Kpi) -> Target:
    """A KPI as the rules take it."""
    return Target(
        key=row.key,
        name=Words(row.name_zh, row.name_en),
        baseline=row.baseline,
        target=row.target,
        weight=row.weight,
        stretch=row.stretch,
        method=YearMethod(row.method),
        unit=row.unit,
    )


def values_of(kpis: Collection[int], *, until: dt.date) -> dict[int, dict[dt.date, Decimal]]:
    """The newest value of each KPI and month up to a month, by KPI, months in order."""
    rows = KpiMonth.objects.filter(kpi__in=kpis, month__lte=until).order_by("month", "pk")
    found: dict[int, dict[dt.date, Decimal]] = defaultdict(dict)
    for kpi, month, value in rows.values_list("kpi_id", "month", "value"):
        found[kpi][month] = value
    return found


def letter_nodes(wanted: Collection[tuple[int, dt.date]]) -> dict[tuple[int, dt.date], Node]:
    """The points of the letters in force, by project and month: the year up to that month. Two queries for all."""
    years = {month.year for _, month in wanted}
    projects = {project for project, _ in wanted}
    letters = TargetLetter.objects.filter(project__in=projects, year__in=years).exclude(state=LetterState.DRAFT)
    kpis = Kpi.objects.filter(letter__in=letters).select_related("letter").order_by("letter_id", "position")
    by_letter: dict[tuple[int, int], list[Kpi]] = defaultdict(list)
    for row in kpis:
        by_letter[row.letter.project_id, row.letter.year].append(row)
    if not by_letter:
        return {}
    values = values_of([row.pk for row in kpis], until=max(month for _, month in wanted))
    return {
        (project, month): _points(rows, values, until=month)
        for project, month in wanted
        if (rows := by_letter.get((project, month.year)))
    }


def _points(rows: Sequence[Kpi], values: dict[int, dict[dt.date, Decimal]], *, until: dt.date) -> Node:
    targets = [target_of(row) for row in rows]
    nodes = {}
    for row, target in zip(rows, targets, strict=True):
        months = [(f"{month:%Y-%m}", value) for month, value in values[row.pk].items() if month <= until]
        nodes[row.key] = year_so_far(target, months, links=[Link("appraisal_kpi", str(row.pk), row.name_zh)])
    return letter_points(targets, nodes, label=Words("绩效目标责任书得分", "Target letter"))


@dataclass(frozen=True, slots=True)
class Progress:
    """One KPI of a letter: its months, its points so far, where the year will end."""

    kpi: Kpi
    target: Target
    months: dict[dt.date, Decimal]
    node: Node
    forecast: Forecast | None

    @property
    def value(self) -> Decimal | None:
        """The year so far."""
        return self.node.value

    @property
    def outlook(self) -> str:
        """`met`, `missed` or `open`."""
        return self.forecast.outlook(self.target) if self.forecast else "open"


def progress_of(letter: TargetLetter, *, until: dt.date | None = None) -> list[Progress]:
    """Every KPI of a letter up to a month (the whole year by default), in its order; two queries."""
    last = until or dt.date(letter.year, 12, 1)
    rows = list(letter.kpis.all())
    values = values_of([row.pk for row in rows], until=last)
    return [_progress(row, values[row.pk]) for row in rows]


def _progress(row: Kpi, months: dict[dt.date, Decimal]) -> Progress:
    target = target_of(row)
    named = [(f"{month:%Y-%m}", value) for month, value in months.items()]
    links = [Link("appraisal_kpi", str(row.pk), row.name_zh)]
    ahead = forecast(target, [(month.month, value) for month, value in months.items()])
    return Progress(row, target, months, year_so_far(target, named, links=links), ahead)


def points_of(letter: TargetLetter, *, until: dt.date) -> Node | None:
    """A letter's points up to a month; None while it is a draft."""
    return letter_nodes({(letter.project_id, until)}).get((letter.project_id, until))
