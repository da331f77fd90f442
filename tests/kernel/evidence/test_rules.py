"""Near pictures are found by their bands, always."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel.evidence.rules import BANDS, NEAR, around, bands, difference_hash, distance, is_near

hashes = st.integers(0, 2**64 - 1)


@given(hashes, st.sets(st.integers(0, 63), max_size=NEAR + 1))
def test_a_hash_up_to_seven_bits_away_shares_a_band_or_its_neighbour(value: int, flips: set[int]) -> None:
    other = value
    for bit in flips:
        other ^= 1 << bit
    assert any(band in around(mine) for mine, band in zip(bands(value), bands(other), strict=True))
    assert is_near(value, other) is (len(flips) <= NEAR)


@given(hashes)
def test_bands_hold_the_whole_hash(value: int) -> None:
    parts = bands(value)
    assert len(parts) == BANDS
    assert int("".join(f"{part:04x}" for part in parts), 16) == value


@given(hashes, hashes)
def test_distance_is_a_distance(one: int, other: int) -> None:
    assert distance(one, one) == 0
    assert distance(one, other) == distance(other, one) <= 64


@given(st.integers(0, 2**16 - 1))
def test_around_a_band_are_seventeen(band: int) -> None:
    values = around(band)
    assert len(set(values)) == 17
    assert all((value ^ band).bit_count() <= 1 and 0 <= value < 2**16 for value in values)


def test_the_difference_hash() -> None:
    rising = list(range(0, 90, 10)) * 8
    assert difference_hash(rising) == 2**64 - 1
    assert difference_hash(rising[::-1]) == 0
    first_only = [0, 50, *[50] * 7] + [50] * 63
    assert difference_hash(first_only) == 1 << 63


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_a_picture_of_nothing_has_none(grey: int) -> None:
    assert difference_hash([grey] * 71 + [max(0, grey - 9)]) is None


@given(st.lists(st.integers(0, 200), min_size=72, max_size=72), st.integers(1, 55))
def test_brightness_does_not_matter(grey: list[int], more: int) -> None:
    assert difference_hash(grey) == difference_hash([value + more for value in grey])
