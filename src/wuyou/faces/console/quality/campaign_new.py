"""Planning a campaign: whose, at which level, with which sheet, when, which projects (spec 05, Campaigns)."""

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node
from wuyou.domains.org.policies import require
from wuyou.domains.quality.actions.campaigns import CampaignSpec, change_campaign, plan_campaign
from wuyou.domains.quality.choices import Level, Theme
from wuyou.domains.quality.models import Campaign
from wuyou.domains.quality.policies.rights import MANAGE_CAMPAIGNS
from wuyou.domains.quality.queries.campaigns import last_placed, planning_nodes, projects_below
from wuyou.domains.quality.rules.levels import LEVELS, period_of
from wuyou.domains.sheets.models import SheetVersion
from wuyou.domains.sheets.queries import sheet_versions_visible_to
from wuyou.faces.console.offering import label_rows, offer
from wuyou.kernel import clock
from wuyou.kernel.errors import Invalid
from wuyou.ui.forms import FormPage, Section

from .campaign import OfCampaign
from .campaign_looks import campaign_url, sheet_name

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NONE, ALL, LAST = "none", "all", "last"
MOST_LAST = 5


def usable_sheets(user: Any) -> Any:
    """Issued inspection sheets the person may read."""
    rows = sheet_versions_visible_to(user)
    return rows.filter(state="issued", sheet__purpose="inspection").order_by("sheet__code", "-number")


class CampaignForm(forms.Form):
    """What a campaign is."""

    name = forms.CharField(label=_("Name"), max_length=120)
    node: Any = forms.ModelChoiceField(label=_("Planned by"), queryset=None, empty_label=None)
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices, required=False,
                              help_text=_("Of special inspections only."))  # fmt: skip
    sheet_version: Any = forms.ModelChoiceField(label=_("Inspection sheet"), queryset=None, empty_label=None)
    starts_on = forms.DateField(label=_("From"), widget=DATE)
    ends_on = forms.DateField(label=_("To"), widget=DATE)
    is_hidden = forms.BooleanField(
        label=_("Hidden from the projects until published"), required=False,
        help_text=_("A mystery visit: nobody whose role is at the project sees it before."),
    )  # fmt: skip
    take = forms.ChoiceField(
        label=_("Projects"), widget=forms.RadioSelect, initial=NONE,
        choices=[
            (NONE, _("Chosen or drawn by lot afterwards")),
            (ALL, _("Every project below")),
            (LAST, _("The last placed of the year (five)")),
        ],
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    layout: tuple[Section, ...] = (
        Section("", "name", ("node", "sheet_version"), ("level", "theme"), ("starts_on", "ends_on"), "is_hidden"),
        Section(_("What is inspected"), "take", "note"),
    )

    def __init__(self, *args: Any, nodes: Any, sheets: Any, is_new: bool = True, **kwargs: Any) -> None:
        """Where the person plans, and the sheets there are; a campaign there is keeps its node and its projects."""
        super().__init__(*args, **kwargs)
        offer(self, node=nodes, sheet_version=sheets)
        label_rows(self, sheet_version=sheet_name, node=lambda node: node.name)
        if not is_new:
            del self.fields["node"], self.fields["take"]
            self.layout = (
                Section("", "name", "sheet_version", ("level", "theme"), ("starts_on", "ends_on"), "is_hidden", "note"),
            )


def spec_of(data: dict[str, Any], **more: Any) -> CampaignSpec:
    """What the form says, as the action takes it."""
    names = ("name", "level", "theme", "sheet_version", "starts_on", "ends_on", "is_hidden", "note")
    return CampaignSpec(**{name: data[name] for name in names}, **more)


class NewCampaign(FormPage):
    """Plan one."""

    title = _("Plan a campaign")
    form_class = CampaignForm
    submit = _("Save as a draft")
    draft = "quality.campaign.new"

    def allowed(self) -> None:
        """Who plans somewhere."""
        require(self.user, MANAGE_CAMPAIGNS)

    @cached_property
    def nodes(self) -> Any:
        """Where the person plans."""
        return planning_nodes(self.user)

    def form_arguments(self) -> dict[str, Any]:
        """What can be chosen."""
        return {"nodes": self.nodes, "sheets": usable_sheets(self.user)}

    def initial(self) -> dict[str, Any]:
        """The level that fits the highest node, and its running cycle from today on."""
        node = self.nodes.first()
        level = {"group": "special", "region": "region", "city": "city"}.get(node.kind if node else "", "project")
        today = clock.today()
        last = min(period_of(LEVELS[level].cycle, today)[1], today + dt.timedelta(days=13))
        return {"node": node, "level": level, "starts_on": today, "ends_on": last}

    def back(self) -> str:
        """To the board."""
        return reverse("console:quality:campaigns")

    def projects(self, node: Node, data: dict[str, Any]) -> tuple[Any, ...]:
        """The projects asked for."""
        if data["take"] == ALL:
            return tuple(projects_below(node, user=self.user, first=data["starts_on"], last=data["ends_on"]))
        if data["take"] == LAST:
            found = last_placed(node, user=self.user, day=clock.today())[:MOST_LAST]
            if not found:
                text = _("No project has two scored inspections this year.")
                raise Invalid(fields={"take": text})
            return tuple(found)
        return ()

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Plan it."""
        spec = spec_of(data, projects=self.projects(data["node"], data))
        campaign = plan_campaign(node=data["node"], spec=spec, by=self.user)
        return self.done(_now("The campaign was drafted."), to=campaign_url(campaign))


class ChangeCampaign(OfCampaign):
    """Change a draft."""

    title = _("Change the plan")
    form_class = CampaignForm

    def form_arguments(self) -> dict[str, Any]:
        """What can be chosen; the sheet it has stays among the choices."""
        return {"nodes": planning_nodes(self.user), "sheets": self.sheets(self.campaign), "is_new": False}

    def sheets(self, campaign: Campaign) -> Any:
        """Issued sheets and the one the draft has."""
        own = SheetVersion(pk=campaign.sheet_version_id)
        return usable_sheets(self.user) | sheet_versions_visible_to(self.user).filter(pk=own.pk)

    def initial(self) -> dict[str, Any]:
        """As it is."""
        names = ("name", "level", "theme", "sheet_version", "starts_on", "ends_on", "is_hidden", "note")
        return {name: getattr(self.campaign, name) for name in names}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change it."""
        change_campaign(self.campaign, spec=spec_of(data), by=self.user)
        return self.done(_now("Saved."), to=self.back())
