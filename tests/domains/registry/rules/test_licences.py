"""Until when a licence counts (spec 13 §5 and trap 3)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.registry.rules import licences

D = dt.date
ON = D(2026, 11, 20)


@pytest.mark.parametrize(
    ("left", "band"),
    [(-1, "expired"), (0, "7"), (7, "7"), (8, "30"), (30, "30"), (31, "60"), (60, "60"), (61, "valid")],
)
def test_bands_warn_in_time(left: int, band: str) -> None:
    assert licences.expiry_band(ON + dt.timedelta(days=left), on=ON) == band


def test_a_licence_without_an_end_does_not_expire() -> None:
    assert licences.expiry_band(None, on=ON) == "unlimited"


@given(st.integers(-4000, 4000), st.integers(0, 400))
def test_a_band_never_gets_better_with_time(left: int, later: int) -> None:
    order = ["valid", "60", "30", "7", "expired"]
    end = ON + dt.timedelta(days=left)
    bands = [licences.expiry_band(end, on=day) for day in (ON, ON + dt.timedelta(days=later))]
    assert order.index(bands[0]) <= order.index(bands[1])


@pytest.mark.parametrize(
    ("kind", "issued", "stated", "end"),
    [
        ("electrician_lv", D(2024, 3, 1), None, D(2030, 3, 1)),
        ("lift_manager", D(2024, 2, 29), None, D(2028, 2, 29)),
        ("health", D(2024, 2, 29), None, D(2025, 2, 28)),
        ("guard", D(2024, 3, 1), None, None),
        ("electrician_lv", None, None, None),
        ("electrician_lv", D(2024, 3, 1), D(2027, 1, 1), D(2027, 1, 1)),
    ],
)
def test_the_term_of_a_kind(kind: str, issued: dt.date | None, stated: dt.date | None, end: dt.date | None) -> None:
    assert licences.valid_until(kind, issued_on=issued, stated=stated) == end


@pytest.mark.parametrize(
    ("kind", "issued", "on", "due"),
    [
        ("electrician_lv", D(2023, 1, 10), D(2026, 5, 31), D(2026, 1, 10)),
        ("electrician_lv", D(2023, 1, 10), D(2026, 6, 1), None),  # abolished on this day
        ("electrician_lv", None, D(2026, 5, 31), None),
        ("guard", D(2023, 1, 10), D(2026, 5, 31), None),
    ],
)
def test_the_three_year_review_ended(kind: str, issued: dt.date | None, on: dt.date, due: dt.date | None) -> None:
    assert licences.review_due(kind, issued_on=issued, on=on) == due


@pytest.mark.parametrize(
    ("issued", "stated", "reviewed", "on", "counts"),
    [
        (D(2023, 1, 10), None, None, D(2023, 1, 9), False),  # not begun
        (D(2023, 1, 10), None, None, D(2023, 1, 10), True),
        (D(2023, 1, 10), None, None, D(2026, 1, 10), True),  # the review's last day
        (D(2023, 1, 10), None, None, D(2026, 1, 11), False),  # review missed
        (D(2023, 1, 10), None, D(2026, 1, 5), D(2026, 1, 11), True),
        (D(2023, 1, 10), None, D(2026, 1, 12), D(2026, 1, 11), False),  # reviewed only tomorrow
        (D(2023, 1, 10), None, None, D(2026, 6, 1), True),  # no review asked for any more
        (D(2023, 1, 10), None, None, D(2029, 1, 11), False),  # six years are over
        (None, D(2026, 12, 20), None, D(2026, 12, 20), True),
        (None, D(2026, 12, 20), None, D(2026, 12, 21), False),
        (None, None, None, ON, True),
    ],
)
def test_whether_an_electrician_may_work(
    issued: dt.date | None, stated: dt.date | None, reviewed: dt.date | None, on: dt.date, *, counts: bool
) -> None:
    found = licences.is_in_force("electrician_lv", issued_on=issued, valid_to=stated, reviewed_on=reviewed, on=on)
    assert found is counts


KINDS = [("guard", "保安员证", ()), ("electrician_lv", "特种作业操作证(低压电工)", ("电工证", "低压电工作业证"))]


@pytest.mark.parametrize(
    ("name", "code"),
    [("保安员证", "guard"), ("电工证", "electrician_lv"), ("特种作业操作证（低压电工）", "electrician_lv"),
     ("guard", "guard"), ("驾驶证", None)],
)  # fmt: skip
def test_a_licence_goes_by_many_names(name: str, code: str | None) -> None:
    assert licences.kind_named(name, KINDS) == code
