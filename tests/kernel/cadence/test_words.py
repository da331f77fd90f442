"""Cadences in words."""

from collections.abc import Iterator

import pytest
from django.utils import translation
from house.source import ROOT
from hypothesis import given

from kernel.cadence.cadences import cadences
from wuyou.kernel.cadence import Cadence, describe, parse


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1/1 h", "Once an hour"),
        ("2/8 h", "Twice every 8 hours"),
        ("1/1 d", "Once a day"),
        ("3/1 d", "3 times a day"),
        ("1/3 d", "Once every 3 days"),
        ("2/1 w", "Twice a week, on any two days"),
        ("3/1 w", "3 times a week, on any 3 days"),
        ("2/1 w; on mon,thu", "Twice a week, on Monday and Thursday"),
        ("2/1 w; on mon,wed,fri", "Twice a week, on any of Monday, Wednesday and Friday"),
        ("1/1 w; on sun", "Once a week, on Sunday"),
        ("1/2 w", "Once every 2 weeks"),
        ("1/0.5 m", "Once every half month"),
        ("1/1 m", "Once a month"),
        ("1/6 m", "Once every 6 months"),
        ("1/1 q", "Once a quarter"),
        ("1/2 q", "Once every 2 quarters"),
        ("1/1 hy", "Once every half year"),
        ("1/3 hy", "Once every 3 half years"),
        ("1/1 y", "Once a year"),
        ("1/3 y", "Once every 3 years"),
        ("1/1 d; <08:00", "Once a day, before 08:00"),
        ("1/1 d; >20:00", "Once a day, after 20:00"),
        ("2/1 d; 06:00-08:00,18:00-20:00", "Twice a day, 06:00–08:00 and 18:00–20:00"),
        ("1/2 h; 22:00-06:00", "Once every 2 hours, 22:00–06:00"),
        (
            "2/1 m; season 4-10; else 1/1 m",
            "Twice a month, on any two days, from April to October, otherwise once a month",
        ),
        ("1/1 y; season 12-12", "Once a year, in December"),
        ("1/1 w; season 10/20-4/6", "Once a week, from 10/20 to 4/6"),
        ("1/1 d; workdays", "Once a day, on working days only"),
        ("1/1 d; not on holidays", "Once a day, not on public holidays"),
        ("1/15 d; anchor=acceptance date", "Once every 15 days, counted from the acceptance date"),
        ("1/15 d; anchor=moon landing", "Once every 15 days, counted from the moon landing"),
        (
            "years 1;4;7;9;11;13;15;then 1/1 y; anchor=acceptance month; early<=2 m",
            (
                "In years 1, 4, 7, 9, 11, 13 and 15, then every year, counted from the acceptance month, "
                "up to 2 months early"
            ),
        ),
        (
            "1/1 y in other years; early<=1 m",
            (
                "Every year except years 1, 4, 7, 9, 11, 13 and 15, none after them, counted from the "
                "acceptance month, up to 1 month early"
            ),
        ),
        ("years 5;then 1/2 y;scrap 10", "In year 5, then every 2 years, replaced in year 10"),
        ("years 5", "In year 5"),
        ("years except 2; then 1/3 y", "Every year except year 2, nor every 3 years after them"),
        ("years except 2;4", "Every year except years 2 and 4"),
        ("2/1 job", "Twice per job"),
        ("cond", "When needed"),
        ("cond:snow", "When this happens: snow"),
        ("cond:雪后", "When this happens: 雪后"),
        ("-", "Not required"),
    ],
)  # fmt: skip
def test_words(text: str, words: str) -> None:
    assert describe(parse(text)) == words


@given(cadences())
def test_every_cadence_has_words_without_holes(cadence: Cadence) -> None:
    words = describe(cadence)
    assert words
    assert "%" not in words
    assert ", ," not in words


def test_the_examples_of_the_reference_are_true() -> None:
    page = (ROOT / "docs" / "reference" / "cadence.md").read_text(encoding="utf8")
    rows = [line.strip("| ").split(" | ") for line in page.partition("## Examples")[2].splitlines() if "`" in line]
    examples = {text.strip("`"): words for text, words in rows}
    assert len(examples) == 15
    assert {text: describe(parse(text)) for text in examples} == examples
    assert [parse(text).text for text in examples] == list(examples)
