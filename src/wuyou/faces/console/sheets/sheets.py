"""Check sheets: the library, a version with its questions, its way (spec 05)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org.models import Node
from wuyou.domains.org.policies import may, require
from wuyou.domains.org.queries import has_permission, nodes_visible_to
from wuyou.domains.sheets import actions
from wuyou.domains.sheets.choices import AnswerType, Scoring, SheetPurpose, SheetState
from wuyou.domains.sheets.models import Item, SheetVersion
from wuyou.domains.sheets.policies import EDIT_SHEETS, VIEW_SHEETS, check_edit
from wuyou.domains.sheets.queries import items_of, latest_version, sheet_versions_visible_to, sheets_visible_to, spec_of
from wuyou.domains.sheets.rules.items import SCORED
from wuyou.domains.work.tables import activities, activity_label
from wuyou.faces.console.acting import act
from wuyou.faces.console.work.forms import PASS_FAIL
from wuyou.faces.console.work.looks import said
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.lists import Button, Column, Empty, ListPage, Preset, cells
from wuyou.ui.lists.filters import ManyFilter
from wuyou.ui.visitor import user_of

STATE_TONES = {SheetState.DRAFT: "accent", SheetState.ISSUED: "ok", SheetState.WITHDRAWN: "muted"}


def version_for(request: HttpRequest, pk: int) -> SheetVersion:
    """A version the person may read; 404 for any other."""
    return get_object_or_404(sheet_versions_visible_to(user_of(request)), pk=pk)


def version_url(version: SheetVersion) -> str:
    """A version's page."""
    return reverse("console:sheets:version", args=[version.pk])


def sheet_name(version: SheetVersion) -> str:
    """What the sheet is called."""
    return said(version.sheet.name_zh, version.sheet.name_en)


class SheetFilter(django_filters.FilterSet):
    """Versions by state."""

    state = ManyFilter(label=_("State"), choices=SheetState.choices)
    purpose = ManyFilter(label=_("Purpose"), field_name="sheet__purpose", choices=SheetPurpose.choices)


class SheetList(ListPage):
    """Every version of every sheet one may read."""

    code = "sheets.versions"
    title = _("Check sheets")
    sub = _("What is asked while doing a task or inspecting. Each keeps the version it was begun with.")
    icon = "clipboard-list"
    filters = SheetFilter
    columns = (
        Column("name", _("Check sheet"), sheet_name, link=version_url, sort="sheet__name_zh", always=True),
        Column(
            "activity",
            _("Tasks it is for"),
            lambda v: activity_label(v.sheet.activity) if v.sheet.activity else "",
            sort="sheet__activity",
        ),
        Column("purpose", _("Purpose"), lambda v: v.sheet.get_purpose_display(), sort="sheet__purpose"),
        Column("number", _("Version"), lambda v: v.number, numeric=True, sort="number"),
        Column(
            "state",
            _("State"),
            lambda v: v.get_state_display(),
            cell=lambda v, value: cells.badge(value, STATE_TONES[SheetState(v.state)]),
            sort="state",
        ),
        Column("items", _("Questions"), lambda v: v.items_count, cell=cells.number, numeric=True),
        Column("issued", _("Issued on"), lambda v: v.issued_on, cell=cells.day, sort="issued_on"),
        Column("owner", _("Belongs to"), lambda v: v.sheet.node.name if v.sheet.node else _now("Shipped")),
    )
    presets = (
        Preset("all", _("All"), ""),
        Preset("drafts", _("Being written"), "state=draft"),
        Preset("issued", _("Issued"), "state=issued"),
        Preset("inspections", _("For inspections"), "purpose=inspection&state=issued"),
    )

    def allowed(self) -> None:
        """Whoever may read sheets somewhere."""
        require(self.user, VIEW_SHEETS)

    def rows(self) -> QuerySet[SheetVersion]:
        """Versions with the number of their questions."""
        return sheet_versions_visible_to(self.user).annotate(items_count=Count("items"))

    def search(self, rows: QuerySet[SheetVersion], text: str) -> QuerySet[SheetVersion]:
        """By name, code or activity."""
        named = Q(sheet__name_zh__icontains=text) | Q(sheet__name_en__icontains=text)
        return rows.filter(named | Q(sheet__code__icontains=text) | Q(sheet__activity__icontains=text))

    def header_actions(self) -> list[Button]:
        """A new one."""
        if not has_permission(self.user, EDIT_SHEETS):
            return []
        return [Button(_("New sheet"), reverse("console:sheets:new"), icon="plus", tone="primary", drawer=True)]

    def empty(self) -> Empty:
        """Shipped ones come with the installation."""
        return Empty(
            _now("No sheet yet"),
            _now("The shipped sheets are loaded when the product is set up."),
            icon="clipboard-list",
        )


@require_GET
def version_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions of a version."""
    version = version_for(request, pk)
    can = may(check_edit, user_of(request), version.sheet)
    context = {
        "version": version,
        "title": f"{sheet_name(version)} v{version.number}",
        "state": version.get_state_display(),
        "tone": STATE_TONES[SheetState(version.state)],
        "activity": activity_label(version.sheet.activity) if version.sheet.activity else "",
        "scoring": version.get_scoring_display(),
        "sections": sections(items_of(version), scoring=version.scoring),
        "can_edit": can and version.state == SheetState.DRAFT,
        "can_issue": can and version.state == SheetState.DRAFT,
        "can_go_on": can and version.state != SheetState.DRAFT,
        "can_withdraw": can and version.state == SheetState.ISSUED,
        "others": [
            row
            for row in sheet_versions_visible_to(user_of(request)).filter(sheet=version.sheet_id)
            if row.pk != version.pk
        ],
        "back": reverse("console:sheets:list"),
    }
    return render(request, "console/sheets/version.html", context)


def sections(items: list[Item], *, scoring: str = Scoring.NONE) -> list[tuple[str, list[dict[str, Any]]]]:
    """Questions by section, in their order."""
    found: dict[str, list[dict[str, Any]]] = {}
    by_code = {item.code: item for item in items}
    for item in items:
        line = {
            "item": item,
            "text": said(item.text_zh, item.text_en),
            "options": "、".join(said(one["zh"], one.get("en", "")) for one in item.options),
            "low": plain(item.low),
            "high": plain(item.high),
            "passes": passes(item),
            "deductions": deductions(item),
            "condition": condition(item, by_code),
            "counts": counts(item, scoring),
        }
        found.setdefault(said(item.section, item.section_en), []).append(line)
    return list(found.items())


def plain(number: Decimal | None) -> str:
    """A number without trailing zeros; empty for none."""
    return "" if number is None else f"{number.normalize():f}"


def passes(item: Item) -> str:
    """When an item passes, where a number decides."""
    if item.answer_type == AnswerType.MEASURE:
        bounds = {"low": plain(item.tolerance_low) or "…", "high": plain(item.tolerance_high) or "…", "unit": item.unit}
        return _now("passes from %(low)s to %(high)s %(unit)s") % bounds
    if item.answer_type == AnswerType.COUNT:
        return _now("at most %(limit)s %(unit)s") % {"limit": item.limit, "unit": item.unit}
    if item.answer_type == AnswerType.GRADE:
        return _now("passes from %(grade)s") % {"grade": spec_of(item).lowest_grade}
    return ""


def deductions(item: Item) -> str:
    """What is taken off for which reason."""
    return "、".join(f"{said(one['zh'], one.get('en', ''))} −{one['points']}" for one in item.deductions)


def condition(item: Item, by_code: Mapping[str, Item]) -> str:
    """When it is asked at all."""
    on = by_code.get(item.condition_code)
    if on is None:
        return ""
    words = {code: str(label) for code, label in PASS_FAIL}
    words |= {one["code"]: said(one["zh"], one.get("en", "")) for one in on.options}
    told = {"question": said(on.text_zh, on.text_en), "answer": words.get(item.condition_value, item.condition_value)}
    return _now("only if “%(question)s” was answered “%(answer)s”") % told


def counts(item: Item, scoring: str) -> str:
    """What it counts in the version's way of scoring."""
    if scoring == Scoring.NONE or item.answer_type not in SCORED:
        return ""
    if scoring == Scoring.WEIGHTED:
        return _now("weight %(weight)s") % {"weight": plain(item.weight)}
    return _now("%(points)s points") % {"points": plain(item.points)}


# --- writing


class SheetForm(forms.Form):
    """Names of a sheet and the tasks it is for."""

    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=80)
    name_en = forms.CharField(label=_("Name (English)"), max_length=80, required=False)
    activity = forms.ChoiceField(label=_("Tasks it is for"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Activities in the language active now."""
        super().__init__(*args, **kwargs)
        self.fields["activity"].choices = [("", "—"), *((code, row.label) for code, row in activities().items())]  # type: ignore[attr-defined]


class NewForm(SheetForm):
    """With its code and owner."""

    code = forms.CharField(label=_("Code"), max_length=60, help_text=_("Small letters, digits and dashes; it stays."))
    purpose = forms.ChoiceField(label=_("Purpose"), choices=SheetPurpose.choices, initial=SheetPurpose.TASK)
    node: Any = forms.ModelChoiceField(label=_("Belongs to"), queryset=None, empty_label=None)
    layout = (Section("", "name_zh", "name_en", ("code", "purpose"), ("activity", "node")),)

    def __init__(self, *args: Any, nodes: QuerySet[Node], **kwargs: Any) -> None:
        """Nodes that may own it."""
        super().__init__(*args, **kwargs)
        self.fields["node"].queryset = nodes  # type: ignore[attr-defined]
        self.fields["node"].label_from_instance = lambda node: node.name  # type: ignore[attr-defined]


class New(FormPage):
    """A company's own sheet."""

    title = _("New sheet")
    form_class = NewForm
    submit = _("Begin the draft")

    def allowed(self) -> None:
        """Only who writes sheets somewhere."""
        require(self.user, EDIT_SHEETS)

    def form_arguments(self) -> dict[str, Any]:
        """Possible owners."""
        return {"nodes": nodes_visible_to(self.user, EDIT_SHEETS).order_by("path")}

    def back(self) -> str:
        """To the list."""
        return reverse("console:sheets:list")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Begin it."""
        version = actions.create_sheet(by=self.user, **data)
        return self.done(_("The draft was begun: add its questions."), to=version_url(version))


class VersionForm(FormPage):
    """A form about a version."""

    @cached_property
    def version(self) -> SheetVersion:
        """The version."""
        return version_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who writes it."""
        check_edit(self.user, self.version.sheet)

    def back(self) -> str:
        """To the version."""
        return version_url(self.version)


class Rename(VersionForm):
    """Another name, or the checklist of other tasks."""

    title = _("Name and tasks")
    form_class = SheetForm

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.version.sheet, name) for name in ("name_zh", "name_en", "activity")}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change it."""
        actions.change_sheet(self.version.sheet, by=self.user, **data)
        return self.done(_("Saved."), to=self.back())


class ScoringForm(forms.Form):
    """How answers become a score."""

    scoring = forms.ChoiceField(label=_("Scoring"), choices=Scoring.choices, widget=forms.RadioSelect)
    doubles_repeats = forms.BooleanField(
        label=_("What failed before counts double"), required=False,
        help_text=_("The same clause at the same place within the months set for repeat findings."),
    )  # fmt: skip


class ChangeScoring(VersionForm):
    """How a draft is scored."""

    title = _("Scoring")
    form_class = ScoringForm
    intro = _("What does not apply is left out. A red line that is crossed makes the score 0.")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.version, name) for name in ("scoring", "doubles_repeats")}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change it."""
        actions.change_scoring(self.version, by=self.user, **data)
        return self.done(_("Saved."), to=self.back())


class WithdrawForm(forms.Form):
    """Why a version goes out of use."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class Withdraw(VersionForm):
    """Out of use."""

    title = _("Withdraw the version")
    form_class = WithdrawForm
    submit = _("Withdraw")
    intro = _("New tasks no longer ask it; tasks that were opened with it keep it.")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Withdraw it."""
        actions.withdraw(self.version, by=self.user, reason=data["reason"])
        return self.done(_("The version was withdrawn."), to=self.back())


@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on new tasks ask it."""
    version = version_for(request, pk)
    return act(
        request,
        lambda: actions.issue(version, by=user_of(request)),
        said=_("The sheet was issued."),
        to=version_url(version),
    )


@require_POST
def next_version(request: HttpRequest, pk: int) -> HttpResponse:
    """The next draft begins as a copy."""
    sheet = get_object_or_404(sheets_visible_to(user_of(request)), pk=pk)
    to = reverse("console:sheets:sheet_newest", args=[sheet.pk])
    return act(
        request,
        lambda: actions.new_version(sheet, by=user_of(request)),
        said=_("The next version is a draft now."),
        to=to,
    )


@require_GET
def newest(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest version of a sheet."""
    sheet = get_object_or_404(sheets_visible_to(user_of(request)), pk=pk)
    version = latest_version(sheet)
    return redirect(version_url(version) if version else reverse("console:sheets:list"))
