"""What a page of statistics is asked for, and where its numbers lead (spec 05, Honest statistics)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import User
from wuyou.domains.org.queries import has_permission
from wuyou.domains.quality.choices import Level
from wuyou.domains.quality.policies.rights import INSPECT, VIEW_FINDINGS, VIEW_INSPECTIONS
from wuyou.domains.quality.queries.findings import UNCORRECTED
from wuyou.domains.quality.queries.statistics import BY, Spot, Window
from wuyou.kernel import clock
from wuyou.ui import scope, wording
from wuyou.ui.pages import Tab
from wuyou.ui.visitor import user_of

MONTHS: Mapping[str, object] = {
    "3": _("3 months"), "6": _("6 months"), "12": _("12 months"), "24": _("24 months"),
}  # fmt: skip
USUAL = "12"
POINTS: Mapping[str, object] = {
    "": _("Points as they fit"), "inspection": _("Each inspection"), "week": _("By week"), "month": _("By month"),
}  # fmt: skip
PAGES = (
    ("statistics", _("Is it stable"), VIEW_INSPECTIONS),
    ("statistics_projects", _("Projects compared"), VIEW_INSPECTIONS),
    ("statistics_inspectors", _("Inspectors"), INSPECT),
    ("statistics_causes", _("What goes wrong"), VIEW_FINDINGS),
    ("statistics_times", _("Time to put right"), VIEW_FINDINGS),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, for which days, level, project and points."""

    user: User
    page: str
    months: str
    by: str
    window: Window

    def query(self, **changes: str) -> str:
        """The same question with something changed, as the query of an address."""
        kept = {"months": self.months, "level": self.window.level, "by": self.by} | changes
        return "?" + urlencode({name: value for name, value in kept.items() if value})

    @property
    def days(self) -> str:
        """The days in words."""
        return f"{wording.day(self.window.first)} – {wording.day(self.window.last)}"

    def context(self) -> dict[str, Any]:
        """What every page of statistics shows above its pictures."""
        held = {right: has_permission(self.user, right) for _name, _label, right in PAGES}
        return {
            "asked": self,
            "days": self.days,
            "tabs": [
                Tab(label, reverse(f"console:quality:{name}") + self.query(), current=name == self.page)
                for name, label, right in PAGES
                if held[right]
            ],
            "months": [(label, self.query(months=code), code == self.months) for code, label in MONTHS.items()],
            "levels": [("", _("All levels"), not self.window.level)]
            + [(level.value, level.label, level.value == self.window.level) for level in Level],
            "points": [(code, label, code == self.by) for code, label in POINTS.items()],
        }


def asked_of(request: HttpRequest, page: str) -> Asked:
    """Read the address; nonsense in it is as if it were not there."""
    chosen, given = scope.of(request).project, request.GET
    months = given.get("months", "")
    months = months if months in MONTHS else USUAL
    level = given.get("level", "")
    by = given.get("by", "")
    today = clock.today()
    window = Window(
        months_before(today, int(months)),
        today,
        project=chosen.pk if chosen else None,
        level=level if level in Level.values else "",
    )
    return Asked(user_of(request), page, months, by if by in BY else "", window)


def months_before(day: dt.date, count: int) -> dt.date:
    """The day after the same day so many months before, so that the window holds whole months."""
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    first = dt.date(year, month + 1, 1)
    following = (first + dt.timedelta(days=31)).replace(day=1)
    last = following - dt.timedelta(days=1)
    return min(first.replace(day=min(day.day, last.day)), last) + dt.timedelta(days=1)


def spot_label(spot: Spot, by: str) -> str:
    """A point's name on the axis and in the table."""
    if by == "month":
        return wording.month(spot.first.year, spot.first.month)
    if by == "week":
        return wording.short_day(spot.first)
    return f"{wording.short_day(spot.first)} {spot.number}"


def inspections_url(spot: Spot, asked: Asked) -> str:
    """The inspection behind a point, or the list of those of its days."""
    if spot.pk is not None:
        return reverse("console:quality:inspection", args=[spot.pk])
    given = {"day_after": spot.first, "day_before": spot.last, "level": asked.window.level, "state": "published"}
    return _list("console:quality:inspections", list(given.items()))


def findings_url(asked: Asked, **given: object) -> str:
    """The list of findings of these days, narrowed; none for a level, of which that list knows nothing."""
    if asked.window.level:
        return ""
    days = [("found_at_after", asked.window.first), ("found_at_before", asked.window.last)]
    return _list("console:quality:findings", [*days, *given.items()])


def open_url(asked: Asked, *, oldest: float | None, youngest: int) -> str:
    """The list of findings not put right yet of an age in days, the oldest not included."""
    if asked.window.level:
        return ""
    today = asked.window.last
    first = today - dt.timedelta(days=int(oldest) - 1) if oldest is not None else ""
    days = [("found_at_after", first), ("found_at_before", today - dt.timedelta(days=youngest))]
    return _list("console:quality:findings", [*days, *(("state", state) for state in UNCORRECTED)])


def _list(name: str, given: Sequence[tuple[str, object]]) -> str:
    return f"{reverse(name)}?" + urlencode([(key, value) for key, value in given if value not in (None, "")])
