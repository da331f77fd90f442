"""The questions of a draft, one at a time (spec 05)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from wuyou.domains.sheets import actions
from wuyou.domains.sheets.choices import AnswerType
from wuyou.domains.sheets.queries import specs_of
from wuyou.domains.sheets.rules.items import ItemSpec, Option
from wuyou.faces.console.acting import act
from wuyou.kernel.errors import Invalid, Missing
from wuyou.ui.forms import Section
from wuyou.ui.visitor import user_of

from .sheets import VersionForm, version_for, version_url

ASKED = (
    "code", "section", "text_zh", "text_en", "answer_type", "unit", "low", "high", "is_required", "is_increasing",
    "photo_on_failure",
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


class ItemForm(forms.Form):
    """A question."""

    text_zh = forms.CharField(label=_("Question"), max_length=200)
    text_en = forms.CharField(label=_("Question (English)"), max_length=200, required=False)
    code = forms.CharField(label=_("Code"), max_length=40)
    section = forms.CharField(label=_("Section"), max_length=60, required=False)
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
    layout = (
        Section(_("Question"), "text_zh", "text_en", ("code", "section")),
        Section(_("Answer"), ("answer_type", "unit"), ("low", "high"), "options"),
        Section("", "is_required", "is_increasing", "photo_on_failure"),
    )


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
        """The question as it is."""
        if "place" not in self.kwargs:
            return {}
        spec = at(self.specs, self.place)
        return {name: getattr(spec, name) for name in (*ASKED, "options")}

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
