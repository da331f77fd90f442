"""How campaigns, their projects, draws and lots look and are called on pages; no rule lives here."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.choices import CampaignState, TargetState
from wuyou.domains.quality.models import Campaign, Lot, Series, Target
from wuyou.domains.sheets.models import SheetVersion
from wuyou.faces.console.work.looks import Look, said
from wuyou.kernel.draws.choices import State as DrawState
from wuyou.kernel.draws.models import Draw
from wuyou.kernel.draws.switching import Severity

TONES: Mapping[str, str] = {
    CampaignState.DRAFT: "muted", CampaignState.OPEN: "info", CampaignState.CLOSED: "accent",
    CampaignState.PUBLISHED: "ok", CampaignState.CANCELLED: "muted",
}  # fmt: skip
TARGET_TONES: Mapping[str, str] = {
    TargetState.OWED: "warn", TargetState.UNDER_WAY: "info", TargetState.INSPECTED: "ok", TargetState.WAIVED: "muted",
}  # fmt: skip
DRAW_TONES: Mapping[str, str] = {
    DrawState.COMMITTED: "info", DrawState.DRAWN: "accent", DrawState.REVEALED: "ok", DrawState.ABANDONED: "muted",
}  # fmt: skip
SEVERITY_TONES: Mapping[str, str] = {
    Severity.NORMAL: "ok", Severity.TIGHTENED: "warn", Severity.REDUCED: "info", Severity.STOPPED: "bad",
}  # fmt: skip
VERBS: Mapping[str, Look] = {
    "quality.campaign_planned": Look(_("Planned the campaign"), icon="calendar-plus", tone="info"),
    "quality.campaign_changed": Look(_("Changed the plan"), icon="edit"),
    "quality.campaign_targets_added": Look(_("Added projects"), icon="building-community"),
    "quality.campaign_opened": Look(_("Began the campaign"), icon="player-play", tone="info"),
    "quality.campaign_closed": Look(_("All is inspected"), icon="checks", tone="accent"),
    "quality.campaign_reopened": Look(_("Went on inspecting"), icon="lock-open", tone="warn"),
    "quality.campaign_published": Look(_("Published the results"), icon="send", tone="ok"),
    "quality.campaign_cancelled": Look(_("Cancelled the campaign"), icon="ban", tone="bad"),
    "quality.inspector_assigned": Look(_("Named the inspector"), icon="user-check", tone="info"),
    "quality.target_waived": Look(_("Waived the project"), icon="minus", tone="warn"),
    "quality.target_restored": Look(_("Owed after all"), icon="arrow-back-up"),
    "quality.guest_invited": Look(_("Invited somebody from outside"), icon="user-plus", tone="info"),
    "quality.guest_dismissed": Look(_("Ended an invitation"), icon="user-minus"),
    "quality.draw_committed": Look(_("Committed to a draw"), icon="lock", tone="info"),
    "quality.draw_word_given": Look(_("Gave the public word"), icon="message", tone="info"),
    "quality.draw_conducted": Look(_("Drew"), icon="arrows-shuffle", tone="accent"),
    "quality.draw_revealed": Look(_("Published the seed"), icon="eye", tone="ok"),
    "quality.draw_reveal_refused": Look(_("Asked for the seed too early"), icon="alert-triangle", tone="bad"),
    "quality.draw_abandoned": Look(_("Abandoned the draw"), icon="ban", tone="bad"),
    "quality.level_set": Look(_("Set what holds at a level"), icon="adjustments"),
    "quality.series_begun": Look(_("Began a series of lots"), icon="plus"),
    "quality.series_reduced": Look(_("Approved reduced inspection"), icon="arrow-down", tone="info"),
    "quality.series_resumed": Look(_("Back to normal inspection"), icon="arrow-back-up"),
    "quality.series_restarted": Look(_("Goes on after a stop"), icon="player-play", tone="warn"),
    "quality.lot_opened": Look(_("Opened a lot"), icon="package", tone="info"),
    "quality.lot_judged": Look(_("Judged a lot"), icon="scale", tone="accent"),
}


def campaign_url(row: Campaign) -> str:
    """A campaign's page."""
    return reverse("console:quality:campaign", args=[row.pk])


def target_url(row: Target) -> str:
    """The page of a project of a campaign."""
    return reverse("console:quality:target", args=[row.pk])


def draw_url(row: Draw) -> str:
    """A draw's page."""
    return reverse("console:quality:draw", args=[row.pk])


def series_url(row: Series | Lot) -> str:
    """The page of a series, or of a lot's series."""
    return reverse("console:quality:lot-series", args=[row.pk if isinstance(row, Series) else row.series_id])


def sheet_name(version: SheetVersion) -> str:
    """What a sheet is called, with its edition."""
    return f"{said(version.sheet.name_zh, version.sheet.name_en)} v{version.number}"
