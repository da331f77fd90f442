"""Sheets of stickers: choose places or devices and a layout, get a PDF (spec 01)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from wuyou.domains.assets.policies import VIEW_ASSETS
from wuyou.domains.assets.queries import assets_visible_to, categories
from wuyou.domains.org.models import Project
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import has_permission
from wuyou.domains.registry import actions, policies, queries
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.faces.console.offering import offer
from wuyou.ui.forms import field_errors
from wuyou.ui.visitor import user_of

from .looking import place_tabs, project_in_view
from .place_pages import nothing_chosen

LAYOUTS = (("3x8", gettext_lazy("3 × 8 small (70 × 37 mm)")), ("2x5", gettext_lazy("2 × 5 large (99 × 57 mm)")))
LEVELS = (PlaceLevel.BUILDING, PlaceLevel.UNIT)


class LabelForm(forms.Form):
    """What gets stickers and how large they are."""

    what = forms.ChoiceField(label=gettext_lazy("Stickers for"))
    near = forms.CharField(
        label=gettext_lazy("Only where the name or code has"), max_length=40, required=False,
        help_text=gettext_lazy("For example 12号楼"),
    )  # fmt: skip
    layout_of_sheet = forms.ChoiceField(
        label=gettext_lazy("Sheet (A4)"), choices=LAYOUTS, widget=forms.RadioSelect, initial="3x8"
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        """`choices` of what can be labelled in the project."""
        super().__init__(*args, **kwargs)
        offer(self, what=choices)


def choices_of(project: Project, user: Any) -> list[tuple[str, Any]]:
    """What can be labelled: levels, kinds of public spots, kinds of devices; each with its number."""
    counts = queries.level_counts(project)
    levels = [(f"level:{one.value}", f"{one.label} ({counts.get(one.value, 0)})") for one in LEVELS if one in counts]
    spots = [(f"spot:{name}", f"{name} ({count})") for name, count in queries.category_counts(project).items()]
    groups = [(_("Public places"), spots), (_("Levels"), levels)]
    if has_permission(user, VIEW_ASSETS, project.node):
        groups.append((_("Equipment"), [(f"asset:{name}", f"{name} ({n})") for name, n in categories(project).items()]))
    return [(title, rows) for title, rows in groups if rows]


def items_of(project: Project, user: Any, what: str, near: str) -> list[tuple[str, int]]:
    """The places or devices chosen, as the printing action wants them."""
    kind, _sep, name = what.partition(":")
    if kind == "asset":
        rows = assets_visible_to(user).filter(project=project, category=name).exclude(state="scrapped")
        found = (rows.filter(name__icontains=near) | rows.filter(code__icontains=near)) if near else rows
        return [("asset", pk) for pk in found.order_by("code").values_list("pk", flat=True)]
    places = queries.places_visible_to(user).filter(project=project, closed_on__isnull=True)
    places = places.filter(level=name) if kind == "level" else places.filter(category=name)
    chosen = (places.filter(name__icontains=near) | places.filter(code__icontains=near)) if near else places
    return [("place", pk) for pk in chosen.values_list("pk", flat=True)]


class LabelPage(View):
    """Choose and print; one place or device can be given in the address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        project = project_in_view(request, policies.PRINT_LABELS)
        if project is None:
            require(user_of(request), policies.PRINT_LABELS)
            return nothing_chosen(request, "labels")
        return self.show(project, LabelForm(choices=choices_of(project, user_of(request))))

    def post(self, request: HttpRequest) -> HttpResponse:
        """The PDF."""
        user = user_of(request)
        project = project_in_view(request, policies.PRINT_LABELS)
        if project is None:
            return nothing_chosen(request, "labels")
        form = LabelForm(request.POST, choices=choices_of(project, user))
        if form.is_valid():
            data = form.cleaned_data
            items = items_of(project, user, data["what"], data["near"].strip())
            with field_errors(form) as outcome:
                outcome.result = actions.print_labels(project, items=items, layout=data["layout_of_sheet"], by=user)
            if outcome.ok:
                return pdf_response(outcome.result, _("Code labels"))
        return self.show(project, form, status=422)

    def show(self, project: Project, form: LabelForm, *, status: int = 200) -> HttpResponse:
        """Render the page."""
        context = {"form": form, "project": project, "tabs": place_tabs("labels")}
        return render(self.request, "console/registry/labels.html", context, status=status)


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """A PDF to look at and print."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{name}.pdf") or "inline"
    return response


def one_label(request: HttpRequest, kind: str, pk: int, project: Project) -> HttpResponse:
    """The sticker of a single place or device, large."""
    pdf = actions.print_labels(project, items=[(kind, pk)], layout="2x5", by=user_of(request))
    return pdf_response(pdf, _("Code label"))
