"""Counting: one row per series, moved on inside the caller's transaction, so that a number undone is used again.

That makes every series free of gaps, as the law wants it of receipts; two writers of one series wait for each other.
"""

from datetime import date

from django.db import connection

from .rules import compose, series_code

_NEXT = (
    "INSERT INTO numbering_counter (prefix, scope, day, last) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (prefix, scope, day) DO UPDATE SET last = numbering_counter.last + excluded.last RETURNING last"
)


def next_number(prefix: str, project_code: str, day: date) -> str:
    """The next number of a kind (`prefix`), project and day; raises RuntimeError outside a transaction."""
    return next_numbers(prefix, project_code, day, count=1)[0]


def next_numbers(prefix: str, project_code: str, day: date, *, count: int) -> list[str]:
    """The next `count` (≥ 1) numbers of a series at once, for bulk work; raises RuntimeError outside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("a number is drawn inside a transaction: call it from an action")
    if count < 1:
        raise ValueError("at least one number")
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [prefix, series_code(project_code), day.isoformat(), count])
        last = cursor.fetchone()[0]
    return [compose(prefix, project_code, day, serial) for serial in range(last - count + 1, last + 1)]
