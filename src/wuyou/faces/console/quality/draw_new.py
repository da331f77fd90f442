"""Committing to a draw: what is drawn, how many, by which method (spec 05: Draws)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.actions.drawing import commit_project_draw, commit_site_draw, site_frame
from wuyou.domains.quality.queries.frames import SITE_FRAMES, project_units
from wuyou.kernel.draws.choices import Allocation
from wuyou.kernel.draws.sampling import Method
from wuyou.kernel.draws.sizes import Z, sample_size
from wuyou.kernel.errors import Invalid
from wuyou.ui.forms import Section

from .campaign import OfCampaign
from .campaign_looks import draw_url
from .targets import OfTarget

COUNT, SIZE = "count", "size"
MARGINS = ((5, "±5 %"), (10, "±10 %"))


class MethodForm(forms.Form):
    """How many, and how."""

    how_many = forms.ChoiceField(
        label=_("How many"), widget=forms.RadioSelect, initial=COUNT,
        choices=[(COUNT, _("A number")), (SIZE, _("As many as a confidence asks for"))],
    )  # fmt: skip
    number = forms.IntegerField(label=_("Units to draw"), required=False, min_value=1)
    confidence = forms.TypedChoiceField(
        label=_("Confidence"), coerce=int, initial=95, choices=[(level, f"{level} %") for level in Z]
    )
    margin = forms.TypedChoiceField(label=_("Margin"), coerce=int, initial=10, choices=MARGINS)
    strata = forms.BooleanField(
        label=_("In proportion to the strata"), required=False,
        help_text=_("Regions of projects, buildings of rooms, kinds of devices and records."),
    )  # fmt: skip
    at_least_one = forms.BooleanField(label=_("At least one of every stratum"), required=False)
    is_weighted = forms.BooleanField(
        label=_("The riskier, the likelier"), required=False,
        help_text=_("Weights by open findings, the last score and the time since; every unit keeps a chance."),
    )  # fmt: skip
    needs_word = forms.BooleanField(
        label=_("Somebody else adds a public word"), required=False, initial=True,
        help_text=_("Without it whoever commits could try seeds until the list suits."),
    )  # fmt: skip
    layout = (
        Section("", "how_many", ("number",), ("confidence", "margin")),
        Section(_("Method"), "strata", "at_least_one", "is_weighted", "needs_word"),
    )


def method_of(data: dict[str, Any], *, units: int) -> Method:
    """What the form says; the number worked out of confidence and margin where it is asked so."""
    number = data["number"]
    if data["how_many"] == SIZE:
        number = sample_size(max(units, 1), margin=Decimal(data["margin"]) / 100, confidence=data["confidence"])
    if number is None:
        raise Invalid(fields={"number": _("Say how many.")})
    by_strata = data["strata"] or data["at_least_one"]
    return Method(
        number=number,
        allocation=Allocation.PROPORTIONAL if by_strata else Allocation.NONE,
        at_least_one=data["at_least_one"],
        is_weighted=data["is_weighted"],
        needs_word=data["needs_word"],
    )


class DrawProjects(OfCampaign):
    """Commit to drawing the projects of a campaign."""

    title = _("Draw the projects by lot")
    intro = _("Every project below the campaign's node can be drawn. The seed is made now and nobody sees it.")
    form_class = MethodForm
    submit = _("Commit")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Commit."""
        units = len(project_units(self.campaign, user=self.user)) if data["how_many"] == SIZE else 0
        draw = commit_project_draw(self.campaign, method=method_of(data, units=units), by=self.user)
        return self.done(_now("Committed. Publish the commitment before it is drawn."), to=draw_url(draw))


class SiteMethodForm(MethodForm):
    """What, how many, and how."""

    kind = forms.ChoiceField(
        label=_("What is drawn"), choices=[(code, label) for code, (label, _frame) in SITE_FRAMES.items()]
    )
    layout = (
        Section("", "kind", "how_many", ("number",), ("confidence", "margin")),
        Section(_("Method"), "strata", "at_least_one", "is_weighted", "needs_word"),
    )


class DrawAtSite(OfTarget):
    """Commit to drawing what is inspected at a project."""

    title = _("Draw by lot what is inspected")
    form_class = SiteMethodForm
    submit = _("Commit")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Commit."""
        sized = data["how_many"] == SIZE
        units = len(site_frame(self.target.project, kind=data["kind"], by=self.user)) if sized else 0
        method = method_of(data, units=units)
        draw = commit_site_draw(self.target, kind=data["kind"], method=method, by=self.user)
        return self.done(_now("Committed. Publish the commitment before it is drawn."), to=draw_url(draw))
