"""Forms for what a month is appraised by: events, vetoes, scores by hand, surveys, panels, sheets (spec 06)."""

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.appraisal import policies
from wuyou.domains.appraisal.actions.panels import Candidate, close_panel, draw_panel, plan_panel, rate
from wuyou.domains.appraisal.actions.sources import (
    Counted,
    Origin,
    attach_proof,
    enter_event,
    enter_score,
    enter_survey,
    enter_veto,
    void_event,
    void_veto,
)
from wuyou.domains.appraisal.choices import SourceKind
from wuyou.domains.appraisal.models import DeductionEvent, Panel, Period, VetoRecord
from wuyou.domains.appraisal.queries.periods import events_visible_to, panels_visible_to, vetoes_visible_to
from wuyou.domains.appraisal.queries.schemes import value_of
from wuyou.domains.appraisal.rules.scheme import Scheme
from wuyou.faces.console.acting import act
from wuyou.faces.console.offering import offer
from wuyou.kernel import clock
from wuyou.kernel.draws.queries import record_of
from wuyou.kernel.errors import Missing
from wuyou.ui.forms import FormPage
from wuyou.ui.visitor import user_of

from .looks import ORIGINS, PANEL_TONES, period_url, said
from .month import period_of

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
AREA = forms.Textarea(attrs={"rows": 2})


class OfMonth(FormPage):
    """A form about a month that is open."""

    @cached_property
    def period(self) -> Period:
        """The month."""
        return period_of(self.request, self.kwargs["pk"])

    @property
    def scheme(self) -> Scheme:
        """Its scheme."""
        return value_of(self.period.version)

    def allowed(self) -> None:
        """Only who enters sources here."""
        policies.check_enter(self.user, self.period.enrolment)

    def back(self) -> str:
        """To the month."""
        return period_url(self.period)

    def day(self) -> dt.date:
        """A day of the month to start from: today, or its last day."""
        return min(clock.today(), self.period.next_month - dt.timedelta(days=1))

    def parts(self, kind: SourceKind) -> list[tuple[str, str]]:
        """Components of a source to choose from."""
        return [(part.key, said(part.name)) for part in self.scheme.components() if part.source.kind == kind]


class EventForm(forms.Form):
    """What happened, how often, from where."""

    line = forms.ChoiceField(label=_("Item"))
    origin = forms.ChoiceField(label=_("Origin"), required=False)
    quantity = forms.DecimalField(label=_("Number of events"), max_digits=8, decimal_places=2, initial=1)
    day = forms.DateField(label=_("Day"), widget=DATE)
    text = forms.CharField(label=_("What happened"), max_length=300, widget=AREA)

    def __init__(self, *args: Any, lines: list[Any], origins: list[Any], **kwargs: Any) -> None:
        """Offer the lines of the scheme's tables and the origins they know."""
        super().__init__(*args, **kwargs)
        offer(self, line=lines, origin=origins)


class NewEvent(OfMonth):
    """Enter an event of the table."""

    title = _("Enter an event")
    form_class = EventForm
    submit = _("Enter")

    def form_arguments(self) -> dict[str, Any]:
        """Lines as `component:item`."""
        parts = [(part, self.scheme.table(part.table)) for part in self.scheme.components() if part.table]
        lines = [
            (
                f"{part.key}:{line.item}",
                f"{said(line.name)} · {said(line.event)} ({'+' if line.is_bonus else '−'}{line.points:f})",
            )
            for part, table in parts
            for line in table.lines
        ]
        factors = {origin for _part, table in parts for origin in table.factors}
        named = [(code, f"{ORIGINS.get(code, code)}") for code in sorted(factors)]
        return {"lines": lines, "origins": [("", _("Ordinary")), *named]}

    def initial(self) -> dict[str, Any]:
        """A day of the month."""
        return {"day": self.day()}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Enter it."""
        component, _colon, item = data["line"].partition(":")
        enter_event(
            self.period.enrolment, component=component, item=item, day=data["day"], text=data["text"],
            quantity=data["quantity"], origin=Origin(data["origin"]), by=self.user,
        )  # fmt: skip
        return self.done(_("Entered. Compute the month to see what it does."), to=self.back())


class VetoForm(forms.Form):
    """What a veto looks at."""

    rule = forms.ChoiceField(label=_("Veto"))
    day = forms.DateField(label=_("Day"), widget=DATE)
    text = forms.CharField(label=_("What happened"), max_length=300, widget=AREA)
    loss = forms.DecimalField(label=_("Loss (yuan)"), max_digits=12, decimal_places=2, required=False, min_value=0)
    injured = forms.IntegerField(label=_("People injured"), required=False, min_value=0)
    document = forms.CharField(label=_("Document"), max_length=120, required=False)

    def __init__(self, *args: Any, rules: list[Any], **kwargs: Any) -> None:
        """Offer the vetoes of the scheme."""
        super().__init__(*args, **kwargs)
        offer(self, rule=rules)


class NewVeto(OfMonth):
    """Record a veto with its facts."""

    title = _("Record a veto")
    form_class = VetoForm
    submit = _("Record")

    def form_arguments(self) -> dict[str, Any]:
        """Vetoes that are recorded by hand."""
        return {"rules": [(rule.key, said(rule.name)) for rule in self.scheme.vetoes if not rule.is_figure]}

    def initial(self) -> dict[str, Any]:
        """A day of the month."""
        return {"day": self.day()}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Record it with the facts its tests ask for."""
        asked = {test.fact for rule in self.scheme.vetoes if rule.key == data["rule"] for test in rule.tests}
        facts: dict[str, Decimal] = {}
        if "loss_fen" in asked and data["loss"] is not None:
            facts["loss_fen"] = data["loss"] * 100
        if "injured" in asked and data["injured"] is not None:
            facts["injured"] = Decimal(data["injured"])
        enter_veto(
            self.period.enrolment, rule=data["rule"], day=data["day"], text=data["text"], facts=facts,
            document=data["document"], by=self.user,
        )  # fmt: skip
        return self.done(_("Recorded. Compute the month to see what it does."), to=self.back())


class ScoreForm(forms.Form):
    """A score by hand."""

    component = forms.ChoiceField(label=_("Part of the scheme"))
    value = forms.DecimalField(label=_("Points"), max_digits=5, decimal_places=2, min_value=0, max_value=120)
    reason = forms.CharField(label=_("What it rests on"), max_length=300, widget=AREA)
    photo = forms.FileField(label=_("Photo"), required=False)

    def __init__(self, *args: Any, parts: list[Any], **kwargs: Any) -> None:
        """Offer the parts scored by hand."""
        super().__init__(*args, **kwargs)
        offer(self, component=parts)


class NewScore(OfMonth):
    """Enter a score by hand."""

    title = _("Enter a score")
    form_class = ScoreForm
    submit = _("Enter")

    def form_arguments(self) -> dict[str, Any]:
        """Parts of the source."""
        return {"parts": self.parts(SourceKind.MANUAL)}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Enter it."""
        photo = data.pop("photo", None)
        row = enter_score(self.period.enrolment, month=self.period.month, by=self.user, **data)
        if photo:
            attach_proof(row, upload=photo, by=self.user)
        return self.done(_("Entered. Compute the month to see what it does."), to=self.back())


class SurveyForm(forms.Form):
    """What a survey counted."""

    component = forms.ChoiceField(label=_("Part of the scheme"))
    text = forms.CharField(label=_("Which survey"), max_length=120)
    satisfied = forms.IntegerField(label=_("Satisfied"), min_value=0)
    dissatisfied = forms.IntegerField(label=_("Dissatisfied"), min_value=0, initial=0)
    answered = forms.IntegerField(label=_("Answers"), min_value=0)

    def __init__(self, *args: Any, parts: list[Any], **kwargs: Any) -> None:
        """Offer the parts read from surveys."""
        super().__init__(*args, **kwargs)
        offer(self, component=parts)


class NewSurvey(OfMonth):
    """Enter a survey."""

    title = _("Enter a survey")
    form_class = SurveyForm
    submit = _("Enter")

    def form_arguments(self) -> dict[str, Any]:
        """Parts of the source."""
        return {"parts": self.parts(SourceKind.SURVEY)}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Enter it."""
        counted = Counted(data["satisfied"], data["answered"], data["dissatisfied"])
        enter_survey(
            self.period.enrolment, component=data["component"], month=self.period.month, counted=counted,
            text=data["text"], by=self.user,
        )  # fmt: skip
        return self.done(_("Entered. Compute the month to see what it does."), to=self.back())


class VoidForm(forms.Form):
    """Why it counts no more."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=AREA)


class VoidEvent(FormPage):
    """Let an event count no more."""

    title = _("Declare the event void")
    form_class = VoidForm
    submit = _("Declare void")

    @cached_property
    def row(self) -> DeductionEvent:
        """The event."""
        return get_object_or_404(events_visible_to(self.user), pk=self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who enters sources here."""
        policies.check_enter(self.user, self.row.enrolment)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Void it."""
        void_event(self.row, reason=data["reason"], by=self.user)
        return self.done(_("It counts no more."), to=self.back())


class VoidVeto(FormPage):
    """Let a veto count no more."""

    title = _("Declare the veto void")
    form_class = VoidForm
    submit = _("Declare void")

    @cached_property
    def row(self) -> VetoRecord:
        """The veto."""
        return get_object_or_404(vetoes_visible_to(self.user), pk=self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who enters sources here."""
        policies.check_enter(self.user, self.row.enrolment)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Void it."""
        void_veto(self.row, reason=data["reason"], by=self.user)
        return self.done(_("It counts no more."), to=self.back())


# --- panels


class PanelForm(forms.Form):
    """Who may be drawn, until when they rate."""

    component = forms.ChoiceField(label=_("Part of the scheme"))
    due_on = forms.DateField(label=_("Rating due"), widget=DATE)
    frame = forms.CharField(
        label=_("Who may be drawn"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One person a line: group, number, name (may be left out)."),
    )

    def __init__(self, *args: Any, parts: list[Any], **kwargs: Any) -> None:
        """Offer the panels of the scheme."""
        super().__init__(*args, **kwargs)
        offer(self, component=parts)

    def clean_frame(self) -> list[Candidate]:
        """Lines as people."""
        found = []
        for number, line in enumerate(csv.reader(io.StringIO(self.cleaned_data["frame"])), start=1):
            cells = [cell.strip() for cell in line]
            if not any(cells):
                continue
            if len(cells) < 2:
                raise forms.ValidationError(
                    _now("Line %(number)s: a group and a number are needed.") % {"number": number}
                )
            found.append(Candidate(cells[0], cells[1], cells[2] if len(cells) > 2 else ""))
        return found


class NewPanel(OfMonth):
    """Plan a panel: fix who may be drawn and commit to a seed."""

    title = _("Plan a panel")
    form_class = PanelForm
    submit = _("Commit to the draw")

    def form_arguments(self) -> dict[str, Any]:
        """Panels of the scheme, with how many of each group."""
        parts = []
        for part in self.scheme.components():
            if part.source.kind == SourceKind.PANEL:
                groups = ", ".join(f"{name} {count}" for name, count in part.source.groups.items())
                parts.append((part.key, f"{said(part.name)} ({groups})"))
        return {"parts": parts}

    def initial(self) -> dict[str, Any]:
        """Due by the month's last day."""
        return {"due_on": self.period.next_month - dt.timedelta(days=1)}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Plan it."""
        panel = plan_panel(self.period.enrolment, month=self.period.month, by=self.user, **data)
        return self.done(_("Committed. Draw when everybody has seen the commitment."), to=panel_url(panel))


def panel_url(panel: Panel) -> str:
    """A panel's page."""
    return reverse("console:appraisal:panel", args=[panel.pk])


def panel_of(request: HttpRequest, pk: int) -> Panel:
    """A panel the person enters for; 404 for any other."""
    found: Panel = get_object_or_404(panels_visible_to(user_of(request)), pk=pk)
    return found


def panel_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel: its draw, who was drawn, whose sheet is in."""
    panel = panel_of(request, pk)
    members = list(panel.members.all())
    period = panel.enrolment.periods.filter(month=panel.month).first()
    context = {
        "panel": panel,
        "tone": PANEL_TONES[panel.state],
        "members": members,
        "returned": sum(one.points is not None for one in members),
        "back": period_url(period) if period else reverse("console:appraisal:months"),
    }
    return render(request, "console/appraisal/panel.html", context)


@require_GET
def panel_record(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of the draw, for `wuyou draw verify`."""
    panel = panel_of(request, pk)
    if panel.draw is None:
        raise Missing(_("There is no such draw."))
    answer = JsonResponse(record_of(panel.draw), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="panel-{panel.pk}.json"'
    return answer


@require_POST
def panel_draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw a panel."""
    panel = panel_of(request, pk)
    words = _("The panel was drawn; its seed is published.")
    return act(request, lambda: draw_panel(panel, by=user_of(request)), said=words, to=panel_url(panel))


@require_POST
def panel_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a panel."""
    panel = panel_of(request, pk)
    words = _("The panel is closed.")
    return act(request, lambda: close_panel(panel, by=user_of(request)), said=words, to=panel_url(panel))


class SheetForm(forms.Form):
    """One person's sheet."""

    points = forms.DecimalField(label=_("Points"), max_digits=5, decimal_places=2, min_value=0, max_value=100)
    is_dissatisfied = forms.BooleanField(label=_("Dissatisfied on the whole"), required=False)


class Sheet(FormPage):
    """Enter the sheet of one person."""

    title = _("Enter a sheet")
    form_class = SheetForm
    submit = _("Enter")

    @cached_property
    def panel(self) -> Panel:
        """The panel."""
        return panel_of(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who enters sources here."""
        policies.check_enter(self.user, self.panel.enrolment)

    def back(self) -> str:
        """To the panel."""
        return panel_url(self.panel)

    def context(self) -> dict[str, Any]:
        """Whose."""
        return {"intro": f"{self.member.group} {self.member.code} {self.member.label}"}

    @cached_property
    def member(self) -> Any:
        """Whose sheet it is."""
        return get_object_or_404(
            self.panel.members.select_related("panel__enrolment__project__node"), pk=self.kwargs["row"]
        )

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Enter it."""
        rate(self.member, by=self.user, **data)
        return self.done(_("The sheet was entered."), to=self.back())
