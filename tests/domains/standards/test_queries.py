"""Who sees which standards, and reads that cost the same for one clause and for many."""

import pytest
from factories.org import NodeFactory, UserFactory, user_with
from factories.standards import (
    ClauseFactory,
    GradeFactory,
    StandardFactory,
    SubjectFactory,
    VersionFactory,
    issued_version,
)

from wuyou.domains.standards import queries
from wuyou.domains.standards.choices import VersionState
from wuyou.domains.standards.models import Clause
from wuyou.domains.standards.rules.comparing import Change
from wuyou.kernel import clock
from wuyou.kernel.actors import System

pytestmark = pytest.mark.django_db
VIEW = "standards.view_standards"


@pytest.fixture
def tree():
    """group → city → project, and a sister city; a standard of each and a shipped one."""
    group = NodeFactory()
    city, sister = NodeFactory(parent=group), NodeFactory(parent=group)
    project = NodeFactory(parent=city)
    owners = {"group": group, "city": city, "sister": sister, "project": project, "shipped": None}
    for code, node in owners.items():
        VersionFactory(standard=StandardFactory(code=code, node=node), issued=True)
    return owners


@pytest.mark.parametrize(
    ("where", "seen"),
    [
        ("group", {"group", "city", "sister", "project", "shipped"}),
        ("city", {"group", "city", "project", "shipped"}),
        ("project", {"group", "city", "project", "shipped"}),
        ("sister", {"group", "sister", "shipped"}),
    ],
)
def test_a_branch_is_seen_up_and_down(tree, where, seen):
    user = user_with(VIEW, at=tree[where])
    assert {row.code for row in queries.standards_visible_to(user)} == seen
    assert {row.standard.code for row in queries.issued_versions_visible_to(user)} == seen


def test_without_the_right_nothing_is_seen(tree):
    for user in (UserFactory(), user_with("standards.edit_standards", at=tree["group"])):
        assert queries.standards_visible_to(user).count() == 0


def test_a_machine_sees_all(tree):
    assert queries.versions_visible_to(System("x")).count() == 5


def test_drafts_are_not_to_be_bound():
    version = issued_version()
    VersionFactory(standard=version.standard)
    assert list(queries.issued_versions_visible_to(System("x"))) == [version]
    assert queries.latest_version(version.standard).number == 2
    assert queries.latest_issued(version.standard.code) == version
    assert queries.latest_issued("nothing") is None


def test_chains():
    assert queries.journal_chain(None) == queries.LIBRARY_CHAIN
    root = NodeFactory()
    assert queries.journal_chain(None) == queries.journal_chain(root) == f"node:{root.pk}"
    assert queries.journal_chain(NodeFactory(parent=root)) == f"node:{root.pk}"


@pytest.mark.parametrize("clauses", [1, 30])
def test_a_table_takes_three_queries(clauses, django_assert_num_queries):
    version = VersionFactory()
    for _number in range(clauses):
        ClauseFactory(version=version, values={"g1": "1/1 d", "g2": "1/3 d"})
    with django_assert_num_queries(3):
        table = queries.clause_table(version)
    assert [row.values for row in table.rows] == [("1/1 d", "1/3 d")] * clauses
    with django_assert_num_queries(3):
        queries.specs_of(version)


@pytest.mark.parametrize("clauses", [1, 30])
def test_duties_and_targets_take_two_queries(clauses, django_assert_num_queries):
    version = VersionFactory()
    for _number in range(clauses):
        ClauseFactory(version=version, kind="percent", values={"g1": "95"})
    grade = version.grades.get()
    with django_assert_num_queries(2):
        assert len(queries.duties_for(version, grade, {})) == clauses
    with django_assert_num_queries(2):
        assert len(queries.targets_of(version, grade)) == clauses


def test_a_grade_without_the_duty_has_none():
    version = issued_version(g1="1/1 d")
    other = GradeFactory(version=version, code="g2", rank=2)
    assert queries.duties_for(version, other, {}) == []


def test_the_order_of_the_best_grade_first():
    version = VersionFactory()
    GradeFactory(version=version, code="low", rank=5)
    GradeFactory(version=version, code="high", rank=1)
    assert [grade.code for grade in queries.clause_table(version).grades] == ["high", "low"]


def test_missing_facts():
    version = issued_version()
    ClauseFactory(version=version, applies_when="lift&age>15y", values={"g1": "1/1 y"})
    assert queries.facts_missing(version, {"lift": True}) == {"age"}


def test_what_two_versions_differ_in():
    before, after = issued_version(g1="1/3 d"), issued_version(g1="1/1 d")
    Clause.objects.update(code="C1")
    assert queries.differences(before, after).changed == (Change("C1", "values.g1", "1/3 d", "1/1 d", "stricter"),)


def test_grades_side_by_side():
    version = issued_version(g1="1/1 d", g2="1/3 d")
    assert [(row.values, row.differs) for row in queries.grades_side_by_side(version)] == [
        ({"g1": "1/1 d", "g2": "1/3 d"}, True)
    ]


def test_subjects():
    clause = issued_version().clauses.get()
    assert queries.subject_of(clause) is None
    assert queries.unknown_subjects(clause.version) == ["楼道楼梯"]
    subject = SubjectFactory(name="楼道楼梯")
    SubjectFactory(name="电梯厅", team="A")
    assert queries.subject_of(clause) == subject
    assert queries.unknown_subjects(clause.version) == []
    assert set(queries.subjects_by_name()) == {"楼道楼梯", "电梯厅"}
    assert set(queries.subjects_by_name(["电梯厅"])) == {"电梯厅"}
    assert [row.name for row in queries.subjects()] == ["电梯厅", "楼道楼梯"]


def test_names():
    version = issued_version()
    assert str(version) == f"{version.standard.name_zh} v1"
    assert str(version.clauses.get()).endswith(" 清扫")
    assert (str(version.grades.get()), str(SubjectFactory(name="x"))) == ("1级", "x")


def test_the_database_keeps_dates_with_states(django_db_blocker):
    from django.db import IntegrityError, transaction

    for state in (VersionState.ISSUED, VersionState.WITHDRAWN):
        with pytest.raises(IntegrityError), transaction.atomic():
            VersionFactory(state=state)
    assert VersionFactory(state=VersionState.WITHDRAWN, issued_on=clock.today(), withdrawn_on=clock.today()).pk
