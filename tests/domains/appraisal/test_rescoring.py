"""What changed below is scored again: visibly, in money too, and nothing is overwritten (spec 05, 06)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from explained import value_of as recomputed
from factories.appraised import BOND, BY, MARCH, after_appeals, computed, disclosed, published, site
from factories.org import user_with
from factories.quality import finding, inspection

from wuyou.domains.appraisal.actions.consequences import approve_consequence
from wuyou.domains.appraisal.actions.enrolments import Subject, enrol, open_period
from wuyou.domains.appraisal.actions.periods import compute_period, publish_period
from wuyou.domains.appraisal.actions.rescoring import rescore, rescore_stale
from wuyou.domains.appraisal.actions.sources import Origin, enter_event
from wuyou.domains.appraisal.actions.statements import draft_statement, issue_statement
from wuyou.domains.appraisal.models import (
    BondEntry,
    Consequence,
    DeductionEvent,
    Period,
    Scheme,
    Score,
    Statement,
)
from wuyou.domains.appraisal.queries.money import bond_balance
from wuyou.domains.quality import events as quality
from wuyou.domains.quality.models import Appeal, Inspection
from wuyou.kernel import clock, jobs
from wuyou.kernel.transactions import unit_of_work

pytestmark = pytest.mark.usefixtures("april")

FAILING = (20, 20, 20)


def appealed(period_or_row, kind, project) -> Appeal:
    """An appeal as quality keeps it; quality's own tests show how it comes about."""
    return Appeal.objects.create(
        project=project, number=f"SS-{Appeal.objects.count()}", subject_kind=kind, subject_id=period_or_row.pk,
        subject_label="x", decided_at=clock.now(), grounds="x", wanted="x", ladder=[], limit_days=5,
        filed_by=user_with(at=project), filed_at=clock.now(),
    )  # fmt: skip


def decide(appeal: Appeal, outcome: str, amended_to=None) -> None:
    with unit_of_work():
        quality.appeal_decided.send(
            Appeal, appeal_id=appeal.pk, subject_kind=appeal.subject_kind, subject_id=appeal.subject_id,
            outcome=outcome, amended_to=amended_to,
        )  # fmt: skip


def run_jobs() -> None:
    jobs.drain()


class TestEventsOfFindings:
    def test_a_void_finding_takes_its_points_back(self, campus):
        enrolment = campus.enrolments["campus"]
        found = finding(project=campus.project, found_at=dt.datetime(2026, 3, 9, tzinfo=dt.UTC))
        enter_event(
            enrolment, component="departments", item="dormitory", day=dt.date(2026, 3, 9), text="宿舍脏乱",
            quantity=Decimal(12), origin=Origin("", "finding", found.pk, found.number), by=BY,
        )  # fmt: skip
        period = disclosed(enrolment, 60, 60, 60)
        assert (str(period.points), period.band) == ("78.00", "improve")
        with unit_of_work():
            quality.finding_voided.send(type(found), finding_id=found.pk, project_id=campus.project.pk)
        period.refresh_from_db()
        assert (period.is_stale, str(period.points)) == (True, "78.00")  # the old score stands until the job has run
        run_jobs()
        period.refresh_from_db()
        assert (period.is_stale, str(period.points), period.band) == (False, "84.00", "pass")
        old, new = period.scores.all()
        assert (str(old.points), str(new.points), new.cause_kind, new.cause_id) == (
            "78.00",
            "84.00",
            "finding",
            found.pk,
        )
        assert new.reason
        assert (recomputed(old.tree), recomputed(new.tree)) == (78, 84)


class TestInspections:
    def group(self):
        found = site()
        scheme = Scheme.objects.get(code="group_project")
        found.enrolments["group"] = enrol(
            found.project, scheme=scheme, subject=Subject(contract=found.contract), starts_on=dt.date(2026, 1, 1), by=BY
        )
        return found

    def seen(self, found, score, *, level="city", day=dt.date(2026, 3, 12)) -> Inspection:
        now = clock.now()
        return inspection(
            project=found.project, level=level, day=day, state="published", score=Decimal(score),
            submitted_at=now, published_at=now,
        )  # fmt: skip

    def month(self, found, month=MARCH) -> Period:
        period = open_period(found.enrolments["group"], month=month, by=BY)
        compute_period(period, by=BY)
        return period

    @pytest.mark.parametrize("event", [quality.inspection_rescored, quality.inspection_voided])
    def test_a_changed_inspection_reaches_the_months_that_used_it(self, db, event):
        found = self.group()
        seen = self.seen(found, "80")
        other = self.seen(found, "90")
        period = self.month(found)
        assert str(period.points) == "85.00"
        if event is quality.inspection_rescored:
            Inspection.objects.filter(pk=seen.pk).update(score=Decimal(96))
        else:
            Inspection.objects.filter(pk=seen.pk).update(state="void", void_because="x")
        with unit_of_work():
            event.send(Inspection, inspection_id=seen.pk, project_id=found.project.pk, day=seen.day)
        run_jobs()
        period.refresh_from_db()
        assert str(period.points) == ("93.00" if event is quality.inspection_rescored else "90.00")
        assert period.scores.count() == 2
        assert other.score == 90

    def test_a_quarterly_inspection_counts_in_three_months(self, db):
        found = self.group()
        with clock.at(dt.datetime(2026, 6, 2, tzinfo=dt.UTC)):
            seen = self.seen(found, "80", level="region", day=dt.date(2026, 1, 20))
            months = [self.month(found, dt.date(2026, number, 1)) for number in (1, 2, 3, 4)]
            assert [None if one.points is None else str(one.points) for one in months] == ["80.00"] * 3 + [None]
            Inspection.objects.filter(pk=seen.pk).update(score=Decimal(70))
            with unit_of_work():
                quality.inspection_rescored.send(
                    Inspection, inspection_id=seen.pk, project_id=found.project.pk, day=seen.day
                )
            run_jobs()
        points = list(Period.objects.order_by("month").values_list("points", flat=True))
        assert points == [Decimal(70), Decimal(70), Decimal(70), None]

    def test_a_late_inspection_marks_the_month(self, db):
        found = self.group()
        self.seen(found, "80")
        period = self.month(found)
        late = self.seen(found, "100")
        with unit_of_work():
            quality.inspection_published.send(Inspection, inspection_id=late.pk)
        run_jobs()
        period.refresh_from_db()
        assert str(period.points) == "90.00"

    def test_hidden_second_and_open_ones_do_not_count(self, db):
        found = self.group()
        first = self.seen(found, "80")
        self.seen(found, "10").__class__.objects.filter(score=10).update(second_of=first)
        inspection(project=found.project, level="city", day=dt.date(2026, 3, 3), score=Decimal(20))
        assert str(self.month(found).points) == "80.00"


class TestMoneyFollows:
    def failed_and_settled(self, campus) -> Period:
        """A failed month: 2,000 yuan were charged on the bond."""
        period = published(campus.enrolments["campus"], *FAILING)
        for row in Consequence.objects.all():
            approve_consequence(row, by=BY)
        assert bond_balance(campus.contract) == BOND - 200_000
        return period

    def test_an_amended_score_reverses_the_charge(self, campus):
        period = self.failed_and_settled(campus)
        decide(appealed(period, "appraisal.score", campus.project), "amend", {"value": "82.5"})
        period.refresh_from_db()
        assert (str(period.points), period.band) == ("82.50", "pass")
        assert bond_balance(campus.contract) == BOND
        assert list(Consequence.objects.values_list("rule", "state")) == [("bond_one_percent", "reversed")]
        new = Score.objects.order_by("-pk").first()
        assert (new.cause_kind, recomputed(new.tree)) == ("appeal", Decimal("82.5"))
        assert Score.objects.count() == 2

    def test_an_amended_score_may_bring_a_bonus(self, campus):
        period = self.failed_and_settled(campus)
        decide(appealed(period, "appraisal.score", campus.project), "amend", {"value": "91"})
        found = Consequence.objects.exclude(state="reversed").order_by("rule").values_list("rule", "state")
        assert list(found) == [("bonus", "proposed"), ("preference", "proposed")]

    def test_a_void_score_is_none(self, campus):
        period = self.failed_and_settled(campus)
        decide(appealed(period, "appraisal.score", campus.project), "void")
        period.refresh_from_db()
        assert (period.points, period.band, bond_balance(campus.contract)) == (None, "", BOND)

    def test_an_upheld_one_changes_nothing(self, campus):
        period = self.failed_and_settled(campus)
        decide(appealed(period, "appraisal.score", campus.project), "uphold")
        decide(appealed(period, "inspection", campus.project), "void")
        assert (Score.objects.count(), bond_balance(campus.contract)) == (1, BOND - 200_000)

    def test_a_void_consequence_is_reversed(self, campus):
        self.failed_and_settled(campus)
        row = Consequence.objects.get()
        decide(appealed(row, "appraisal.consequence", campus.project), "void")
        assert (Consequence.objects.get().state, bond_balance(campus.contract)) == ("reversed", BOND)

    def test_an_amended_consequence_waits_again(self, campus):
        self.failed_and_settled(campus)
        decide(
            appealed(Consequence.objects.get(), "appraisal.consequence", campus.project), "amend", {"value": "70000"}
        )
        fresh = Consequence.objects.get(state="proposed")
        assert (fresh.amount_fen, bond_balance(campus.contract)) == (70_000, BOND)

    def test_an_issued_statement_is_corrected_by_another(self, campus):
        period = published(campus.enrolments["campus"], 90, 90, 90)
        for row in Consequence.objects.all():
            approve_consequence(row, by=BY)
        issue_statement(draft_statement(campus.contract, month=MARCH, by=BY), by=BY)
        decide(appealed(period, "appraisal.score", campus.project), "amend", {"value": "85"})
        first, second = Statement.objects.order_by("pk")
        assert (first.state, first.total_fen, second.state, second.total_fen) == (
            "issued", 10_200_000, "draft", -200_000,
        )  # fmt: skip

    def test_a_later_run_is_counted_anew(self, campus):
        """January and February failed: an order. January is amended, so February was the first."""
        enrolment = campus.enrolments["campus"]
        january = published(enrolment, *FAILING, month=dt.date(2026, 1, 1))
        february = published(enrolment, *FAILING, month=dt.date(2026, 2, 1))
        order = Consequence.objects.get(rule="rectify")
        assert order.period == february
        decide(appealed(january, "appraisal.score", campus.project), "amend", {"value": "88"})
        order.refresh_from_db()
        assert order.state == "reversed"
        assert [one.scores.count() for one in (january, february)] == [2, 2]
        charge = Consequence.objects.get(period=february, rule="bond_one_percent")
        assert charge.state == "proposed"

    def test_the_balance_of_later_months_follows(self, campus):
        """A reversed charge of January marks the later months that looked at the balance."""
        enrolment = campus.enrolments["campus"]
        january = published(enrolment, *FAILING, month=dt.date(2026, 1, 1))
        approve_consequence(Consequence.objects.get(period=january), by=BY)
        published(enrolment, *FAILING, month=dt.date(2026, 2, 1))
        decide(appealed(january, "appraisal.score", campus.project), "void")
        run_jobs()
        assert Period.objects.filter(is_stale=True).count() == 0
        tree = Score.objects.order_by("pk").last().tree
        balances = [node["value"] for node in every(tree) if node["key"] == "bond_balance"]
        assert set(balances) <= {str(BOND)}
        assert BondEntry.objects.filter(kind="reversal").count() == 1


def every(node):
    yield node
    for child in node.get("inputs", []):
        yield from every(child)


class TestNothingChanged:
    def test_a_mark_without_a_change_leaves_the_score(self, campus):
        period = computed(campus.enrolments["campus"], 90, 90, 90)
        Period.objects.update(is_stale=True)
        assert rescore_stale(campus.project.pk, by=BY) == 0
        period.refresh_from_db()
        assert (period.is_stale, period.scores.count()) == (False, 1)

    def test_nothing_marked(self, campus):
        assert rescore(Period.objects.all(), by=BY) == 0

    def test_open_months_are_not_marked(self, campus):
        found = finding(project=campus.project, found_at=dt.datetime(2026, 3, 9, tzinfo=dt.UTC))
        open_period(campus.enrolments["campus"], month=MARCH, by=BY)
        with unit_of_work():
            quality.finding_voided.send(type(found), finding_id=found.pk, project_id=campus.project.pk)
        assert Period.objects.filter(is_stale=True).count() == 0


def test_queries_do_not_grow_with_months(campus):
    """The same number for two months as for ten, each with another event."""
    enrolment = campus.enrolments["campus"]
    with clock.at(dt.datetime(2026, 12, 2, tzinfo=dt.UTC)):
        for month in range(1, 11):
            computed(enrolment, 90, 90, 90, month=dt.date(2026, month, 1))
        counts = [rescored_queries(enrolment, months=number) for number in (2, 10)]
    assert counts[0] == counts[1]
    assert Score.objects.count() == 22


def rescored_queries(enrolment, *, months: int) -> int:
    first = dt.date(2026, 11 - months, 1)
    for event in range(first.month, 11):
        DeductionEvent.objects.create(
            project_id=enrolment.project_id, enrolment=enrolment, component="departments", item="repair",
            day=dt.date(2026, event, 5), text="漏水", entered_at=clock.now(),
        )  # fmt: skip
    Period.objects.filter(month__gte=first).update(is_stale=True, stale_because="x")
    with CaptureQueriesContext(connection) as queries:
        assert rescore_stale(enrolment.project_id, by=BY) == months
    return len(queries)


def test_published_again_is_refused(campus):
    period = published(campus.enrolments["campus"], 60, 60, 60)
    with after_appeals(period), pytest.raises(Exception, match="not possible"):
        publish_period(period, by=BY)
