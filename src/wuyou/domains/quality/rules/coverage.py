"""Coverage: which projects are still owed an inspection at a level in the running cycle (spec 05, Campaigns)."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .levels import LevelRule, period_of


@dataclass(frozen=True, slots=True)
class Site:
    """A project as coverage sees it: its region ("" without one), and from when to when it is in service."""

    id: int
    region: str
    opened_on: dt.date | None = None
    closed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where a level stands in its cycle. `owed` is how many inspections of different projects are still to come.

    Fewer projects than `len(missing)` may be owed where less than all must be covered; a region without any is owed
    one in any case.
    """

    level: str
    first: dt.date
    last: dt.date
    sites: int
    covered: int
    required: int
    missing: tuple[int, ...]
    regions_missing: tuple[str, ...]

    @property
    def owed(self) -> int:
        """Inspections still owed: up to the share, and one for every region without any."""
        return max(self.required - self.covered, len(self.regions_missing), 0)

    @property
    def is_kept(self) -> bool:
        """Whether nothing is owed any more."""
        return self.owed == 0


def required(sites: int, percent: int) -> int:
    """How many projects make the share: rounded up, for 60 % of 4 projects are not covered by 2."""
    return -(-sites * percent // 100)


def in_service(site: Site, first: dt.date, last: dt.date) -> bool:
    """Whether a project was in service at some time of the cycle."""
    return (site.opened_on is None or site.opened_on <= last) and (site.closed_on is None or site.closed_on >= first)


def coverage(
    level: str, rule: LevelRule, *, day: dt.date, sites: Sequence[Site], inspected: Collection[int]
) -> Coverage:
    """What is covered and owed at a level on a day; `inspected` are ids of projects inspected in the cycle."""
    first, last = period_of(rule.cycle, day)
    due = [site for site in sites if in_service(site, first, last)]
    missing = [site for site in due if site.id not in inspected]
    reached = {site.region for site in due if site.id in inspected}
    regions = sorted({site.region for site in due} - reached - {""}) if rule.every_region else []
    return Coverage(
        level=level,
        first=first,
        last=last,
        sites=len(due),
        covered=len(due) - len(missing),
        required=required(len(due), rule.cover_percent),
        missing=tuple(site.id for site in missing),
        regions_missing=tuple(regions),
    )
