"""Reading cadences: canonical spelling, tolerated spellings, refusals."""

from collections.abc import Iterator

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kernel.cadence.cadences import SHIPPED, cadences
from wuyou.kernel.cadence import (
    Anniversaries,
    Cadence,
    DaysOff,
    Never,
    OnCondition,
    Rate,
    Season,
    Unit,
    is_cadence,
    parse,
)
from wuyou.kernel.cadence.forms import Often
from wuyou.kernel.errors import Invalid


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@given(cadences())
def test_the_canonical_text_reads_back(cadence: Cadence) -> None:
    assert parse(cadence.text) == cadence


@pytest.mark.parametrize("text", SHIPPED)
def test_shipped_texts_are_cadences(text: str) -> None:
    assert is_cadence(text)
    assert parse(parse(text).text) == parse(text)


LIFTS = (1, 4, 7, 9, 11, 13, 15)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2/1 w", Rate(2, 1, Unit.WEEK)),
        (" 2 / 1  W ", Rate(2, 1, Unit.WEEK)),
        ("1/0.5 m", Rate(1, 1, Unit.HALF_MONTH)),
        ("1/1 hy", Rate(1, 1, Unit.HALF_YEAR)),
        ("2/1 w; on mon,thu", Rate(2, 1, Unit.WEEK, weekdays=(1, 4))),
        ("2/1 w on Thu, Mon", Rate(2, 1, Unit.WEEK, weekdays=(1, 4))),
        ("1/1 d; on mon-fri", Rate(1, 1, Unit.DAY, weekdays=(1, 2, 3, 4, 5))),
        ("1/1 d; 06:00-08:00", Rate(1, 1, Unit.DAY, hours=((360, 480),))),
        ("1/1 d；06：00－08：00", Rate(1, 1, Unit.DAY, hours=((360, 480),))),
        ("1/1 d <8:00", Rate(1, 1, Unit.DAY, hours=((0, 480),))),
        ("1/1 d; >20:00", Rate(1, 1, Unit.DAY, hours=((1200, 1440),))),
        ("1/1 d; 00:00-24:00", Rate(1, 1, Unit.DAY)),
        ("1/2 h; 22:00-06:00", Rate(1, 2, Unit.HOUR, hours=((1320, 1800),))),
        ("2/1 d; 18:00-20:00, 06:00-08:00", Rate(2, 1, Unit.DAY, hours=((360, 480), (1080, 1200)))),
        ("1/1 m; season 5-10", Rate(1, 1, Unit.MONTH, season=Season((5, 1), (10, 31)))),
        ("1/1 m; season 2-2", Rate(1, 1, Unit.MONTH, season=Season((2, 1), (2, 29)))),
        ("1/1 w; season 10/20-4/6", Rate(1, 1, Unit.WEEK, season=Season((10, 20), (4, 6)))),
        (
            "2/1 m; season 4-10; else 1/1 m",
            Rate(2, 1, Unit.MONTH, season=Season((4, 1), (10, 31)), otherwise=Often(1, 1, Unit.MONTH)),
        ),
        ("1/1 d; workdays", Rate(1, 1, Unit.DAY, days_off=DaysOff.WORKDAYS)),
        ("1/1 d; not on holidays", Rate(1, 1, Unit.DAY, days_off=DaysOff.NO_HOLIDAYS)),
        ("1/15 d; anchor = acceptance date", Rate(1, 15, Unit.DAY, anchor="acceptance date")),
        ("years 5;then 1/2 y;scrap 10", Anniversaries((5,), then=2, scrap=10)),
        ("years 1, 4, 7", Anniversaries((1, 4, 7))),
        (
            "years 1;4;7;9;11;13;15;then 1/1 y; anchor=acceptance month; early<=2 m",
            Anniversaries(LIFTS, then=1, anchor="acceptance month", early=2),
        ),
        (
            "1/1 y in other years; early<=1 m",
            Anniversaries(LIFTS, then=1, is_inverted=True, anchor="acceptance month", early=1),
        ),
        ("years except 2;4", Anniversaries((2, 4), is_inverted=True)),
        ("2/1 job", OnCondition("job", 2)),
        ("cond", OnCondition()),
        ("cond:after cleaning", OnCondition("after cleaning")),
        ("Cond: 雪后", OnCondition("雪后")),
        ("-", Never()),
    ],
)
def test_texts_and_what_they_mean(text: str, expected: Cadence) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("1/1 Y In Other Years", "years except 1;4;7;9;11;13;15; then 1/1 y; anchor=acceptance month"),
        (
            "1/1 y in other years; anchor=installation date",
            "years except 1;4;7;9;11;13;15; then 1/1 y; anchor=installation date",
        ),
        ("1/1 w; workdays; 06:00-08:00", "1/1 w; 06:00-08:00; workdays"),
        ("1/1 d; 00:00-08:00", "1/1 d; <08:00"),
        ("1/1 d; 20:00-00:00", "1/1 d; 20:00-24:00"),
        ("1/2 h;20:00-06:30", "1/2 h; 20:00-06:30"),
        ("1/1 w; season 5/1-10/31", "1/1 w; season 5-10"),
        ("cond:job", "1/1 job"),
    ],
)
def test_one_spelling_is_canonical(text: str, canonical: str) -> None:
    assert parse(text).text == canonical


NOISE = st.text(alphabet="0123456789/.;:-<>=, dwmqhyjobxancetsrilfuE－；²", max_size=40)
PIECES = [
    "1/1 d",
    "2/1 w",
    "on mon",
    "season 5-10",
    "else 1/1 m",
    "years 1;4",
    "then 1/1 y",
    "06:00-08:00",
    ";",
    "cond:",
]


@given(st.one_of(st.text(max_size=60), NOISE, st.lists(st.one_of(st.sampled_from(PIECES), NOISE)).map(" ".join)))
def test_any_text_is_a_cadence_or_refused(text: str) -> None:
    if is_cadence(text):
        assert parse(parse(text).text) == parse(text)
        return
    with pytest.raises(Invalid) as error:
        parse(text)
    assert [field.field for field in error.value.fields] == ["cadence"]


EXAMPLES = "Write for example 1/1 d, 2/1 w, 1/4 h or 1/1 w; on mon; 06:00-08:00."
NOTHING = "A cadence of nothing can never occur: both numbers must be 1 or more."
CENTURY = "A period longer than a hundred years can never occur."
WEEKDAYS = "Weekdays are mon, tue, wed, thu, fri, sat and sun, each once."
ONCE_A_MINUTE = "More than once a minute cannot be planned."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"“” is not a cadence. {EXAMPLES}"),
        ("daily", f"“daily” is not a cadence. {EXAMPLES}"),
        ("1/1 fortnight", f"“1/1 fortnight” is not a cadence. {EXAMPLES}"),
        ("-1/1 d", f"“-1/1 d” is not a cadence. {EXAMPLES}"),
        ("1.5/1 d", f"“1.5/1 d” is not a cadence. {EXAMPLES}"),
        ("٢/1 d", f"“٢/1 d” is not a cadence. {EXAMPLES}"),
        ("1/1 y in other years or so", f"“in other years or so” is not a cadence. {EXAMPLES}"),
        ("1/1 d; sometimes", f"“sometimes” is not a cadence. {EXAMPLES}"),
        ("1/1 d; workdays only", f"“workdays only” is not a cadence. {EXAMPLES}"),
        ("1/1 m; season 5-10; else", f"“else” is not a cadence. {EXAMPLES}"),
        ("1/1 m; season 5-10; else rarely", f"“rarely” is not a cadence. {EXAMPLES}"),
        ("1/1 m; season 5-10; else 1/1 q on mon", f"“1/1 q on mon” is not a cadence. {EXAMPLES}"),
        ("condition", f"“condition” is not a cadence. {EXAMPLES}"),
        ("cond:", f"“cond:” is not a cadence. {EXAMPLES}"),
        ("cond:snow; 1/1 d", f"“cond:snow; 1/1 d” is not a cadence. {EXAMPLES}"),
        ("years 1; sometimes", f"“sometimes” is not a cadence. {EXAMPLES}"),
        ("years 1; then 1/1 y; then 1/2 y", f"“then 1/2 y” is not a cadence. {EXAMPLES}"),
        ("posts 2x24h", "“posts 2x24h” says how a post is staffed, not how often something is done."),
        ("retention 30 d", "“retention 30 d” says how long something is kept, not how often something is done."),
        (
            "by city profile",
            "“by city profile” leaves the cadence to another document: write the cadence that applies here.",
        ),
        (
            "date-versioned",
            "“date-versioned” is a rule that changes with the date: write the cadence that applies now.",
        ),
        ("season", "“season” needs its numbers, for example 2/1 m; season 4-10; else 1/1 m."),
        ("0/1 d", NOTHING),
        ("1/0 d", NOTHING),
        ("0/1 job", NOTHING),
        ("1/1 m; season 4-10; else 0/1 m", NOTHING),
        ("1441/1 y", "More than 1440 times in one period cannot be planned."),
        ("1/101 y", CENTURY),
        ("1/999999 h", CENTURY),
        ("1/1 m; season 5-10; else 1/999 y", CENTURY),
        ("years 101", CENTURY),
        ("years 1; then 1/101 y", CENTURY),
        ("1/0.5 d", "Only months have halves: 0.5 m."),
        ("61/1 h", ONCE_A_MINUTE),
        ("1000/1 d; 06:00-08:00", ONCE_A_MINUTE),
        ("1/1 d; 08:00-08:00", "The hours 08:00-08:00 are empty: nothing can be done in them."),
        ("1/1 d; <00:00", "The hours <00:00 are empty: nothing can be done in them."),
        ("1/1 d; >24:00", "The hours 24:00-24:00 are empty: nothing can be done in them."),
        ("1/1 d; 24:00-08:00", "The hours 24:00-08:00 are empty: nothing can be done in them."),
        ("1/1 d; 25:00-26:00", "There is no time 25:00."),
        ("1/1 d; 08:60-09:00", "There is no time 08:60."),
        ("2/1 d; 06:00-09:00,08:00-10:00", "The hours of a day must not overlap."),
        ("2/1 d; 05:00-09:00,20:00-06:00", "The hours of a day must not overlap."),
        ("3/1 d; 06:00-08:00,18:00-20:00", "Give one span of hours, or as many as there are times in a day."),
        ("1/1 w; 06:00-08:00,18:00-20:00", "Give one span of hours for periods longer than a day."),
        ("1/48 h; 06:00-08:00", "Hours of the day go with periods of at most 24 hours."),
        ("1/1 d; on", f"“on” is not a cadence. {EXAMPLES}"),
        ("1/1 d; on monday", WEEKDAYS),
        ("1/1 d; on mon,mon", WEEKDAYS),
        ("1/1 m; on mon", "Weekdays go with hours, single days and weeks only."),
        ("1/3 d; on mon", "Weekdays go with hours, single days and weeks only."),
        ("3/1 w; on mon,thu", "There are more times than weekdays: give as many weekdays as times."),
        ("2/2 w; on mon", "There are more times than weekdays: give as many weekdays as times."),
        ("1/1 d; on mon; workdays", "Give weekdays or working days, not both."),
        ("1/1 m; season 2/30-3/1", "There is no day 2/30 in any year."),
        ("1/1 m; season 13-2", "There is no day 13/1 in any year."),
        ("1/1 m; season 0-2", "There is no day 0/1 in any year."),
        ("1/1 m; season summer", "A season is written 5-10 or 5/15-10/15."),
        ("1/1 m; season 1-12", "A season over the whole year says nothing: leave it out."),
        ("1/1 m; season 6/15-6/14", "A season over the whole year says nothing: leave it out."),
        ("1/1 m; else 1/1 q", "“else” needs a season before it."),
        ("1/1 d; workdays; not on holidays", "“1/1 d; workdays; not on holidays” says the same kind of thing twice."),
        ("1/15 d; anchor=?", "“?” does not name a date."),
        ("years", "Give the years in rising order, the first year is 1."),
        ("years 4;1", "Give the years in rising order, the first year is 1."),
        ("years 0;1", "Give the years in rising order, the first year is 1."),
        ("years 1;1", "Give the years in rising order, the first year is 1."),
        ("years 5; early<=12 m", "Early completion is at most 11 months."),
        ("years 5; scrap 5", "The year of replacement must come after the listed years."),
        ("years except 5; scrap 9", "The year of replacement must come after the listed years."),
        ("years except 1;2;3; then 1/1 y", "No other years are left: this can never occur."),
        ("1/1 d; " + "x" * 160, "A cadence has at most 160 characters."),
    ],
)
def test_refusals_say_why(text: str, message: str) -> None:
    with pytest.raises(Invalid) as error:
        parse(text)
    assert [(field.field, str(field.message)) for field in error.value.fields] == [("cadence", message)]
    assert not is_cadence(text)


def test_half_months_are_not_multiplied() -> None:
    with pytest.raises(Invalid) as error:
        Rate(1, 2, Unit.HALF_MONTH)
    assert str(error.value) == "Half months are counted one by one: write 0.5 m."


@pytest.mark.parametrize(
    ("text", "distinct"),
    [
        ("1/1 w", False),
        ("2/1 w", True),
        ("7/1 w", True),
        ("8/1 w", False),
        ("2/1 w; on mon,thu", False),
        ("2/1 w; on mon,wed,fri", True),
        ("2/1 d", False),
        ("2/3 d", True),
        ("4/3 d", False),
        ("2/0.5 m", True),
        ("2/8 h", False),
        ("years 1;4", False),
        ("2/1 job", False),
        ("-", False),
    ],
)
def test_what_must_be_done_on_different_days(text: str, distinct: bool) -> None:
    assert parse(text).distinct_days is distinct


@pytest.mark.parametrize(
    ("text", "trigger", "anchor"),
    [
        ("1/1 d", "", ""),
        ("1/15 d; anchor=acceptance date", "", "acceptance date"),
        ("2/1 job", "job", ""),
        ("cond:snow", "snow", ""),
        ("years 1; anchor=manufacture date", "", "manufacture date"),
        ("-", "", ""),
    ],
)
def test_trigger_and_anchor_can_be_asked_of_every_form(text: str, trigger: str, anchor: str) -> None:
    cadence = parse(text)
    assert (cadence.trigger, cadence.anchor) == (trigger, anchor)
