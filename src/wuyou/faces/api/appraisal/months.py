"""Who is appraised, and their months: points, band, the whole tree, steps (spec 06)."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from pydantic import Field

from wuyou.domains.appraisal.actions import enrolments as enrolling
from wuyou.domains.appraisal.actions import periods as actions
from wuyou.domains.appraisal.choices import PeriodState, SubjectKind
from wuyou.domains.appraisal.flows import APPRAISE, APPRAISE_PEOPLE, PERIOD_FLOW
from wuyou.domains.appraisal.models import Enrolment, Period, Score
from wuyou.domains.appraisal.policies import ENTER
from wuyou.domains.appraisal.queries.periods import (
    enrolments_visible_to,
    newest_month,
    periods_visible_to,
    scores_of,
    simulate_version,
    year_of,
)
from wuyou.domains.org.models import Project, User
from wuyou.faces.api.contracts import CONTRACTS
from wuyou.faces.api.operations import Acts, maybe, possible, ref
from wuyou.faces.api.org.tree import PROJECTS
from wuyou.faces.api.questions import ask_of
from wuyou.faces.api.registry.places import TEAMS
from wuyou.faces.api.registry.staff import CONTRACTORS, STAFF
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import Amount, shape
from wuyou.faces.api.values import Day, PathId, choice, text
from wuyou.kernel.explain import to_json
from wuyou.ui.visitor import user_of

from . import router
from .schemes import SCHEMES, SEE

ENROLMENTS = Resource(
    "enrolments",
    shape(
        "Enrolment",
        Enrolment,
        "id project scheme kind contractor team staff contract klass label starts_on ends_on",
        scheme_code=(str, "scheme.code"),
    ),
    enrolments_visible_to,
    view=SEE,
    filters={
        "project_id": ids("project"), "scheme_id": ids("scheme"), "kind": Filter(choice(SubjectKind), "kind"),
    },
    sorts={"label": "label", "starts_on": "starts_on"},
    search=("label",),
)  # fmt: skip
PERIODS = Resource(
    "appraisals",
    shape(
        "Appraisal",
        Period,
        "id project enrolment version month state days_present days_of points band is_vetoed place place_of is_last"
        " is_stale appeal_until disclosed_at published_at closed_at",
        subject=(str, "enrolment.label"),
        kind=(str, "enrolment.kind"),
        steps=possible(PERIOD_FLOW),
    ),
    periods_visible_to,
    view=SEE,
    filters={
        "project_id": ids("project"), "enrolment_id": ids("enrolment"), "month": Filter(Day, "month"),
        "from_month": Filter(Day, "month__gte"), "to_month": Filter(Day, "month__lte"),
        "state": Filter(choice(PeriodState), "state"), "kind": Filter(choice(SubjectKind), "enrolment__kind"),
        "is_vetoed": Filter(bool, "is_vetoed"), "is_last": Filter(bool, "is_last"), "band": Filter(text(40), "band"),
    },
    sorts={"month": "month", "points": "points", "place": "place"},
    search=("enrolment__label",),
)  # fmt: skip
RIGHTS = [APPRAISE, APPRAISE_PEOPLE]
YearAsked = Annotated[int, Field(ge=2000, le=2100)]
MonthsAsked = Annotated[int, Field(ge=1, le=36)]

ENROLMENTS.expose(router)
PERIODS.expose(router)
on_enrolments = Acts(router, ENROLMENTS, RIGHTS)
on_periods = Acts(router, PERIODS, RIGHTS)


def enrol(
    *, project: Project, scheme: Any, starts_on: dt.date, by: User, ends_on: dt.date | None = None, **subject: Any
) -> Enrolment:
    """Put a project, contractor, team or person under a scheme; the contract names the bond and the fee."""
    who = enrolling.Subject(**subject)
    return enrolling.enrol(project, scheme=scheme, subject=who, starts_on=starts_on, ends_on=ends_on, by=by)


on_enrolments.add(
    enrol,
    {
        "project": ref(PROJECTS), "scheme": ref(SCHEMES), "starts_on": Day, "ends_on": maybe(Day),
        "contractor": maybe(ref(CONTRACTORS)), "team": maybe(ref(TEAMS)), "staff": maybe(ref(STAFF)),
        "contract": maybe(ref(CONTRACTS)), "klass": maybe(text(40)),
    },
)  # fmt: skip
on_enrolments.post("end", enrolling.end_enrolment, {"on": Day})


def open_month(*, enrolment: Enrolment, month: dt.date, by: User) -> Period:
    """Open a month of an enrolment under the version issued now; the same one when it is open already."""
    return enrolling.open_period(enrolment, month=month, by=by)


on_periods.add(open_month, {"enrolment": ref(ENROLMENTS), "month": Day}, needs=[*RIGHTS, ENTER])
on_periods.post("compute", actions.compute_period)
on_periods.post("disclose", actions.disclose_period)
on_periods.post("publish", actions.publish_period)
on_periods.post("close", actions.close_period)

SCORE = shape(
    "AppraisalScore", Score, "id points band points_band vetoes reason cause_kind cause_id by_label at",
    tree=(dict[str, Any], "tree"),
)  # fmt: skip


def scores(period: Period, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """Every score the month had, the one in force first, each with its whole tree (docs/reference/explain.md)."""
    return SCORE.all(scores_of(period))


ask_of(router, PERIODS, "scores", scores, list[SCORE.model], SEE)  # type: ignore[name-defined]
YEAR = shape("AppraisalYear", None, "", quarters=(list[Any], "quarters"), year=(Any, "year"))


def year(enrolment: Enrolment, request: HttpRequest, given: Any) -> dict[str, Any]:
    """Quarters and the year out of the months this user sees, as trees; null where the enrolment has no scheme."""
    rows = list(periods_visible_to(user_of(request)).filter(enrolment=enrolment, month__year=given.year))
    found = year_of(enrolment, rows, year=given.year)
    if found is None:
        return {"quarters": [], "year": None}
    return {"quarters": [to_json(node) for node in found.quarters], "year": to_json(found.whole)}


ask_of(router, ENROLMENTS, "year", year, YEAR.model, SEE, year=YearAsked)
SIMULATED = shape(
    "SimulatedMonth", None, "",
    month=(str, lambda pair: str(pair[0].month)), points=(Amount | None, lambda pair: pair[1].points),
    band=(str, lambda pair: pair[1].band), tree=(Any, lambda pair: to_json(pair[1].tree)),
)  # fmt: skip


def simulate(enrolment: Enrolment, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """What a version would have made of the enrolment's last months; nothing is written."""
    pairs = simulate_version(given.version_id, enrolment, last=newest_month(), months=given.months, by=user_of(request))
    return SIMULATED.all(pairs)


ask_of(
    router, ENROLMENTS, "simulation", simulate, list[SIMULATED.model], SEE,  # type: ignore[name-defined]
    version_id=PathId, months=(MonthsAsked, 12),
)  # fmt: skip
