"""Enrolments and months in the database, made by calling the actions."""

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from PIL import Image

from factories.contracts import ContractFactory
from factories.org import NodeFactory, ProjectFactory, user_with
from factories.registry import StaffFactory, TeamFactory
from wuyou.domains.appraisal.actions.bonds import move_bond
from wuyou.domains.appraisal.actions.enrolments import Subject, enrol, open_period
from wuyou.domains.appraisal.actions.panels import Candidate, draw_panel, plan_panel, rate
from wuyou.domains.appraisal.actions.periods import compute_period, disclose_period, publish_period
from wuyou.domains.appraisal.actions.schemes import create_scheme, load_shipped_schemes
from wuyou.domains.appraisal.actions.sources import enter_event, enter_score, enter_veto
from wuyou.domains.appraisal.actions.statements import draft_statement
from wuyou.domains.appraisal.actions.targets import KpiSpec, draft_letter
from wuyou.domains.appraisal.models import (
    Consequence,
    Enrolment,
    ManualScore,
    Panel,
    PanelMember,
    PayrollEntry,
    Period,
    Scheme,
    StatementLine,
)
from wuyou.domains.appraisal.queries.proofs import PROVED
from wuyou.domains.contracts.models import Contract
from wuyou.domains.org.models import Project, User
from wuyou.domains.registry.models import Staff, Team
from wuyou.kernel import clock, evidence
from wuyou.kernel.actors import System

BY = System("test")
APPRAISER = (
    "appraisal.view_scores", "appraisal.view_people", "appraisal.view_money", "appraisal.enter_sources",
    "appraisal.appraise", "appraisal.appraise_people", "appraisal.approve_consequences", "appraisal.manage_targets",
    "appraisal.export_payroll", "appraisal.edit_schemes", "appraisal.issue_schemes",
)  # fmt: skip
MARCH = dt.date(2026, 3, 1)
APRIL_2 = dt.datetime(2026, 4, 2, 2, tzinfo=dt.UTC)  # Thursday, 10 o'clock in Shanghai
BOND = 20_000_000


@dataclass
class Site:
    """A project under a client's contract, and who appraises there."""

    project: Project
    contract: Contract
    appraiser: User
    enrolments: dict[str, Enrolment] = field(default_factory=dict)


def site() -> Site:
    """A project below a group, with a contract and a bond of 200,000 yuan paid in before 2026."""
    group = NodeFactory()
    project = ProjectFactory(node=NodeFactory(parent=group, kind="project"))
    contract = ContractFactory(project=project, bond_fen=BOND, yearly_fee_fen=120_000_000)
    load_shipped_schemes(by=BY)
    move_bond(contract, kind="deposit", amount_fen=BOND, text="履约保证金", month=dt.date(2025, 12, 1), by=BY)
    return Site(project, contract, user_with(*APPRAISER, at=group))


def campus_site() -> Site:
    """A site whose contractor is appraised by the campus scheme since January 2026."""
    found = site()
    found.enrolments["campus"] = enrol(
        found.project,
        scheme=Scheme.objects.get(code="campus_monthly"),
        subject=Subject(contract=found.contract),
        starts_on=dt.date(2026, 1, 1),
        by=BY,
    )
    return found


def person_site(**staff: Any) -> tuple[Site, Staff, Staff]:
    """A site with a person and the person's supervisor, both appraised by the person scheme; the person first."""
    found = site()
    team = TeamFactory(project=found.project)
    head = StaffFactory(team=team)
    person = StaffFactory(team=team, supervisor=head, **staff)
    scheme = Scheme.objects.get(code="person_monthly")
    for name, row in (("person", person), ("head", head)):
        found.enrolments[name] = enrol(
            found.project, scheme=scheme, subject=Subject(staff=row), starts_on=dt.date(2026, 1, 1), by=BY
        )
    return found, person, head


def team_enrolment(found: Site, team: Team) -> Enrolment:
    """A team under the team scheme."""
    scheme = Scheme.objects.get(code="team_monthly")
    return enrol(found.project, scheme=scheme, subject=Subject(team=team), starts_on=dt.date(2026, 1, 1), by=BY)


def panel(enrolment: Enrolment, *, month: dt.date = MARCH) -> Panel:
    """A panel of the campus scheme, drawn from 15 of the staff and 30 students."""
    frame = [Candidate("staff", f"T{n}") for n in range(15)] + [Candidate("students", f"X{n}") for n in range(30)]
    found = plan_panel(enrolment, component="people", month=month, due_on=month.replace(day=28), frame=frame, by=BY)
    draw_panel(found, by=BY)
    return found


def rated(enrolment: Enrolment, *points: object, month: dt.date = MARCH, dissatisfied: int = 0) -> Panel:
    """A panel whose first members gave these points; the first `dissatisfied` of them are that."""
    found = panel(enrolment, month=month)
    for index, (member, value) in enumerate(zip(found.members.all(), points, strict=False)):
        rate(member, points=Decimal(str(value)), is_dissatisfied=index < dissatisfied, by=BY)
    return found


def computed(enrolment: Enrolment, *points: object, month: dt.date = MARCH) -> Period:
    """A month of the campus scheme computed from these sheets."""
    rated(enrolment, *points, month=month)
    period = open_period(enrolment, month=month, by=BY)
    compute_period(period, by=BY)
    return period


def disclosed(enrolment: Enrolment, *points: object, month: dt.date = MARCH) -> Period:
    """A month made known to the party."""
    period = computed(enrolment, *points, month=month)
    disclose_period(period, by=BY)
    return period


def published(enrolment: Enrolment, *points: object, month: dt.date = MARCH) -> Period:
    """A month published once the time for appeals is over."""
    period = disclosed(enrolment, *points, month=month)
    with after_appeals(period):
        publish_period(period, by=BY)
    return period


@contextmanager
def after_appeals(period: Period) -> Iterator[None]:
    """The moment after the last of the time for appeals."""
    assert period.appeal_until is not None
    with clock.at(period.appeal_until + dt.timedelta(seconds=1)):
        yield


def person_month(enrolment: Enrolment, points: object, *, month: dt.date = MARCH) -> Period:
    """A person's month published with this one score: the only part with data is the attendance."""
    enter_score(enrolment, component="attendance", month=month, value=Decimal(str(points)), reason="考勤表", by=BY)
    period = open_period(enrolment, month=month, by=BY)
    compute_period(period, by=BY)
    disclose_period(period, by=BY)
    with after_appeals(period):
        publish_period(period, by=BY)
    return period


def one_of_each(project: Project, contract: Contract, *, text: str, by: User) -> dict[str, Any]:
    """One record of every kind of appraisal at a project, each with `text` in it where people's words stand."""
    load_shipped_schemes(by=BY)
    shipped = Scheme.objects.get(code="campus_monthly")
    data = shipped.versions.get().document | {"code": f"own_{project.pk}", "name": {"zh": text, "en": text}}
    version = create_scheme(document=data, node=project.node, by=BY)
    letter = draft_letter(
        project, year=2026, title=text, owner=by, by=BY,
        kpis=[KpiSpec("rate", text, Decimal(80), Decimal(90), Decimal(100))],
    )  # fmt: skip
    day = clock.today().replace(day=1) - dt.timedelta(days=10)
    month = day.replace(day=1)
    Contract.objects.filter(pk=contract.pk).update(starts_on=month, bond_fen=BOND)
    contract.refresh_from_db()
    entry = move_bond(contract, kind="deposit", amount_fen=BOND, text=text, month=month, by=BY)
    enrolment = enrol(project, scheme=shipped, subject=Subject(contract=contract), starts_on=month, by=BY)
    Enrolment.objects.filter(pk=enrolment.pk).update(label=text)
    enrolment.refresh_from_db()
    event = enter_event(enrolment, component="departments", item="repair", day=day, text=text, by=BY)
    veto = enter_veto(enrolment, rule="criticised", day=day, text=text, by=BY)
    found = rated(enrolment, 90, 90, 90, month=month)
    PanelMember.objects.filter(panel=found).update(label=text)
    period = open_period(enrolment, month=month, by=BY)
    compute_period(period, by=BY)
    disclose_period(period, by=BY)
    with after_appeals(period):
        publish_period(period, by=BY)
    consequence = Consequence.objects.filter(period=period).first()
    by_hand = ManualScore.objects.create(
        project=project, enrolment=enrolment, component="people", month=month, value=Decimal(1), reason=text,
        entered_at=clock.now(),
    )  # fmt: skip
    picture = io.BytesIO()
    Image.effect_noise((64, 64), 50).convert("RGB").save(picture, "JPEG")
    subject = (PROVED, by_hand.pk, text)
    proof = evidence.receive(picture, by=BY, project_id=project.pk, subject=subject, watermark=text)
    statement = draft_statement(contract, month=month, by=BY)
    StatementLine.objects.filter(statement=statement).update(text_zh=text, text_en=text)
    pay = PayrollEntry.objects.create(
        project=project, staff=_somebody(project), month=month, amount_fen=-100, text=text, consequence=consequence,
        at=clock.now(),
    )  # fmt: skip
    return {
        "scheme": version.scheme, "scheme_version": version, "enrolment": enrolment, "period": period, "event": event,
        "veto": veto, "panel": found, "member": found.members.filter(points__isnull=True).first(),
        "consequence": consequence, "bond_entry": entry,
        "proof": proof, "statement": statement, "letter": letter, "payroll": pay,
    }  # fmt: skip


def _somebody(project: Project) -> Staff:
    known = Staff.objects.filter(project=project).first()
    return known or StaffFactory(team=TeamFactory(project=project))
