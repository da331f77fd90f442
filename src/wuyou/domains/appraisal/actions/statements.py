"""Statements for the client's settlement: drafted from what was approved, issued, corrected by another (spec 06)."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal import events, policies
from wuyou.domains.appraisal.choices import LineKind, StatementState
from wuyou.domains.appraisal.flows import STATEMENT_FLOW
from wuyou.domains.appraisal.models import Consequence, Statement, StatementLine
from wuyou.domains.appraisal.queries.gathering import bonds_of, month_of
from wuyou.domains.appraisal.queries.money import due_on_statement, undecided
from wuyou.domains.appraisal.queries.schemes import value_of
from wuyou.domains.appraisal.writing import record
from wuyou.domains.contracts.models import Contract
from wuyou.domains.org.actions import announce
from wuyou.kernel import clock, flows
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.numbering import next_number
from wuyou.kernel.transactions import action

NUMBER_PREFIX = "JS"  # 结算


@action
def draft_statement(contract: Contract, *, month: dt.date, by: Actor, reason: str = "") -> Statement:
    """The draft statement of a month, written anew from what is approved now.

    Once a statement was issued, this is one that corrects it and holds only what has changed since. Raises Denied,
    Invalid for a month outside the contract or a correction without reason, Conflict where nothing has changed.
    """
    policies.check_bond(by, contract.project)
    first = month.replace(day=1)
    _check_month(contract, first)
    rows = list(Statement.objects.filter(contract=contract, month=first).order_by("pk"))
    open_one = next((row for row in rows if row.state == StatementState.DRAFT), None)
    statement = open_one or _opened(contract, first, rows, reason=reason.strip(), by=by)
    StatementLine.objects.filter(statement=statement).delete()  # lines of a draft are written anew
    lines = _lines(statement)
    if not lines:
        raise Conflict(_("Nothing has changed since the statement was issued."))
    StatementLine.objects.bulk_create(lines)
    statement.total_fen = sum(line.amount_fen for line in lines)
    statement.save(update_fields=["total_fen"])
    entry = ("appraisal_statement", statement.pk, statement.number)
    record("statement_drafted", contract.project, entry, by=by, total_fen=statement.total_fen, lines=len(lines))
    return statement


def _check_month(contract: Contract, first: dt.date) -> None:
    last = contract.terminated_on or contract.ends_on
    if not contract.starts_on.replace(day=1) <= first <= last:
        raise Invalid(fields={"month": _("This month is outside the term of the contract.")})


def _opened(contract: Contract, first: dt.date, rows: list[Statement], *, reason: str, by: Actor) -> Statement:
    if rows and not reason:
        raise Invalid(fields={"reason": _("A statement was issued: say why it is corrected.")})
    try:
        with transaction.atomic():
            return Statement.objects.create(
                project_id=contract.project_id,
                contract=contract,
                number=next_number(NUMBER_PREFIX, contract.project.code, clock.today()),
                month=first,
                corrects=rows[-1] if rows else None,
                reason=reason[:300],
                total_fen=0,
                made_by=by.actor_label[:80],
                made_at=clock.now(),
            )
    except IntegrityError:
        raise Conflict(_("Somebody else has just drafted this statement.")) from None


def _lines(statement: Statement) -> list[StatementLine]:
    lines = []
    if statement.corrects_id is None:
        fee = bonds_of([statement.contract_id]).fee(statement.contract, month_of(statement.month))
        zh, en = f"{statement.month:%Y 年 %m 月}物业服务费", f"Service fee of {statement.month:%Y-%m}"
        code = statement.contract.code
        lines.append(
            StatementLine(
                statement=statement, position=1, kind=LineKind.FEE, text_zh=zh, text_en=en, basis_zh=code,
                basis_en=code, amount_fen=fee,
            )
        )  # fmt: skip
    for row, amount in due_on_statement(statement.contract, statement.month, but=statement):
        lines.append(_line(statement, row, amount, position=len(lines) + 1))
    return lines


def _line(statement: Statement, row: Consequence, amount: int, *, position: int) -> StatementLine:
    kind = LineKind.DEDUCTION if amount < 0 else LineKind.BONUS
    return StatementLine(
        statement=statement,
        position=position,
        kind=LineKind.CORRECTION if statement.corrects_id else kind,
        text_zh=row.name_zh,
        text_en=row.name_en,
        basis_zh=_basis(row, "zh-hans"),
        basis_en=_basis(row, "en"),
        amount_fen=amount,
        consequence=row,
    )


def _basis(row: Consequence, language: str) -> str:
    """By which scheme, points and band."""
    scheme = value_of(row.period.version)
    band = scheme.band(row.score.band).name.text(language) if row.score.band else ""
    points = "" if row.score.points is None else f"{row.score.points:f}"
    return f"{scheme.name.text(language)} {row.period.month:%Y-%m} {points} {band}".strip()[:300]


@action
def issue_statement(statement: Statement, *, by: Actor) -> None:
    """Issue a statement to the client; it never changes after. Raises Denied, IllegalMove, Conflict.

    Conflict while something of the month waits for approval, or where what was approved has changed since the draft.
    """
    policies.check_bond(by, statement.project)
    STATEMENT_FLOW.check("issue", statement.state)
    waiting = undecided(statement.contract, statement.month)
    if waiting:
        raise Conflict(_("%(count)s consequences of the month are not decided yet."), count=waiting)
    said = [(line.consequence_id, line.amount_fen) for line in statement.lines.filter(consequence__isnull=False)]
    due = [(row.pk, amount) for row, amount in due_on_statement(statement.contract, statement.month, but=statement)]
    if said != due:
        raise Conflict(_("What follows from the month has changed: draft the statement anew."))
    flows.claim(statement, STATEMENT_FLOW, "issue", issued_at=clock.now(), issued_by=by.actor_label[:80])
    entry = ("appraisal_statement", statement.pk, statement.number)
    record("statement_issued", statement.project, entry, by=by, total_fen=statement.total_fen)
    payload = {"number": statement.number, "month": f"{statement.month:%Y-%m}", "total_fen": statement.total_fen}
    announce("statement.issued", project=statement.project, payload=payload)
    events.statement_issued.send(Statement, statement_id=statement.pk)


@action
def correct_statements(contract: Contract, *, month: dt.date, reason: str, by: Actor) -> Statement | None:
    """After something was reversed: bring the draft in line, or draft the correction of an issued statement.

    Gives None where no statement says anything that has changed.
    """
    first = month.replace(day=1)
    rows = Statement.objects.filter(contract=contract, month=first)
    if not rows.exists() or (not due_on_statement(contract, first) and not rows.filter(state="draft").exists()):
        return None
    return draft_statement(contract, month=first, reason=reason, by=by)
