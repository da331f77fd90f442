"""Panels: drawn at random from a frame by a draw anybody can check, then rating (spec 06; kernel.draws)."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal import policies
from wuyou.domains.appraisal.choices import PanelState, SourceKind
from wuyou.domains.appraisal.models import Enrolment, Panel, PanelMember
from wuyou.domains.appraisal.queries.schemes import value_of
from wuyou.domains.appraisal.rules.scheme import Component
from wuyou.domains.appraisal.writing import record
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.draws import actions as draws
from wuyou.kernel.draws.choices import Allocation
from wuyou.kernel.draws.sampling import Method, Unit
from wuyou.kernel.errors import Conflict, Invalid, filled
from wuyou.kernel.transactions import action

from .enrolments import open_period

MOST_PEOPLE = 20_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be drawn: a group of the scheme, a number of the client's, perhaps a name."""

    group: str
    code: str
    label: str = ""


@action
def plan_panel(
    enrolment: Enrolment, *, component: str, month: dt.date, due_on: dt.date, frame: Sequence[Candidate], by: Actor
) -> Panel:
    """Fix who may be drawn and commit to a seed; the draw itself comes after (spec 06: drawn at random).

    Raises Denied, Invalid for a frame too small or with doubles, Conflict for a month that has its panel.
    """
    policies.check_enter(by, enrolment)
    period = open_period(enrolment, month=month, by=by)
    policies.check_open(period)
    part = _panel_part(value_of(period.version).components(), component)
    _check_frame(part, frame)
    try:
        with transaction.atomic():
            panel = Panel.objects.create(
                project_id=enrolment.project_id,
                enrolment=enrolment,
                component=component,
                month=period.month,
                due_on=due_on,
            )
    except IntegrityError:
        raise Conflict(_("This month has its panel already.")) from None
    case = ("appraisal_panel", panel.pk, f"{enrolment.label} {period.month:%Y-%m}")
    units = [Unit(id=one.code, label=one.label or one.code, stratum=one.group, weight=1) for one in frame]
    method = Method(number=part.source.people, allocation=Allocation.GIVEN, numbers=dict(part.source.groups))
    panel.draw = draws.commit(case, kind="panel", title=case[2], frame=units, method=method, by=by)
    panel.save(update_fields=["draw"])
    record("panel_planned", enrolment.project, case, by=by, commitment=panel.draw.commitment, people=len(frame))
    return panel


def _panel_part(parts: Sequence[Component], component: str) -> Component:
    for part in parts:
        if part.key == component and part.source.kind == SourceKind.PANEL:
            return part
    raise Invalid(fields={"component": _("The scheme has no such panel.")})


def _check_frame(part: Component, frame: Sequence[Candidate]) -> None:
    codes = Counter(one.code.strip() for one in frame)
    if len(frame) > MOST_PEOPLE:
        raise Invalid(fields={"frame": filled(_("At most %(most)s people."), most=MOST_PEOPLE)})
    twice = [code for code, count in codes.items() if count > 1]
    if twice or "" in codes:
        raise Invalid(
            fields={"frame": filled(_("Every person needs a number of their own: %(code)s."), code=twice[:1])}
        )
    groups = Counter(one.group for one in frame)
    wrong = [
        filled(_("%(group)s: %(found)s people, %(needed)s are drawn."), group=name, found=groups[name], needed=needed)
        for name, needed in part.source.groups.items()
        if groups[name] < needed
    ]
    unknown = set(groups) - set(part.source.groups)
    if unknown:
        wrong.append(filled(_("The scheme has no group %(group)s."), group=min(unknown)))
    if wrong:
        raise Invalid(fields={"frame": wrong[0]})


@action
def draw_panel(panel: Panel, *, by: Actor) -> list[PanelMember]:
    """Draw the people and publish the seed; from now on they rate. Raises Denied, Conflict for a second draw."""
    policies.check_enter(by, panel.enrolment)
    if panel.draw is None or panel.state != PanelState.COMMITTED:
        raise Conflict(_("This panel was drawn already."))
    draw = draws.reveal(draws.conduct(panel.draw, by=by), by=by)
    if Panel.objects.filter(pk=panel.pk, state=PanelState.COMMITTED).update(state=PanelState.OPEN) != 1:
        raise Conflict(_("This panel was drawn already."))
    panel.state = PanelState.OPEN
    rows = [
        PanelMember(panel=panel, group=one["stratum"], code=one["id"], label=one["label"]) for one in draw.result or []
    ]
    members = PanelMember.objects.bulk_create(rows)
    case = ("appraisal_panel", panel.pk, draw.case_label)
    record("panel_drawn", panel.enrolment.project, case, by=by, members=[one.code for one in members])
    return members


@action
def rate(member: PanelMember, *, points: Decimal, is_dissatisfied: bool = False, by: Actor) -> None:
    """Enter the sheet of one person, once. Raises Denied, Invalid, Conflict for a second one or a closed panel."""
    panel = member.panel
    policies.check_enter(by, panel.enrolment)
    if not 0 <= points <= 100:
        raise Invalid(fields={"points": _("A sheet gives 0 to 100 points.")})
    if panel.state != PanelState.OPEN:
        raise Conflict(_("This panel does not rate now."))
    waiting = PanelMember.objects.filter(pk=member.pk, points__isnull=True)
    now = clock.now()
    if waiting.update(points=points, is_dissatisfied=is_dissatisfied, rated_at=now) != 1:
        raise Conflict(_("This person's sheet came in already."))
    member.points, member.is_dissatisfied, member.rated_at = points, is_dissatisfied, now
    case = ("appraisal_panel", panel.pk, f"{panel.enrolment.label} {panel.month:%Y-%m}")
    record("sheet_entered", panel.enrolment.project, case, by=by, person=member.code, points=f"{points:f}")


@action
def close_panel(panel: Panel, *, by: Actor) -> None:
    """End the rating of a panel; who did not answer is shown with the score. Raises Denied, Conflict."""
    policies.check_enter(by, panel.enrolment)
    if Panel.objects.filter(pk=panel.pk, state=PanelState.OPEN).update(state=PanelState.CLOSED) != 1:
        raise Conflict(_("This panel does not rate now."))
    panel.state = PanelState.CLOSED
    case = ("appraisal_panel", panel.pk, f"{panel.enrolment.label} {panel.month:%Y-%m}")
    record("panel_closed", panel.enrolment.project, case, by=by)
