"""Age and life of equipment (spec 08)."""

from datetime import date

OLD_LIFT_YEARS = 15  # from then on a lift is inspected every year (TSG T7001-2023, spec 13 §3.1)


def years_old(since: date, *, on: date) -> int:
    """Full years in use on a day; a day before the start counts as none."""
    return max(on.year - since.year - ((on.month, on.day) < (since.month, since.day)), 0)


def end_of_life(since: date | None, life_years: int | None) -> date | None:
    """The day the design life is over; None when either is unknown."""
    if since is None or life_years is None:
        return None
    try:
        return since.replace(year=since.year + life_years)
    except ValueError:  # 29 February
        return since.replace(year=since.year + life_years, day=28)


def is_past_life(since: date | None, life_years: int | None, *, on: date) -> bool:
    """Whether a device has outlived its design life."""
    end = end_of_life(since, life_years)
    return end is not None and on > end


def is_old_lift(accepted_on: date | None, in_service_on: date | None, *, on: date) -> bool:
    """Whether a lift has been in use for more than 15 years, from its acceptance, else from its start."""
    since = accepted_on or in_service_on
    if since is None:
        return False
    end = end_of_life(since, OLD_LIFT_YEARS)
    return end is not None and on > end
