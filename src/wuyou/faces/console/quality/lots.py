"""Series of lots by GB/T 2828.1: how strictly the next lot is inspected, its plan, its result (spec 05: Draws)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.policies import may, require
from wuyou.domains.org.queries import has_permission
from wuyou.domains.quality.actions import lots as actions
from wuyou.domains.quality.choices import CampaignState
from wuyou.domains.quality.models import Lot, Series
from wuyou.domains.quality.policies import campaigns as policies
from wuyou.domains.quality.policies.rights import MANAGE_CAMPAIGNS, VIEW_INSPECTIONS
from wuyou.domains.quality.queries.campaigns import planning_nodes, targets_visible_to
from wuyou.domains.quality.queries.draws import draws_about
from wuyou.domains.quality.queries.frames import SITE_FRAMES
from wuyou.domains.quality.queries.lots import lots_visible_to, open_lot_of, series_visible_to, standing
from wuyou.faces.console.offering import label_rows, offer
from wuyou.kernel.draws import gbt2828
from wuyou.kernel.draws.switching import SCORE_TO_REDUCE, Severity
from wuyou.kernel.errors import Missing
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.lists import Button, Column, Empty, ListPage, cells
from wuyou.ui.visitor import user_of

from .campaign import ReasonForm
from .campaign_looks import SEVERITY_TONES, series_url

MOST_LOTS = 60
SHARES = (Decimal("0.01"), Decimal("0.05"), Decimal("0.1"), Decimal("0.2"))


def severity_label(row: Series) -> str:
    """How strictly the next lot is inspected."""
    return str(dict(Severity.choices)[standing(row).severity])


class SeriesList(ListPage):
    """Series of lots."""

    code = "quality.series"
    title = _("Lot sampling")
    sub = _("GB/T 2828.1: the results of earlier lots say how strictly the next one is inspected.")
    icon = "packages"
    columns = (
        Column("name", _("Series"), lambda s: s.name, link=series_url, sort="name", always=True),
        Column("severity", _("Next lot"), severity_label,
               cell=lambda s, v: cells.badge(v, SEVERITY_TONES[standing(s).severity])),
        Column("level", _("Inspection level"), lambda s: s.inspection_level, sort="inspection_level"),
        Column("aql", _("AQL"), lambda s: s.aql),
        Column("score", _("Switching score"), lambda s: standing(s).score, numeric=True),
        Column("node", _("Kept by"), lambda s: s.node.name, sort="node__path"),
    )  # fmt: skip

    def allowed(self) -> None:
        """Whoever sees inspections or plans campaigns somewhere."""
        if not has_permission(self.user, MANAGE_CAMPAIGNS):
            require(self.user, VIEW_INSPECTIONS)

    def rows(self) -> QuerySet[Series]:
        """Visible series."""
        return series_visible_to(self.user)

    def header_actions(self) -> list[Button]:
        """Begin one."""
        if not has_permission(self.user, MANAGE_CAMPAIGNS):
            return []
        new = reverse("console:quality:lot-series-new")
        return [Button(_("Begin a series"), new, icon="plus", tone="primary", drawer=True)]

    def empty(self) -> Empty:
        """What a series is."""
        text = _now("A series is what is inspected again and again, such as the floors cleaned each month.")
        return Empty(_now("No series"), text, icon="packages")


def series_for(request: HttpRequest, pk: int) -> Series:
    """A visible series, or 404."""
    found: Series = get_object_or_404(series_visible_to(user_of(request)), pk=pk)
    return found


def series_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a series stands, its lots, what its plan is worth."""
    series, user = series_for(request, pk), user_of(request)
    state = standing(series)
    lots = list(lots_visible_to(user).filter(series=series)[:MOST_LOTS])
    open_lot = next((lot for lot in lots if lot.judged_at is None), None)
    draws = {draw.case_id: draw for draw in draws_about(lots, user=user)}
    context = {
        "series": series,
        "state": state,
        "severity": severity_label(series),
        "tone": SEVERITY_TONES[state.severity],
        "rows": [(lot, draws.get(lot.pk), dict(Severity.choices)[lot.severity]) for lot in lots],
        "open_lot": open_lot,
        "chances": chances(open_lot) if open_lot else [],
        "needed": SCORE_TO_REDUCE,
        "may_manage": may(policies.check_series, user, series),
        "is_waiting": open_lot_of(series) is not None,
    }
    return render(request, "console/quality/series.html", context)


def chances(lot: Lot) -> list[tuple[Decimal, float]]:
    """How likely a lot is accepted when so much of it is bad: what the plan is worth."""
    plan = gbt2828.Plan(lot.size, lot.sample_size, lot.accept, lot.reject)
    return [(share, gbt2828.lot_acceptance_probability(plan, int(share * lot.size))) for share in SHARES]


class SeriesForm(forms.Form):
    """A series."""

    node: Any = forms.ModelChoiceField(label=_("Kept by"), queryset=None, empty_label=None)
    name = forms.CharField(label=_("Name"), max_length=120)
    inspection_level = forms.ChoiceField(
        label=_("Inspection level"), initial="II", choices=[(code, code) for code in gbt2828.LEVELS],
        help_text=_("I or S-3 for what is inspected every month, II for acceptance."),
    )  # fmt: skip
    aql = forms.ChoiceField(
        label=_("AQL"), initial="2.5", choices=[(code, f"{code} %") for code in gbt2828.AQLS],
        help_text=_("The share of bad units that is just bearable on average."),
    )  # fmt: skip
    layout = (Section("", "node", "name", ("inspection_level", "aql")),)

    def __init__(self, *args: Any, nodes: Any, **kwargs: Any) -> None:
        """Where the person plans."""
        super().__init__(*args, **kwargs)
        offer(self, node=nodes)
        label_rows(self, node=lambda node: node.name)


class NewSeries(FormPage):
    """Begin a series."""

    title = _("Begin a series")
    form_class = SeriesForm
    submit = _("Begin")

    def allowed(self) -> None:
        """Who plans somewhere."""
        require(self.user, MANAGE_CAMPAIGNS)

    def form_arguments(self) -> dict[str, Any]:
        """Where the person plans."""
        return {"nodes": planning_nodes(self.user)}

    def back(self) -> str:
        """To the list."""
        return reverse("console:quality:lots")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Begin it."""
        series = actions.begin_series(by=self.user, **data)
        return self.done(_now("The series has begun."), to=series_url(series))


class OfSeries(FormPage):
    """A form about a series the person runs."""

    @cached_property
    def series(self) -> Series:
        """The series of the address."""
        return series_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Who plans at its node."""
        policies.check_series(self.user, self.series)

    def back(self) -> str:
        """To the series."""
        return series_url(self.series)


class LotForm(forms.Form):
    """The next lot."""

    name = forms.CharField(label=_("What the lot is"), max_length=120, help_text=_("E.g. floors cleaned in November."))
    size = forms.IntegerField(label=_("Lot size"), required=False, min_value=2)
    sample_size = forms.IntegerField(label=_("Sample size"), required=False, min_value=1)
    accept = forms.IntegerField(label=_("Acceptance number"), required=False, min_value=0)
    target: Any = forms.ModelChoiceField(
        label=_("Draw the sample at"), queryset=None, required=False, empty_label=_("Not here"),
        help_text=_("The lot is then everything of a kind at that project, and its sample is drawn by lot."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("What is drawn"), required=False,
        choices=[("", "—"), *((code, label) for code, (label, _frame) in SITE_FRAMES.items())],
    )  # fmt: skip
    needs_word = forms.BooleanField(label=_("Somebody else adds a public word"), required=False)

    def __init__(self, *args: Any, targets: Any, is_normal: bool, **kwargs: Any) -> None:
        """Numbers are asked for where the table has none."""
        super().__init__(*args, **kwargs)
        offer(self, target=targets)
        label_rows(self, target=lambda target: f"{target.project.name} · {target.campaign.name}")
        if is_normal:
            del self.fields["sample_size"], self.fields["accept"]


class NewLot(OfSeries):
    """Open the next lot of a series."""

    title = _("Open a lot")
    form_class = LotForm
    submit = _("Open")

    def form_arguments(self) -> dict[str, Any]:
        """Projects of campaigns under way where a sample can be drawn."""
        rows = targets_visible_to(self.user).filter(campaign__state=CampaignState.OPEN)
        rows = rows.filter(campaign__node__in=planning_nodes(self.user)).select_related("project", "campaign")
        return {"targets": rows, "is_normal": standing(self.series).severity == Severity.NORMAL}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Open it."""
        actions.open_lot(self.series, by=self.user, **data)
        return self.done(_now("The lot is open."), to=self.back())


class ResultForm(forms.Form):
    """What was found."""

    nonconforming = forms.IntegerField(label=_("Nonconforming units in the sample"), min_value=0)


class JudgeLot(FormPage):
    """Enter what was found in a lot's sample."""

    title = _("Enter the result")
    form_class = ResultForm
    submit = _("Judge the lot")

    @cached_property
    def lot(self) -> Lot:
        """The lot of the address."""
        found: Lot = get_object_or_404(lots_visible_to(self.user), pk=self.kwargs["pk"])
        return found

    def allowed(self) -> None:
        """Who runs its series."""
        policies.check_series(self.user, self.lot.series)

    def back(self) -> str:
        """To the series."""
        return series_url(self.lot)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Judge it."""
        lot = actions.judge_lot(self.lot, nonconforming=data["nonconforming"], by=self.user)
        words = _now("The lot is accepted.") if lot.is_accepted else _now("The lot is rejected.")
        return self.done(words, to=self.back())


SWITCHES = {
    "reduce": (actions.reduce_series, _("Approve reduced inspection")),
    "resume": (actions.resume_series, _("Back to normal inspection")),
    "restart": (actions.restart_series, _("Go on after the stop")),
}


class SwitchSeries(OfSeries):
    """Approve reduced inspection, leave it, or go on after a stop, for a reason."""

    form_class = ReasonForm
    submit = _("Save")

    @property
    def step(self) -> Any:
        """The action and its title; 404 for an unknown one."""
        if self.kwargs["step"] not in SWITCHES:
            raise Missing(_("There is no such action."))
        return SWITCHES[self.kwargs["step"]]

    @property
    def title(self) -> str:  # type: ignore[override]
        """What is done."""
        return str(self.step[1])

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Do it."""
        self.step[0](self.series, reason=data["reason"], by=self.user)
        return self.done(_now("Saved."), to=self.back())
