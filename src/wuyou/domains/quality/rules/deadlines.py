"""By when the results of a campaign are delivered (spec 05, Levels). Days end at midnight in Shanghai."""

import datetime as dt

from .levels import months_after

A_DAY = dt.timedelta(days=1)
MONDAY = 0
END_OF_SECOND_WEEK = 14  # a month's second week is its days 8 to 14


def results_due(feedback: str, ends_on: dt.date) -> dt.date | None:
    """The last day on which results are in time, for a campaign that ends on `ends_on`; None without a deadline.

    next_monday: the first Monday after the end. second_week: the 14th of the month after. days_n: n days after.
    Raises LookupError for an unknown code.
    """
    if feedback == "none":
        return None
    if feedback == "next_monday":
        return ends_on + A_DAY * (7 - (ends_on.weekday() - MONDAY) % 7)
    if feedback == "second_week":
        return months_after(ends_on.replace(day=1), 1).replace(day=END_OF_SECOND_WEEK)
    kind, _, days = feedback.partition("_")
    if kind != "days" or not days.isdecimal():
        raise LookupError(f"no deadline is called {feedback!r}")
    return ends_on + A_DAY * int(days)
