"""Cadences for tests: every text of the shipped standards, and random ones that can occur."""

from datetime import date, datetime
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from wuyou.kernel import clock
from wuyou.kernel.cadence import Anniversaries, Cadence, DaysOff, Never, OnCondition, Rate, Season, Unit, Window
from wuyou.kernel.cadence.forms import Often
from wuyou.kernel.errors import Invalid

SHIPPED = [
    "1/1 h", "1/2 h", "1/3 h", "1/4 h", "2/8 h", "1/1 d", "2/1 d", "1/3 d", "1/15 d", "1/1 w", "2/1 w", "1/0.5 m",
    "1/1 m", "2/1 m", "1/2 m", "1/6 m", "1/1 q", "1/1 hy", "1/1 y", "2/1 job", "cond:trapped", "cond:age>15y",
    "cond:after cleaning", "-", "1/1 y in other years; early<=1 m", "years 5;then 1/2 y;scrap 10",
    "years 1;4;7;9;11;13;15;then 1/1 y; anchor=acceptance month; early<=2 m",
]  # fmt: skip


def days(text: str) -> st.SearchStrategy[date]:
    """Days of the years `from-to`."""
    first, last = (int(year) for year in text.split("-"))
    return st.dates(date(first, 1, 1), date(last, 12, 31))


def seasons() -> st.SearchStrategy[Season]:
    """Any season, by the day or by the month."""
    day = days("2000-2000").map(lambda found: (found.month, found.day))
    return st.builds(Season, day, day)


def spans() -> st.SearchStrategy[tuple[tuple[int, int], ...]]:
    """None, one or several spans of hours, midnight included."""
    minute = st.integers(0, 1439)
    single = st.tuples(minute, st.integers(1, 1440)).map(lambda pair: ((pair[0], pair[0] + pair[1]),))
    several = st.lists(minute, min_size=4, max_size=6, unique=True).map(sorted).map(in_pairs)
    return st.one_of(st.just(()), single, several)


def in_pairs(minutes: list[int]) -> tuple[tuple[int, int], ...]:
    """1, 2, 3, 4 as (1, 2), (3, 4)."""
    return tuple(zip(minutes[::2], minutes[1::2], strict=False))


def oftens() -> st.SearchStrategy[Often]:
    """n/k unit, most of them plain."""
    return st.builds(Often, st.integers(1, 6), st.integers(1, 15), st.sampled_from(Unit))


@st.composite
def rates(draw: st.DrawFn, with_days_off: bool = False) -> Rate:
    """Rates that can occur, with few or many clauses."""
    often = draw(oftens())
    weekdays = draw(st.sets(st.integers(1, 7), max_size=4)) if draw(st.booleans()) else set()
    season = draw(seasons()) if draw(st.booleans()) else None
    fields: dict[str, Any] = {
        "weekdays": tuple(sorted(weekdays)),
        "hours": draw(spans()) if draw(st.booleans()) else (),
        "season": season,
        "otherwise": draw(oftens()) if season and draw(st.booleans()) else None,
        "days_off": draw(st.sampled_from(DaysOff)) if with_days_off else DaysOff.NONE,
        "anchor": draw(st.sampled_from(["", "acceptance date"])),
    }
    try:
        made = Rate(*often, **fields)
    except Invalid:
        assume(False)
    return made


@st.composite
def anniversaries(draw: st.DrawFn) -> Anniversaries:
    """Listed years with or without what follows them."""
    years = tuple(sorted(draw(st.sets(st.integers(1, 20), min_size=1, max_size=7))))
    scrap, is_inverted = draw(st.sampled_from([(0, False), (0, True), (years[-1] + 3, False)]))
    then, early = draw(st.integers(0, 4)), draw(st.integers(0, 11))
    try:
        return Anniversaries(years, then, is_inverted, scrap, draw(st.sampled_from(["", "acceptance month"])), early)
    except Invalid:
        assume(False)
        raise


def cadences() -> st.SearchStrategy[Cadence]:
    """All forms."""
    trigger = st.sampled_from(["", "trapped", "age>15y", "雪后"])
    return st.one_of(
        rates(with_days_off=True),
        anniversaries(),
        st.builds(OnCondition, trigger),
        st.builds(OnCondition, st.just("job"), st.integers(1, 9)),
        st.just(Never()),
    )


def local(moment: datetime) -> str:
    """A moment on a Shanghai clock, e.g. `Mon 2026-11-23 06:00`."""
    return f"{clock.local(moment):%a %Y-%m-%d %H:%M}"


def shown(window: Window) -> tuple[str, str, int]:
    """A window as people read it."""
    return local(window.opens), local(window.due), window.seq
