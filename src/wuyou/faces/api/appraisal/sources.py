"""What a month is appraised by: events, vetoes, scores by hand, surveys, panels, difficulties of zones (spec 06)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from wuyou.domains.appraisal.actions import panels, sources
from wuyou.domains.appraisal.choices import PanelState
from wuyou.domains.appraisal.flows import APPRAISE_PEOPLE
from wuyou.domains.appraisal.models import DeductionEvent, Enrolment, Panel, PanelMember, VetoRecord
from wuyou.domains.appraisal.policies import ENTER
from wuyou.domains.appraisal.queries.periods import events_visible_to, panels_visible_to, vetoes_visible_to
from wuyou.domains.org.models import User
from wuyou.domains.registry.models import Zone
from wuyou.faces.api.operations import Acts, maybe, ref
from wuyou.faces.api.registry.places import ZONES
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import Amount, shape
from wuyou.faces.api.values import Bool, Code, Day, Given, Id, choice, decimal, listed, number, text
from wuyou.kernel.errors import Missing

from . import router
from .months import ENROLMENTS

RIGHTS = [ENTER, APPRAISE_PEOPLE]
EVENTS = Resource(
    "deduction-events",
    shape(
        "DeductionEvent",
        DeductionEvent,
        "id project enrolment component item origin quantity day text source_kind source_id source_label entered_by"
        " entered_at void_because",
    ),
    events_visible_to,
    view=RIGHTS,
    filters={
        "project_id": ids("project"), "enrolment_id": ids("enrolment"), "item": Filter(text(40), "item"),
        "from_day": Filter(Day, "day__gte"), "to_day": Filter(Day, "day__lte"),
    },
    sorts={"day": "day"},
)  # fmt: skip
VETOES = Resource(
    "veto-records",
    shape(
        "VetoRecord", VetoRecord, "id project enrolment rule day text facts document entered_by entered_at void_because"
    ),
    vetoes_visible_to,
    view=RIGHTS,
    filters={"project_id": ids("project"), "enrolment_id": ids("enrolment")},
    sorts={"day": "day"},
)
MEMBER = shape("PanelMember", PanelMember, "id group code label points is_dissatisfied rated_at")
PANELS = Resource(
    "rating-panels",
    shape(
        "RatingPanel", Panel, "id project enrolment component month due_on state draw",
        members=(list[MEMBER.model], lambda row: MEMBER.all(row.members.all())),  # type: ignore[name-defined]
    ),
    lambda user: panels_visible_to(user).prefetch_related("members"),
    view=RIGHTS,
    filters={
        "project_id": ids("project"), "enrolment_id": ids("enrolment"), "state": Filter(choice(PanelState), "state"),
    },
)  # fmt: skip

EVENTS.expose(router)
VETOES.expose(router)
PANELS.expose(router)
on_events = Acts(router, EVENTS, RIGHTS)
on_vetoes = Acts(router, VETOES, RIGHTS)
on_panels = Acts(router, PANELS, RIGHTS)
on_enrolments = Acts(router, ENROLMENTS, RIGHTS)
on_zones = Acts(router, ZONES, [APPRAISE_PEOPLE])


def enter_event(
    *, enrolment: Enrolment, by: User, origin: str = "", source_kind: str = "", source_id: int | None = None,
    source_label: str = "", **given: Any,
) -> DeductionEvent:  # fmt: skip
    """Enter events of an item of the scheme's table; `origin` such as `complaint` counts by the table's factor."""
    where = sources.Origin(origin, source_kind, source_id, source_label)
    return sources.enter_event(enrolment, origin=where, by=by, **given)


on_events.add(
    enter_event,
    {
        "enrolment": ref(ENROLMENTS), "component": Code, "item": Code, "day": Day, "text": text(300, least=1),
        "quantity": maybe(decimal(4)), "origin": maybe(text(40)), "source_kind": maybe(text(40)),
        "source_id": maybe(Id), "source_label": maybe(text(60)),
    },
)  # fmt: skip
on_events.post("void", sources.void_event, {"reason": text(300, least=1)})


class FactGiven(Given):
    """One fact that a veto looks at, such as `loss_fen` or `injured`."""

    name: Code
    number: decimal(12)  # type: ignore[valid-type]


def enter_veto(*, enrolment: Enrolment, by: User, facts: list[FactGiven] | None = None, **given: Any) -> VetoRecord:
    """Record what a veto of the scheme looks at, with its facts."""
    known = {one.name: Decimal(one.number) for one in facts or ()}
    return sources.enter_veto(enrolment, facts=known, by=by, **given)


on_vetoes.add(
    enter_veto,
    {
        "enrolment": ref(ENROLMENTS), "rule": Code, "day": Day, "text": text(300, least=1),
        "facts": maybe(listed(FactGiven, 20, 0)), "document": maybe(text(120)),
    },
)  # fmt: skip
on_vetoes.post("void", sources.void_veto, {"reason": text(300, least=1)})

ENTERED = shape("AppraisalEntry", None, "", id=(int, "pk"), component="component", month=(dt.date, "month"))
on_enrolments.post(
    "scores",
    sources.enter_score,
    {"component": Code, "month": Day, "value": decimal(3), "reason": text(300, least=1)},
    answer=ENTERED,
)


def enter_survey(
    enrolment: Enrolment, *, component: str, month: dt.date, text: str, satisfied: int, answered: int, by: User,
    dissatisfied: int = 0,
) -> Any:  # fmt: skip
    """Enter what a survey counted; the newest of a month counts."""
    counted = sources.Counted(satisfied, answered, dissatisfied)
    return sources.enter_survey(enrolment, component=component, month=month, counted=counted, text=text, by=by)


on_enrolments.post(
    "surveys",
    enter_survey,
    {
        "component": Code, "month": Day, "text": text(120, least=1), "satisfied": number(), "answered": number(),
        "dissatisfied": maybe(number()),
    },
    answer=ENTERED,
)  # fmt: skip


class CandidateGiven(Given):
    """Somebody who may be drawn: a group of the scheme, a number, perhaps a name."""

    group: Code
    code: text(60, least=1)  # type: ignore[valid-type]
    label: text(60) = ""  # type: ignore[valid-type]


def plan_panel(*, enrolment: Enrolment, frame: list[CandidateGiven], by: User, **given: Any) -> Panel:
    """Fix who may be drawn for a month's panel and commit to a seed; drawing comes after."""
    people = [panels.Candidate(one.group, one.code, one.label) for one in frame]
    return panels.plan_panel(enrolment, frame=people, by=by, **given)


on_panels.add(
    plan_panel,
    {
        "enrolment": ref(ENROLMENTS), "component": Code, "month": Day, "due_on": Day,
        "frame": listed(CandidateGiven, 20_000),
    },
)  # fmt: skip
on_panels.post("draw", panels.draw_panel)
on_panels.post("close", panels.close_panel)


def rate(panel: Panel, *, code: str, points: Decimal, by: User, is_dissatisfied: bool = False) -> None:
    """Enter the sheet of one person of the panel, by the person's number; once."""
    member = panel.members.filter(code=code).first()
    if member is None:
        raise Missing("This person is not of the panel.")
    member.panel = panel
    panels.rate(member, points=points, is_dissatisfied=is_dissatisfied, by=by)


on_panels.post("sheets", rate, {"code": text(60, least=1), "points": decimal(3), "is_dissatisfied": maybe(Bool)})


def set_difficulty(zone: Zone, *, factor: Decimal, reason: str, starts_on: dt.date, by: User) -> Any:
    """Say how hard a zone is against a plain one (1), from a day on."""
    return sources.set_difficulty(zone, factor=factor, reason=reason, starts_on=starts_on, by=by)


DIFFICULTY = shape("ZoneDifficulty", None, "", zone_id=(int, "zone_id"), factor=(Amount, "factor"), reason="reason",
                   starts_on=(dt.date, "starts_on"))  # fmt: skip
on_zones.post(
    "difficulty",
    set_difficulty,
    {"factor": decimal(1), "reason": text(300, least=1), "starts_on": Day},
    answer=DIFFICULTY,
)
