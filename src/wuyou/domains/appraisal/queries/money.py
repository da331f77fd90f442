"""The bond's ledger, statements and payroll entries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from wuyou.domains.appraisal.choices import ConsequenceKind, ConsequenceState, StatementState
from wuyou.domains.appraisal.flows import APPROVE
from wuyou.domains.appraisal.models import BondEntry, Consequence, PayrollEntry, Statement, StatementLine
from wuyou.domains.appraisal.policies import PAYROLL, VIEW_MONEY
from wuyou.domains.contracts.models import Contract
from wuyou.domains.org.queries import projects_visible_to
from wuyou.kernel.actors import Actor

ON_STATEMENT = {ConsequenceKind.FEE_DEDUCTION: -1, ConsequenceKind.BONUS: 1}


def bond_balance(contract: Contract, *, before: dt.date | None = None) -> int:
    """What is left of a contract's bond, in fen; `before` a month counts only what belongs to earlier ones."""
    rows = BondEntry.objects.filter(contract=contract)
    if before is not None:
        rows = rows.filter(month__lt=before)
    return int(rows.aggregate(total=Sum("amount_fen"))["total"] or 0)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A movement of the bond and the balance after it."""

    entry: BondEntry
    balance_fen: int


def ledger_of(contract: Contract) -> list[LedgerLine]:
    """Every movement of a contract's bond with the balance after it, oldest first."""
    found: list[LedgerLine] = []
    balance = 0
    for entry in (
        BondEntry.objects.filter(contract=contract)
        .select_related("consequence__period__enrolment", "reverses")
        .order_by("pk")
    ):
        balance += entry.amount_fen
        found.append(LedgerLine(entry, balance))
    return found


def bonded_contracts(user: Actor) -> QuerySet[Contract]:
    """Contracts with a bond at projects whose money the user sees, with their balance."""
    rows = Contract.objects.filter(project__in=projects_visible_to(user, VIEW_MONEY))
    rows = rows.filter(Q(bond_fen__gt=0) | Q(bond_entries__isnull=False)).select_related("project__node")
    return rows.annotate(balance_fen=Sum("bond_entries__amount_fen")).order_by("project__code", "-starts_on")


def contracts_with_money(user: Actor) -> QuerySet[Contract]:
    """Contracts of projects whose money the user sees."""
    rows = Contract.objects.filter(project__in=projects_visible_to(user, VIEW_MONEY))
    return rows.select_related("project__node").order_by("project__code", "-starts_on")


def statements_visible_to(user: Actor) -> QuerySet[Statement]:
    """Statements of projects whose money the user sees; drafts only for who approves there."""
    rows = Statement.objects.filter(project__in=projects_visible_to(user, VIEW_MONEY))
    mine = projects_visible_to(user, APPROVE)
    rows = rows.filter(Q(state=StatementState.ISSUED) | Q(project__in=mine))
    return rows.select_related("project__node", "contract", "corrects").order_by("-month", "-pk")


def payroll_visible_to(user: Actor) -> QuerySet[PayrollEntry]:
    """Payroll entries of projects whose payroll the user exports."""
    rows = PayrollEntry.objects.filter(project__in=projects_visible_to(user, PAYROLL))
    return rows.select_related("project__node", "staff__team", "for_staff", "consequence").order_by("-month", "pk")


def settled_by_consequence(ids: Iterable[int], *, but: Statement | None = None) -> dict[int, int]:
    """What statements say of each consequence altogether, in fen; without one statement where `but` names it."""
    rows = StatementLine.objects.filter(consequence__in=list(ids))
    if but is not None:
        rows = rows.exclude(statement=but)
    sums = rows.order_by().values_list("consequence").annotate(total=Sum("amount_fen"))
    return {pk: int(total) for pk, total in sums}


def due_on_statement(
    contract: Contract, month: dt.date, *, but: Statement | None = None
) -> list[tuple[Consequence, int]]:
    """Consequences of a contract and month whose amount and the statements' lines differ, with the difference."""
    rows = list(
        Consequence.objects.filter(
            period__enrolment__contract=contract, period__month=month, kind__in=ON_STATEMENT, amount_fen__isnull=False
        )
        .exclude(period__enrolment__kind="person")
        .select_related("period__enrolment", "period__version", "score")
        .order_by("pk")
    )
    settled = settled_by_consequence([row.pk for row in rows], but=but)
    found = []
    for row in rows:
        wanted = ON_STATEMENT[ConsequenceKind(row.kind)] * (row.amount_fen or 0)
        counts = wanted if row.state == ConsequenceState.APPROVED else 0
        difference = counts - settled.get(row.pk, 0)
        if difference:
            found.append((row, difference))
    return found


def bond_moves(contract: Contract, month: dt.date) -> list[BondEntry]:
    """What moved the bond in a month, oldest first."""
    return list(BondEntry.objects.filter(contract=contract, month=month).order_by("pk"))


def undecided(contract: Contract, month: dt.date) -> int:
    """How many consequences of a contract and month are still to be decided, and months not yet published."""
    rows = Consequence.objects.filter(period__enrolment__contract=contract, period__month=month)
    return rows.filter(state=ConsequenceState.PROPOSED).count()


def months_of_people(entries: Iterable[PayrollEntry]) -> dict[int, int]:
    """The sum of payroll entries by person, in fen."""
    found: dict[int, int] = defaultdict(int)
    for one in entries:
        found[one.staff_id] += one.amount_fen
    return dict(found)
