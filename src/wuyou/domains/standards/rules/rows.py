"""Rows of a file → clauses and subjects; the shipped files and a company's workbook have the same columns."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from .clauses import ClauseSpec
from .subjects import SubjectSpec

TEXTS = (
    "requirement_en", "unit", "window", "applies_when", "basis", "retention", "response", "criterion", "method",
    "activity", "workload_unit", "qualification", "evidence", "check_text",
)  # fmt: skip


def spec_of_row(row: Mapping[str, str], *, grades: tuple[str, ...]) -> ClauseSpec:
    """A clause from a row of a shipped file; optional columns may be absent. Raises KeyError without the others."""
    return ClauseSpec(
        code=row["code"],
        part=row["part"],
        subject_name=row["subject"],
        requirement_zh=row["requirement_zh"],
        kind=row["kind"],
        certainty=row["certainty"],
        in_force_from=_day(row.get("in_force_from", "")),
        in_force_to=_day(row.get("in_force_to", "")),
        minutes_per_unit=_number(row.get("minutes_per_unit", "")),
        deduct_points=_number(row.get("deduct_points", "")),
        values={grade: row[grade] for grade in grades if row[grade]},
        **{name: row.get(name, "") for name in TEXTS},
    )


def subject_of_row(row: Mapping[str, str]) -> SubjectSpec:
    """A subject from a row of the shipped file; kinds are separated by semicolons."""
    return SubjectSpec(
        name=row["subject"],
        name_en=row["name_en"],
        matches_place=_kinds(row["matches_place"]),
        matches_asset=_kinds(row["matches_asset"]),
        activity=row["activity"],
        team=row["team"],
        unit=row["unit"],
        minutes_per_unit=Decimal(row["minutes_per_unit"]),
        qualification=row["qualification"],
        evidence=row["evidence"],
        check_text=row["check"],
        deduct_points=Decimal(row["deduct_points"]),
    )


def ratios_of_row(row: Mapping[str, str], *, ranks: int = 3) -> list[tuple[int, int, int]]:
    """(rank, low, high) of a staffing row with columns g1_min, g1_max …"""
    return [(rank, int(row[f"g{rank}_min"]), int(row[f"g{rank}_max"])) for rank in range(1, ranks + 1)]


def _kinds(text: str) -> list[str]:
    return [part for part in text.replace("；", ";").split(";") if part]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
