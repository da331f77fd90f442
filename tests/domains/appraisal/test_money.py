"""What follows from scores: approval, the bond's ledger, statements, payroll, and all of it taken back (spec 06)."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from factories.appraised import BOND, BY, MARCH, computed, person_month, person_site, published, site
from factories.org import user_with
from PIL import Image

from wuyou.domains.appraisal.actions.bonds import move_bond
from wuyou.domains.appraisal.actions.consequences import (
    amend_amount,
    approve_consequence,
    decline_consequence,
    mark_exported,
    reverse_consequence,
)
from wuyou.domains.appraisal.actions.sources import attach_proof, enter_score
from wuyou.domains.appraisal.actions.statements import draft_statement, issue_statement
from wuyou.domains.appraisal.models import BondEntry, Consequence, PayrollEntry, Period, Statement
from wuyou.domains.appraisal.queries.money import bond_balance, ledger_of, payroll_visible_to, statements_visible_to
from wuyou.domains.appraisal.queries.proofs import proof_visible_to, proofs_of
from wuyou.kernel import clock
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid, Missing

pytestmark = pytest.mark.usefixtures("april")

FAILING, EXCELLENT, PASSING = (20, 20, 20), (90, 90, 90), (60, 60, 60)


def due(rule: str) -> Consequence:
    return Consequence.objects.exclude(state="reversed").get(rule=rule)


def lines(statement: Statement) -> list[tuple[str, int]]:
    return list(statement.lines.values_list("kind", "amount_fen"))


class TestTheBond:
    def test_a_charge_moves_the_bond_once_it_is_approved(self, campus):
        published(campus.enrolments["campus"], *FAILING)
        assert bond_balance(campus.contract) == BOND
        approve_consequence(due("bond_one_percent"), by=BY)
        assert bond_balance(campus.contract) == BOND - 200_000
        entries = [(line.entry.kind, line.entry.amount_fen, line.balance_fen) for line in ledger_of(campus.contract)]
        assert entries == [("deposit", BOND, BOND), ("charge", -200_000, BOND - 200_000)]

    def test_five_failed_months(self, campus):
        """Four charges of 2,000 yuan before; the fifth month: one more, and the client may keep the rest."""
        enrolment = campus.enrolments["campus"]
        with clock.at(dt.datetime(2026, 6, 2, 2, tzinfo=dt.UTC)):
            for month in range(1, 6):
                published(enrolment, *FAILING, month=dt.date(2026, month, 1))
                approve_consequence(Consequence.objects.get(rule="bond_one_percent", state="proposed"), by=BY)
        kept = due("terminate")
        assert (kept.amount_fen, kept.run) == (BOND - 5 * 200_000, 5)
        approve_consequence(kept, by=BY)
        assert bond_balance(campus.contract) == 0
        assert Consequence.objects.filter(rule="rectify").count() == 4

    def test_reversing_brings_the_money_back(self, campus):
        published(campus.enrolments["campus"], *FAILING)
        charge = due("bond_one_percent")
        approve_consequence(charge, by=BY)
        reverse_consequence(charge, reason="申诉成立", by=BY)
        assert bond_balance(campus.contract) == BOND
        kinds = list(BondEntry.objects.values_list("kind", "amount_fen").order_by("pk"))
        assert kinds == [("deposit", BOND), ("charge", -200_000), ("reversal", 200_000)]
        with pytest.raises(IllegalMove):
            reverse_consequence(charge, reason="again", by=BY)

    def test_moves_by_hand(self, campus):
        move_bond(campus.contract, kind="refund", amount_fen=BOND, text="合同期满", by=BY)
        assert bond_balance(campus.contract) == 0

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"kind": "charge"}, "kind"),
            ({"amount_fen": 0}, "amount"),
            ({"amount_fen": -1}, "amount"),
            ({"kind": "refund", "amount_fen": BOND + 1}, "amount"),
            ({"text": " "}, "text"),
        ],
    )
    def test_wrong_moves(self, campus, given, field):
        values = {"kind": "deposit", "amount_fen": 100, "text": "补缴", **given}
        with pytest.raises(Invalid) as caught:
            move_bond(campus.contract, by=BY, **values)
        assert [error.field for error in caught.value.fields] == [field]

    def test_no_contract_no_charge(self, campus):
        enrolment = campus.enrolments["campus"]
        published(enrolment, *FAILING)
        type(enrolment).objects.update(contract=None)
        with pytest.raises(Conflict, match="No contract"):
            approve_consequence(due("bond_one_percent"), by=BY)


class TestDeciding:
    def test_declining_needs_a_reason(self, campus):
        published(campus.enrolments["campus"], *EXCELLENT)
        bonus = due("bonus")
        with pytest.raises(Invalid, match="Say why"):
            decline_consequence(bonus, note=" ", by=BY)
        decline_consequence(bonus, note="合同未约定", by=campus.appraiser)
        assert (bonus.state, bonus.decided_by, bonus.decision_note) == ("declined", campus.appraiser, "合同未约定")
        with pytest.raises(IllegalMove):
            approve_consequence(bonus, by=BY)

    def test_who_decides(self, campus):
        published(campus.enrolments["campus"], *EXCELLENT)
        user = user_with("appraisal.appraise", "appraisal.view_money", at=campus.project)
        for act in (
            lambda: approve_consequence(due("bonus"), by=user),
            lambda: decline_consequence(due("bonus"), note="x", by=user),
            lambda: reverse_consequence(due("bonus"), reason="x", by=user),
            lambda: move_bond(campus.contract, kind="deposit", amount_fen=1, text="x", by=user),
            lambda: draft_statement(campus.contract, month=MARCH, by=user),
        ):
            with pytest.raises(Denied):
                act()
        approver = user_with("appraisal.approve_consequences", at=campus.project)
        approve_consequence(due("bonus"), by=approver)
        assert due("bonus").decided_by == approver

    def test_another_amount_by_appeal(self, campus):
        published(campus.enrolments["campus"], *FAILING)
        charge = due("bond_one_percent")
        approve_consequence(charge, by=BY)
        fresh = amend_amount(charge, amount_fen=50_000, reason="申诉", by=BY)
        assert (charge.state, fresh.state, fresh.amount_fen) == ("reversed", "proposed", 50_000)
        approve_consequence(fresh, by=BY)
        assert bond_balance(campus.contract) == BOND - 50_000
        with pytest.raises(Invalid, match="cannot be negative"):
            amend_amount(fresh, amount_fen=-1, reason="x", by=BY)


class TestStatements:
    def test_the_fee_and_the_bonus(self, campus):
        """1,200,000 yuan a year are 100,000 a month; the bonus is 2,000."""
        published(campus.enrolments["campus"], *EXCELLENT)
        approve_consequence(due("bonus"), by=BY)
        approve_consequence(due("preference"), by=BY)
        statement = draft_statement(campus.contract, month=MARCH, by=BY)
        assert (lines(statement), statement.total_fen) == ([("fee", 10_000_000), ("bonus", 200_000)], 10_200_000)
        assert statement.lines.get(kind="bonus").basis_en == "Campus services, monthly 2026-03 96.00 Excellent"
        issue_statement(statement, by=BY)
        assert statement.state == "issued"

    def test_twelve_fees_add_up(self, campus):
        campus.contract.yearly_fee_fen = 100
        campus.contract.save()
        fees = []
        for month in range(1, 13):
            with clock.at(dt.datetime(2027, 1, 2, tzinfo=dt.UTC)):
                statement = draft_statement(campus.contract, month=dt.date(2026, month, 1), by=BY)
            fees.append(statement.total_fen)
        assert (sum(fees), max(fees) - min(fees)) == (100, 1)

    def test_a_draft_is_written_anew(self, campus):
        first = draft_statement(campus.contract, month=MARCH, by=BY)
        published(campus.enrolments["campus"], *EXCELLENT)
        approve_consequence(due("bonus"), by=BY)
        again = draft_statement(campus.contract, month=MARCH, by=BY)
        assert (again.pk, again.total_fen) == (first.pk, 10_200_000)

    def test_not_while_something_waits(self, campus):
        published(campus.enrolments["campus"], *EXCELLENT)
        statement = draft_statement(campus.contract, month=MARCH, by=BY)
        with pytest.raises(Conflict, match="2 consequences"):
            issue_statement(statement, by=BY)
        for row in Consequence.objects.all():
            approve_consequence(row, by=BY)
        with pytest.raises(Conflict, match="draft the statement anew"):
            issue_statement(statement, by=BY)
        issue_statement(draft_statement(campus.contract, month=MARCH, by=BY), by=BY)
        with pytest.raises(IllegalMove):
            issue_statement(Statement.objects.get(), by=BY)

    def test_a_reversal_after_the_issue_drafts_a_correction(self, campus):
        published(campus.enrolments["campus"], *EXCELLENT)
        for row in Consequence.objects.all():
            approve_consequence(row, by=BY)
        statement = draft_statement(campus.contract, month=MARCH, by=BY)
        issue_statement(statement, by=BY)
        reverse_consequence(due("bonus"), reason="重新计分", by=BY)
        correction = Statement.objects.get(corrects=statement)
        assert (lines(correction), correction.total_fen, correction.reason) == (
            [("correction", -200_000)], -200_000, "重新计分",
        )  # fmt: skip
        issue_statement(correction, by=BY)
        statement.refresh_from_db()
        assert (statement.total_fen, statement.state) == (10_200_000, "issued")  # nothing was overwritten
        with pytest.raises(Conflict, match="Nothing has changed"):
            draft_statement(campus.contract, month=MARCH, reason="x", by=BY)

    def test_a_correction_needs_a_reason(self, campus):
        issue_statement(draft_statement(campus.contract, month=MARCH, by=BY), by=BY)
        with pytest.raises(Invalid, match="say why"):
            draft_statement(campus.contract, month=MARCH, by=BY)

    @pytest.mark.parametrize("month", [dt.date(2025, 11, 1), dt.date(2028, 12, 1)])
    def test_a_month_outside_the_contract(self, campus, month):
        with pytest.raises(Invalid, match="outside the term"):
            draft_statement(campus.contract, month=month, by=BY)

    def test_who_sees_what(self, campus):
        statement = draft_statement(campus.contract, month=MARCH, by=BY)
        client = user_with("appraisal.view_money", at=campus.project)
        stranger = user_with("appraisal.view_scores", at=campus.project)
        seen = [list(statements_visible_to(user)) for user in (campus.appraiser, client, stranger)]
        assert seen == [[statement], [], []]
        issue_statement(statement, by=BY)
        assert list(statements_visible_to(client)) == [statement]


class TestPayroll:
    def entries(self):
        return list(PayrollEntry.objects.order_by("pk").values_list("staff", "amount_fen", "for_staff"))

    def test_a_penalty_charges_the_supervisor_too(self, db):
        found, person, head = person_site()
        person_month(found.enrolments["person"], 60)
        approve_consequence(due("penalty"), by=BY)
        assert self.entries() == [(person.pk, -10_000, None), (head.pk, -2_000, person.pk)]
        assert [str(row.month) for row in PayrollEntry.objects.all()] == ["2026-03-01", "2026-03-01"]

    def test_a_bonus_is_the_persons_own(self, db):
        found, person, _head = person_site()
        person_month(found.enrolments["person"], 95)
        approve_consequence(due("bonus"), by=BY)
        assert self.entries() == [(person.pk, 20_000, None)]

    def test_nobody_above_nobody_charged(self, db):
        found, _person, head = person_site()
        person_month(found.enrolments["head"], 60)
        approve_consequence(due("penalty"), by=BY)
        assert self.entries() == [(head.pk, -10_000, None)]

    @pytest.mark.parametrize(("is_exported", "month"), [(False, "2026-03-01"), (True, "2026-04-01")])
    def test_a_reversal_gives_back(self, db, is_exported, month):
        found, person, head = person_site()
        person_month(found.enrolments["person"], 60)
        penalty = due("penalty")
        approve_consequence(penalty, by=BY)
        if is_exported:
            assert mark_exported(list(payroll_visible_to(BY)), by=BY) == 2
            assert mark_exported(list(payroll_visible_to(BY)), by=BY) == 0
        reverse_consequence(penalty, reason="申诉成立", by=BY)
        assert self.entries()[2:] == [(person.pk, 10_000, None), (head.pk, 2_000, person.pk)]
        assert {str(row.month) for row in PayrollEntry.objects.filter(reverses__isnull=False)} == {month}
        assert sum(amount for _staff, amount, _for in self.entries()) == 0

    def test_who_exports(self, db):
        found, _person, _head = person_site()
        person_month(found.enrolments["person"], 60)
        approve_consequence(due("penalty"), by=BY)
        clerk = user_with("appraisal.export_payroll", at=found.project)
        assert payroll_visible_to(clerk).count() == 2
        other = user_with("appraisal.view_people", at=found.project)
        assert payroll_visible_to(other).count() == 0
        with pytest.raises(Denied):
            mark_exported(list(PayrollEntry.objects.select_related("project__node")), by=other)

    def test_nobody_decides_about_himself(self, db):
        found, person, _head = person_site()
        person.user = found.appraiser
        person.save()
        person_month(found.enrolments["person"], 60)
        with pytest.raises(Denied, match="himself"):
            approve_consequence(due("penalty"), by=found.appraiser)


class TestProofs:
    def picture(self) -> io.BytesIO:
        buffer = io.BytesIO()
        Image.effect_noise((64, 64), 50).convert("RGB").save(buffer, "JPEG")
        return buffer

    def test_evidence_of_a_score_by_hand(self, db):
        found, _person, _head = person_site()
        enrolment = found.enrolments["person"]
        row = enter_score(enrolment, component="attendance", month=MARCH, value=Decimal(90), reason="考勤", by=BY)
        with pytest.raises(Denied):
            attach_proof(row, upload=self.picture(), by=user_with("appraisal.view_people", at=found.project))
        proof = attach_proof(row, upload=self.picture(), by=found.appraiser)
        assert [one.pk for one in proofs_of([row.pk])[str(row.pk)]] == [proof.pk]
        with pytest.raises(Missing):
            proof_visible_to(found.appraiser, proof.pk)  # the month is not open yet
        person_month(enrolment, 90)
        assert proof_visible_to(found.appraiser, proof.pk) == proof
        with pytest.raises(Conflict, match="by appeal only"):
            attach_proof(row, upload=self.picture(), by=found.appraiser)
        for stranger in (user_with("appraisal.view_people", at=found.project), found.appraiser):
            with pytest.raises(Missing):
                proof_visible_to(stranger, proof.pk + (stranger == found.appraiser))


def test_a_computed_month_brings_nothing_yet(campus):
    computed(campus.enrolments["campus"], *FAILING)
    assert (Consequence.objects.count(), Period.objects.get().points) == (0, Decimal("68.00"))


def test_a_site_without_appraisal_has_its_bond_only(db):
    found = site()
    assert bond_balance(found.contract, before=dt.date(2026, 1, 1)) == BOND
    assert bond_balance(found.contract, before=dt.date(2025, 12, 1)) == 0
