"""The bond's ledger, statements for the client, rewards and penalties for payroll (spec 06, Money)."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.appraisal import policies
from wuyou.domains.appraisal.actions.bonds import move_bond
from wuyou.domains.appraisal.actions.consequences import mark_exported
from wuyou.domains.appraisal.actions.statements import draft_statement, issue_statement
from wuyou.domains.appraisal.choices import BondKind, StatementState
from wuyou.domains.appraisal.flows import APPROVE
from wuyou.domains.appraisal.models import PayrollEntry, Statement
from wuyou.domains.appraisal.queries.money import (
    bond_moves,
    bonded_contracts,
    contracts_with_money,
    ledger_of,
    payroll_visible_to,
    statements_visible_to,
)
from wuyou.domains.appraisal.queries.periods import newest_month
from wuyou.domains.contracts.models import Contract
from wuyou.domains.contracts.rules.terms import fen_of
from wuyou.domains.org.policies import may, require
from wuyou.domains.org.queries import has_permission, projects_visible_to
from wuyou.faces.console.acting import act
from wuyou.faces.console.offering import offer
from wuyou.kernel.journal.queries import entries_of
from wuyou.ui import papers, scope
from wuyou.ui.forms import FormPage
from wuyou.ui.lists import BulkAction, Button, Column, Empty, ListPage, Preset, YesNoFilter, cells
from wuyou.ui.lists.filters import DateRangeFilter, ManyFilter
from wuyou.ui.visitor import user_of

from .entering import AREA, DATE
from .looks import history_entry, language
from .statement_paper import paper_of

STATEMENT_TONES: Mapping[str, str] = {StatementState.DRAFT: "muted", StatementState.ISSUED: "ok"}


# --- the bond


def bond_url(row: Contract) -> str:
    """The ledger of a contract's bond."""
    return reverse("console:appraisal:bond", args=[row.pk])


class BondList(ListPage):
    """Performance bonds with their balance."""

    code = "appraisal.bonds"
    title = _("Performance bonds")
    icon = "shield-check"
    columns = (
        Column("contract", _("Contract"), lambda c: c.name, link=bond_url, always=True, sort="name",
               cell=lambda c, v: cells.two_lines(v, c.code)),
        Column("client", _("Client"), lambda c: c.client, sort="client"),
        Column("bond", _("Agreed"), lambda c: c.bond_fen, cell=cells.yuan, numeric=True, sort="bond_fen"),
        Column("balance", _("Balance"), lambda c: c.balance_fen or 0, cell=cells.yuan, numeric=True,
               sort="balance_fen"),
        Column("project", _("Project"), lambda c: c.project.name, sort="project__name"),
    )  # fmt: skip

    def rows(self) -> QuerySet[Contract]:
        """Of projects whose money the person sees."""
        return scope.of(self.request).narrow(bonded_contracts(self.user))

    def allowed(self) -> None:
        """Only who sees money."""
        require(self.user, policies.VIEW_MONEY)

    def empty(self) -> Empty:
        """They come with contracts."""
        return Empty(_now("No bonds"), _now("A contract with a performance bond appears here."), icon="shield-check")


def contract_of(request: HttpRequest, pk: int) -> Contract:
    """A contract whose money the person sees; 404 for any other."""
    found: Contract = get_object_or_404(contracts_with_money(user_of(request)), pk=pk)
    return found


@require_GET
def bond_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledger of a bond: every movement and the balance after it."""
    contract = contract_of(request, pk)
    lines = ledger_of(contract)
    context = {
        "contract": contract,
        "lines": list(reversed(lines)),
        "balance": lines[-1].balance_fen if lines else 0,
        "may_move": may(policies.check_bond, user_of(request), contract.project),
    }
    return render(request, "console/appraisal/bond.html", context)


class MoveForm(forms.Form):
    """What was paid."""

    kind = forms.ChoiceField(
        label=_("What happened"), choices=[(one.value, one.label) for one in (BondKind.DEPOSIT, BondKind.REFUND)]
    )
    amount = forms.CharField(label=_("Amount (yuan)"), max_length=20)
    text = forms.CharField(label=_("For"), max_length=200)


class MoveBond(FormPage):
    """Enter what was paid in or back."""

    title = _("Enter a payment of the bond")
    form_class = MoveForm
    submit = _("Enter")

    @cached_property
    def contract(self) -> Contract:
        """Whose bond."""
        return contract_of(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who approves money here."""
        policies.check_bond(self.user, self.contract.project)

    def back(self) -> str:
        """To the ledger."""
        return bond_url(self.contract)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Enter it."""
        amount = fen_of(data["amount"], name="amount")
        move_bond(self.contract, kind=data["kind"], amount_fen=amount, text=data["text"], by=self.user)
        return self.done(_("Entered."), to=self.back())


# --- statements


class StatementFilter(django_filters.FilterSet):
    """Statements by state and month."""

    state = ManyFilter(label=_("State"), choices=StatementState.choices)
    month = DateRangeFilter(label=_("Month"))


def statement_url(row: Statement) -> str:
    """A statement's page."""
    return reverse("console:appraisal:statement", args=[row.pk])


class StatementList(ListPage):
    """Statements for the client."""

    code = "appraisal.statements"
    title = _("Statements")
    icon = "file-text"
    filters = StatementFilter
    columns = (
        Column("number", _("Number"), lambda s: s.number, cell=cells.mono, link=statement_url, sort="number",
               always=True),
        Column("month", _("Month"), lambda s: f"{s.month:%Y-%m}", sort="month"),
        Column("contract", _("Contract"), lambda s: s.contract.name, sort="contract__name",
               cell=lambda s, v: cells.two_lines(v, s.contract.client)),
        Column("total", _("Amount to be settled"), lambda s: s.total_fen, cell=cells.yuan, numeric=True,
               sort="total_fen"),
        Column("state", _("State"), lambda s: s.get_state_display(), sort="state",
               cell=lambda s, v: cells.badge(v, STATEMENT_TONES[s.state])),
        Column("corrects", _("Corrects"), lambda s: s.corrects.number if s.corrects else "", shown=True),
        Column("project", _("Project"), lambda s: s.project.name, sort="project__name", shown=False),
    )  # fmt: skip

    def rows(self) -> QuerySet[Statement]:
        """Visible ones of the project looked at."""
        return scope.of(self.request).narrow(statements_visible_to(self.user))

    def allowed(self) -> None:
        """Only who sees money."""
        require(self.user, policies.VIEW_MONEY)

    def header_actions(self) -> list[Button]:
        """To draft one."""
        if not has_permission(self.user, APPROVE):
            return []
        url = reverse("console:appraisal:statement_new")
        return [Button(_("Draft a statement"), url, icon="plus", tone="primary", drawer=True)]

    def empty(self) -> Empty:
        """They are drafted by month."""
        return Empty(
            _now("No statements"), _now("Draft one once the month's consequences are decided."), icon="file-text"
        )


def statement_of(request: HttpRequest, pk: int) -> Statement:
    """A visible statement, or 404."""
    found: Statement = get_object_or_404(statements_visible_to(user_of(request)), pk=pk)
    return found


@require_GET
def statement_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A statement: lines, sum, what moved the bond, papers."""
    statement, user = statement_of(request, pk), user_of(request)
    chinese = language().startswith("zh")
    lines = [
        {
            "line": line,
            "text": line.text_zh if chinese or not line.text_en else line.text_en,
            "basis": line.basis_zh if chinese or not line.basis_en else line.basis_en,
            "url": reverse("console:appraisal:consequence", args=[line.consequence_id]) if line.consequence_id else "",
        }
        for line in statement.lines.all()
    ]
    context = {
        "statement": statement,
        "tone": STATEMENT_TONES[statement.state],
        "lines": lines,
        "bond": bond_moves(statement.contract, statement.month),
        "corrections": list(statements_visible_to(user).filter(corrects=statement)),
        "may_issue": statement.state == StatementState.DRAFT and may(policies.check_bond, user, statement.project),
        "entries": [history_entry(row) for row in reversed(entries_of("appraisal_statement", statement.pk))],
    }
    return render(request, "console/appraisal/statement.html", context)


@require_GET
def statement_paper(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The statement as PDF or Word, with its signature page."""
    statement = statement_of(request, pk)
    return papers.response(paper_of(statement), form=form, name=statement.number)


@require_POST
def statement_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue it to the client."""
    statement = statement_of(request, pk)
    words = _("The statement was issued.")
    return act(
        request, lambda: issue_statement(statement, by=user_of(request)), said=words, to=statement_url(statement)
    )


class StatementForm(forms.Form):
    """Of which contract and month."""

    contract: Any = forms.ModelChoiceField(label=_("Contract"), queryset=None, empty_label=None)
    month = forms.DateField(label=_("A day of the month"), widget=DATE)
    reason = forms.CharField(
        label=_("Why an issued statement is corrected"), max_length=300, required=False, widget=AREA
    )

    def __init__(self, *args: Any, contracts: QuerySet[Contract], **kwargs: Any) -> None:
        """Contracts of projects where the person approves money."""
        super().__init__(*args, **kwargs)
        offer(self, contract=contracts)


class NewStatement(FormPage):
    """Draft a statement, or write the draft anew."""

    title = _("Draft a statement")
    form_class = StatementForm
    submit = _("Draft")

    def allowed(self) -> None:
        """Only who approves money somewhere."""
        require(self.user, APPROVE)

    def form_arguments(self) -> dict[str, Any]:
        """Contracts to choose from."""
        rows = contracts_with_money(self.user).filter(project__in=projects_visible_to(self.user, APPROVE))
        return {"contracts": rows}

    def initial(self) -> dict[str, Any]:
        """The last whole month."""
        return {"month": newest_month()}

    def back(self) -> str:
        """To the list."""
        return reverse("console:appraisal:statements")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Draft it."""
        statement = draft_statement(data["contract"], month=data["month"], reason=data["reason"], by=self.user)
        return self.done(_("The draft was written."), to=statement_url(statement))


# --- payroll


class PayrollFilter(django_filters.FilterSet):
    """Entries by month, and whether payroll has them."""

    month = DateRangeFilter(label=_("Month"))
    exported = YesNoFilter(label=_("Taken by payroll"), field_name="exported_at", lookup_expr="isnull", exclude=True)


def take(page: Any, rows: list[PayrollEntry], _data: dict[str, Any]) -> str:
    """Note that payroll has taken the entries."""
    count = mark_exported(rows, by=page.user)
    return _now("%(count)s entries are noted as taken.") % {"count": count}


class PayrollList(ListPage):
    """Rewards and penalties of persons for payroll; exported as Excel or CSV."""

    code = "appraisal.payroll"
    title = _("Rewards and penalties")
    icon = "table"
    filters = PayrollFilter
    columns = (
        Column("number", _("Staff number"), lambda e: e.staff.number, cell=cells.mono, sort="staff__number",
               always=True),
        Column("name", _("Name"), lambda e: e.staff.name, sort="staff__name"),
        Column("month", _("Month"), lambda e: f"{e.month:%Y-%m}", sort="month"),
        Column("amount", _("Amount"), lambda e: e.amount_fen, cell=cells.yuan, numeric=True, sort="amount_fen"),
        Column("text", _("For"), lambda e: e.text),
        Column("for", _("For whose violation"), lambda e: e.for_staff.name if e.for_staff else ""),
        Column("team", _("Team"), lambda e: e.staff.team.name, sort="staff__team__name", shown=False),
        Column("exported", _("Taken by payroll"), lambda e: e.exported_at, cell=cells.moment, sort="exported_at"),
        Column("project", _("Project"), lambda e: e.project.name, sort="project__name", shown=False),
    )  # fmt: skip
    presets = (Preset("new", _("Not taken yet"), "exported=false"), Preset("all", _("All"), ""))
    bulk = (BulkAction("take", _("Payroll has taken them"), take, icon="check"),)

    def rows(self) -> QuerySet[PayrollEntry]:
        """Visible ones of the project looked at."""
        return scope.of(self.request).narrow(payroll_visible_to(self.user))

    def allowed(self) -> None:
        """Only who exports payroll."""
        require(self.user, policies.PAYROLL)

    def search(self, rows: QuerySet[PayrollEntry], text: str) -> QuerySet[PayrollEntry]:
        """By name or number."""
        return rows.filter(Q(staff__name__icontains=text) | Q(staff__number__icontains=text))

    def empty(self) -> Empty:
        """They come from approved consequences."""
        return Empty(
            _now("Nothing for payroll"), _now("Approved rewards and penalties of persons appear here."), icon="table"
        )
