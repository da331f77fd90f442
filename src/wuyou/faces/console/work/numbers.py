"""How numbers of compliance look, and the list of tasks behind each of them."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wuyou.domains.work.queries.compliance import Scope
from wuyou.domains.work.rules.compliance import Counts
from wuyou.ui.lists.cells import BLANK

DONE = (("state", "open"), ("state", "claimed"), ("state", "done"), ("state", "skipped"), ("state", "rejected"))
# what is counted → its name, its tone and how the list of tasks is asked for it
OUTCOMES = {
    "due": (_("Fell due"), "", DONE),
    "on_time": (_("On time"), "ok", (("timing", "done_in_time"),)),
    "late": (_("Done late"), "warn", (("timing", "done_late"),)),
    "not_done": (_("Not done"), "bad", (("timing", "late"),)),
    "skipped": (_("Not possible"), "muted", (("state", "skipped"),)),
    "rejected": (_("Evidence rejected"), "bad", (("state", "rejected"),)),
}
PARAMETERS = {"clause": "led", "zone": "zone", "team": "team", "person": "person"}
GOOD, FAIR = Decimal(95), Decimal(85)  # where a rate stops being green, and amber, to the eye


@dataclass(frozen=True, slots=True)
class TaskLinks:
    """Addresses of the list of tasks for a scope; none for somebody who may not see tasks."""

    scope: Scope
    is_allowed: bool = True

    def url(self, outcome: str, **more: object) -> str:
        """The tasks behind a number of this outcome, narrowed by clause, zone, team, person, day or project."""
        if not self.is_allowed:
            return ""
        asked: dict[str, object] = {
            name: value
            for name, value in (
                ("clause", self.scope.clause),
                ("zone", self.scope.zone),
                ("team", self.scope.team),
                ("person", self.scope.person),
            )
            if value is not None
        }
        return f"{reverse('console:work:tasks')}?{urlencode(self._pairs(outcome, asked | more))}"

    def _pairs(self, outcome: str, asked: dict[str, object]) -> list[tuple[str, object]]:
        day = asked.pop("day", None)
        first, last = (day, day) if isinstance(day, dt.date) else (self.scope.first, self.scope.last)
        named = [(PARAMETERS.get(name, name), value) for name, value in asked.items()]
        return [("day_after", first), ("day_before", last), *named, *OUTCOMES[outcome][2]]


def tone_of(rate: Decimal | None) -> str:
    """The tone of a rate; muted for none."""
    if rate is None:
        return "muted"
    return "ok" if rate >= GOOD else "warn" if rate >= FAIR else "bad"


def rate_words(rate: Decimal | None) -> str:
    """A rate with its sign, or a dash."""
    return "–" if rate is None else f"{rate}%"


RATE = (
    '<span class="rate tone-{}"><b>{}</b><span class="bar" aria-hidden="true"><i style="width:{}%"></i></span></span>'
)


def rate_cell(rate: Decimal | None) -> SafeString:
    """A rate with a bar: length and number say the same."""
    if rate is None:
        return BLANK
    return format_html(RATE, tone_of(rate), rate_words(rate), rate)


def number_cell(count: int, url: str) -> SafeString | str:
    """A number that opens its tasks; a pale nought for none."""
    if not count:
        return format_html('<span class="text-muted">{}</span>', 0)
    return format_html('<a href="{}">{}</a>', url, f"{count:,}") if url else f"{count:,}"


def change_words(now: Counts, before: Counts) -> tuple[str, str]:
    """How the rate moved against the days before, and the tone; empty when either has nothing due."""
    if now.rate is None or before.rate is None:
        return "", "muted"
    points = now.rate - before.rate
    if not points:
        return str(_("unchanged")), "muted"
    return (f"+{points}" if points > 0 else f"−{-points}"), "ok" if points > 0 else "bad"
