"""A statement as a paper: the fee, what was deducted and by which clause, the bond, signatures (spec 06, Money)."""

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wuyou.domains.appraisal.models import Statement
from wuyou.domains.appraisal.queries.money import bond_balance, bond_moves
from wuyou.ui import wording
from wuyou.ui.papers import Heading, PageBreak, Paper, Signatures, Table, Text
from wuyou.ui.papers.blocks import Block


def paper_of(statement: Statement) -> Paper:
    """What the client gets to sign."""
    title = _("Statement of service fees") if statement.corrects_id is None else _("Correction of a statement")
    blocks: list[Block] = [_lines(statement)]
    if statement.reason:
        blocks.insert(0, Text(f"{_('Reason')}: {statement.reason}"))
    blocks += _bond(statement)
    blocks += [PageBreak(), Heading(_("Signatures")), Text(_words(statement)), _signatures(statement)]
    return Paper(title, blocks, subtitle=f"{statement.project.name} · {statement.month:%Y-%m}", meta=_meta(statement))


def _meta(statement: Statement) -> list[tuple[object, object]]:
    rows: list[tuple[object, object]] = [
        (_("Number"), statement.number),
        (_("Contract"), f"{statement.contract.code} {statement.contract.name}"),
        (_("Client"), statement.contract.client),
        (_("Month"), f"{statement.month:%Y-%m}"),
        (_("State"), statement.get_state_display()),
    ]
    if statement.corrects is not None:
        rows.append((_("Corrects"), statement.corrects.number))
    return rows


def _lines(statement: Statement) -> Table:
    chinese = (get_language() or "zh").startswith("zh")
    rows: list[list[object]] = [
        [
            line.position,
            line.text_zh if chinese or not line.text_en else line.text_en,
            line.basis_zh if chinese or not line.basis_en else line.basis_en,
            wording.yuan(line.amount_fen),
        ]
        for line in statement.lines.all()
    ]
    rows.append(["", _("Amount to be settled"), "", wording.yuan(statement.total_fen)])
    head = (_("No."), _("For"), _("Clause"), _("Amount"))
    return Table(head, rows, widths=(1, 6, 6, 3), align=("left", "left", "left", "right"), has_total=True)


def _bond(statement: Statement) -> list[Block]:
    moves = bond_moves(statement.contract, statement.month)
    if not moves:
        return []
    rows: list[list[object]] = [[one.get_kind_display(), one.text, wording.yuan(one.amount_fen)] for one in moves]
    rows.append([_("Balance"), "", wording.yuan(bond_balance(statement.contract, before=_next(statement)))])
    head = (_("Kind"), _("For"), _("Amount"))
    table = Table(head, rows, widths=(2, 8, 3), align=("left", "left", "right"), has_total=True)
    return [Heading(_("Performance bond")), table]


def _next(statement: Statement) -> dt.date:
    year, month = divmod(statement.month.year * 12 + statement.month.month, 12)
    return statement.month.replace(year=year, month=month + 1)


def _words(statement: Statement) -> str:
    words = _("Both parties confirm the above; the amount to be settled is %(amount)s.")
    return words % {"amount": wording.yuan(statement.total_fen)}


def _signatures(statement: Statement) -> Signatures:
    return Signatures([f"{_('Client')}: {statement.contract.client}", _("Service company")])
