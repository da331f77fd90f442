"""A project of a campaign: who inspects it, who takes part from outside, what is drawn there."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from wuyou.domains.org.models import User
from wuyou.domains.org.policies import may
from wuyou.domains.quality.actions import targets as actions
from wuyou.domains.quality.choices import CampaignState, TargetState
from wuyou.domains.quality.models import Target
from wuyou.domains.quality.policies import campaigns as policies
from wuyou.domains.quality.policies.inspections import check_begin
from wuyou.domains.quality.queries.campaigns import campaigns_visible_to, guests_visible_to, targets_visible_to
from wuyou.domains.quality.queries.draws import draws_about
from wuyou.domains.quality.queries.inspections import inspections_visible_to
from wuyou.domains.quality.queries.inspectors import Candidate, candidates, possible_guests
from wuyou.faces.console.acting import act
from wuyou.faces.console.history import timeline_of
from wuyou.faces.console.offering import label_rows, offer
from wuyou.kernel.errors import Missing
from wuyou.kernel.journal.queries import entries_of
from wuyou.ui.forms import FormPage
from wuyou.ui.visitor import user_of

from .campaign import ReasonForm
from .campaign_looks import DRAW_TONES, TARGET_TONES, campaign_url, sheet_name, target_url

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
RUNNING = (CampaignState.DRAFT, CampaignState.OPEN)


def target_for(request: HttpRequest, pk: int) -> Target:
    """A visible project of a campaign, or 404."""
    rows = targets_visible_to(user_of(request)).select_related(
        "campaign__node", "campaign__sheet_version__sheet", "project__node", "inspector"
    )
    found: Target = get_object_or_404(rows, pk=pk)
    return found


def target_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who inspects, what is drawn, the inspections made; a guest comes here and sees no more."""
    target, user = target_for(request, pk), user_of(request)
    may_manage = may(policies.check_manage, user, target.campaign)
    sees_campaign = campaigns_visible_to(user).filter(pk=target.campaign_id).exists()
    is_running = target.campaign.state in RUNNING
    inspections = inspections_visible_to(user).filter(target=target).select_related("inspector")
    context = {
        "target": target,
        "campaign": target.campaign,
        "tone": TARGET_TONES[target.state],
        "sheet": sheet_name(target.campaign.sheet_version),
        "campaign_url": campaign_url(target.campaign) if sees_campaign else "",
        "inspections": list(inspections),
        "guests": list(target.guests.select_related("user").order_by("pk")),
        "draws": [(one, DRAW_TONES[one.state]) for one in draws_about([target, *target.lots.all()], user=user)],
        "may_manage": may_manage and is_running,
        "may_draw": may_manage and is_running and target.state != TargetState.WAIVED,
        "may_begin": target.state == TargetState.OWED and target.campaign.state == CampaignState.OPEN
        and may_begin(user, target),
        "entries": timeline_of(entries_of("target", pk).reverse()) if may_manage else [],
    }  # fmt: skip
    return render(request, "console/quality/target.html", context)


def may_begin(user: User, target: Target) -> bool:
    """Whether the person may begin the inspection."""

    def check(by: User) -> None:
        check_begin(by, target)

    return may(check, user)


class OfTarget(FormPage):
    """A form about a project of a campaign that the person plans."""

    @cached_property
    def target(self) -> Target:
        """The project of the address."""
        return target_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Who plans at the campaign's node."""
        policies.check_manage(self.user, self.target.campaign)

    def back(self) -> str:
        """To the project's page."""
        return target_url(self.target)


class InspectorForm(forms.Form):
    """Who inspects."""

    inspector = forms.ChoiceField(label=_("Inspector"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: list[Candidate], **kwargs: Any) -> None:
        """Out of those who may; the others are named with what stands against them."""
        super().__init__(*args, **kwargs)
        offer(self, inspector=[("", _("Nobody yet")), *((str(one.user.pk), label_of(one)) for one in people)])


def label_of(one: Candidate) -> str:
    """A person, and what stands against them."""
    return f"{one.user} — {one.obstacle}" if one.obstacle else str(one.user)


class Inspector(OfTarget):
    """Say who inspects a project."""

    title = _("Who inspects")
    form_class = InspectorForm

    @cached_property
    def people(self) -> list[Candidate]:
        """Who might."""
        return candidates(self.target)

    def form_arguments(self) -> dict[str, Any]:
        """Who might."""
        return {"people": self.people}

    def initial(self) -> dict[str, Any]:
        """Who it is now."""
        return {"inspector": str(self.target.inspector_id or "")}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Name them."""
        chosen = next((one.user for one in self.people if str(one.user.pk) == data["inspector"]), None)
        actions.assign_inspector(self.target, inspector=chosen, by=self.user)
        return self.done(_now("Saved."), to=self.back())


class WaiveTarget(OfTarget):
    """Let a project go uninspected."""

    title = _("Waive the project")
    form_class = ReasonForm
    submit = _("Waive")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Waive it."""
        actions.waive_target(self.target, reason=data["reason"], by=self.user)
        return self.done(_now("The project was waived."), to=self.back())


@require_POST
def restore_target(request: HttpRequest, pk: int) -> HttpResponse:
    """Owe a waived project after all."""
    target = target_for(request, pk)
    return act(
        request,
        lambda: actions.restore_target(target, by=user_of(request)),
        said=_("The project is owed again."),
        to=target_url(target),
    )


class GuestForm(forms.Form):
    """Who comes from outside."""

    user: Any = forms.ModelChoiceField(
        label=_("Person"),
        queryset=None,
        help_text=_("Give them the role of client, committee or outside inspector first."),
    )
    organisation = forms.CharField(label=_("Sent by"), max_length=120, help_text=_("Client, owners' committee …"))
    until = forms.DateField(label=_("Sees the inspection until"), widget=DATE)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        """Out of these."""
        super().__init__(*args, **kwargs)
        offer(self, user=people)
        label_rows(self, user=lambda user: f"{user} ({user.username})")


class InviteGuest(OfTarget):
    """Invite somebody from outside to this one inspection."""

    title = _("Invite somebody from outside")
    form_class = GuestForm
    submit = _("Invite")

    def form_arguments(self) -> dict[str, Any]:
        """Clients and committees of the project, and outside inspectors."""
        return {"people": possible_guests(self.target)}

    def initial(self) -> dict[str, Any]:
        """Until the campaign ends."""
        return {"until": self.target.campaign.ends_on}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Invite them."""
        actions.invite_guest(self.target, by=self.user, **data)
        return self.done(_now("Invited."), to=self.back())


@require_POST
def dismiss_guest(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """End an invitation."""
    target = target_for(request, pk)
    guest = guests_visible_to(user_of(request)).filter(pk=row, target=target).first()
    if guest is None:
        raise Missing(_("There is no such invitation."))
    actions.dismiss_guest(guest, by=user_of(request))
    return redirect(target_url(target))
