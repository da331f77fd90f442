"""When a project may be bound, and how far it may deviate."""

import datetime as dt

import pytest

from wuyou.domains.work.rules.binding import Span, check_binding, check_deviation
from wuyou.kernel.errors import Invalid


def day(number: int) -> dt.date:
    return dt.date(2026, 1, 1) + dt.timedelta(days=number)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Span(day(1), day(5)), Span(day(5)), True),
        (Span(day(1), day(5)), Span(day(6)), False),
        (Span(day(6)), Span(day(1), day(5)), False),
        (Span(day(1)), Span(day(9)), True),
        (Span(day(1), day(9)), Span(day(3), day(4)), True),
    ],
)
def test_overlapping(one: Span, other: Span, expected: bool) -> None:
    assert one.overlaps(other) is expected
    assert other.overlaps(one) is expected


@pytest.mark.parametrize(("number", "expected"), [(0, False), (1, True), (5, True), (6, False)])
def test_a_span_contains_both_its_ends(number: int, expected: bool) -> None:
    assert Span(day(1), day(5)).contains(day(number)) is expected
    assert Span(day(1)).contains(day(number)) is (number >= 1)


def wrong(error: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [one.field for one in error.value.fields]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"state": "draft"}, "version"),
        ({"state": "withdrawn"}, "version"),
        ({"grade_fits": False}, "grade"),
        ({"wanted": Span(day(5), day(4))}, "ends_on"),
        ({"others": [Span(day(0), day(1))]}, "starts_on"),
    ],
)
def test_a_binding_is_refused(given: dict, field: str) -> None:
    values = {"state": "issued", "grade_fits": True, "wanted": Span(day(1)), "others": []}
    check_binding(**values)
    with pytest.raises(Invalid) as error:
        check_binding(**(values | given))
    assert wrong(error) == [field]


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"reason": " "}, ["reason"]),
        ({"value": "1/1 d"}, ["value"]),
        ({"value": " "}, ["value"]),
        ({"layer": "statutory", "value": "-"}, ["done_by"]),
        ({"reason": "", "value": "1/1 d "}, ["reason", "value"]),
    ],
)
def test_a_deviation_is_refused(given: dict, fields: list[str]) -> None:
    values = {"layer": "grade", "value": "2/1 d", "standard_value": "1/1 d", "reason": "合同", "done_by": ""}
    check_deviation(**values)
    with pytest.raises(Invalid) as error:
        check_deviation(**(values | given))
    assert wrong(error) == fields


def test_a_statutory_duty_is_left_to_somebody_by_name() -> None:
    check_deviation(layer="statutory", value="-", standard_value="1/1 y", reason="业主自聘", done_by="某检测公司")
