"""The questions of a draft, one at a time (spec 05)."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from wuyou.domains.sheets import actions
from wuyou.domains.sheets.choices import AnswerType, ItemSeverity
from wuyou.domains.sheets.queries import specs_of
from wuyou.domains.sheets.rules.items import Deduction, ItemSpec, Option, possible_answers
from wuyou.faces.console.acting import act
from wuyou.faces.console.work.forms import PASS_FAIL
from wuyou.faces.console.work.looks import said
from wuyou.kernel.errors import Invalid, Missing
from wuyou.ui.forms import Section
from wuyou.ui.visitor import user_of

from .sheets import VersionForm, version_for, version_url

ASKED = (
    "code", "section", "section_en", "text_zh", "text_en", "answer_type", "unit", "low", "high", "is_required",
    "is_increasing", "photo_on_failure", "severity", "is_veto", "weight", "points", "limit", "tolerance_low",
    "tolerance_high",
)  # fmt: skip


class OptionsField(forms.CharField):
    """One option a line: `code=中文=English`."""

    def prepare_value(self, value: Any) -> Any:
        """Options as lines."""
        if isinstance(value, str) or value is None:
            return value
        return "\n".join("=".join(part for part in (one.code, one.zh, one.en) if part) for one in value)

    def clean(self, value: Any) -> Any:
        """Lines as options."""
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        return tuple(Option(*[part.strip() for part in [*line.split("="), "", ""][:3]]) for line in lines)


class DeductionsField(forms.CharField):
    """One reason a line: `code=points=Chinese=English`."""

    def prepare_value(self, value: Any) -> Any:
        """Reasons as lines."""
        if isinstance(value, str) or value is None:
            return value
        rows = [(one.code, f"{one.points.normalize():f}", one.zh, one.en) for one in value]
        return "\n".join("=".join(part for part in row if part) for row in rows)

    def clean(self, value: Any) -> Any:
        """Lines as reasons."""
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        return tuple(_deduction(line) for line in lines)


def _deduction(line: str) -> Deduction:
    code, points, zh, en = [part.strip() for part in [*line.split("="), "", "", ""][:4]]
    try:
        return Deduction(code, zh, Decimal(points), en)
    except InvalidOperation:
        raise forms.ValidationError(_("%(text)s is not a number of points."), params={"text": points}) from None


def conditions(specs: Sequence[ItemSpec]) -> list[Any]:
    """The answers of these questions that another may depend on, by question."""
    found: list[Any] = [("", _("Always"))]
    for spec in specs:
        words = dict(PASS_FAIL) | {option.code: said(option.zh, option.en) for option in spec.options}
        answers = [(f"{spec.code}={answer}", words.get(answer, answer)) for answer in possible_answers(spec)]
        if answers:
            found.append((said(spec.text_zh, spec.text_en), answers))
    return found


class ItemForm(forms.Form):
    """A question."""

    text_zh = forms.CharField(label=_("Question"), max_length=200)
    text_en = forms.CharField(label=_("Question (English)"), max_length=200, required=False)
    code = forms.CharField(label=_("Code"), max_length=40)
    section = forms.CharField(label=_("Section"), max_length=60, required=False)
    section_en = forms.CharField(label=_("Section (English)"), max_length=80, required=False)
    answer_type = forms.ChoiceField(label=_("Answer"), choices=AnswerType.choices)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    low = forms.DecimalField(label=_("Lowest plausible"), required=False, max_digits=14, decimal_places=4)
    high = forms.DecimalField(label=_("Highest plausible"), required=False, max_digits=14, decimal_places=4)
    options = OptionsField(
        label=_("Options of a choice, one a line"), required=False, help_text=_("code=Chinese=English"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    is_required = forms.BooleanField(label=_("Must be answered"), required=False, initial=True)
    is_increasing = forms.BooleanField(label=_("Never falls (a meter)"), required=False)
    photo_on_failure = forms.BooleanField(label=_("A photo when it fails"), required=False)
    condition = forms.ChoiceField(label=_("Asked"), required=False)
    severity = forms.ChoiceField(
        label=_("Severity when it fails"), choices=ItemSeverity.choices, required=False, initial=ItemSeverity.MINOR
    )
    is_veto = forms.BooleanField(
        label=_("Red line"), required=False, help_text=_("When it fails the score of the whole sheet is 0.")
    )
    weight = forms.DecimalField(
        label=_("Weight"), required=False, min_value=0, max_digits=7, decimal_places=2, initial=1,
        help_text=_("Relative to the others; they need not add up to 100."),
    )  # fmt: skip
    points = forms.DecimalField(
        label=_("Points"), required=False, min_value=0, max_digits=7, decimal_places=2, initial=1,
        help_text=_("The most that can be won or lost."),
    )  # fmt: skip
    limit = forms.IntegerField(
        label=_("Limit"), required=False, min_value=0, max_value=9999,
        help_text=_("Defects that are allowed, or the lowest grade that passes (3 if empty)."),
    )  # fmt: skip
    deductions = DeductionsField(
        label=_("Reasons for deductions, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("code=points=Chinese=English. A number of defects has one: the points for each above the limit."),
    )  # fmt: skip
    tolerance_low = forms.DecimalField(label=_("Passes from"), required=False, max_digits=14, decimal_places=4)
    tolerance_high = forms.DecimalField(label=_("Passes up to"), required=False, max_digits=14, decimal_places=4)
    layout = (
        Section(_("Question"), "text_zh", "text_en", ("section", "section_en"), ("code", "condition")),
        Section(_("Answer"), ("answer_type", "unit"), ("low", "high"), "options"),
        Section("", "is_required", "is_increasing", "photo_on_failure"),
        Section(_("When it passes"), "limit", ("tolerance_low", "tolerance_high")),
        Section(_("What it counts"), ("points", "weight"), "deductions", "severity", "is_veto"),
    )

    def __init__(self, *args: Any, earlier: Sequence[ItemSpec], **kwargs: Any) -> None:
        """`earlier` are the questions it may depend on."""
        super().__init__(*args, **kwargs)
        self.fields["condition"].choices = conditions(earlier)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What was left empty is as a question has it by itself."""
        data = self.cleaned_data
        code, _equals, value = data.pop("condition", "").partition("=")
        for name in ("weight", "points"):
            data[name] = Decimal(1) if data.get(name) is None else data[name]
        data["severity"] = data.get("severity") or ItemSeverity.MINOR.value
        return data | {"condition_code": code, "condition_value": value}


class EditItem(VersionForm):
    """Add a question, or change the one at a position."""

    title = _("Question")
    form_class = ItemForm

    @cached_property
    def specs(self) -> list[ItemSpec]:
        """The questions now."""
        return specs_of(self.version)

    @property
    def place(self) -> int:
        """The position, one past the end for a new one."""
        return self.kwargs.get("place") or len(self.specs) + 1

    def initial(self) -> dict[str, Any]:
        """The question as it is; a new one goes on in the section of the last."""
        if "place" not in self.kwargs:
            last = self.specs[-1:]
            return {"section": last[0].section, "section_en": last[0].section_en} if last else {}
        spec = at(self.specs, self.place)
        asked = {name: getattr(spec, name) for name in (*ASKED, "options", "deductions")}
        return asked | {"condition": f"{spec.condition_code}={spec.condition_value}" if spec.condition_code else ""}

    def form_arguments(self) -> dict[str, Any]:
        """What stands further up."""
        return {"earlier": self.specs[: self.place - 1]}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Write all of them with this one."""
        specs = list(self.specs)
        before = specs[self.place - 1] if self.place <= len(specs) else None
        made = ItemSpec(**data, clause_id=before.clause_id if before else None)
        specs[self.place - 1 : self.place] = [made]
        try:
            actions.change_items(self.version, specs, by=self.user)
        except Invalid as error:
            prefix = f"items.{self.place}."
            raise Invalid(
                str(error), fields={one.field.removeprefix(prefix): one.message for one in error.fields}
            ) from error
        return self.done(_("Saved."), to=self.back())


def at(specs: list[ItemSpec], place: int) -> ItemSpec:
    """The question at a position from 1; raises Missing."""
    if not 1 <= place <= len(specs):
        raise Missing(_("There is no such question."))
    return specs[place - 1]


@require_POST
def move(request: HttpRequest, pk: int, place: int, way: str) -> HttpResponse:
    """A question goes up or down, or away."""
    version = version_for(request, pk)
    specs = specs_of(version)
    spec = at(specs, place)
    specs.remove(spec)
    if way != "remove":
        specs.insert(max(place - 2, 0) if way == "up" else place, spec)
    said = _("The question was removed.") if way == "remove" else _("The question was moved.")
    return act(
        request, lambda: actions.change_items(version, specs, by=user_of(request)), said=said, to=version_url(version)
    )
