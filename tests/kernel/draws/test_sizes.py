"""Sample sizes by confidence and margin (the table of spec 13 §7, after Cochran's formula)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel.draws.sizes import sample_size
from wuyou.kernel.errors import Invalid

POPULATIONS = (100, 200, 300, 500, 800, 1_000, 2_000, 5_000)
AT_FIVE = (80, 132, 169, 218, 260, 278, 323, 357)
AT_TEN = (50, 66, 73, 81, 86, 88, 92, 95)


@pytest.mark.parametrize(
    ("population", "size"), list(zip(POPULATIONS, (80, 132, 169, 218, 260, 278, 323, 357), strict=True))
)
def test_five_percent_either_way(population: int, size: int) -> None:
    assert sample_size(population, margin=Decimal("0.05")) == size


@pytest.mark.parametrize(("population", "size"), list(zip(POPULATIONS, AT_TEN, strict=True)))
def test_ten_percent_either_way(population: int, size: int) -> None:
    assert sample_size(population, margin=Decimal("0.1")) == size


@pytest.mark.parametrize(
    ("population", "options", "size"),
    [
        (1, {"margin": Decimal("0.5")}, 1),
        (3, {"margin": Decimal("0.01")}, 3),
        (10**9, {"margin": Decimal("0.05")}, 385),  # 384.16 without an end of the population
        (10**9, {"margin": Decimal("0.05"), "confidence": 90}, 271),
        (10**9, {"margin": Decimal("0.05"), "confidence": 99}, 664),
        (10**9, {"margin": Decimal("0.05"), "share": Decimal("0.1")}, 139),
    ],
)
def test_other_questions(population: int, options: dict[str, Decimal], size: int) -> None:
    assert sample_size(population, **options) == size


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"population": 0, "margin": Decimal("0.05")}, ["population"]),
        ({"population": 10, "margin": Decimal(0)}, ["margin"]),
        ({"population": 10, "margin": Decimal(1)}, ["margin"]),
        ({"population": 10, "margin": Decimal("0.05"), "share": Decimal("1.2")}, ["share"]),
        ({"population": 10, "margin": Decimal("0.05"), "confidence": 97}, ["confidence"]),
        ({"population": -1, "margin": Decimal(2), "confidence": 0}, ["population", "confidence", "margin"]),
    ],
)
def test_questions_without_sense(options: dict[str, Decimal], fields: list[str]) -> None:
    population = options.pop("population")
    with pytest.raises(Invalid) as caught:
        sample_size(int(population), **options)
    assert [error.field for error in caught.value.fields] == fields


@given(st.integers(1, 10**6), st.sampled_from(["0.01", "0.05", "0.1", "0.3"]), st.sampled_from([90, 95, 99]))
def test_a_sample_is_part_of_its_population_and_grows_with_it(population: int, margin: str, confidence: int) -> None:
    sizes = [sample_size(population + more, margin=Decimal(margin), confidence=confidence) for more in (0, 1)]
    assert 1 <= sizes[0] <= population
    assert sizes[0] <= sizes[1]
