"""Switching rules of GB/T 2828.1-2012: when to tighten, reduce or stop, from the results of lots in a row (spec 13 §9).

The rules say when; the numbers of a tightened or reduced plan are entered by whoever inspects.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Conflict

WINDOW = 5  # lots looked back on
REJECTED_TO_TIGHTEN = 2
ACCEPTED_TO_RELAX = 5
REJECTED_TO_STOP = 5
SCORE_TO_REDUCE = 30


class Severity(models.TextChoices):
    """How strictly the next lot of a series is inspected."""

    NORMAL = "normal", _("Normal inspection")
    TIGHTENED = "tightened", _("Tightened inspection")
    REDUCED = "reduced", _("Reduced inspection")
    STOPPED = "stopped", _("Stopped: the supplier has to mend the process")


class LotResult(NamedTuple):
    """What a lot came to: accepted or not, its acceptance number, and whether it would pass one AQL step tighter."""

    is_accepted: bool
    ac: int
    passes_tighter: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Where a series stands: severity, the last results under it, the switching score, what counts towards a stop."""

    severity: str = Severity.NORMAL
    recent: tuple[bool, ...] = ()
    score: int = 0
    rejected: int = 0

    @property
    def may_reduce(self) -> bool:
        """Whether reduced inspection may be approved, given a steady process."""
        return self.severity == Severity.NORMAL and self.score >= SCORE_TO_REDUCE

    def as_json(self) -> dict[str, Any]:
        """For a JSON column."""
        return {**asdict(self), "severity": str(self.severity), "recent": list(self.recent)}


def read_series(data: dict[str, Any]) -> Series:
    """A series kept as JSON; nothing kept is a new one."""
    return Series(**{**data, "recent": tuple(data["recent"])}) if data else Series()


def after(series: Series, lot: LotResult) -> Series:
    """Where a series stands after another lot; raises Conflict for a series that is stopped."""
    if series.severity == Severity.STOPPED:
        raise Conflict(_("Inspection of this series is stopped until its process has been mended."))
    recent = (*series.recent, lot.is_accepted)[-WINDOW:]
    if series.severity == Severity.NORMAL:
        return _normal(series, recent, lot)
    if series.severity == Severity.TIGHTENED:
        return _tightened(series, recent, lot)
    return replace(series, recent=recent) if lot.is_accepted else Series()


def _normal(series: Series, recent: tuple[bool, ...], lot: LotResult) -> Series:
    if recent.count(False) >= REJECTED_TO_TIGHTEN:
        return Series(Severity.TIGHTENED)
    return replace(series, recent=recent, score=_score(series.score, lot))


def _score(score: int, lot: LotResult) -> int:
    """+3 where the next tighter AQL would be passed too (Ac ≥ 2), +2 for an accepted lot (Ac 0 or 1), else from 0."""
    if lot.ac >= 2:
        return score + 3 if lot.is_accepted and lot.passes_tighter else 0
    return score + 2 if lot.is_accepted else 0


def _tightened(series: Series, recent: tuple[bool, ...], lot: LotResult) -> Series:
    rejected = series.rejected + (not lot.is_accepted)
    if rejected >= REJECTED_TO_STOP:
        return Series(Severity.STOPPED)
    if recent == (True,) * ACCEPTED_TO_RELAX:
        return Series()
    return replace(series, recent=recent, rejected=rejected)


def reduce(series: Series) -> Series:
    """Go over to reduced inspection, the process being steady and this approved; raises Conflict below the score."""
    if not series.may_reduce:
        raise Conflict(_("Reduced inspection needs normal inspection and a switching score of 30."))
    return Series(Severity.REDUCED)


def resume_normal(series: Series) -> Series:
    """Leave reduced inspection, e.g. because the process is no longer steady; raises Conflict elsewhere."""
    if series.severity != Severity.REDUCED:
        raise Conflict(_("This series is not under reduced inspection."))
    return Series()


def restart(series: Series) -> Series:
    """Go on, tightened, after a stop and a mended process; raises Conflict where nothing was stopped."""
    if series.severity != Severity.STOPPED:
        raise Conflict(_("This series is not stopped."))
    return Series(Severity.TIGHTENED)
