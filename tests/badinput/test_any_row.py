"""Whatever stands in a row: it is taken whole, or an error names the row and a column. Never a crash (spec 01)."""

import datetime as dt
from typing import Any

import pytest
from badinput import jiutai
from badinput.jiutai import KINDS
from django.db import transaction
from factories.tables import CLERK, load, quiet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wuyou.domains.org.models import Project
from wuyou.domains.registry.actions import load_qualification_kinds
from wuyou.kernel import imports
from wuyou.kernel.imports.columns import map_headers
from wuyou.kernel.imports.reading import Table
from wuyou.kernel.imports.rows import as_json, check_rows

SIGNS = st.sampled_from([
    *"09-+.,、；/\\:#*%=()（）【】'\"零一百两层室无年月日Ｅ²½٣ex \n\t\0\x07", "\u3000", "\xa0", "\ufeff", "\u202e",
    "地下", "单元", "号楼", "E+10", "\U0001f600",
])  # fmt: skip
MOMENTS = st.datetimes(dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31))
CELLS = st.one_of(
    st.none(), st.booleans(), st.floats(), st.integers(-(10**20), 10**20), MOMENTS, MOMENTS.map(dt.datetime.date),
    MOMENTS.map(dt.datetime.time), st.timedeltas(), st.text(max_size=30), st.lists(SIGNS, max_size=6).map("".join),
    st.just("长" * 300), st.just("1" * 400),
)  # fmt: skip


@st.composite
def mistyped(draw: st.DrawFn, cell: object) -> object:
    """A cell as a slip of the hand leaves it: something in between, something gone, something twice."""
    text = str(cell)
    at = draw(st.integers(0, len(text)))
    end = draw(st.integers(at, min(at + 3, len(text))))
    return text[:at] + draw(st.lists(SIGNS, max_size=3).map("".join)) + text[end:]


@st.composite
def spoiled(draw: st.DrawFn, row: list[Any]) -> list[object]:
    """A good row with one to three cells changed."""
    made = list(row)
    for at in draw(st.sets(st.integers(0, len(row) - 1), min_size=1, max_size=3)):
        made[at] = draw(st.one_of(CELLS, mistyped(row[at])))
    return made[: draw(st.integers(1, len(row)))] if draw(st.integers(0, 9)) == 0 else made


@pytest.fixture
def known_estate(project: Project) -> Project:
    """The estate with a few of everything, so that rows change as well as add."""
    load_qualification_kinds()
    load(KINDS["buildings"], jiutai.some_buildings(), project)
    for name, kind in KINDS.items():
        load(kind, jiutai.written(jiutai.rows(name, 3)), project)
    return project


def taken(kind: imports.Importer, project: Project, made: list[list[object]]) -> set[int]:
    """Load what can be loaded of these rows, then take it back; the rows that were taken, the others being named."""
    head, *body = made
    table = Table("表", ["表"], 1, [str(cell) for cell in head], list(enumerate(body, start=2)))
    context = imports.Context(project.pk, dt.date(2026, 11, 20))
    checked = check_rows(table, map_headers(table.headers, kind.columns), kind, context)
    codes = {column.code for column in kind.columns}
    assert all(error.row in range(2, 2 + len(body)) and error.column in codes for error in checked.errors)
    assert all(error["message"] for error in as_json(checked.errors))
    rows = {row.number for row in checked.rows}
    wrong = {error.row for error in checked.stopping}
    assert rows | wrong == set(range(2, 2 + len(body)))
    assert not rows & wrong
    with transaction.atomic():
        changes = kind.plan(checked.rows, context)
        kind.apply(changes, context, by=CLERK, report=quiet)
        assert kind.plan(checked.rows, context).is_nothing  # what was taken is there: a second time nothing changes
        transaction.set_rollback(True)
    return rows


@pytest.mark.parametrize("name", list(KINDS))
def test_any_row_is_taken_or_named(known_estate: Project, name: str) -> None:
    kind = imports.get(KINDS[name])
    head, known, *_others, fresh = jiutai.rows(name, 5)

    @settings(max_examples=80, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(spoiled(known), spoiled(fresh))
    def holds(changed: list[object], added: list[object]) -> None:
        taken(kind, known_estate, [head, changed, added])

    assert taken(kind, known_estate, [head, known, fresh]) == {2, 3}
    holds()
