"""Target letters: the list, progress with the year's forecast, writing and following them (spec 06)."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.appraisal import policies
from wuyou.domains.appraisal.actions.targets import (
    KpiSpec,
    change_letter,
    draft_letter,
    enter_kpi,
    measure_kpis,
    move_letter,
)
from wuyou.domains.appraisal.choices import LetterState, YearMethod
from wuyou.domains.appraisal.flows import LETTER_FLOW, MANAGE_TARGETS
from wuyou.domains.appraisal.models import Kpi, TargetLetter
from wuyou.domains.appraisal.queries.periods import newest_month
from wuyou.domains.appraisal.queries.targets import Progress, letter_owners, letters_visible_to, points_of, progress_of
from wuyou.domains.appraisal.rules.operations import half_up
from wuyou.domains.org.policies import may, require
from wuyou.domains.org.queries import has_permission, projects_visible_to
from wuyou.faces.console.acting import act
from wuyou.faces.console.offering import offer
from wuyou.kernel import clock
from wuyou.kernel.explain import Node, to_json
from wuyou.kernel.journal.queries import entries_of
from wuyou.ui import scope
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.lists import Button, Column, Empty, ListPage, cells
from wuyou.ui.lists.filters import ManyFilter
from wuyou.ui.pictures import Chart, Limit, Series
from wuyou.ui.visitor import user_of

from .entering import DATE
from .looks import LETTER_TONES, STEP_TONES, history_entry, points_words, said, tree_rows

OUTLOOKS = {
    "met": (_("Target will be met"), "ok"), "missed": (_("Target will be missed"), "bad"),
    "open": (_("Not to be said yet"), "muted"),
}  # fmt: skip


class LetterFilter(django_filters.FilterSet):
    """Letters by state and year."""

    state = ManyFilter(label=_("State"), choices=LetterState.choices)
    year = django_filters.NumberFilter(label=_("Year"))


def letter_url(row: TargetLetter) -> str:
    """A letter's page."""
    return reverse("console:appraisal:letter", args=[row.pk])


class LetterList(ListPage):
    """Target letters."""

    code = "appraisal.letters"
    title = _("Target letters")
    icon = "flag"
    filters = LetterFilter
    columns = (
        Column("title", _("Letter"), lambda one: one.title, link=letter_url, sort="title", always=True),
        Column("year", _("Year"), lambda one: one.year, numeric=True, sort="year"),
        Column("owner", _("Who answers for it"), lambda one: str(one.owner)),
        Column("state", _("State"), lambda one: one.get_state_display(), sort="state",
               cell=lambda one, v: cells.badge(v, LETTER_TONES[one.state])),
        Column("project", _("Project"), lambda one: one.project.name, sort="project__name"),
    )  # fmt: skip

    def rows(self) -> QuerySet[TargetLetter]:
        """Visible ones of the project looked at."""
        return scope.of(self.request).narrow(letters_visible_to(self.user))

    def header_actions(self) -> list[Button]:
        """To write one."""
        if not has_permission(self.user, MANAGE_TARGETS):
            return []
        return [Button(_("New target letter"), reverse("console:appraisal:letter_new"), icon="plus", tone="primary")]

    def empty(self) -> Empty:
        """They are written yearly."""
        return Empty(_now("No target letters"), _now("Say what a project promises to reach this year."), icon="flag")


def letter_of(request: HttpRequest, pk: int) -> TargetLetter:
    """A visible letter, or 404."""
    found: TargetLetter = get_object_or_404(letters_visible_to(user_of(request)), pk=pk)
    return found


@require_GET
def letter_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter: points so far, each KPI with its months, target line and forecast."""
    letter, user = letter_of(request, pk), user_of(request)
    progress = progress_of(letter)
    until = min(clock.today().replace(day=1), dt.date(letter.year, 12, 1))
    node = points_of(letter, until=until)
    may_manage = may(policies.check_targets, user, letter.project)
    context = {
        "letter": letter,
        "tone": LETTER_TONES[letter.state],
        "points": _points(node),
        "tree": tree_rows(to_json(node)) if node else None,
        "kpis": [_kpi(one) for one in progress],
        "steps": [(one, STEP_TONES.get(one.tone, "plain")) for one in LETTER_FLOW.from_state(letter.state)]
        if may_manage
        else [],
        "may_manage": may_manage,
        "is_draft": letter.state == LetterState.DRAFT,
        "is_issued": letter.state == LetterState.ISSUED,
        "entries": [history_entry(row) for row in reversed(entries_of("appraisal_letter", letter.pk))],
    }
    return render(request, "console/appraisal/letter.html", context)


def _points(node: Node | None) -> str:
    """The letter's points to two places; empty for a draft."""
    if node is None:
        return ""
    return points_words(None if node.value is None else half_up(node.value, 2))


def _kpi(one: Progress) -> dict[str, Any]:
    label, tone = OUTLOOKS[one.outlook]
    ahead = one.forecast
    return {
        "row": one.kpi,
        "name": said(one.target.name),
        "value": _shown(one.value),
        "outlook": label if ahead else "",
        "outlook_tone": tone,
        "forecast": ahead,
        "method": said(ahead.method) if ahead else "",
        "months": [(f"{month:%m}", _shown(value)) for month, value in one.months.items()],
        "picture": _picture(one) if one.months else None,
    }


def _shown(value: Decimal | None) -> str:
    return "" if value is None else f"{round(value, 2).normalize():f}"


def _trimmed(number: Decimal) -> Decimal:
    """Without the zeros the column keeps."""
    return Decimal(f"{number.normalize():f}")


def _picture(one: Progress) -> Chart:
    """Months against the target, the forecast in December with its interval in the words above."""
    year = one.kpi.letter.year
    months = [dt.date(year, number, 1) for number in range(1, 13)]
    values = [one.months.get(month) for month in months]
    limits = [
        Limit(_now("Target"), _trimmed(one.target.target), "ok"),
        Limit(_now("Baseline value"), _trimmed(one.target.baseline), "muted"),
    ]
    if one.target.stretch is not None:
        limits.append(Limit(_now("Stretch"), _trimmed(one.target.stretch), "accent"))
    label, _tone = OUTLOOKS[one.outlook]
    title = f"{said(one.target.name)}: {label}" if one.forecast else said(one.target.name)
    labels = [str(number) for number in range(1, 13)]
    return Chart("line", title, labels, [Series(said(one.target.name), values)], unit=one.kpi.unit, limits=limits,
                 is_short=True)  # fmt: skip


# --- writing


class LetterForm(forms.Form):
    """A letter with its KPIs, one a line."""

    title = forms.CharField(label=_("Title"), max_length=120)
    kpis = forms.CharField(
        label=_("KPIs"),
        widget=forms.Textarea(attrs={"rows": 8, "class": "mono", "spellcheck": "false"}),
        help_text=_(
            "One a line, parts divided by |: code | name | unit | baseline | target | stretch | weight | "
            "mean, sum or last | figure (such as work.task_compliance) | owner. Weights add up to 100."
        ),
    )

    def clean_kpis(self) -> list[KpiSpec]:
        """Lines as KPIs."""
        lines = [line for line in self.cleaned_data["kpis"].splitlines() if line.strip()]
        return [_kpi_of(line, number) for number, line in enumerate(lines, start=1)]


PARTS = 10


def _kpi_of(line: str, number: int) -> KpiSpec:
    cells_of = [part.strip() for part in line.split("|")]
    cells_of += [""] * (PARTS - len(cells_of))
    key, name, unit, baseline, target, stretch, weight, method, metric, owner = cells_of[:PARTS]
    names = (_now("baseline"), _now("target"), _now("weight"))
    numbers = [_decimal(text, number, what) for text, what in zip((baseline, target, weight), names, strict=True)]
    return KpiSpec(
        key=key or f"kpi{number}", name_zh=name, unit=unit, baseline=numbers[0], target=numbers[1], weight=numbers[2],
        stretch=_decimal(stretch, number, _now("stretch")) if stretch else None, method=method or YearMethod.MEAN,
        metric=metric, owner=owner,
    )  # fmt: skip


def _decimal(text: str, number: int, what: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        words = _now("Line %(number)s: the %(what)s is no number.")
        raise forms.ValidationError(words % {"number": number, "what": what})
    return found


def line_of(row: Kpi) -> str:
    """A KPI as a line of the form."""
    stretch = "" if row.stretch is None else f"{row.stretch.normalize():f}"
    numbers = [f"{number.normalize():f}" for number in (row.baseline, row.target)]
    parts = [
        row.key,
        row.name_zh,
        row.unit,
        *numbers,
        stretch,
        f"{row.weight.normalize():f}",
        row.method,
        row.metric,
        row.owner,
    ]
    return " | ".join(parts)


class NewLetterForm(LetterForm):
    """With project, year and owner."""

    project: Any = forms.ModelChoiceField(label=_("Project"), queryset=None, empty_label=None)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    owner: Any = forms.ModelChoiceField(label=_("Who answers for it"), queryset=None, empty_label=None)
    layout = (Section("", "project", ("year", "owner"), "title"), Section(_("KPIs"), "kpis"))

    def __init__(self, *args: Any, projects: QuerySet[Any], owners: QuerySet[Any], **kwargs: Any) -> None:
        """Offer projects and people."""
        super().__init__(*args, **kwargs)
        offer(self, project=projects, owner=owners)


EXAMPLE = "compliance | 任务达成率 | % | 90 | 95 | 98 | 100 | mean | work.task_compliance | 项目经理"


class NewLetter(FormPage):
    """Write a letter."""

    title = _("New target letter")
    form_class = NewLetterForm
    submit = _("Keep the draft")

    def allowed(self) -> None:
        """Only who manages targets somewhere."""
        require(self.user, MANAGE_TARGETS)

    def form_arguments(self) -> dict[str, Any]:
        """Projects and who may own one: the people one manages, or oneself."""
        projects = projects_visible_to(self.user, MANAGE_TARGETS)
        return {"projects": projects, "owners": letter_owners(self.user)}

    def initial(self) -> dict[str, Any]:
        """This year, with one KPI to begin from."""
        return {
            "project": scope.of(self.request).project,
            "year": clock.today().year,
            "owner": self.user,
            "kpis": EXAMPLE,
        }

    def back(self) -> str:
        """To the list."""
        return reverse("console:appraisal:letters")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Keep it."""
        letter = draft_letter(
            data["project"],
            year=data["year"],
            title=data["title"],
            owner=data["owner"],
            kpis=data["kpis"],
            by=self.user,
        )
        return self.done(_("The draft was kept."), to=letter_url(letter))


class OfLetter(FormPage):
    """A form about a letter."""

    @cached_property
    def letter(self) -> TargetLetter:
        """The letter."""
        return letter_of(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who manages targets here."""
        policies.check_targets(self.user, self.letter.project)

    def back(self) -> str:
        """To the letter."""
        return letter_url(self.letter)


class ChangeLetter(OfLetter):
    """Write a draft anew."""

    title = _("Change the letter")
    form_class = LetterForm

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"title": self.letter.title, "kpis": "\n".join(line_of(row) for row in self.letter.kpis.all())}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Keep it."""
        change_letter(self.letter, title=data["title"], kpis=data["kpis"], by=self.user)
        return self.done(_("The draft was kept."), to=self.back())


class ValueForm(forms.Form):
    """A month's value of a KPI."""

    kpi: Any = forms.ModelChoiceField(label=_("KPI"), queryset=None, empty_label=None)
    month = forms.DateField(label=_("A day of the month"), widget=DATE)
    value = forms.DecimalField(label=_("Value"), max_digits=14, decimal_places=4)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, kpis: QuerySet[Kpi], **kwargs: Any) -> None:
        """KPIs of the letter."""
        super().__init__(*args, **kwargs)
        offer(self, kpi=kpis)


class EnterKpi(OfLetter):
    """Enter a month's value."""

    title = _("Enter a month")
    form_class = ValueForm
    submit = _("Enter")

    def form_arguments(self) -> dict[str, Any]:
        """KPIs of the letter."""
        return {"kpis": self.letter.kpis.select_related("letter__project__node")}

    def initial(self) -> dict[str, Any]:
        """The last whole month."""
        return {"month": newest_month()}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Enter it."""
        enter_kpi(data["kpi"], month=data["month"], value=data["value"], note=data["note"], by=self.user)
        return self.done(_("Entered."), to=self.back())


@require_POST
def letter_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Issue or close a letter."""
    letter = letter_of(request, pk)
    words = _("Done: %(step)s.") % {"step": LETTER_FLOW.transition(step).label}
    return act(request, lambda: move_letter(letter, step=step, by=user_of(request)), said=words, to=letter_url(letter))


@require_POST
def letter_measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the last whole month's values from the figures the KPIs name."""
    letter = letter_of(request, pk)
    what = lambda: measure_kpis(letter, month=newest_month(), by=user_of(request))  # noqa: E731 — called inside act
    return act(request, what, said=_("The figures of the last whole month were read."), to=letter_url(letter))
