"""What follows from appraisals: consequences, the bond's ledger, statements, payroll entries (spec 06, Money)."""

import datetime as dt
from typing import Any

from django.http import HttpRequest

from wuyou.domains.appraisal.actions import bonds, consequences, statements
from wuyou.domains.appraisal.choices import BondKind, ConsequenceKind, ConsequenceState, StatementState
from wuyou.domains.appraisal.flows import APPROVE, CONSEQUENCE_FLOW, STATEMENT_FLOW
from wuyou.domains.appraisal.models import BondEntry, Consequence, PayrollEntry, Statement, StatementLine
from wuyou.domains.appraisal.policies import PAYROLL, VIEW_MONEY
from wuyou.domains.appraisal.queries.money import (
    contracts_with_money,
    ledger_of,
    payroll_visible_to,
    statements_visible_to,
)
from wuyou.domains.appraisal.queries.periods import consequences_visible_to
from wuyou.domains.contracts.models import Contract
from wuyou.domains.org.models import User
from wuyou.faces.api.contracts import CONTRACTS
from wuyou.faces.api.operations import Acts, maybe, possible, ref, refs, told
from wuyou.faces.api.questions import ask_of
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Day, choice, number, one_of, text
from wuyou.ui.visitor import user_of

from . import router
from .schemes import SEE

LARGEST = 10**13
CONSEQUENCES = Resource(
    "consequences",
    shape(
        "Consequence",
        Consequence,
        "id project period score rule kind name_zh name_en amount_fen run state proposed_at decided_by decided_at"
        " decision_note reversed_because reversed_at",
        steps=possible(CONSEQUENCE_FLOW),
    ),
    consequences_visible_to,
    view=SEE,
    filters={
        "project_id": ids("project"), "period_id": ids("period"), "state": Filter(choice(ConsequenceState), "state"),
        "kind": Filter(choice(ConsequenceKind), "kind"), "month": Filter(Day, "period__month"),
    },
)  # fmt: skip
LINE = shape("StatementLine", StatementLine, "position kind text_zh text_en basis_zh basis_en amount_fen consequence")
STATEMENTS = Resource(
    "statements",
    shape(
        "Statement",
        Statement,
        "id project contract number month state corrects reason total_fen made_by made_at issued_by issued_at",
        lines=(list[LINE.model], lambda row: LINE.all(row.lines.all())),  # type: ignore[name-defined]
        steps=possible(STATEMENT_FLOW),
    ),
    lambda user: statements_visible_to(user).prefetch_related("lines"),
    view=[VIEW_MONEY],
    filters={
        "project_id": ids("project"), "contract_id": ids("contract"), "month": Filter(Day, "month"),
        "state": Filter(choice(StatementState), "state"), "number": Filter(text(40), "number"),
    },
    sorts={"month": "month", "number": "number"},
)  # fmt: skip
PAY = Resource(
    "payroll-entries",
    shape(
        "PayrollEntry", PayrollEntry,
        "id project staff month amount_fen text consequence for_staff reverses exported_at at",
        staff_number=(str, "staff.number"), staff_name=(str, "staff.name"),
    ),
    payroll_visible_to,
    view=[PAYROLL],
    filters={
        "project_id": ids("project"), "staff_id": ids("staff"), "month": Filter(Day, "month"),
        "is_exported": Filter(bool, lambda rows, value: rows.filter(exported_at__isnull=not value)),
    },
    sorts={"month": "month"},
)  # fmt: skip

CONSEQUENCES.expose(router)
STATEMENTS.expose(router)
PAY.expose(router)
on_consequences = Acts(router, CONSEQUENCES, [APPROVE])
on_statements = Acts(router, STATEMENTS, [APPROVE])
on_contracts = Acts(router, CONTRACTS, [APPROVE])
on_pay = Acts(router, PAY, [PAYROLL])
WHY = text(300, least=1)

on_consequences.post("approve", consequences.approve_consequence, {"note": maybe(text(300))})
on_consequences.post("decline", consequences.decline_consequence, {"note": WHY})
on_consequences.post("reverse", consequences.reverse_consequence, {"reason": WHY})


def draft(*, contract: Contract, month: dt.date, by: User, reason: str = "") -> Statement:
    """Draft the statement of a month from what is approved; after an issued one, its correction."""
    return statements.draft_statement(contract, month=month, reason=reason, by=by)


on_statements.add(draft, {"contract": ref(CONTRACTS), "month": Day, "reason": maybe(text(300))})
on_statements.post("issue", statements.issue_statement)

MOVED = shape("BondEntry", BondEntry, "id contract month kind amount_fen text consequence reverses by_label at")
on_contracts.post(
    "bond-movements",
    bonds.move_bond,
    {
        "kind": one_of([BondKind.DEPOSIT.value, BondKind.REFUND.value]), "amount_fen": number(1, LARGEST),
        "text": text(200, least=1), "month": maybe(Day),
    },
    answer=MOVED,
)  # fmt: skip
LEDGER = shape(
    "BondLine", None, "", entry=(MOVED.model, lambda line: MOVED.of(line.entry)), balance_fen=(int, "balance_fen")
)


def ledger(contract: Contract, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """Every movement of the contract's performance bond with the balance after it, oldest first."""
    seen = contracts_with_money(user_of(request)).filter(pk=contract.pk).exists()
    return LEDGER.all(ledger_of(contract)) if seen else []


ask_of(router, CONTRACTS, "bond", ledger, list[LEDGER.model], [VIEW_MONEY])  # type: ignore[name-defined]


def take(*, entries: list[PayrollEntry], by: User) -> int:
    """Note that payroll has taken entries; gives how many were new."""
    return consequences.mark_exported(entries, by=by)


on_pay.free(
    "/payroll-entries/take", "take", take, {"entries": refs(PAY)},
    answer=told("PayrollTaken", lambda count: {"taken": count}, taken=int),
)  # fmt: skip
