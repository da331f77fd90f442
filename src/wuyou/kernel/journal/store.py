"""The journal's SQL, both dialects in one place: the append is on the way of every action, verify reads millions."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection

from .hashing import GENESIS, Line

COLUMNS = ", ".join([*Line._fields, "hash"])
ROWS_PER_INSERT = 1000  # 13 values each stay below SQLite's 32,766 parameters
ROWS_PER_PAGE = 5000


class Head(NamedTuple):
    """Where a chain ends."""

    chain_id: int
    seq: int
    hash: str


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"


def lock_head(key: str) -> Head:
    """The head of a chain, locked until commit, made when it is new."""
    locking = " FOR UPDATE" if _is_postgres() else ""  # SQLite's IMMEDIATE transaction holds the only write lock
    query = f"SELECT id, head_seq, head_hash FROM journal_chain WHERE key = %s{locking}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, [key])
        row = cursor.fetchone()
        if row is None:
            insert = (
                "INSERT INTO journal_chain (key, head_seq, head_hash) VALUES (%s, 0, %s) ON CONFLICT (key) DO NOTHING"
            )
            cursor.execute(insert, [key, GENESIS])
            cursor.execute(query, [key])
            row = cursor.fetchone()
    return Head(*row)


def append(head: Head, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert hashed rows behind a locked head and move the head to the last of them."""
    zone = "+00:00" if _is_postgres() else ""  # SQLite keeps the bare UTC text, as Django does
    marks = "(" + ", ".join(["%s"] * (len(Line._fields) + 2)) + ")"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS_PER_INSERT):
            part = rows[start : start + ROWS_PER_INSERT]
            values = [value for row in part for value in (head.chain_id, row[0], row[1] + zone, *row[2:])]
            into = f"INSERT INTO journal_entry (chain_id, {COLUMNS}) VALUES "  # noqa: S608 — only our column names
            cursor.execute(into + ", ".join([marks] * len(part)), values)
        update = "UPDATE journal_chain SET head_seq = %s, head_hash = %s WHERE id = %s"
        cursor.execute(update, [rows[-1][0], rows[-1][-1], head.chain_id])


def read_head(key: str) -> Head | None:
    """The head of a chain without a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, head_seq, head_hash FROM journal_chain WHERE key = %s", [key])
        row = cursor.fetchone()
    return Head(*row) if row else None


def chain_keys() -> list[str]:
    """Every chain there is, by key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM journal_chain ORDER BY key")
        return [row[0] for row in cursor.fetchall()]


def pages(chain_id: int, *, after: int) -> Iterator[list[tuple[Any, ...]]]:
    """The entries behind `after` as stored (a Line and its hash), a page at a time: no long transaction.

    A page is a range of numbers, not a LIMIT: a planner without statistics would sort the whole rest for every page.
    """
    # an expression has no declared type, so SQLite hands the text out as it stands
    at = "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')" if _is_postgres() else "at || ''"
    columns = COLUMNS.replace(" at,", f" {at},", 1)
    query = f"SELECT {columns} FROM journal_entry WHERE chain_id = %s AND seq > %s AND seq <= %s ORDER BY seq"  # noqa: S608
    last = last_seq(chain_id)
    for start in range(after, last, ROWS_PER_PAGE):
        with connection.cursor() as cursor:
            cursor.execute(query, [chain_id, start, min(start + ROWS_PER_PAGE, last)])
            rows = cursor.fetchall()
        if rows:
            yield rows


def last_seq(chain_id: int) -> int:
    """The highest sequence number there is in a chain, 0 when it is empty; the head ought to say the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(seq) FROM journal_entry WHERE chain_id = %s", [chain_id])
        return cursor.fetchone()[0] or 0


def hash_at(chain_id: int, seq: int) -> str | None:
    """The stored hash of one entry; the beginning of every chain for seq 0."""
    if seq == 0:
        return GENESIS
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM journal_entry WHERE chain_id = %s AND seq = %s", [chain_id, seq])
        row = cursor.fetchone()
    return row[0] if row else None


def seals_of_chain(chain_id: int) -> list[tuple[int, str]]:
    """Sequence and hash of every seal of a chain."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM journal_seal WHERE chain_id = %s ORDER BY seq", [chain_id])
        return list(cursor.fetchall())
