"""What pages are put together from, as plain values: buttons, tabs, entries of a time line, photos, progress."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

STOP_POLLING = 286  # htmx: swap the answer in and poll no more


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    icon: str = ""
    tone: str = "plain"
    drawer: bool = False
    modal: bool = False


@dataclass(frozen=True, slots=True)
class Button(_Look):
    """A link that looks like a button."""

    label: object
    url: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several pages of the same thing."""

    label: object
    url: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Empty:
    """What to say, and offer, when there is nothing."""

    title: object
    text: object = ""
    buttons: Sequence[Button] = ()
    icon: str = "inbox"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a time line; `seal` is the start of its journal digest."""

    moment: datetime
    who: object
    text: object
    icon: str = "point"
    tone: str = "muted"
    url: str = ""
    detail: object = ""
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture with its thumbnail; `alt` says what it shows to people who cannot see it."""

    thumb: str
    full: str
    alt: object
    caption: object = ""
    badge: object = ""
    tone: str = "muted"


STATES = {
    "waiting": (_("Waiting for a worker"), "info"),
    "running": (_("Running"), "accent"),
    "done": (_("Done"), "ok"),
    "failed": (_("Failed"), "bad"),
    "cancelled": (_("Cancelled"), "muted"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is; `total` 0 means nobody knows yet."""

    done: int
    total: int
    note: object = ""
    state: str = "running"
    result_url: str = ""
    cancel_url: str = ""
    errors: Sequence[object] = field(default_factory=tuple)

    @property
    def is_over(self) -> bool:
        """Nothing more will happen."""
        return self.state in {"done", "failed", "cancelled"}

    @property
    def percent(self) -> int:
        """Whole per cent, 100 for a job that is done."""
        if self.state == "done":
            return 100
        return min(100 * self.done // self.total, 100) if self.total else 0

    @property
    def label(self) -> object:
        """The state in words."""
        return STATES[self.state][0]

    @property
    def tone(self) -> str:
        """The state's tone."""
        return STATES[self.state][1]


def progress_response(request: HttpRequest, progress: Progress) -> HttpResponse:
    """The answer to a poll of {% job_progress %}; the last one tells the page to stop asking."""
    status = STOP_POLLING if progress.is_over else 200
    return render(request, "ui/job.html", {"progress": progress}, status=status)
