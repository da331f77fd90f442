"""Cadences: how often something is owed, and the exact windows in which it is owed (spec 02, 03).

One small text grammar, case-insensitive, clauses separated by semicolons; `Cadence.text` is its canonical spelling:

    n/k unit                n times in every k units; unit: h d w m q hy y (hour, day, week, month, quarter, half-year,
                            year); k = 0.5 with m means the halves 1–15 and 16–end of each month
      ; on mon,thu          only on these weekdays (with h, 1 d and w); as many as n: one window on each of them
      ; 06:00-08:00         allowed hours of a day, several with commas; <08:00 from midnight, >20:00 to midnight,
                            22:00-06:00 over midnight
      ; season 5-10         only in these months, or 5/15-10/15 by the day; may span New Year (11-3)
      ; else n/k unit       how often in the rest of the year
      ; workdays            only on working days of the Chinese calendar (swapped days in, public holidays out)
      ; not on holidays     not on statutory holidays
      ; anchor=name         which date of the thing k is counted from (the date itself is an argument of `windows`)
    years 1;4;7; then 1/1 y the years after the anchor in which it is owed, in the month of the anchor
      ; scrap 10            the last year: replace the thing instead
      ; anchor=name
      ; early<=2 m          may be done up to so many months before the end of that month; the base does not move
    years except 1;4;…      the complement: every year that is not one of these
    n/1 job                 n times per job; yields no windows by itself
    cond:trigger            whenever the trigger happens; yields no windows by itself
    -                       no such duty

Days are Shanghai days, weeks begin on Monday, months and longer follow the calendar; k > 1 counts from the unit the
anchor lies in. Several times within a day (or within k hours) split the time evenly; several times within a longer
period share the whole period and, where `distinct_days` is true, must be done on different days.
"""

from .forms import Anniversaries, Cadence, DayKinds, DaysOff, Never, OnCondition, Rate, Season, Unit, Window
from .grammar import is_cadence, parse
from .order import is_stricter, per_year, strictest
from .windows import windows
from .words import describe

__all__ = [
    "Anniversaries",
    "Cadence",
    "DayKinds",
    "DaysOff",
    "Never",
    "OnCondition",
    "Rate",
    "Season",
    "Unit",
    "Window",
    "describe",
    "is_cadence",
    "is_stricter",
    "parse",
    "per_year",
    "strictest",
    "windows",
]
