"""Forms of findings and corrections."""

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.choices import Cause, Hazard, Remedy, SimilarState
from wuyou.domains.quality.models import Finding
from wuyou.domains.quality.queries.findings import findings_for_list
from wuyou.domains.quality.rules.findings import UNCORRECTED
from wuyou.domains.registry.queries import staff_present, staff_visible_to
from wuyou.domains.work.choices import Severity
from wuyou.faces.console.offering import offer
from wuyou.faces.console.work.forms import PhotosField, staff_label
from wuyou.kernel import clock
from wuyou.ui import scope
from wuyou.ui.visitor import user_of

WHYS = 5


def words(label: Any, *, rows: int = 2, most: int = 500, required: bool = True) -> forms.CharField:
    """A text of some lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, widget=widget)


class OwnerForm(forms.Form):
    """Who answers for some findings; `asked` is the request whose project is looked at."""

    asked: HttpRequest
    owner: Any = forms.ModelChoiceField(label=_("To whom"), queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """People of the project looked at who are still there."""
        super().__init__(*args, **kwargs)
        rows = scope.of(self.asked).narrow(staff_visible_to(user_of(self.asked))).filter(left_on__isnull=True)
        field: Any = self.fields["owner"]
        field.queryset, field.label_from_instance = rows.select_related("team"), staff_label


class IntoForm(forms.Form):
    """Into which finding others are merged."""

    asked: HttpRequest
    into: Any = forms.ModelChoiceField(label=_("Into which finding"), queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Those that were ticked and are not put right yet."""
        super().__init__(*args, **kwargs)
        ids = [int(pk) for pk in self.asked.POST.getlist("id") if pk.isdecimal()]
        rows = findings_for_list(user_of(self.asked)).filter(state__in=UNCORRECTED, pk__in=ids)
        field: Any = self.fields["into"]
        field.queryset = rows
        field.label_from_instance = lambda row: f"{row.number} · {row.text}"


class OneOwnerForm(forms.Form):
    """Who answers for one finding."""

    owner: Any = forms.ModelChoiceField(label=_("To whom"), queryset=None)

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        """People present at its project."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.queryset, field.label_from_instance = staff_present(finding.project), staff_label


class ContainForm(forms.Form):
    """What was done at once."""

    containment = words(_("What was done at once so that it gets no worse?"))


class AnalyseForm(forms.Form):
    """Why it happened: five whys and the category of the cause."""

    why_1 = forms.CharField(label=_("Why did it happen?"), max_length=500)
    why_2 = forms.CharField(label=_("Why was that so?"), max_length=500, required=False)
    why_3 = forms.CharField(label=_("And why was that so?"), max_length=500, required=False)
    why_4 = forms.CharField(label=_("And why?"), max_length=500, required=False)
    why_5 = forms.CharField(label=_("And why? (the root)"), max_length=500, required=False)
    cause = forms.ChoiceField(label=_("Category of the cause"), choices=Cause.choices, widget=forms.RadioSelect)

    def whys(self, data: dict[str, Any]) -> list[str]:
        """The answers in order."""
        return [data[f"why_{number}"] for number in range(1, WHYS + 1)]


class ActForm(forms.Form):
    """What is done so that it does not come back, by whom, by when."""

    action = words(_("What is done so that it does not come back?"))
    action_owner: Any = forms.ModelChoiceField(label=_("Who does it"), queryset=None)
    action_due = forms.DateField(label=_("By when"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        """People present at its project."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["action_owner"]
        field.queryset, field.label_from_instance = staff_present(finding.project), staff_label


class ProveForm(forms.Form):
    """What was done, with photos."""

    proof = words(_("What was put right?"))
    photos = PhotosField(label=_("Photos of how it is now"), required=False)


class ExtendForm(forms.Form):
    """Until when, and why."""

    until = forms.DateField(
        label=_("Until the end of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = words(_("Why is more time needed?"))

    def moment(self, day: dt.date) -> dt.datetime:
        """The last moment of the day."""
        return clock.midnight(day + dt.timedelta(days=1))


class ExplainForm(forms.Form):
    """Why it was still open, and what will be done."""

    text = words(_("Why was it still open?"))
    remedy = words(_("What will be done, and by when?"))


class LookForm(forms.Form):
    """What was seen at a similar place."""

    state = forms.ChoiceField(
        label=_("What did you see there?"), choices=SimilarState.choices[1:], widget=forms.RadioSelect
    )
    note = words(_("Note"), most=300, required=False)


class AmendForm(forms.Form):
    """Another severity or other words."""

    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices, widget=forms.RadioSelect)
    text = words(_("What is wrong"))


class NewFindingForm(forms.Form):
    """Something wrong, entered by hand."""

    text = words(_("What is wrong?"), rows=3)
    severity = forms.ChoiceField(
        label=_("How grave is it?"), choices=Severity.choices, widget=forms.RadioSelect, initial=Severity.MINOR
    )
    clause: Any = forms.ModelChoiceField(label=_("Clause"), queryset=None, required=False)
    place: Any = forms.ModelChoiceField(label=_("Where"), queryset=None, required=False)
    remedy = forms.ChoiceField(
        label=_("Remedy"), choices=[("", _("As the rules say")), *Remedy.choices], required=False
    )
    hazard = forms.ChoiceField(label=_("Hazard"), choices=Hazard.choices, required=False)
    photos = PhotosField(label=_("Photos"), required=False)

    def __init__(self, *args: Any, clauses: Any, places: Any = None, **kwargs: Any) -> None:
        """Clauses and places to choose from; no places where it is known."""
        super().__init__(*args, **kwargs)
        offer(self, clause=clauses)
        if places is None:
            del self.fields["place"]
        else:
            offer(self, place=places)


class OfProblemForm(forms.Form):
    """How grave a problem found at work is, made a finding."""

    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices, widget=forms.RadioSelect)
    remedy = forms.ChoiceField(
        label=_("Remedy"), choices=[("", _("As the rules say")), *Remedy.choices], required=False
    )
    hazard = forms.ChoiceField(label=_("Hazard"), choices=Hazard.choices, required=False)
