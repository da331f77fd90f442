"""Switching rules, lot by lot (GB/T 2828.1-2012, 9.3)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel.draws.switching import (
    LotResult,
    Series,
    Severity,
    after,
    read_series,
    reduce,
    restart,
    resume_normal,
)
from wuyou.kernel.errors import Conflict

GOOD, BAD = LotResult(True, 1), LotResult(False, 1)


def run(text: str, start: Series = Series()) -> Series:  # noqa: B008 - frozen
    """A series after lots written as + (accepted) and - (rejected)."""
    for sign in text:
        start = after(start, GOOD if sign == "+" else BAD)
    return start


TIGHT = Series(Severity.TIGHTENED)


@pytest.mark.parametrize(
    ("lots", "start", "severity"),
    [
        ("-", Series(), Severity.NORMAL),
        ("--", Series(), Severity.TIGHTENED),
        ("-+++-", Series(), Severity.TIGHTENED),  # two of five in a row
        ("-++++-", Series(), Severity.NORMAL),  # two of six
        ("-++++-+++-", Series(), Severity.TIGHTENED),
        ("+++++", TIGHT, Severity.NORMAL),
        ("++++", TIGHT, Severity.TIGHTENED),
        ("++++-++++", TIGHT, Severity.TIGHTENED),
        ("-+++++", TIGHT, Severity.NORMAL),
        ("----", TIGHT, Severity.TIGHTENED),
        ("-----", TIGHT, Severity.STOPPED),
        ("-+-+-+-+-", TIGHT, Severity.STOPPED),  # five in all, not in a row
        ("++++", Series(Severity.REDUCED), Severity.REDUCED),
        ("+++-", Series(Severity.REDUCED), Severity.NORMAL),
    ],
)
def test_when_the_severity_changes(lots: str, start: Series, severity: str) -> None:
    assert run(lots, start).severity == severity


def test_a_new_severity_begins_without_a_past() -> None:
    assert run("--") == TIGHT
    assert run("-+++++", TIGHT) == Series()
    assert run("-", Series(Severity.REDUCED, (True,))) == Series()
    assert run("--+-----").severity == Severity.STOPPED  # five rejected under tightened inspection


@pytest.mark.parametrize(
    ("lots", "score"),
    [
        ([GOOD], 2),
        ([GOOD, GOOD, BAD], 0),
        ([LotResult(True, 0)], 2),
        ([LotResult(True, 2, passes_tighter=True)], 3),
        ([GOOD, LotResult(True, 2, passes_tighter=False)], 0),
        ([GOOD, LotResult(False, 2, passes_tighter=False)], 0),
        ([GOOD, LotResult(True, 5, passes_tighter=True), GOOD], 7),
    ],
)
def test_the_switching_score(lots: list[LotResult], score: int) -> None:
    series = Series()
    for lot in lots:
        series = after(series, lot)
    assert series.score == score


def test_reduced_inspection_is_proposed_at_thirty_and_has_to_be_approved() -> None:
    assert [run("+" * count).may_reduce for count in (14, 15)] == [False, True]
    ready = run("+" * 15)
    assert (ready.severity, reduce(ready)) == (Severity.NORMAL, Series(Severity.REDUCED))
    with pytest.raises(Conflict):
        reduce(run("+" * 14))
    with pytest.raises(Conflict):
        reduce(Series(Severity.TIGHTENED, score=99))


def test_reduced_inspection_ends_when_the_process_is_unsteady() -> None:
    assert resume_normal(Series(Severity.REDUCED, (True,))) == Series()
    with pytest.raises(Conflict):
        resume_normal(Series())


def test_a_stopped_series_goes_on_tightened_after_it_was_mended() -> None:
    stopped = run("-----", TIGHT)
    with pytest.raises(Conflict):
        after(stopped, GOOD)
    assert restart(stopped) == TIGHT
    with pytest.raises(Conflict):
        restart(TIGHT)


@given(st.text("+-", max_size=40))
def test_a_series_survives_its_column(lots: str) -> None:
    series = Series()
    for sign in lots:
        series = restart(series) if series.severity == Severity.STOPPED else run(sign, series)
        assert read_series(json.loads(json.dumps(series.as_json()))) == series
        assert len(series.recent) <= 5
        assert series.rejected < 5
    assert read_series({}) == Series()
