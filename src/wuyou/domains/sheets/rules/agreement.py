"""Two people on the same sheet: where they differ, and the pairs from which agreement is computed (spec 05, Sheets)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .answers import FAIL, NOT_APPLICABLE, PASS, asked_items, fails
from .items import ItemSpec

UNASKED = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """One item as two people judged it: what each answered, and pass, fail or na."""

    code: str
    first: str
    second: str
    first_verdict: str
    second_verdict: str

    @property
    def is_same(self) -> bool:
        """Whether they came to the same verdict."""
        return self.first_verdict == self.second_verdict


def compared(items: Iterable[ItemSpec], first: Mapping[str, str], second: Mapping[str, str]) -> list[Compared]:
    """Every item that can fail and that either of them was asked; answers are values as they are stored."""
    listed = list(items)
    asked = [{item.code for item in asked_items(listed, answers)} for answers in (first, second)]
    rows = []
    for item in listed:
        if not item.can_fail or item.code not in asked[0] | asked[1]:
            continue
        values = [
            answers.get(item.code, UNASKED) if item.code in codes else UNASKED
            for answers, codes in zip((first, second), asked, strict=True)
        ]
        rows.append(Compared(item.code, values[0], values[1], verdict(item, values[0]), verdict(item, values[1])))
    return rows


def verdict(item: ItemSpec, value: str) -> str:
    """Pass, fail or na: an item that was not asked or not answered does not apply."""
    if value in {UNASKED, NOT_APPLICABLE}:
        return NOT_APPLICABLE
    return FAIL if fails(item, value) else PASS


def differing(rows: Iterable[Compared]) -> list[Compared]:
    """The items on which they came to different verdicts."""
    return [row for row in rows if not row.is_same]


def pairs(rows: Iterable[Compared]) -> list[tuple[str, str]]:
    """The two verdicts of every item, as kernel.statistics.agreement takes them."""
    return [(row.first_verdict, row.second_verdict) for row in rows]
