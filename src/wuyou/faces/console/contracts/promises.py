"""What a contract promises, one line at a time: staffing, frequencies, changes the client must approve (spec 09)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from wuyou.domains.contracts.actions import approve_change, decline_change, propose_change, set_promises, set_staffing
from wuyou.domains.contracts.models import Contract, ContractChange
from wuyou.domains.contracts.policies import check_manage
from wuyou.domains.contracts.queries import changes_visible_to, terms_of
from wuyou.domains.contracts.rules.staffing import EDUCATION, StaffingTerm
from wuyou.domains.registry.choices import Sex
from wuyou.domains.registry.queries import qualification_kinds
from wuyou.domains.standards.choices import ClauseKind
from wuyou.domains.standards.queries import clause_table, subjects
from wuyou.domains.standards.rules.promises import Promise
from wuyou.faces.console.acting import act
from wuyou.faces.console.work.looks import said
from wuyou.kernel.errors import Invalid, Missing
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.visitor import user_of

from .contracts import OfContract, contract_for, contract_url

# --- staffing


class StaffingForm(forms.Form):
    """A staffing promise."""

    job = forms.CharField(label=_("Job title"), max_length=40)
    heads = forms.IntegerField(label=_("Heads"), required=False, min_value=1)
    max_age = forms.IntegerField(label=_("Oldest age"), required=False, min_value=16, max_value=99)
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=[("", "—"), *Sex.choices])
    education = forms.ChoiceField(
        label=_("Lowest education"),
        required=False,
        choices=[("", "—"), *((word, word) for words in EDUCATION for word in sorted(words))],
    )
    licence = forms.ChoiceField(label=_("Licence"), required=False)
    coverage = forms.CharField(label=_("Coverage"), max_length=60, required=False)
    layout = (Section("", ("job", "heads"), ("max_age", "sex"), ("education", "licence"), "coverage"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Licences as they are named now."""
        super().__init__(*args, **kwargs)
        kinds = [(kind.code, kind.name_zh) for kind in qualification_kinds()]
        self.fields["licence"].choices = [("", "—"), *kinds]  # type: ignore[attr-defined]


class Staffing(OfContract):
    """Add a staffing promise, or change the one at a position."""

    title = _("Staffing promise")
    form_class = StaffingForm

    @cached_property
    def terms(self) -> list[StaffingTerm]:
        """What is promised now."""
        return terms_of(self.contract)

    def initial(self) -> dict[str, Any]:
        """The one at the position."""
        term = at(self.terms, self.kwargs["place"]) if "place" in self.kwargs else None
        names = ("job", "heads", "max_age", "sex", "education", "licence", "coverage")
        return {name: getattr(term, name) for name in names} if term else {}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Write all of them with this one."""
        terms, place = list(self.terms), self.kwargs.get("place")
        changed = StaffingTerm(**data)
        position = place or len(terms) + 1
        terms[position - 1 : position] = [changed]
        set_numbered(lambda: set_staffing(self.contract, terms, by=self.user), f"staffing.{position}.")
        return self.done(_("Saved."), to=self.back())


def at(rows: Sequence[Any], place: int) -> Any:
    """The row at a position from 1; raises Missing."""
    if not 1 <= place <= len(rows):
        raise Missing(_("There is no such line."))
    return rows[place - 1]


def set_numbered(action: Any, prefix: str) -> None:
    """Call an action that names fields by position, and name them as the form does."""
    try:
        action()
    except Invalid as error:
        fields = {
            wrong.field.removeprefix(prefix).removeprefix("qualification") or "licence": wrong.message
            for wrong in error.fields
        }
        raise Invalid(str(error), fields=fields) from error


@require_POST
def remove_staffing(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Take a staffing promise away."""
    contract = contract_for(request, pk)
    terms = terms_of(contract)
    at(terms, place)
    rest = [term for position, term in enumerate(terms, start=1) if position != place]
    return act(
        request,
        lambda: set_staffing(contract, rest, by=user_of(request)),
        said=_("Removed."),
        to=contract_url(contract),
    )


# --- frequencies


def promises_of(contract: Contract) -> list[Promise]:
    """The promises as they stand."""
    if contract.promises is None:
        return []
    return [
        Promise(row.clause.subject_name, row.clause.requirement_zh, row.values[0], row.clause.kind, row.clause.unit)
        for row in clause_table(contract.promises).rows
    ]


class PromiseForm(forms.Form):
    """One promise."""

    subject = forms.ChoiceField(label=_("Of what"), choices=[])
    what = forms.CharField(label=_("What is done"), max_length=300)
    kind = forms.ChoiceField(label=_("Kind of value"), choices=ClauseKind.choices)
    value = forms.CharField(label=_("Value"), max_length=120, help_text=_("For a frequency: 1/1 d, 2/1 w, 1/1 m …"))
    layout = (Section("", "subject", "what", ("kind", "value")),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Subjects of the library."""
        super().__init__(*args, **kwargs)
        known = [(row.name, said(row.name, row.name_en)) for row in subjects()]
        kept = self.initial.get("subject")
        extra = [(kept, kept)] if kept and kept not in dict(known) else []
        self.fields["subject"].choices = [*extra, *known]  # type: ignore[attr-defined]


class EditPromise(OfContract):
    """Add a promise, or change the one at a position."""

    title = _("Promise")
    form_class = PromiseForm
    intro = _(
        "Changed promises are the next version; the project stays bound to the one before until it is bound anew."
    )

    @cached_property
    def promises(self) -> list[Promise]:
        """What is promised now."""
        return promises_of(self.contract)

    def initial(self) -> dict[str, Any]:
        """The one at the position."""
        found = at(self.promises, self.kwargs["place"]) if "place" in self.kwargs else None
        return (
            {name: getattr(found, name) for name in ("subject", "what", "kind", "value")}
            if found
            else {"kind": "cadence"}
        )

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Write all of them with this one."""
        promises, place = list(self.promises), self.kwargs.get("place")
        position = place or len(promises) + 1
        promises[position - 1 : position] = [Promise(**data)]
        set_promises(self.contract, promises, by=self.user)
        return self.done(_("Saved."), to=self.back())


@require_POST
def remove_promise(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Take a promise away: the next version does without it."""
    contract = contract_for(request, pk)
    promises = promises_of(contract)
    at(promises, place)
    rest = [one for position, one in enumerate(promises, start=1) if position != place]
    return act(
        request,
        lambda: set_promises(contract, rest, by=user_of(request)),
        said=_("Removed."),
        to=contract_url(contract),
    )


# --- changes of scope


class ProposeForm(forms.Form):
    """A change of scope; the amount may be negative."""

    summary = forms.CharField(label=_("What changes"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    effective_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    delta = forms.DecimalField(label=_("Change of the yearly fee (yuan)"), max_digits=14, decimal_places=2, initial=0)
    layout = (Section("", "summary", ("effective_on", "delta")),)


class Propose(OfContract):
    """Write a change down before it is agreed."""

    title = _("Propose a change")
    form_class = ProposeForm
    submit = _("Propose")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Propose it."""
        fen = int(Decimal(data.pop("delta")) * 100)
        propose_change(self.contract, by=self.user, yearly_fee_delta_fen=fen, **data)
        return self.done(_("The change waits for the client."), to=self.back())


class OfChange(FormPage):
    """A form about a change."""

    @cached_property
    def change(self) -> ContractChange:
        """The change."""
        rows = changes_visible_to(self.user).select_related("contract__project__node")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who manages the contract."""
        check_manage(self.user, self.change.contract.project)

    def back(self) -> str:
        """To the contract."""
        return reverse("console:contracts:contract", args=[self.change.contract_id])


class ApproveForm(forms.Form):
    """When and by which document the client approved."""

    approved_on = forms.DateField(label=_("Approved on"), widget=forms.DateInput(attrs={"type": "date"}))
    reference = forms.CharField(label=_("Approval document"), max_length=120)


class Approve(OfChange):
    """The client approved."""

    title = _("Record the client's approval")
    form_class = ApproveForm

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Record it."""
        approve_change(self.change, by=self.user, **data)
        return self.done(_("The approval was recorded."), to=self.back())


class DeclineForm(forms.Form):
    """Why the client declined."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class Decline(OfChange):
    """The client declined."""

    title = _("Record that the client declined")
    form_class = DeclineForm

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Record it."""
        decline_change(self.change, by=self.user, **data)
        return self.done(_("It was recorded."), to=self.back())
