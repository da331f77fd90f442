"""Ending a binding, deviating from one clause, going back to the standard (spec 03)."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from wuyou.domains.standards.models import Clause
from wuyou.domains.work.actions import binding as bindings
from wuyou.domains.work.models import Binding, Deviation
from wuyou.domains.work.policies import check_bind
from wuyou.domains.work.queries.binding import deviations_visible_to
from wuyou.faces.console.standards.words import requirement
from wuyou.kernel import clock
from wuyou.ui import wording
from wuyou.ui.forms import FormPage

from .binding import binding_for, binding_url


class EndForm(forms.Form):
    """The last day, and why."""

    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class BindingForm(FormPage):
    """A form about a binding."""

    @cached_property
    def binding(self) -> Binding:
        """The binding."""
        return binding_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who binds here."""
        check_bind(self.user, self.binding.project)

    def back(self) -> str:
        """To the binding."""
        return binding_url(self.binding)


class End(BindingForm):
    """A binding ends on a day."""

    title = _("End this binding")
    form_class = EndForm
    submit = _("End it")

    def initial(self) -> dict[str, Any]:
        """Yesterday is too late: today."""
        return {"ends_on": clock.today()}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """End it."""
        bindings.end_binding(self.binding, ends_on=data["ends_on"], reason=data["reason"], by=self.user)
        return self.done(_("The binding ends on %(day)s.") % {"day": wording.day(data["ends_on"])}, to=self.back())


class DeviateForm(forms.Form):
    """Another value for one clause."""

    value = forms.CharField(
        label=_("What holds here instead"),
        max_length=120,
        help_text=_("Written as the standard writes it, for example 1/1 w; “-” means not done by us."),
    )
    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    done_by = forms.CharField(
        label=_("Who does it instead"),
        max_length=120,
        required=False,
        help_text=_("Needed for a statutory duty left out."),
    )


class Deviate(BindingForm):
    """A clause has another value here, with a reason."""

    title = _("Deviate from a clause")
    form_class = DeviateForm
    submit = _("Record the deviation")

    @cached_property
    def clause(self) -> Clause:
        """The clause."""
        return get_object_or_404(self.binding.version.clauses.all(), pk=self.kwargs["clause"])

    @property
    def intro(self) -> object:  # type: ignore[override]
        """The clause in words."""
        return f"{self.clause.code} {requirement(self.clause)}"

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Record it."""
        bindings.deviate(self.binding, self.clause, by=self.user, **data)
        return self.done(_("The deviation was recorded. Draft the next plan to let it take effect."), to=self.back())


class BackForm(forms.Form):
    """Why the standard counts again."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class EndDeviation(FormPage):
    """Back to what the standard says."""

    title = _("Back to the standard")
    form_class = BackForm
    submit = _("End the deviation")

    @cached_property
    def deviation(self) -> Deviation:
        """The deviation."""
        return get_object_or_404(deviations_visible_to(self.user), pk=self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who binds here."""
        check_bind(self.user, self.deviation.binding.project)

    def back(self) -> str:
        """To the binding."""
        return binding_url(self.deviation.binding)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """End it."""
        bindings.end_deviation(self.deviation, reason=data["reason"], by=self.user)
        return self.done(_("The standard counts again."), to=self.back())
