"""Schemes and months as values, for tests of the appraisal engine."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from wuyou.domains import appraisal
from wuyou.domains.appraisal.rules.inputs import Claim, Days, Happening, Inputs, Month, Reading, Standing, reading
from wuyou.domains.appraisal.rules.parsing import parse_scheme
from wuyou.domains.appraisal.rules.scheme import Scheme
from wuyou.kernel.explain import Link, Node, Words

DATA = Path(appraisal.__file__).parent / "data"
MARCH = Month(2026, 3)
BOND = 20_000_000  # 200,000 yuan


def document(code: str) -> dict[str, Any]:
    """A shipped scheme as it stands in its file."""
    found: dict[str, Any] = json.loads((DATA / f"{code}.json").read_text(encoding="utf8"))
    return found


def shipped(code: str) -> Scheme:
    """A shipped scheme."""
    return parse_scheme(document(code))


def words(text: str) -> Words:
    """The same text in both languages."""
    return Words(text, text)


def sheets(*points: object) -> list[Reading]:
    """A panel's sheets."""
    return [
        reading(f"sheet_{index}", str(value), links=(Link("rating", str(index)),))
        for index, value in enumerate(points, start=1)
    ]


def events(origin: str = "", **counts: object) -> list[Happening]:
    """So many events of each item, of one origin."""
    return [
        Happening(item, words(item), Decimal(str(count)), origin=origin, links=(Link("event", item),))
        for item, count in counts.items()
    ]


def standings(*bands: str, until: Month = MARCH) -> list[Standing]:
    """The bands of the months before `until`, the earliest first."""
    count = len(bands)
    return [Standing(until.shifted(index - count), band) for index, band in enumerate(bands)]


def campus(
    happened: Sequence[Happening] = (),
    people: Sequence[Reading] = (),
    *,
    claims: Sequence[Claim] = (),
    earlier: Sequence[Standing] = (),
    dissatisfied: object = None,
    balance: int | None = BOND,
    days: Days | None = None,
) -> Inputs:
    """A month of the campus scheme."""
    figures: Mapping[str, Node] = {}
    if dissatisfied is not None:
        share = Decimal(str(dissatisfied))
        figures = {"dissatisfied_share": Node("dissatisfied_share", words("share"), share, unit="%")}
    money = {"bond": BOND} | ({} if balance is None else {"bond_balance": balance})
    return Inputs(
        MARCH,
        readings={"people": people},
        events={"departments": happened},
        figures=figures,
        claims=claims,
        earlier=earlier,
        money=money,
        days=days,
    )
