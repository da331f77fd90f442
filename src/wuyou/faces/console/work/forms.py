"""Forms of doing work."""

import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wuyou.domains.registry.models import Staff
from wuyou.domains.sheets.choices import AnswerType
from wuyou.domains.sheets.models import Item
from wuyou.domains.sheets.rules.answers import NOTHING
from wuyou.domains.sheets.rules.items import HIGHEST_GRADE
from wuyou.domains.work.choices import Severity, SkipReason
from wuyou.domains.work.models import Task

from .looks import said

ANSWERS = "answers."
COUNTED = frozenset({AnswerType.COUNT, AnswerType.MEASURE})
NUMBERS = COUNTED | {AnswerType.NUMBER}
GRADES = tuple((str(grade), str(grade)) for grade in range(HIGHEST_GRADE + 1))
PASS_FAIL = (("pass", _("Pass")), ("fail", _("Fail")), ("na", _("Not applicable")))


class ManyFiles(forms.ClearableFileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos; gives a list of files."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file cleaned by itself."""
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(PhotosField, self).clean(file, initial) for file in files]


def answer_field(item: Item, last: Decimal | None) -> forms.Field:
    """The field that answers one item; nothing is required here: the rules of the sheet say what is missing."""
    label = said(item.text_zh, item.text_en)
    if item.answer_type == AnswerType.PASS_FAIL:
        return forms.ChoiceField(label=label, choices=PASS_FAIL, widget=forms.RadioSelect, required=False)
    if item.answer_type == AnswerType.CHOICE:
        options = [(one["code"], said(one["zh"], one.get("en", ""))) for one in item.options]
        return forms.ChoiceField(label=label, choices=options, widget=forms.RadioSelect, required=False)
    if item.answer_type == AnswerType.GRADE:
        choices: list[tuple[str, Any]] = [*GRADES, PASS_FAIL[-1]]
        return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False)
    if item.answer_type == AnswerType.DEDUCT:
        return forms.MultipleChoiceField(
            label=label, choices=deductions(item), widget=forms.CheckboxSelectMultiple, required=False
        )
    if item.answer_type in NUMBERS:
        attributes = {"inputmode": "decimal", "autocomplete": "off", "aria-label": label}
        widget = forms.TextInput(attrs=attributes)
        return forms.CharField(label=label, widget=widget, required=False, max_length=40, help_text=hint(item, last))
    words = forms.TextInput(attrs={"aria-label": label})
    return forms.CharField(label=label, widget=words, required=False, max_length=300)


def deductions(item: Item) -> list[tuple[str, object]]:
    """Reasons with their points, and that there is none."""
    found = [(one["code"], f"{said(one['zh'], one.get('en', ''))} −{one['points']}") for one in item.deductions]
    return [*found, (NOTHING, _("Nothing to deduct")), PASS_FAIL[-1]]


def hint(item: Item, last: Decimal | None) -> str:
    """What reading is expected, and the last one."""
    parts = []
    if item.unit and item.answer_type in COUNTED:
        parts.append(item.unit)
    if item.low is not None and item.high is not None:
        between = {"low": f"{item.low.normalize():f}", "high": f"{item.high.normalize():f}"}
        parts.append(str(_("usually %(low)s to %(high)s")) % between)
    if last is not None:
        parts.append(str(_("last time %(number)s")) % {"number": f"{last.normalize():f}"})
    return " · ".join(parts)


class SheetForm(forms.Form):
    """A form with the items of a sheet; answers come out by the item's code."""

    def __init__(
        self, *args: Any, items: Iterable[Item] = (), last: Mapping[str, Decimal] | None = None, **kwargs: Any
    ):
        """`last` holds the last readings by item code."""
        super().__init__(*args, **kwargs)
        self.items = [item for item in items if item.answer_type != AnswerType.PHOTO]
        for item in self.items:
            self.fields[ANSWERS + item.code] = answer_field(item, (last or {}).get(item.code))

    def checklist(self) -> list[tuple[Item, forms.BoundField]]:
        """Items with their fields, in the order of the sheet."""
        return [(item, self[ANSWERS + item.code]) for item in self.items]

    def answers(self) -> dict[str, object]:
        """What was answered, by the item's code; blank ones left out."""
        given = {item.code: self.cleaned_data.get(ANSWERS + item.code, "") for item in self.items}
        return {code: value for code, value in given.items() if value}


class DoneForm(SheetForm):
    """Everything somebody says and shows at the end of a task."""

    photos = PhotosField(label=_("Photos"), required=False)
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    code = forms.CharField(label=_("Code on the sticker"), max_length=20, required=False)
    pick_reason = forms.CharField(label=_("Or why it could not be scanned"), max_length=200, required=False)
    text = forms.CharField(
        label=_("What is wrong?"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    severity = forms.ChoiceField(
        label=_("How grave is it?"), choices=Severity.choices, widget=forms.RadioSelect, required=False,
        initial=Severity.MINOR,
    )  # fmt: skip
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, task: Task, **kwargs: Any):
        """Scanning is asked only where the plan line wants it."""
        super().__init__(*args, **kwargs)
        self.initial.setdefault("client_id", uuid.uuid4())
        if task.evidence != "scan":
            del self.fields["code"], self.fields["pick_reason"]


class TogetherForm(SheetForm):
    """What is said of many tasks at once."""

    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    batch = forms.UUIDField(widget=forms.HiddenInput)
    photos = PhotosField(label=_("Photos"), required=False)


class SkipForm(forms.Form):
    """Why a task is not possible."""

    skip_reason = forms.ChoiceField(
        label=_("Why is it not possible?"), choices=SkipReason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class HandOverForm(forms.Form):
    """Who takes the work over, and why."""

    to: Any = forms.ModelChoiceField(label=_("To whom"), queryset=None)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, staff: Any, **kwargs: Any):
        """`staff` are the people to choose from."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = staff
        field.label_from_instance = staff_label


def staff_label(row: Staff) -> str:
    """Name, team and job: there are two of the same name somewhere."""
    return f"{row.name} · {row.team.name} · {row.job}"


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class CommentForm(forms.Form):
    """A remark."""

    text = forms.CharField(label=_("Your comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class FoundForm(forms.Form):
    """A problem seen in passing."""

    text = forms.CharField(label=_("What is wrong?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    severity = forms.ChoiceField(
        label=_("How grave is it?"), choices=Severity.choices, widget=forms.RadioSelect, initial=Severity.MINOR
    )
    photos = PhotosField(label=_("Photos"), required=False)


class OriginalForm(ReasonForm):
    """Why somebody wants to see a photo as it came from the camera."""
