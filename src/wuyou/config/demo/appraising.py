"""The demo's appraisals: a campus month with a penalty, one with a bonus, one with a veto; the group's own scheme."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from wuyou.domains.appraisal.actions.bonds import move_bond
from wuyou.domains.appraisal.actions.consequences import approve_consequence
from wuyou.domains.appraisal.actions.enrolments import Subject, enrol, open_month
from wuyou.domains.appraisal.actions.panels import Candidate, close_panel, draw_panel, plan_panel, rate
from wuyou.domains.appraisal.actions.periods import close_period, compute_period, disclose_period, publish_period
from wuyou.domains.appraisal.actions.schemes import load_shipped_schemes
from wuyou.domains.appraisal.actions.sources import Counted, Origin, enter_event, enter_score, enter_survey, enter_veto
from wuyou.domains.appraisal.actions.statements import draft_statement, issue_statement
from wuyou.domains.appraisal.actions.targets import KpiSpec, draft_letter, measure_kpis, move_letter
from wuyou.domains.appraisal.models import Consequence, Enrolment, Panel, PanelMember, Period, Scheme, TargetLetter
from wuyou.domains.contracts.actions.contracts import ContractSpec, record_contract
from wuyou.domains.contracts.models import Contract
from wuyou.domains.org.models import Project, User
from wuyou.domains.registry.models import Staff, Team
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor

from .company import BY

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
BOND_FEN, FEE_FEN = 60_000_000, 438_000_000
RATING = {0: 62, 1: 95, 2: 88, 3: 86}  # what staff and students think, by month of the demo
UNHAPPY = 57  # points below which somebody counts as dissatisfied
EVENTS: Mapping[int, Sequence[tuple[str, int, int, str, str]]] = {  # item, day, quantity, text, origin
    0: (
        ("public_hygiene", 4, 6, "教学楼卫生间六处不达标", ""), ("repair", 7, 8, "八单报修超时", ""),
        ("security", 9, 3, "夜间三次脱岗", ""), ("dormitory", 12, 7, "七处管理不到位", ""),
        ("teaching", 15, 2, "投影故障影响上课", ""), ("repair", 18, 1, "宿舍热水报修投诉属实", "complaint"),
        ("special_equipment", 21, 1, "电梯未按期维保", ""),
    ),
    1: (("greening", 11, 1, "一处草坪缺水", ""),),
    2: (("public_hygiene", 8, 2, "食堂外两处不达标", ""), ("meetings", 14, 1, "会议茶水迟到", "")),
    3: (("public_hygiene", 6, 1, "操场看台一处不达标", ""),),
}  # fmt: skip
ROUTE = {2: "compute", 3: "disclose", 12: "publish", 14: "publish", 16: "publish", 17: "settle", 18: "close"}
"""Day of the next month → step; after a long holiday the time for appeals ends later, hence more than one try."""


@dataclass
class Appraising:
    """Who appraises, and what is enrolled."""

    projects: dict[str, Project]
    people: dict[str, User]
    seed: int

    @property
    def centre(self) -> User:
        """The group's quality centre."""
        return self.people["pinzhi"]

    def begin(self, first: dt.date) -> None:
        """Load the schemes, record the campus contract with its bond, enrol everybody."""
        load_shipped_schemes(by=BY)
        contract = self._campus_contract(first)
        move_bond(contract, kind="deposit", amount_fen=BOND_FEN, text="履约保证金转入", by=BY)
        schemes = {scheme.code: scheme for scheme in Scheme.objects.all()}
        campus = self.projects["JC"]
        enrol(
            campus,
            scheme=schemes["campus_monthly"],
            subject=Subject(contract=contract),
            starts_on=first,
            by=self.centre,
        )
        for project in self.projects.values():
            enrol(
                project, scheme=schemes["group_project"], subject=Subject(klass=project.kind), starts_on=first,
                by=self.centre,
            )  # fmt: skip
        team = Team.objects.filter(project=self.projects["JT"]).order_by("pk").first()
        member = Staff.objects.get(project=self.projects["JT"], number="JT014")
        enrol(self.projects["JT"], scheme=schemes["team_monthly"], subject=Subject(team=member.team or team),
              starts_on=first, by=self.centre)  # fmt: skip
        enrol(self.projects["JT"], scheme=schemes["person_monthly"], subject=Subject(staff=member), starts_on=first,
              by=self.centre)  # fmt: skip
        self._letter(first)

    def _campus_contract(self, first: dt.date) -> Contract:
        spec = ContractSpec(
            code="JC-2026-WY", name="江城职业学院物业服务合同", client="江城职业学院后勤处", mode="fixed",
            starts_on=first.replace(month=1, day=1), ends_on=first.replace(year=first.year + 2, month=12, day=31),
            yearly_fee_fen=FEE_FEN, bond_fen=BOND_FEN,
        )  # fmt: skip
        return record_contract(self.projects["JC"], spec, by=BY)

    def _letter(self, first: dt.date) -> None:
        kpis = (
            KpiSpec("score", "检查平均得分", Decimal(85), Decimal(93), Decimal(40), "Mean inspection score",
                    stretch=Decimal(97), unit="分", metric="quality.inspection_score"),
            KpiSpec("in_time", "整改及时率", Decimal(50), Decimal(80), Decimal(35), "Corrections in time",
                    stretch=Decimal(90), unit="%", metric="quality.correction_in_time"),
            KpiSpec("recurrence", "问题重复率", Decimal(30), Decimal(15), Decimal(25), "Recurrence",
                    unit="%", metric="quality.recurrence"),
        )  # fmt: skip
        letter = draft_letter(
            self.projects["JT"], year=first.year, title=f"{first.year} 年度绩效目标责任书", owner=self.people["jingli"],
            kpis=kpis, by=self.centre,
        )  # fmt: skip
        move_letter(letter, step="issue", by=self.centre)

    # --- days

    def live_day(self, day: dt.date, number: int) -> None:
        """What belongs to this day of the month, and what is done with the month before."""
        if day.day == 1:
            with clock.at(clock.midnight(day) + 8 * HOUR):
                open_month(day, by=BY)
        self._campus_day(day, number)
        if number > 0 and day.day in ROUTE:
            before = (day.replace(day=1) - DAY).replace(day=1)
            with clock.at(clock.midnight(day) + 10 * HOUR):
                self._route(ROUTE[day.day], before)

    def _campus_day(self, day: dt.date, number: int) -> None:
        one = Enrolment.objects.select_related("project__node", "staff").get(scheme__code="campus_monthly")
        with clock.at(clock.midnight(day) + 17 * HOUR):
            for item, on, quantity, text, origin in EVENTS[number]:
                if on == day.day:
                    enter_event(
                        one, component="departments", item=item, day=day, text=text, quantity=Decimal(quantity),
                        origin=Origin(code=origin), by=BY,
                    )  # fmt: skip
            if number == 2 and day.day == 17:
                enter_veto(
                    one, rule="criticised", day=day, text="省教育厅检查组书面批评:实验楼消防通道堵塞",
                    document="教后〔2026〕31号", by=BY,
                )  # fmt: skip
            self._panel_day(one, day, number)
            if day.day == 26:
                self._survey(day, number)
                self._attendance(day)

    def _panel_day(self, one: Enrolment, day: dt.date, number: int) -> None:
        """Thirty people are drawn from who uses the campus, rate, and are closed before the month ends."""
        if day.day == 20:
            frame = [Candidate("staff", f"G{at:03}", f"教职工 {at:03}") for at in range(1, 61)]
            frame += [Candidate("students", f"S{at:04}", f"学生 {at:04}") for at in range(1, 401)]
            month = day.replace(day=1)
            panel = plan_panel(one, component="people", month=month, due_on=day + 7 * DAY, frame=frame, by=BY)
            draw_panel(panel, by=BY)
        if day.day == 25:
            chance = Random(f"{self.seed}:panel:{day}")  # noqa: S311 - a demo's dice
            panel = Panel.objects.get(enrolment=one, month=day.replace(day=1))
            for member in PanelMember.objects.filter(panel=panel).select_related("panel__enrolment__project__node"):
                points = min(max(RATING[number] + chance.randint(-8, 8), 0), 100)
                rate(member, points=Decimal(points), is_dissatisfied=points < UNHAPPY, by=BY)
            close_panel(panel, by=BY)

    def _survey(self, day: dt.date, number: int) -> None:
        """Residents asked by telephone."""
        chance = Random(f"{self.seed}:survey:{day}")  # noqa: S311 - a demo's dice
        for one in Enrolment.objects.filter(scheme__code="group_project").select_related("project__node", "staff"):
            answered = chance.randint(60, 140)
            satisfied = round(answered * (0.8 + 0.02 * number + chance.random() * 0.12))
            counted = Counted(satisfied, answered, chance.randint(0, answered - satisfied))
            enter_survey(
                one, component="satisfaction", month=day.replace(day=1), counted=counted, text="电话抽访", by=BY
            )

    def _attendance(self, day: dt.date) -> None:
        for one in Enrolment.objects.filter(kind__in=["team", "person"]).select_related("project__node", "staff"):
            value = Decimal(96 if one.kind == "team" else 100)
            enter_score(one, component="attendance", month=day.replace(day=1), value=value, reason="考勤表", by=BY)

    # --- from a computed month to the money

    def _route(self, step: str, month: dt.date) -> None:
        rows = Period.objects.filter(month=month).select_related("project__node", "enrolment__staff", "version")
        if step == "compute":
            self._measure(month)
        for period in rows.order_by("enrolment__kind", "pk"):
            self._move(step, period)
        if step == "settle":
            self._statement(month)

    def _move(self, step: str, period: Period) -> None:
        by: Actor = self.centre
        if step == "compute" and period.state in {"open", "computed"}:
            compute_period(period, by=by)
        elif step == "disclose" and period.state == "computed" and not period.is_stale:
            disclose_period(period, by=by)
        elif step == "publish" and period.state == "disclosed" and not period.is_stale and _is_over(period):
            publish_period(period, by=by)
        elif step == "settle":
            for one in period.consequences.filter(state="proposed").select_related("project__node"):
                approve_consequence(_with_all(one), note="按方案执行", by=by)
        elif step == "close" and period.state == "published":
            close_period(period, by=by)

    def _measure(self, month: dt.date) -> None:
        for letter in TargetLetter.objects.filter(state="issued", year=month.year).select_related("project__node"):
            measure_kpis(letter, month=month, by=self.centre)

    def _statement(self, month: dt.date) -> None:
        contract = Contract.objects.select_related("project__node").get(code="JC-2026-WY")
        issue_statement(draft_statement(contract, month=month, by=self.centre), by=self.centre)


def _is_over(period: Period) -> bool:
    """Whether no appeal can come any more."""
    return period.appeal_until is not None and period.appeal_until < clock.now()


def _with_all(one: Consequence) -> Consequence:
    related = ("project__node", "period__enrolment__staff", "period__enrolment__contract", "period__version")
    found: Consequence = Consequence.objects.select_related(*related).get(pk=one.pk)
    return found
