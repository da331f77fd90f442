"""What is hashed is canonical JSON, and any change of any field changes the hash."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel.journal.hashing import Line, canonical, digest_rows, hash_line, moment_text, preimage

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
LINES = st.builds(
    Line,
    seq=st.integers(1, 10**12),
    at=st.datetimes().map(lambda moment: moment_text(moment.replace(tzinfo=UTC))),
    actor_id=TEXT,
    actor_label=TEXT,
    on_behalf=TEXT,
    verb=TEXT,
    subject_kind=TEXT,
    subject_id=TEXT,
    subject_label=TEXT,
    data=PLAIN.map(canonical),
    prev_hash=st.text("0123456789abcdef", min_size=64, max_size=64),
)


class Grade(IntEnum):
    FIRST = 1


class Kind(StrEnum):
    REPAIR = "repair"


@given(LINES, TEXT)
def test_preimage_is_canonical_json(line: Line, chain: str) -> None:
    fields = {**line._asdict(), "chain": chain, "data": json.loads(line.data)}
    expected = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert preimage(chain, line) == expected
    assert hash_line(chain, line) == hashlib.sha256(expected.encode()).hexdigest()


@given(LINES, st.sampled_from(Line._fields), TEXT)
def test_every_field_counts(line: Line, name: str, other: str) -> None:
    value = line.seq + 1 if name == "seq" else canonical(other) if name == "data" else other
    changed = line._replace(**{name: value})
    assert (hash_line("project:1", changed) == hash_line("project:1", line)) == (changed == line)


def test_a_field_cannot_be_moved_into_the_data() -> None:
    honest = Line(1, "t", "user:1", "Li", "x", "v", "k", "1", "l", "{}", "0")
    forged = honest._replace(data='{},"on_behalf":"x"', on_behalf="")
    assert preimage("c", honest) != preimage("c", forged)


@given(PLAIN)
def test_plain_values_survive_storing(value: object) -> None:
    assert json.loads(canonical(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
        ({1: "one"}, '{"1":"one"}'),
        (Decimal("12.50"), '"12.50"'),
        (1.5, '"1.5"'),
        (float("nan"), '"nan"'),
        (date(2026, 11, 20), '"2026-11-20"'),
        (datetime(2026, 11, 20, 2, tzinfo=UTC), '"2026-11-20T02:00:00+00:00"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        ((1, None, True), "[1,null,true]"),
        ({"z", "a"}, '["a","z"]'),
        (Grade.FIRST, "1"),
        (Kind.REPAIR, '"repair"'),
        ("九台", '"九台"'),
    ],
)
def test_values_become_what_they_will_be_read_as(value: object, text: str) -> None:
    assert canonical(value) == text


def test_moments_are_utc_with_six_digits() -> None:
    here = timezone(timedelta(hours=8))
    assert moment_text(datetime(2026, 11, 20, 10, tzinfo=here)) == "2026-11-20 02:00:00.000000"


def test_digest_of_rows_knows_order_and_borders() -> None:
    assert digest_rows([[1, "a"], [2, "b"]]) == hashlib.sha256(b'[1,"a"]\n[2,"b"]\n').hexdigest()
    assert digest_rows([[1], [2]]) != digest_rows([[2], [1]])
    assert digest_rows([[1, 2]]) != digest_rows([[1], [2]])
    assert digest_rows(iter([])) == hashlib.sha256(b"").hexdigest()
