"""One campaign: its projects and inspectors, its draws, what it owes, the steps it can take (spec 05)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from wuyou.domains.org.policies import may
from wuyou.domains.quality.actions import campaigns as actions
from wuyou.domains.quality.choices import CampaignState
from wuyou.domains.quality.flows.campaigns import CAMPAIGN_FLOW
from wuyou.domains.quality.models import Campaign
from wuyou.domains.quality.policies import campaigns as policies
from wuyou.domains.quality.queries.campaigns import (
    campaigns_visible_to,
    open_findings_of,
    projects_for,
    targets_of,
    with_progress,
)
from wuyou.domains.quality.queries.draws import draws_about
from wuyou.faces.console.acting import act
from wuyou.faces.console.history import timeline_of
from wuyou.faces.console.offering import label_rows, offer
from wuyou.kernel.clocks.queries import clocks_of
from wuyou.kernel.errors import Missing
from wuyou.kernel.journal.queries import entries_of
from wuyou.ui.forms import FormPage
from wuyou.ui.visitor import user_of

from .campaign_looks import DRAW_TONES, TARGET_TONES, TONES, campaign_url, sheet_name

STEPS = {
    "open": (actions.open_campaign, policies.check_manage, "player-play", _("The campaign has begun.")),
    "close": (actions.close_campaign, policies.check_manage, "checks", _("All is inspected.")),
    "reopen": (actions.reopen_campaign, policies.check_manage, "lock-open", _("Inspecting goes on.")),
    "publish": (actions.publish_campaign, policies.check_publish, "send", _("The results are published.")),
}
SURE = {
    "publish": _("Everybody who sees inspections at these projects can read scores and findings then. Go on?"),
}
MOST_ENTRIES = 30


def campaign_for(request: HttpRequest, pk: int) -> Campaign:
    """A visible campaign, or 404."""
    rows = with_progress(campaigns_visible_to(user_of(request))).select_related("recheck_of")
    found: Campaign = get_object_or_404(rows, pk=pk)
    return found


def campaign_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it stands, its projects, its draws, what I may do, what happened."""
    campaign, user = campaign_for(request, pk), user_of(request)
    targets = targets_of(campaign, user=user)
    may_manage = may(policies.check_manage, user, campaign)
    running = next((one for one in clocks_of("campaign", [pk]).get(pk, []) if one.stopped_at is None), None)
    is_running = campaign.state in (CampaignState.DRAFT, CampaignState.OPEN)
    context = {
        "campaign": campaign,
        "tone": TONES[campaign.state],
        "sheet": sheet_name(campaign.sheet_version),
        "targets": [(one, TARGET_TONES[one.state]) for one in targets],
        "draws": [(one, DRAW_TONES[one.state]) for one in draws_about([campaign], user=user)],
        "running": running,
        "steps": steps_for(campaign, request),
        "may_manage": may_manage,
        "may_change": may_manage and campaign.state == CampaignState.DRAFT,
        "may_add": may_manage and is_running,
        "may_cancel": may_manage and not CAMPAIGN_FLOW.is_final(campaign.state),
        "open_findings": open_findings_of(campaign).count() if campaign.state == CampaignState.PUBLISHED else 0,
        "entries": timeline_of(entries_of("campaign", pk).reverse()[:MOST_ENTRIES]) if may_manage else [],
    }
    return render(request, "console/quality/campaign.html", context)


def steps_for(campaign: Campaign, request: HttpRequest) -> list[dict[str, Any]]:
    """Buttons for the steps this person may take now; the first stands out."""
    user = user_of(request)
    found: list[dict[str, Any]] = []
    for one in CAMPAIGN_FLOW.from_state(campaign.state):
        if one.name in STEPS and may(STEPS[one.name][1], user, campaign):
            url = reverse("console:quality:campaign-step", args=[campaign.pk, one.name])
            tone = "plain" if found or one.name == "reopen" else "primary"
            icon = STEPS[one.name][2]
            found.append({"label": one.label, "url": url, "tone": tone, "icon": icon, "sure": SURE.get(one.name, "")})
    return found


@require_POST
def campaign_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take a campaign a step further."""
    campaign = campaign_for(request, pk)
    if step not in STEPS:
        raise Missing(_("There is no such action."))
    action, _check, _icon, words = STEPS[step]
    return act(request, lambda: action(campaign, by=user_of(request)), said=words, to=campaign_url(campaign))


@require_POST
def campaign_recheck(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft a re-check of what is still open."""
    made = actions.plan_recheck(campaign=campaign_for(request, pk), by=user_of(request))
    return redirect(campaign_url(made))


class OfCampaign(FormPage):
    """A form about one campaign that the person plans."""

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign of the address."""
        return campaign_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Who plans at its node."""
        policies.check_manage(self.user, self.campaign)

    def back(self) -> str:
        """To the campaign."""
        return campaign_url(self.campaign)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class CancelCampaign(OfCampaign):
    """Call a campaign off."""

    title = _("Cancel the campaign")
    intro = _("Inspections under way become void. The campaign stays in the list with its reason.")
    form_class = ReasonForm
    submit = _("Cancel the campaign")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Cancel it."""
        actions.cancel_campaign(self.campaign, reason=data["reason"], by=self.user)
        return self.done(_now("The campaign was cancelled."), to=self.back())


class ProjectsForm(forms.Form):
    """Projects to inspect, and why."""

    projects: Any = forms.ModelMultipleChoiceField(
        label=_("Projects"), queryset=None, widget=forms.CheckboxSelectMultiple
    )
    why = forms.CharField(label=_("Why these"), max_length=180, required=False)

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        """Out of these."""
        super().__init__(*args, **kwargs)
        offer(self, projects=rows)
        label_rows(self, projects=lambda project: f"{project.code} {project.name}")


class AddProjects(OfCampaign):
    """Let the campaign owe more projects."""

    title = _("Add projects")
    form_class = ProjectsForm
    submit = _("Add")

    def form_arguments(self) -> dict[str, Any]:
        """Those below the node that are not in yet."""
        there = [target.project_id for target in targets_of(self.campaign, user=self.user) if target.state != "waived"]
        return {"rows": projects_for(self.campaign, user=self.user).exclude(pk__in=there)}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Add them."""
        why = data["why"] or _now("asked for")
        actions.add_targets(self.campaign, projects=list(data["projects"]), why=why, by=self.user)
        return self.done(_now("The projects were added."), to=self.back())
