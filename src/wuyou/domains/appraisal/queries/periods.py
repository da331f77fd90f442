"""Appraised months, enrolments and what was entered for them, as far as somebody may see (spec 06)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from wuyou.domains.appraisal.choices import PeriodState, RollGrain, SubjectKind
from wuyou.domains.appraisal.flows import APPRAISE, APPRAISE_PEOPLE, APPROVE
from wuyou.domains.appraisal.models import (
    Consequence,
    DeductionEvent,
    Enrolment,
    ManualScore,
    Panel,
    Period,
    Score,
    SurveyCount,
    VetoRecord,
)
from wuyou.domains.appraisal.policies import ENTER, VIEW, VIEW_PEOPLE
from wuyou.domains.appraisal.rules.inputs import Days, Inputs, Month
from wuyou.domains.appraisal.rules.outcome import Result
from wuyou.domains.appraisal.rules.periods import MonthScore, months_of, roll_up
from wuyou.domains.appraisal.rules.simulation import simulate
from wuyou.domains.org.models import User
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.registry.queries.staff import staff_of_user
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.explain import Link, Node, Words

from .gathering import first_of, month_of, simulated
from .schemes import issued_version, value_of

PEOPLE = (SubjectKind.TEAM, SubjectKind.PERSON)
KNOWN = (PeriodState.DISCLOSED, PeriodState.PUBLISHED, PeriodState.FINAL)
EVERYBODYS = (PeriodState.PUBLISHED, PeriodState.FINAL)


def enrolments_visible_to(user: Actor) -> QuerySet[Enrolment]:
    """Enrolments of projects and contractors where the user sees scores; of teams and persons as far as they concern.

    Who appraises the people of a project sees all of them; a lead, who sees people, those of his own team; a person
    himself and his team's result.
    """
    rows = Enrolment.objects.select_related("project__node", "scheme", "contract", "team", "staff__team")
    return rows.filter(_seen(user)).order_by("project__code", "kind", "label", "pk")


def _seen(user: Actor) -> Q:
    public = Q(project__in=projects_visible_to(user, VIEW)) & ~Q(kind__in=PEOPLE)
    if not isinstance(user, User):
        return public | Q(project__in=projects_visible_to(user, VIEW_PEOPLE))
    whole = Q(project__in=projects_visible_to(user, APPRAISE_PEOPLE), kind__in=PEOPLE)
    own = staff_of_user(user)
    mine = Q(pk__in=[])
    if own is not None:
        mine = Q(staff=own) | Q(team=own.team_id)
        leads = Q(project__in=projects_visible_to(user, VIEW_PEOPLE), project=own.project_id)
        mine |= leads & (Q(staff__team=own.team_id) | Q(team=own.team_id))
    return public | whole | mine


def periods_visible_to(user: Actor) -> QuerySet[Period]:
    """Appraised months of visible enrolments: published ones, those made known to the party, all for who appraises.

    What is made known but not published is the party's: who appeals or enters sources at the project, or the person.
    """
    rows = Period.objects.filter(enrolment__in=enrolments_visible_to(user).order_by())
    inside = Q(project__in=projects_visible_to(user, APPRAISE)) | Q(project__in=projects_visible_to(user, ENTER))
    inside |= Q(project__in=projects_visible_to(user, APPRAISE_PEOPLE), enrolment__kind__in=PEOPLE)
    party = Q(project__in=projects_visible_to(user, "quality.file_appeals"))
    if isinstance(user, User):
        party |= Q(enrolment__staff__user=user)
    seen = inside | Q(state__in=EVERYBODYS) | (party & Q(state__in=KNOWN))
    related = ("project__node", "enrolment__scheme", "enrolment__staff", "enrolment__contract", "version")
    return rows.filter(seen).select_related(*related).order_by("-month", "project__code", "enrolment__label", "pk")


def scores_of(period: Period) -> list[Score]:
    """Every score a month had, the newest first: the first is in force."""
    return list(period.scores.order_by("-pk"))


def consequences_visible_to(user: Actor) -> QuerySet[Consequence]:
    """What follows from visible months, the newest first."""
    rows = Consequence.objects.filter(period__in=periods_visible_to(user).order_by())
    related = ("project__node", "period__enrolment__staff", "period__version", "decided_by", "score")
    return rows.select_related(*related, "period__enrolment__contract").order_by("-pk")


def waiting_consequences(user: Actor) -> QuerySet[Consequence]:
    """What waits for this user's approval."""
    return consequences_visible_to(user).filter(state="proposed", project__in=projects_visible_to(user, APPROVE))


def events_of(period: Period) -> QuerySet[DeductionEvent]:
    """Events of a month, void ones included, the latest first."""
    rows = DeductionEvent.objects.filter(
        enrolment=period.enrolment_id, day__gte=period.month, day__lt=period.next_month
    )
    return rows.select_related("entered_by", "enrolment__project__node", "enrolment__staff")


def vetoes_of(period: Period) -> QuerySet[VetoRecord]:
    """Recorded vetoes of a month, void ones included."""
    rows = VetoRecord.objects.filter(enrolment=period.enrolment_id, day__gte=period.month, day__lt=period.next_month)
    return rows.select_related("entered_by", "enrolment__project__node", "enrolment__staff")


def entered_for(period: Period) -> tuple[list[ManualScore], list[SurveyCount]]:
    """Scores by hand and surveys of a month, oldest first; the newest of a component counts."""
    manual = ManualScore.objects.filter(enrolment=period.enrolment_id, month=period.month)
    surveys = SurveyCount.objects.filter(enrolment=period.enrolment_id, month=period.month)
    return list(manual.select_related("entered_by")), list(surveys.select_related("entered_by"))


def panels_of(period: Period) -> QuerySet[Panel]:
    """Panels of a month with how many sheets are in."""
    rows = Panel.objects.filter(enrolment=period.enrolment_id, month=period.month).select_related("draw")
    return rows.annotate(asked=Count("members"), returned=Count("members", filter=Q(members__points__isnull=False)))


def panels_visible_to(user: Actor) -> QuerySet[Panel]:
    """Panels of visible enrolments at projects where the user enters sources."""
    rows = Panel.objects.filter(enrolment__in=enrolments_visible_to(user).order_by())
    rows = rows.filter(_enters(user))
    return rows.select_related("enrolment__project__node", "enrolment__staff", "draw").order_by("-month", "-pk")


def events_visible_to(user: Actor) -> QuerySet[DeductionEvent]:
    """Events of visible enrolments at projects where the user enters sources."""
    rows = DeductionEvent.objects.filter(enrolment__in=enrolments_visible_to(user).order_by())
    rows = rows.filter(_enters(user))
    return rows.select_related("enrolment__project__node", "enrolment__scheme", "enrolment__staff").order_by("-pk")


def vetoes_visible_to(user: Actor) -> QuerySet[VetoRecord]:
    """Recorded vetoes of visible enrolments at projects where the user enters sources."""
    rows = VetoRecord.objects.filter(enrolment__in=enrolments_visible_to(user).order_by())
    rows = rows.filter(_enters(user))
    return rows.select_related("enrolment__project__node", "enrolment__scheme", "enrolment__staff").order_by("-pk")


def _enters(user: Actor) -> Q:
    """Where the user enters sources."""
    people = Q(project__in=projects_visible_to(user, APPRAISE_PEOPLE), enrolment__kind__in=PEOPLE)
    return people | Q(project__in=projects_visible_to(user, ENTER))


# --- a year


@dataclass(frozen=True, slots=True)
class Year:
    """The months of an enrolment in a year, its quarters and the year itself."""

    months: dict[Month, Period]
    quarters: tuple[Node, ...]
    whole: Node


def year_of(enrolment: Enrolment, periods: Sequence[Period], *, year: int) -> Year | None:
    """The year of an enrolment out of its visible months; None without an issued scheme."""
    version = max((one.version for one in periods), key=lambda row: row.number, default=None)
    version = version or issued_version(enrolment.scheme)
    if version is None:
        return None
    scheme = value_of(version)
    months = {month_of(one.month): one for one in periods if one.month.year == year}
    scores = {month: _month_score(month, one) for month, one in months.items()}

    def together(grain: RollGrain, quarter: int, label: Words) -> Node:
        named = [scores.get(month, MonthScore(month, None)) for month in months_of(grain, year, quarter)]
        return roll_up(scheme, grain, named, label=label)

    quarters = tuple(
        together(RollGrain.QUARTER, number, Words(f"第 {number} 季度", f"Quarter {number}")) for number in range(1, 5)
    )
    return Year(months, quarters, together(RollGrain.YEAR, 1, Words(f"{year} 年度", f"Year {year}")))


def _month_score(month: Month, one: Period) -> MonthScore:
    links = (Link("appraisal_period", str(one.pk), str(one)),)
    return MonthScore(month, one.points, one.band, Days(one.days_present, one.days_of), links)


# --- simulation


def simulate_version(
    version_id: int, enrolment: Enrolment, *, last: dt.date, months: int, by: Actor
) -> list[tuple[Inputs, Result]]:
    """What a visible version would have made of an enrolment's past months up to `last`; nothing is written."""
    from .schemes import versions_visible_to  # noqa: PLC0415

    version = versions_visible_to(by).get(pk=version_id)
    end = month_of(last)
    wanted = [end.shifted(index - months + 1) for index in range(months)]
    wanted = [month for month in wanted if first_of(month.shifted(1)) > enrolment.starts_on]
    return simulate(value_of(version), simulated(version, enrolment, wanted).values())


def newest_month() -> dt.date:
    """The month that is appraised now: the last whole one."""
    return (clock.today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
