"""Service contracts: what was promised to the client, and whether it is kept (spec 09)."""

import datetime as dt
from decimal import Decimal
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
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from wuyou.domains.contracts.actions import change_contract, record_contract, terminate_contract
from wuyou.domains.contracts.actions.contracts import ContractSpec
from wuyou.domains.contracts.choices import ChangeState, ContractMode
from wuyou.domains.contracts.flows import CHANGE_FLOW
from wuyou.domains.contracts.models import Contract
from wuyou.domains.contracts.policies import MANAGE_CONTRACTS, VIEW_CONTRACTS, check_manage
from wuyou.domains.contracts.queries import contracts_visible_to, fee_on, staffing_of
from wuyou.domains.contracts.rules.staffing import Misfit, StaffingResult
from wuyou.domains.contracts.rules.terms import EXPIRED, fen_of, renewal_alert
from wuyou.domains.org.models import Project
from wuyou.domains.org.policies import may, require
from wuyou.domains.org.queries import has_permission, projects_visible_to
from wuyou.domains.standards.choices import ClauseKind
from wuyou.domains.standards.queries import clause_table
from wuyou.faces.console.standards.words import part_name, requirement, value_words
from wuyou.kernel import clock
from wuyou.ui import scope
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.lists import Button, Column, Empty, ListPage, cells
from wuyou.ui.visitor import user_of

MEASURED = {ClauseKind.MINUTES, ClauseKind.HOURS}
CHANGE_TONES = {ChangeState.PROPOSED: "warn", ChangeState.APPROVED: "ok", ChangeState.DECLINED: "muted"}


def contract_for(request: HttpRequest, pk: int) -> Contract:
    """A contract the person may read; 404 for any other."""
    rows = contracts_visible_to(user_of(request)).select_related("project__node", "promises__standard")
    return get_object_or_404(rows, pk=pk)


def contract_url(contract: Contract) -> str:
    """A contract's page."""
    return reverse("console:contracts:contract", args=[contract.pk])


def renewal(contract: Contract, today: dt.date) -> tuple[str, str]:
    """How long it still runs, and the tone of that."""
    if contract.terminated_on is not None:
        return _now("terminated"), "muted"
    left = (contract.ends_on - today).days
    alert = renewal_alert(contract.ends_on, on=today)
    if alert == EXPIRED:
        return _now("expired"), "bad"
    if contract.starts_on > today:
        return _now("not begun"), "muted"
    words = ngettext("%(days)s day left", "%(days)s days left", left) % {"days": f"{left:,}"}
    return words, {"": "ok", "180": "info", "90": "warn", "30": "bad"}[alert]


class ContractFilter(django_filters.FilterSet):
    """Contracts by mode."""

    mode = django_filters.ChoiceFilter(label=_("Mode"), choices=ContractMode.choices)


class ContractList(ListPage):
    """Contracts in view."""

    code = "contracts.contracts"
    title = _("Contracts")
    icon = "file-certificate"
    filters = ContractFilter
    search_label = _("Search number, name or client")
    columns = (
        Column(
            "name",
            _("Contract"),
            lambda c: c.name,
            link=contract_url,
            cell=lambda c, v: cells.two_lines(v, c.code),
            sort="name",
            always=True,
        ),
        Column("project", _("Project"), lambda c: c.project.name, sort="project__name"),
        Column("client", _("Client"), lambda c: c.client, sort="client"),
        Column("mode", _("Mode"), lambda c: c.get_mode_display(), shown=False),
        Column("from", _("From"), lambda c: c.starts_on, cell=cells.day, sort="starts_on"),
        Column("to", _("To"), lambda c: c.ends_on, cell=cells.day, sort="ends_on"),
        Column(
            "left",
            _("Renewal"),
            lambda c: renewal(c, clock.today())[0],
            cell=lambda c, v: cells.badge(v, renewal(c, clock.today())[1]),
            sort="ends_on",
        ),
        Column(
            "fee",
            _("Yearly fee"),
            lambda c: c.yearly_fee_fen,
            cell=cells.yuan,
            numeric=True,
            sort="yearly_fee_fen",
            export=lambda c: Decimal(c.yearly_fee_fen) / 100,
        ),
    )

    def allowed(self) -> None:
        """Whoever may read contracts somewhere."""
        require(self.user, VIEW_CONTRACTS)

    def rows(self) -> QuerySet[Contract]:
        """Contracts in view."""
        return scope.of(self.request).narrow(contracts_visible_to(self.user))

    def search(self, rows: QuerySet[Contract], text: str) -> QuerySet[Contract]:
        """By number, name or client."""
        return rows.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(client__icontains=text))

    def header_actions(self) -> list[Button]:
        """Record one."""
        if not has_permission(self.user, MANAGE_CONTRACTS):
            return []
        return [
            Button(_("Record a contract"), reverse("console:contracts:new"), icon="plus", tone="primary", drawer=True)
        ]

    def empty(self) -> Empty:
        """What a contract is for here."""
        return Empty(
            _now("No contract recorded"),
            _now("Its promises become a layer of the plan, its staffing is checked against who is there."),
            self.header_actions(),
            icon="file-certificate",
        )


# --- one contract


@require_GET
def contract_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Promises, staffing, reply limits, money, renewal."""
    contract = contract_for(request, pk)
    today = clock.today()
    staffing = staffing_of(contract)
    words, tone = renewal(contract, today)
    context = {
        "contract": contract,
        "title": contract.name,
        "back": reverse("console:contracts:list"),
        "renewal": words,
        "tone": tone,
        "fee_now": fee_on(contract),
        "staffing": [staffing_line(result) for result in staffing],
        "short": sum(result.short for result in staffing),
        "needed": sum(result.needed for result in staffing),
        "fitting": sum(min(result.fitting, result.needed) for result in staffing),
        "too_old": _too_old(staffing),
        "can_manage": may(check_manage, user_of(request), contract.project),
        "changes": [
            (change, CHANGE_TONES[ChangeState(change.state)], _change_steps(change.state))
            for change in contract.changes.all()
        ],
        **_promises(contract),
        **_terms(contract),
    }
    return render(request, "console/contracts/contract.html", context)


def _change_steps(state: str) -> set[str]:
    return {one.name for one in CHANGE_FLOW.from_state(state)}


def staffing_line(result: StaffingResult) -> dict[str, Any]:
    """A staffing promise against who is there."""
    return {
        "term": result.term,
        "needed": result.needed,
        "present": result.present,
        "fitting": result.fitting,
        "short": result.short,
        "is_kept": result.is_kept,
        "failing": [(one.worker, [str(reason) for reason in one.reasons]) for one in result.failing],
    }


def _too_old(staffing: list[StaffingResult]) -> list[str]:
    return [
        _now("%(name)s (%(job)s): %(reason)s") % {"name": one.worker.name, "job": result.term.job, "reason": reason}
        for result in staffing
        for one in result.failing
        for reason in one.reasons
        if reason.code == Misfit.TOO_OLD
    ]


def _promises(contract: Contract) -> dict[str, Any]:
    if contract.promises is None:
        return {"promises": [], "limits": []}
    rows = clause_table(contract.promises).rows
    lines = [
        (row.clause, requirement(row.clause), value_words(row.clause.kind, row.values[0]), part_name(row.clause.part))
        for row in rows
        if row.values
    ]
    return {
        "promises": [line for line in lines if line[0].kind not in MEASURED],
        "limits": [line for line in lines if line[0].kind in MEASURED],
    }


KNOWN_TERMS = {
    "reply_limits": _("Reply limits as agreed"),
    "borne_by_company": _("Borne by the company"),
    "appraisal": _("Appraisal"),
    "special_groups": _("People who need care"),
    "surveys": _("Surveys"),
    "equipment": _("Tools and stock"),
}


def _terms(contract: Contract) -> dict[str, Any]:
    terms = [(KNOWN_TERMS.get(name, name), _pairs(value)) for name, value in contract.terms.items()]
    return {"terms": terms}


def _pairs(value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [(str(TERM_WORDS.get(name, name)), _flat(part)) for name, part in value.items()]
    return [("", _flat(part)) for part in (value if isinstance(value, list) else [value])]


TERM_WORDS = {
    "period": _("Period"),
    "consequences": _("Consequences"),
    "loop": _("Follow-up"),
    "indicators": _("Indicators"),
    "asks": _("Questions"),
    "hand_tools": _("Hand tools"),
    "stock": _("Stock"),
}


def _flat(value: Any) -> str:
    return "、".join(str(part) for part in value) if isinstance(value, list) else str(value)


# --- writing


class ContractForm(forms.Form):
    """What a contract says of itself; money in yuan."""

    code = forms.CharField(label=_("Contract number"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=120)
    client = forms.CharField(label=_("Client"), max_length=120)
    mode = forms.ChoiceField(label=_("Mode"), choices=ContractMode.choices)
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))
    yearly_fee = forms.CharField(label=_("Yearly fee (yuan)"), max_length=20, initial="0")
    bond = forms.CharField(label=_("Performance bond (yuan)"), max_length=20, initial="0")
    layout: tuple[Section, ...] = (
        Section(_("Contract"), "name", ("code", "mode"), "client"),
        Section(_("Term"), ("starts_on", "ends_on")),
        Section(_("Money"), ("yearly_fee", "bond")),
    )


class NewContractForm(ContractForm):
    """With the project it is for."""

    project: Any = forms.ModelChoiceField(label=_("Project"), queryset=None, empty_label=None)
    layout = (Section(_("Project"), "project"), *ContractForm.layout)

    def __init__(self, *args: Any, projects: QuerySet[Project], **kwargs: Any) -> None:
        """Projects whose contracts the person manages."""
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]


def spec_of(data: dict[str, Any], terms: Any = None) -> ContractSpec:
    """The form as a value; raises Invalid at the amount that is none."""
    return ContractSpec(
        **{name: data[name] for name in ("code", "name", "client", "mode", "starts_on", "ends_on")},
        yearly_fee_fen=fen_of(data["yearly_fee"], name="yearly_fee"),
        bond_fen=fen_of(data["bond"], name="bond"),
        terms=terms or {},
    )


class NewContract(FormPage):
    """Record a contract."""

    title = _("Record a contract")
    form_class = NewContractForm
    submit = _("Record")
    draft = "contracts.new"

    def allowed(self) -> None:
        """Only who manages contracts somewhere."""
        require(self.user, MANAGE_CONTRACTS)

    def form_arguments(self) -> dict[str, Any]:
        """Projects to choose from."""
        return {"projects": projects_visible_to(self.user, MANAGE_CONTRACTS)}

    def initial(self) -> dict[str, Any]:
        """The project looked at."""
        return {"project": scope.of(self.request).project}

    def back(self) -> str:
        """To the list."""
        return reverse("console:contracts:list")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Record it."""
        contract = record_contract(data["project"], spec_of(data), by=self.user)
        return self.done(_("The contract was recorded."), to=contract_url(contract))


class OfContract(FormPage):
    """A form about a contract."""

    @cached_property
    def contract(self) -> Contract:
        """The contract."""
        return contract_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who manages it."""
        check_manage(self.user, self.contract.project)

    def back(self) -> str:
        """To the contract."""
        return contract_url(self.contract)


def yuan(fen: int) -> str:
    """Fen as people type yuan."""
    return f"{Decimal(fen) / 100:.2f}"


class ChangeContract(OfContract):
    """Correct what was recorded."""

    title = _("Change the record")
    form_class = ContractForm

    def initial(self) -> dict[str, Any]:
        """As it is."""
        row = self.contract
        kept = {name: getattr(row, name) for name in ("code", "name", "client", "mode", "starts_on", "ends_on")}
        return kept | {"yearly_fee": yuan(row.yearly_fee_fen), "bond": yuan(row.bond_fen)}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change it."""
        change_contract(self.contract, spec_of(data, self.contract.terms), by=self.user)
        return self.done(_("Saved."), to=self.back())


class TerminateForm(forms.Form):
    """The last day, and why."""

    on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class Terminate(OfContract):
    """End a contract before its time."""

    title = _("Terminate the contract")
    form_class = TerminateForm
    submit = _("Terminate")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """End it."""
        terminate_contract(self.contract, by=self.user, **data)
        return self.done(_("The contract was terminated."), to=self.back())
