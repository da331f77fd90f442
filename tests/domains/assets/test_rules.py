"""Age and life of equipment."""

import datetime as dt

import pytest

from wuyou.domains.assets import rules
from wuyou.domains.assets.choices import AssetState
from wuyou.domains.assets.flows import ASSET_FLOW
from wuyou.kernel import flows
from wuyou.kernel.errors import IllegalMove

D = dt.date


@pytest.mark.parametrize(
    ("since", "on", "years"),
    [(D(2010, 6, 1), D(2026, 5, 31), 15), (D(2010, 6, 1), D(2026, 6, 1), 16), (D(2027, 1, 1), D(2026, 6, 1), 0)],
)
def test_full_years_in_use(since: dt.date, on: dt.date, years: int) -> None:
    assert rules.years_old(since, on=on) == years


@pytest.mark.parametrize(
    ("since", "life", "end"),
    [
        (D(2016, 10, 22), 8, D(2024, 10, 22)),
        (D(2016, 2, 29), 1, D(2017, 2, 28)),
        (None, 8, None),
        (D(2016, 1, 1), None, None),
    ],
)
def test_the_end_of_the_design_life(since: dt.date | None, life: int | None, end: dt.date | None) -> None:
    assert rules.end_of_life(since, life) == end


def test_past_its_life_from_the_day_after() -> None:
    assert rules.is_past_life(D(2016, 10, 22), 8, on=D(2024, 10, 22)) is False
    assert rules.is_past_life(D(2016, 10, 22), 8, on=D(2024, 10, 23)) is True
    assert rules.is_past_life(None, 8, on=D(2024, 10, 23)) is False


@pytest.mark.parametrize(
    ("accepted", "used", "on", "is_old"),
    [
        (D(2011, 6, 1), None, D(2026, 6, 1), False),
        (D(2011, 6, 1), None, D(2026, 6, 2), True),
        (None, D(2011, 6, 1), D(2026, 6, 2), True),
        (D(2015, 6, 1), D(2005, 1, 1), D(2026, 6, 2), False),  # acceptance goes before the start
        (None, None, D(2026, 6, 2), False),
    ],
)
def test_a_lift_is_old_after_fifteen_years(
    accepted: dt.date | None, used: dt.date | None, on: dt.date, *, is_old: bool
) -> None:
    assert rules.is_old_lift(accepted, used, on=on) is is_old


@pytest.mark.parametrize(("state", "step"), sorted(flows.illegal_moves(ASSET_FLOW)))
def test_illegal_steps_are_refused(state: str, step: str) -> None:
    with pytest.raises(IllegalMove):
        ASSET_FLOW.check(step, state)


def test_scrap_is_the_end() -> None:
    assert ASSET_FLOW.is_final(AssetState.SCRAPPED)
    assert [name for name in ASSET_FLOW.states if ASSET_FLOW.is_final(name)] == ["scrapped"]
