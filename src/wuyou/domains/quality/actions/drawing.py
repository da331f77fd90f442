"""Draws for campaigns: what is inspected is drawn by a method one can check afterwards (spec 05: Draws).

Commit, a public word where one is promised, draw, publish the seed. Each is entered in the journal; the seed never is.
"""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.quality.choices import CampaignState, TargetState
from wuyou.domains.quality.models import Campaign, Lot, Target
from wuyou.domains.quality.policies import campaigns as policies
from wuyou.domains.quality.queries.draws import Owner, case_of, drawn_ids, draws_visible_to, owner_of
from wuyou.domains.quality.queries.frames import KINDS, PROJECTS, SITE_FRAMES, project_units
from wuyou.kernel import journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.draws import actions as draws
from wuyou.kernel.draws.models import Draw
from wuyou.kernel.draws.sampling import Method, Unit
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid
from wuyou.kernel.transactions import action

from .journaling import chain_at, enter


@action
def commit_project_draw(campaign: Campaign, *, method: Method, by: Actor) -> Draw:
    """Commit to drawing the projects of a draft from all those below its node (spec 05: Draws).

    Raises Denied, Conflict when the campaign has begun or is drawn for already, Invalid for a frame or method that
    cannot be.
    """
    policies.check_manage(by, campaign)
    if campaign.state != CampaignState.DRAFT:
        raise Conflict(_("Projects are drawn before a campaign begins."))
    return _commit(campaign, PROJECTS, frame=project_units(campaign, user=by), method=method, by=by)


@action
def commit_site_draw(target: Target, *, kind: str, method: Method, by: Actor) -> Draw:
    """Commit to drawing buildings, rooms, spots, devices, records of work or findings at a project of a campaign.

    Raises Denied, Conflict when the campaign is over or these were drawn here already, Invalid for an unknown kind or
    a frame or method that cannot be.
    """
    policies.check_manage(by, target.campaign)
    if target.campaign.state not in (CampaignState.DRAFT, CampaignState.OPEN) or target.state == TargetState.WAIVED:
        raise Conflict(_("This project is not to be inspected any more."))
    return _commit(target, kind, frame=site_frame(target.project, kind=kind, by=by), method=method, by=by)


def site_frame(project: Project, *, kind: str, by: Actor) -> list[Unit]:
    """What of a kind can be drawn at a project; raises Invalid for an unknown kind."""
    if kind not in SITE_FRAMES:
        raise Invalid(fields={"kind": _("Choose what is drawn.")})
    return SITE_FRAMES[kind][1](project, by)


def commit_lot_draw(lot: Lot, *, kind: str, frame: Sequence[Unit], needs_word: bool, by: Actor) -> Draw:
    """Commit to drawing a lot's sample; called by the action that opens the lot."""
    return _commit(lot, kind, frame=frame, method=Method(lot.sample_size, needs_word=needs_word), by=by)


def _commit(row: Campaign | Target | Lot, kind: str, *, frame: Sequence[Unit], method: Method, by: Actor) -> Draw:
    case_kind = case_of(row)
    label = f"{row.campaign.number} {row.project.name}" if isinstance(row, Target) else str(row)
    draw = draws.commit(
        (case_kind, row.pk, label), kind=kind, title=f"{label}: {KINDS[kind]}", frame=frame, method=method, by=by
    )
    enter(
        "draw_committed", row, by=by, draw=draw.pk, commitment=draw.commitment, frame=draw.frame_digest,
        units=len(frame), number=method.number,
    )  # fmt: skip
    return draw


def _manage(draw: Draw, by: Actor) -> Owner:
    owner = owner_of(draw)
    policies.check_plan(by, owner.node)
    return owner


@action
def give_word(draw: Draw, *, word: str, by: Actor) -> Draw:
    """Let somebody who sees the draw and did not commit its seed give the public word.

    Raises Denied, Invalid, IllegalMove or Conflict as kernel.draws.actions.give_word does.
    """
    policies.check_give_word(by, draw)
    if not draws_visible_to(by).filter(pk=draw.pk).exists():
        raise Denied(_("You are not allowed to do this here."))
    draws.give_word(draw, word=word, by=by)
    enter("draw_word_given", owner_of(draw).row, by=by, draw=draw.pk, word=draw.word)
    return draw


@action
def conduct_draw(draw: Draw, *, by: Actor) -> Draw:
    """Draw; projects drawn are owed by the campaign from now on.

    Raises Denied, or Conflict while a promised word is missing or when something was changed after the commitment.
    """
    owner = _manage(draw, by)
    if isinstance(owner.row, Campaign) and owner.row.state != CampaignState.DRAFT:
        raise Conflict(_("Projects are drawn before a campaign begins."))
    draws.conduct(draw, by=by)
    enter("draw_conducted", owner.row, by=by, draw=draw.pk, drawn=drawn_ids(draw))
    if isinstance(owner.row, Campaign):
        _owe_drawn(owner.row, draw)
    return draw


def _owe_drawn(campaign: Campaign, draw: Draw) -> None:
    """Owe what was drawn, in the order drawn; what was waived before is owed again."""
    wanted = drawn_ids(draw)
    why = {
        pk: str(_("drawn, place %(place)d")) % {"place": place} + f" #{draw.pk}" for place, pk in enumerate(wanted, 1)
    }
    there = {row.project_id: row for row in Target.objects.filter(campaign=campaign, project__in=wanted)}
    new = [Target(campaign=campaign, project_id=pk, why=why[pk]) for pk in wanted if pk not in there]
    Target.objects.bulk_create(new)
    for pk, row in there.items():
        row.why = why[pk]
        row.state = TargetState.OWED if row.state == TargetState.WAIVED else row.state
        row.waived_because = ""
    Target.objects.bulk_update(there.values(), ["why", "state", "waived_because"])


def reveal_draw(draw: Draw, *, by: Actor) -> Draw:
    """Publish the seed of a draw that was made.

    Raises Denied, or IllegalMove before the draw: the attempt is refused and entered in the journal all the same.
    """
    try:
        return _reveal(draw, by=by)
    except IllegalMove:
        _note_refusal(draw, by=by)
        raise


@action
def _reveal(draw: Draw, *, by: Actor) -> Draw:
    owner = _manage(draw, by)
    draws.reveal(draw, by=by)
    enter("draw_revealed", owner.row, by=by, draw=draw.pk, seed=draw.sealed_seed)
    return draw


@action
def _note_refusal(draw: Draw, *, by: Actor) -> None:
    owner = owner_of(draw)
    subject = ("draw", draw.pk, draw.title)
    journal.record(
        "quality.draw_reveal_refused", chain=chain_at(owner.node), by=by, subject=subject, data={"state": draw.state}
    )


@action
def abandon_draw(draw: Draw, *, reason: str, by: Actor) -> Draw:
    """Give a draw up for a reason that stays visible; projects it brought in are waived.

    Raises Denied, Invalid without a reason, IllegalMove once the seed is published, Conflict when the campaign has
    begun on what was drawn.
    """
    owner = _manage(draw, by)
    campaign = owner.row if isinstance(owner.row, Campaign) else None
    if campaign is not None and draw.result and campaign.state != CampaignState.DRAFT:
        raise Conflict(_("The campaign has begun with what was drawn: cancel it, or waive single projects."))
    draws.abandon(draw, reason=reason, by=by)
    if campaign is not None:
        why = str(_("The draw was abandoned: %(reason)s")) % {"reason": draw.abandoned_because}
        brought = Target.objects.filter(campaign=campaign, why__endswith=f" #{draw.pk}", state=TargetState.OWED)
        brought.update(state=TargetState.WAIVED, waived_because=why[:300])
    enter("draw_abandoned", owner.row, by=by, draw=draw.pk, reason=draw.abandoned_because)
    return draw
