"""How tasks, problems and evidence look and are called on pages; no rule lives here."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wuyou.domains.sheets.models import SheetVersion
from wuyou.domains.work.choices import ProblemState, Severity, TaskState
from wuyou.domains.work.models import Task
from wuyou.domains.work.rules.tasks import Timing, timing
from wuyou.faces.console.machines import who
from wuyou.kernel import clock
from wuyou.kernel.evidence.models import Evidence
from wuyou.kernel.journal.models import Entry as JournalEntry
from wuyou.ui import wording
from wuyou.ui.pages import Entry, Photo

LATE_PHOTO = dt.timedelta(hours=2)  # between being taken and being sent in

TASK_TONES: Mapping[str, str] = {
    TaskState.OPEN: "info", TaskState.CLAIMED: "accent", TaskState.DONE: "ok", TaskState.SKIPPED: "muted",
    TaskState.REJECTED: "bad", TaskState.WITHDRAWN: "muted",
}  # fmt: skip
PROBLEM_TONES: Mapping[str, str] = {
    ProblemState.REPORTED: "bad", ProblemState.ACKNOWLEDGED: "warn", ProblemState.RESOLVED: "info",
    ProblemState.CLOSED: "ok",
}  # fmt: skip
SEVERITY_TONES: Mapping[str, str] = {Severity.MINOR: "muted", Severity.MAJOR: "warn", Severity.CRITICAL: "bad"}
STEP_TONES: Mapping[str, str] = {"": "plain", "primary": "primary", "success": "primary", "danger": "danger"}


@dataclass(frozen=True, slots=True)
class Look:
    """A word, its icon and its tone."""

    label: object
    icon: str
    tone: str = "muted"


TIMINGS: Mapping[str, Look] = {
    Timing.LATE: Look(_("Late"), icon="clock-exclamation", tone="bad"),
    Timing.DUE_SOON: Look(_("Due soon"), icon="clock-hour-4", tone="warn"),
    Timing.NOW: Look(_("Open now"), icon="player-play", tone="info"),
    Timing.NOT_YET: Look(_("Not open yet"), icon="clock-pause", tone="muted"),
    Timing.DONE_IN_TIME: Look(_("Done in time"), icon="circle-check", tone="ok"),
    Timing.DONE_LATE: Look(_("Done late"), icon="clock-check", tone="warn"),
}
PROOFS: Mapping[str, Look] = {
    "photo": Look(_("A photo"), icon="camera"),
    "scan": Look(_("A scan of the sticker"), icon="qrcode"),
    "reading": Look(_("A reading"), icon="gauge"),
    "certificate": Look(_("A photo of the certificate"), icon="certificate"),
    "document": Look(_("A document"), icon="file-text"),
    "record": Look(_("A record in words"), icon="notebook"),
    "log": Look(_("A record in words"), icon="notebook"),
    "": Look(_("Nothing but your word"), icon="checkbox"),
}


def proof_look(task: Task) -> Look:
    """What the task asks for, as word and icon."""
    return PROOFS.get(task.evidence, PROOFS[""])


def state_look(task: Task, now: dt.datetime | None = None) -> Look:
    """Where a task stands: its timing while it is open or done, else its state."""
    at = timing(state=task.state, opens=task.opens, due=task.due, done_at=task.done_at, now=now or clock.now())
    if at in TIMINGS:
        return TIMINGS[at]
    return Look(TaskState(task.state).label, icon="point", tone=TASK_TONES[task.state])


def said(zh: str, en: str) -> str:
    """A stored text in the language active now; the Chinese one where there is no other."""
    return zh if (get_language() or "").startswith("zh") else en or zh


def sheet_name(version: SheetVersion | None) -> str:
    """What a checklist is called; empty for none."""
    return said(version.sheet.name_zh, version.sheet.name_en) if version else ""


def photo_of(row: Evidence) -> Photo:
    """A piece of evidence with what a reviewer must not miss."""
    late = row.seconds_late is not None and row.seconds_late > LATE_PHOTO.total_seconds()
    badge: object = ""
    tone = "muted"
    if row.verdict == "rejected":
        badge, tone = _("Rejected"), "bad"
    elif row.is_duplicate:
        badge, tone = row.get_duplicate_kind_display(), "bad"
    elif late and row.taken_at:
        words = {"duration": wording.duration(row.received_at - row.taken_at)}
        badge, tone = _("Sent in %(duration)s later") % words, "warn"
    return Photo(
        reverse("console:work:thumb", args=[row.pk]),
        reverse("console:work:photo", args=[row.pk]),
        _("Photo: %(subject)s") % {"subject": row.subject_label},
        f"{row.by_label} · {wording.when(row.taken_at or row.received_at)}",
        badge,
        tone,
    )


def photos_of(rows: Iterable[Evidence]) -> list[Photo]:
    """Pieces of evidence that are pictures."""
    return [photo_of(row) for row in rows if row.thumbnail_path]


VERBS: Mapping[str, Look] = {
    "work.task_claimed": Look(_("Took the task"), icon="hand-grab", tone="info"),
    "work.task_released": Look(_("Gave the task back"), icon="arrow-back-up", tone="muted"),
    "work.task_done": Look(_("Finished the task"), icon="circle-check", tone="ok"),
    "work.tasks_done": Look(_("Finished together with others"), icon="checks", tone="ok"),
    "work.round_done": Look(_("Finished in a round"), icon="route", tone="ok"),
    "work.task_skipped": Look(_("Said that it is not possible"), icon="ban", tone="warn"),
    "work.tasks_handed_over": Look(_("Handed over"), icon="user-share", tone="info"),
    "work.tasks_withdrawn": Look(_("Withdrawn"), icon="trash", tone="muted"),
    "work.evidence_accepted": Look(_("Accepted the evidence"), icon="thumb-up", tone="ok"),
    "work.evidence_rejected": Look(_("Rejected the evidence"), icon="thumb-down", tone="bad"),
    "work.original_asked": Look(_("Looked at the original photo"), icon="eye", tone="muted"),
    "work.problem_reported": Look(_("Reported the problem"), icon="alert-triangle", tone="bad"),
    "work.problem_acknowledge": Look(_("Acknowledged the problem"), icon="eye-check", tone="info"),
    "work.problem_resolve": Look(_("Solved the problem"), icon="tool", tone="ok"),
    "work.problem_reopen": Look(_("Found it not solved"), icon="rotate", tone="bad"),
    "work.problem_close": Look(_("Closed the problem"), icon="lock", tone="ok"),
    "clocks.clock_started": Look(_("A clock was started"), icon="clock-play", tone="muted"),
    "clocks.clock_stopped": Look(_("A clock was stopped"), icon="clock-stop", tone="muted"),
    "clocks.clock_breached": Look(_("A deadline was missed"), icon="clock-exclamation", tone="bad"),
    "clocks.clock_escalated": Look(_("The next level was told"), icon="arrow-up", tone="bad"),
    "org.comment_added": Look(_("Left a comment"), icon="message", tone="muted"),
}
TOLD = ("note", "reason")


def entry_of(row: JournalEntry) -> Entry:
    """A journal entry in words; the verb itself where no page knows it."""
    look = VERBS.get(row.verb, Look(row.verb, icon="point"))
    details = row.details
    detail = next((details[name] for name in TOLD if details.get(name)), "")
    return Entry(row.at, who(row), look.label, icon=look.icon, tone=look.tone, detail=detail, seal=row.hash[:12])
