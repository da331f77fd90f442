"""The projects of a campaign: who inspects them, who takes part from outside, what is waived (spec 05, Campaigns)."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import User
from wuyou.domains.quality.choices import CampaignState, InspectionState, TargetState
from wuyou.domains.quality.flows.campaigns import TARGET_FLOW
from wuyou.domains.quality.models import Guest, Inspection, Target
from wuyou.domains.quality.notices import campaigns as notices
from wuyou.domains.quality.policies import campaigns as policies
from wuyou.domains.quality.queries.inspectors import obstacle_for
from wuyou.kernel import clock, flows
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

from .journaling import enter

BEFORE_THE_END = (CampaignState.DRAFT, CampaignState.OPEN)


@action
def assign_inspector(target: Target, *, inspector: User | None, by: Actor) -> Target:
    """Say who inspects a project, or that nobody is named any more (spec 05: independent, not twice running).

    Raises Denied, Invalid when something stands against this person, Conflict when the project is inspected already.
    """
    policies.check_manage(by, target.campaign)
    _check_running(target)
    reason = obstacle_for(inspector, target) if inspector else None
    if reason is not None:
        raise Invalid(fields={"inspector": reason})
    rows = Target.objects.filter(pk=target.pk, state__in=[TargetState.OWED, TargetState.UNDER_WAY])
    if rows.update(inspector=inspector) != 1:
        raise Conflict(_("This project is inspected or waived already."))
    before, target.inspector = target.inspector_id, inspector
    enter("inspector_assigned", target, by=by, before=before, inspector=inspector.pk if inspector else None)
    if target.campaign.state == CampaignState.OPEN and inspector and inspector.pk != before:
        notices.tell_of_assignment(target)
    return target


def _check_running(target: Target) -> None:
    if target.campaign.state not in BEFORE_THE_END:
        raise Conflict(_("This campaign is over."))


@action
def waive_target(target: Target, *, reason: str, by: Actor) -> Target:
    """Let a project go uninspected for a reason that stays visible; raises Denied, IllegalMove, Invalid, Conflict."""
    policies.check_manage(by, target.campaign)
    _check_running(target)
    flows.claim(target, TARGET_FLOW, "waive", waived_because=reason.strip()[:300])
    enter("target_waived", target, by=by, reason=target.waived_because)
    return target


@action
def restore_target(target: Target, *, by: Actor) -> Target:
    """Owe a waived project after all; raises Denied, IllegalMove, Conflict."""
    policies.check_manage(by, target.campaign)
    _check_running(target)
    flows.claim(target, TARGET_FLOW, "restore", waived_because="")
    enter("target_restored", target, by=by)
    return target


@action
def invite_guest(target: Target, *, user: User, organisation: str, until: dt.date, by: Actor) -> Guest:
    """Let somebody from outside see, and take part in, this one inspection until a day (spec 05, levels h and i).

    Raises Denied, Invalid for a day past or an organisation without a name, Conflict for somebody invited already.
    """
    policies.check_manage(by, target.campaign)
    _check_running(target)
    wrong: dict[str, object] = {}
    if not organisation.strip():
        wrong["organisation"] = _("Say who sent them.")
    if until < clock.today():
        wrong["until"] = _("This day is past.")
    if not user.is_active:
        wrong["user"] = _("This person can no longer log in.")
    if wrong:
        raise Invalid(fields=wrong)
    guest, is_new = Guest.objects.get_or_create(
        target=target, user=user, defaults={"organisation": organisation.strip()[:120], "ends_on": until}
    )
    if not is_new and guest.ends_on >= clock.today():
        raise Conflict(_("This person is invited already."))
    if not is_new:
        guest.organisation, guest.ends_on = organisation.strip()[:120], until
        guest.save(update_fields=["organisation", "ends_on"])
    enter("guest_invited", target, by=by, user=user.pk, until=until, organisation=guest.organisation)
    notices.tell_of_invitation(guest)
    return guest


@action
def dismiss_guest(guest: Guest, *, by: Actor) -> Guest:
    """End a guest's invitation now; raises Denied, or Conflict when it is over."""
    policies.check_manage(by, guest.target.campaign)
    yesterday = clock.today() - dt.timedelta(days=1)
    if Guest.objects.filter(pk=guest.pk, ends_on__gt=yesterday).update(ends_on=yesterday) != 1:
        raise Conflict(_("This invitation is over."))
    guest.ends_on = yesterday
    enter("guest_dismissed", guest.target, by=by, user=guest.user_id)
    return guest


@action
def note_progress(target: Target) -> None:
    """Let a target follow its inspections: under way while one is, inspected when one is submitted, else owed.

    Called by the actions of inspections; idempotent. A waived target stays waived.
    """
    states = set(Inspection.objects.filter(target=target).values_list("state", flat=True)) - {InspectionState.VOID}
    if InspectionState.UNDER_WAY in states:
        state = TargetState.UNDER_WAY
    else:
        state = TargetState.INSPECTED if states else TargetState.OWED
    Target.objects.filter(pk=target.pk).exclude(state=TargetState.WAIVED).update(state=state)
    target.refresh_from_db(fields=["state"])
