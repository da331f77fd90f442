"""Plain Django forms in the product's look, and pages that fill one in and call one action."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views import View

from wuyou.domains.org.models import User
from wuyou.kernel.errors import Invalid, WuyouError

from .addresses import own
from .visitor import user_of

UNPROCESSABLE = 422


class Renderer(TemplatesSetting):
    """Renders every form and field with the product's templates (settings: FORM_RENDERER)."""

    form_template_name = "ui/form/form.html"
    field_template_name = "ui/form/field.html"


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a form; a row is a field's name or several names side by side."""

    title: object
    rows: Sequence[str | tuple[str, ...]]

    def __init__(self, title: object, *rows: str | tuple[str, ...]) -> None:
        """`Section(_("Basics"), "name", ("building", "floor"))`."""
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "rows", rows)


@dataclass(slots=True)
class Outcome:
    """What became of the action called inside `field_errors`."""

    ok: bool = True
    error: WuyouError | None = None
    result: Any = None
    fields: list[str] = field(default_factory=list)


def add_errors(form: forms.BaseForm, error: WuyouError) -> None:
    """Put a kernel error where it belongs: on the fields it names, else above the form."""
    if not isinstance(error, Invalid) or not error.fields:
        form.add_error(None, str(error))
        return
    for wrong in error.fields:
        name = wrong.field.strip("/").split("/")[0]
        form.add_error(name if name in form.fields else None, str(wrong.message))


@contextmanager
def field_errors(form: forms.BaseForm) -> Iterator[Outcome]:
    """Call an action; a kernel error lands on the form and `outcome.ok` is False.

    Denied and Missing pass through: nothing the person types can mend them.
    """
    outcome = Outcome()
    try:
        yield outcome
    except WuyouError as error:
        if error.status in {403, 404}:
            raise
        add_errors(form, error)
        outcome.ok, outcome.error = False, error


def layout_of(form: forms.BaseForm) -> list[tuple[object, list[list[Any]]]]:
    """The form's fields by section and row; fields the layout forgets come last."""
    layout: Sequence[Section] = getattr(form, "layout", ())
    placed: set[str] = set()
    parts: list[tuple[object, list[list[Any]]]] = []
    for section in layout:
        rows = [[row] if isinstance(row, str) else list(row) for row in section.rows]
        placed.update(name for row in rows for name in row)
        parts.append((section.title, [[form[name] for name in row] for row in rows]))
    rest = [[bound] for bound in form.visible_fields() if bound.name not in placed]
    return [*parts, ("", rest)] if rest else parts


class FormPage(View):
    """One form, one action. Full page, drawer and dialog alike; invalid input answers 422 with what was typed.

    A face sets `title`, `form_class`, `submit` and writes `act(data)`: call the action, return `self.done(…)`.
    """

    title: object = ""
    form_class: type[forms.BaseForm]
    submit: object = _("Save")
    template_name = "ui/form_page.html"
    draft = ""
    intro: object = ""
    is_touch: ClassVar[bool] = False

    @property
    def user(self) -> User:
        """Who is asking."""
        return user_of(self.request)

    def allowed(self) -> None:
        """Raise Denied when the person may not open the form at all."""

    def initial(self) -> Mapping[str, Any]:
        """Values to start from."""
        return {}

    def form_arguments(self) -> dict[str, Any]:
        """More keyword arguments for the form."""
        return {}

    def back(self) -> str:
        """Where cancelling leads."""
        return own(self.request, self.request.GET.get("back", "/"))

    def context(self) -> dict[str, Any]:
        """More values for the template."""
        return {}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Call the action with the cleaned values."""
        raise NotImplementedError

    def done(self, message: object, *, to: str) -> HttpResponse:
        """Say what was done and go there."""
        messages.success(self.request, str(message))
        return redirect(to)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask `allowed` before anything else."""
        self.allowed()
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[assignment]
        return response

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """The form to fill in."""
        return self.show(self.form_class(initial=dict(self.initial()), **self.form_arguments()))

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Check, act, and show the form again when something is wrong."""
        form = self.form_class(request.POST, request.FILES, initial=dict(self.initial()), **self.form_arguments())
        if form.is_valid():
            with field_errors(form) as outcome:
                outcome.result = self.act(form.cleaned_data)
            if outcome.ok:
                return outcome.result
        return self.show(form, status=UNPROCESSABLE)

    def show(self, form: forms.BaseForm, *, status: int = 200) -> HttpResponse:
        """Render the page."""
        context = {
            "form": form,
            "title": self.title,
            "submit": self.submit,
            "draft": self.draft,
            "intro": self.intro,
            "cancel": self.back(),
            "touch": self.is_touch,
        }
        return render(self.request, self.template_name, context | self.context(), status=status)
