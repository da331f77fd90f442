"""Published inspections with answers and findings, as statistics read them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from factories.quality import finding, inspection
from factories.sheets import ItemFactory, SheetVersionFactory
from wuyou.domains.quality.choices import FindingState, InspectionState
from wuyou.domains.quality.models import Correction, Finding, Inspection, InspectionAnswer
from wuyou.domains.sheets.models import SheetVersion
from wuyou.kernel import clock


def sheet(items: int = 10, **given: Any) -> SheetVersion:
    """An issued sheet with that many items to pass or fail."""
    version = SheetVersionFactory(issued=True, **given)
    for _number in range(items):
        ItemFactory(version=version)
    return version


def inspected(day: dt.date, verdicts: str = "", **given: Any) -> Inspection:
    """A published inspection; a letter for each item: p passed, f failed, n not applicable, v failed but void."""
    version = given.pop("sheet_version", None) or sheet(len(verdicts))
    at = clock.midnight(day) + dt.timedelta(hours=10)
    usual = {"state": InspectionState.PUBLISHED, "published_at": at, "score": Decimal(90)}
    made = inspection(day=day, started_at=at, submitted_at=at, sheet_version=version, **{**usual, **given})
    values = {"p": "pass", "f": "fail", "v": "fail", "n": "na"}
    for item, verdict in zip(version.items.all(), verdicts, strict=True):
        answer = InspectionAnswer.objects.create(
            inspection=made, item=item, value=values[verdict], verdict=values[verdict], at=at
        )
        if verdict in "fv":
            state = {"state": FindingState.VOID, "void_because": "申诉成立"} if verdict == "v" else {}
            finding(project=made.project, inspection=made, answer=answer, found_at=at, deadline=at, **state)
    return made


def corrected(found: dt.datetime, *, days: float, verified: float | None = None, **given: Any) -> Finding:
    """A finding proved `days` later and, where given, verified `verified` days after that."""
    state = FindingState.VERIFIED if verified is not None else FindingState.PROVED
    row = finding(found_at=found, state=state, **{"deadline": found + dt.timedelta(days=3), **given})
    proved = found + dt.timedelta(days=days)
    checked = proved + dt.timedelta(days=verified) if verified is not None else None
    Correction.objects.create(finding=row, proved_at=proved, verified_at=checked)
    return row
