"""Until when a licence counts, and when to warn (spec 01: qualifications; spec 13 §5 and trap 3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .naming import place_key

REVIEW_ENDED_ON = date(2026, 6, 1)  # from this day special-trade licences have no three-year review any more
BANDS = ((7, "7"), (30, "30"), (60, "60"))  # days left → the band that warns
EXPIRED, VALID, UNLIMITED = "expired", "valid", "unlimited"


@dataclass(frozen=True, slots=True)
class Term:
    """How long a kind of licence is valid from its issue; `review_years` holds only before REVIEW_ENDED_ON."""

    years: int | None = None
    review_years: int | None = None


TERMS = {
    "electrician_lv": Term(years=6, review_years=3),
    "lift_manager": Term(years=4),
    "health": Term(years=1),
    "confined_space": Term(years=1),
}


def add_years(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def valid_until(kind: str, *, issued_on: date | None, stated: date | None) -> date | None:
    """The last day of a licence: what it states, else its kind's term from the issue; None without an end."""
    if stated is not None:
        return stated
    years = TERMS.get(kind, Term()).years
    return add_years(issued_on, years) if issued_on and years else None


def review_due(kind: str, *, issued_on: date | None, on: date) -> date | None:
    """The day a three-year review is due under the rule in force on `on`; None when none is asked for."""
    years = TERMS.get(kind, Term()).review_years
    if years is None or issued_on is None or on >= REVIEW_ENDED_ON:
        return None
    return add_years(issued_on, years)


def expiry_band(valid_to: date | None, *, on: date) -> str:
    """`expired`, `7`, `30`, `60` (days left, the last day counts), `valid`, or `unlimited` without an end."""
    if valid_to is None:
        return UNLIMITED
    left = (valid_to - on).days
    if left < 0:
        return EXPIRED
    return next((band for limit, band in BANDS if left <= limit), VALID)


def is_in_force(
    kind: str, *, issued_on: date | None, valid_to: date | None, reviewed_on: date | None, on: date
) -> bool:
    """Whether a licence counts on a day: begun, not expired, and reviewed where the rule of that day asks for it."""
    if issued_on is not None and on < issued_on:
        return False
    end = valid_until(kind, issued_on=issued_on, stated=valid_to)
    if end is not None and on > end:
        return False
    review = review_due(kind, issued_on=issued_on, on=on)
    return review is None or on <= review or (reviewed_on is not None and reviewed_on <= on)


def kind_named(name: str, kinds: Iterable[tuple[str, str, Iterable[str]]]) -> str | None:
    """The code of the licence somebody calls `name`; `kinds` are (code, name, synonyms). None when unknown."""
    wanted = place_key(name)
    for code, official, synonyms in kinds:
        if wanted in {place_key(word) for word in (code, official, *synonyms)}:
            return code
    return None
