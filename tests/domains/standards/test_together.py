"""Two people at once: one wins, the other is told; real threads on the real database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from factories.standards import ClauseFactory, SubjectFactory, VersionFactory, issued_version

from wuyou.domains.standards import actions
from wuyou.domains.standards.choices import VersionState
from wuyou.domains.standards.models import StandardVersion
from wuyou.domains.standards.queries import specs_of
from wuyou.domains.standards.rules.clauses import ClauseSpec
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Conflict, IllegalMove
from wuyou.kernel.journal import verify

pytestmark = pytest.mark.django_db(transaction=True)
BY = System("test")
SWEEP = ClauseSpec("N1", "clean", "楼道楼梯", "清扫", "cadence", values={"g1": "1/1 d"})


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run all acts at the same moment; the names of what came out, sorted."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        start.wait(timeout=10)
        try:
            act()
        except (Conflict, IllegalMove) as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_two_new_versions_are_one():
    standard = issued_version().standard
    assert at_once(*[lambda: actions.new_version(standard, by=BY)] * 2) == ["Conflict", "done"]
    assert list(standard.versions.values_list("number", "state")) == [(1, "issued"), (2, "draft")]


def test_a_version_is_issued_once():
    version = VersionFactory(state=VersionState.REVIEW)
    seen = [StandardVersion.objects.get(pk=version.pk) for _person in range(2)]
    assert at_once(*[partial(actions.issue, row, by=BY) for row in seen]) == ["Conflict", "done"]
    assert verify().is_intact


def test_an_edit_and_a_submission_never_cross():
    SubjectFactory(name="楼道楼梯")
    for round_ in range(5):
        version = VersionFactory()
        ClauseFactory(version=version, values={"g1": "1/1 d"})
        edited, handed_in = (StandardVersion.objects.get(pk=version.pk) for _person in range(2))
        spec = replace(SWEEP, code=f"N{round_}")
        found = at_once(
            partial(actions.add_clause, edited, spec, by=BY),
            partial(actions.submit, handed_in, by=BY),
        )
        version.refresh_from_db()
        assert version.state == VersionState.REVIEW
        assert len(specs_of(version)) == (2 if found == ["done", "done"] else 1)
