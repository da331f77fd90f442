"""How findings look and are called on pages; no rule lives here."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.choices import FindingState, Remedy, SourceKind
from wuyou.domains.quality.models import Finding
from wuyou.faces.console.work.looks import photo_of
from wuyou.kernel.clocks.choices import Status
from wuyou.kernel.clocks.models import Clock
from wuyou.kernel.evidence.models import Evidence
from wuyou.ui.pages import Photo

TONES: Mapping[str, str] = {
    FindingState.OPEN: "bad", FindingState.CONTAINED: "warn", FindingState.ANALYSED: "info",
    FindingState.ACTING: "accent", FindingState.PROVED: "muted", FindingState.VERIFIED: "ok",
    FindingState.CLOSED: "ok", FindingState.MERGED: "muted", FindingState.VOID: "muted",
}  # fmt: skip
REMEDY_ICONS: Mapping[str, str] = {Remedy.AT_ONCE: "wash", Remedy.REPAIR: "tool", Remedy.CAPITAL: "building"}
CLOCKS = {"correct": _("To be put right"), "verify": _("To be verified"), "effect": _("Effect to be looked at")}
CLOCK_TONES = {
    Status.RUNNING: "info", Status.WARNED: "warn", Status.PAUSED: "muted", Status.MET: "ok", Status.MISSED: "bad",
    Status.LATE: "warn",
}  # fmt: skip
WAYS = ((FindingState.OPEN, _("Found")), (FindingState.CONTAINED, _("Contained")),
        (FindingState.ANALYSED, _("Cause found")), (FindingState.ACTING, _("Being corrected")),
        (FindingState.PROVED, _("Proved")), (FindingState.VERIFIED, _("Verified")),
        (FindingState.CLOSED, _("Closed")))  # fmt: skip


def finding_url(row: Finding) -> str:
    """A finding's page."""
    return reverse("console:quality:finding", args=[row.pk])


def where_of(row: Finding) -> str:
    """The device or place something is wrong with; the project where it is wrong as a whole."""
    return str(row.asset or row.place or row.project)


def photos_of(finding: Finding, rows: Iterable[Evidence]) -> list[Photo]:
    """Pictures of a finding, shown to whoever sees the finding."""
    return [_photo(finding, row) for row in rows if row.thumbnail_path]


def _photo(finding: Finding, row: Evidence) -> Photo:
    given = [finding.pk, row.pk]
    thumb, full = (reverse(f"console:quality:finding-{name}", args=given) for name in ("thumb", "photo"))
    return replace(photo_of(row), thumb=thumb, full=full)


def clock_row(one: Clock, status: Status) -> dict[str, Any]:
    """A clock as the page shows it."""
    return {"label": CLOCKS.get(one.kind, one.kind), "clock": one, "status": status.label, "tone": CLOCK_TONES[status]}


def way_of(finding: Finding) -> list[tuple[object, str]]:
    """The stations of a correction: label, and `done`, `now` or nothing."""
    states = [state for state, _label in WAYS]
    if finding.state not in states:
        return []
    at = states.index(FindingState(finding.state))
    return [(label, "done" if nth < at else "now" if nth == at else "") for nth, (_state, label) in enumerate(WAYS)]


def source_link(finding: Finding) -> str:
    """The page of what showed that something is wrong, where there is one."""
    if finding.inspection_id is not None:
        return reverse("console:quality:inspection", args=[finding.inspection_id])
    if finding.source == SourceKind.PROBLEM:
        return reverse("console:work:problem", args=[finding.source_id])
    return ""
