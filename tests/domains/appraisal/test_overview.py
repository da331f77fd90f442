"""Figures of many projects: which months count, exact means, branches, moves; as many queries for one as for all."""

import datetime as dt
from decimal import Decimal

import pytest
from factories.years import LAST, Years, years
from pytest_django import DjangoAssertNumQueries

from wuyou.domains.appraisal.models import Period
from wuyou.domains.appraisal.queries import overview
from wuyou.domains.appraisal.rules.overview import Sums
from wuyou.domains.org.models import Node

pytestmark = pytest.mark.django_db
D = Decimal


def rows_of(made: Years, who: object = None, node: object = None) -> "overview.QuerySet[Period]":
    periods = overview.project_months(who or made.at.quality)
    return overview.rated_projects(periods, scheme_id=made.scheme.pk, node=node or made.at.group)


def named(made: Years) -> overview.Named:
    """Project A as sums name it."""
    return overview.Named(made.at.projects[0].pk, "A", "A园")


@pytest.mark.parametrize("wanted", ["", "x", "0", "9" * 30])
def test_the_highest_branch_unless_another_visible_one_is_named(wanted: str) -> None:
    made = years()
    everything = Node.objects.all()
    assert overview.branch(everything, wanted) == made.at.group
    assert overview.branch(everything, str(made.at.cities[1].pk)) == made.at.cities[1]
    assert overview.branch(Node.objects.none(), wanted) is None
    assert overview.parent_of(made.at.cities[1]) == made.at.regions[1]
    assert overview.parent_of(made.at.group) is None


def test_months_until_cross_the_year() -> None:
    assert overview.months_until(dt.date(2026, 2, 1), 4) == [
        dt.date(2025, 11, 1), dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1)
    ]  # fmt: skip


def test_only_rated_months_that_were_published_count() -> None:
    made = years({"A": ["80", None, "90"]})
    made.rate(made.at.projects[1], ["70"], state="computed")
    made.rate(made.at.projects[2], ["60"], state="open")
    made.rate(made.at.projects[3], ["50"], state="disclosed")
    assert sorted(rows_of(made).values_list("points", flat=True)) == [D(80), D(90)]


def test_nothing_rated_has_no_months() -> None:
    assert overview.month_means(rows_of(years()), 24) == []


def test_who_sees_a_branch_counts_that_branch_only() -> None:
    made = years({"A": ["80"], "B": ["90"], "D": ["10"]})
    manager = made.at.person("project_manager", made.at.projects[0])
    region = made.at.person("region", made.at.regions[0])
    assert list(rows_of(made, manager).values_list("project__code", flat=True)) == ["A"]
    assert sorted(rows_of(made, region).values_list("project__code", flat=True)) == ["A", "B"]
    assert sorted(rows_of(made, node=made.at.regions[1]).values_list("project__code", flat=True)) == ["D"]


def test_schemes_in_use_the_most_used_first() -> None:
    made = years({"A": ["80", "81"]})
    assert overview.schemes_in_use(overview.project_months(made.at.quality)) == [
        (made.scheme.pk, made.scheme.name_zh, made.scheme.name_en)
    ]
    assert overview.schemes_in_use(Period.objects.none()) == []


def test_means_are_exact_to_the_cent() -> None:
    made = years({"A": ["85.01", "33.33"], "B": ["85.00", "33.33"], "C": [None, "33.35"]})
    found = overview.month_means(rows_of(made), 24)
    assert [(one.month.month, one.rated, one.mean) for one in found] == [(9, 2, D("85.01")), (10, 3, D("33.34"))]


def test_vetoes_are_counted() -> None:
    made = years({"A": ["80"]})
    made.rate(made.at.projects[1], ["95"], vetoed=True)
    (found,) = overview.month_means(rows_of(made), 1)
    assert (found.rated, found.vetoed) == (2, 1)


def test_months_outside_are_left_out() -> None:
    made = years({"A": ["10", "80"]})
    (found,) = overview.month_means(rows_of(made), 1)
    assert found.mean == D(80)
    assert overview.project_sums(rows_of(made), [LAST]) == {named(made): Sums(1, 8000, 64_000_000)}


def test_branches_with_holes() -> None:
    made = years({"A": ["80", "90"], "B": ["70", None], "D": ["60"]})
    months = overview.months_until(LAST, 2)
    regions = overview.parts_of(rows_of(made), made.at.group, months)
    assert [(one.node, one.means) for one in regions] == [
        (made.at.regions[0], (D(75), D(90))),
        (made.at.regions[1], (None, D(60))),
    ]
    projects = overview.parts_of(rows_of(made, node=made.at.cities[0]), made.at.cities[0], months)
    assert [one.node.pk for one in projects] == [project.node_id for project in made.at.projects[:2]]


def test_moves_the_greatest_fall_first() -> None:
    made = years({"A": ["80", "90"], "B": ["90", "70"], "C": [None, "50"], "D": ["88", None]})
    found = overview.moves(rows_of(made), LAST)
    assert [(one.project, one.before, one.points, one.change) for one in found] == [
        ("B园", D(90), D(70), D(-20)),
        ("A园", D(80), D(90), D(10)),
    ]


def test_sums_of_a_project() -> None:
    made = years({"A": ["80.50", "90.25"]})
    found = overview.project_sums(rows_of(made), overview.months_until(LAST, 12))
    assert found == {named(made): Sums(2, 17075, 8050**2 + 9025**2)}
    assert found[named(made)].mean == D("85.38")


def test_queries_do_not_grow(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    made = years({code: ["80", "85", "90"] for code in "ABCD"})
    rows, months = rows_of(made), overview.months_until(LAST, 24)
    with django_assert_num_queries(5):
        overview.month_means(rows, 24)
        overview.parts_of(rows, made.at.group, months)
        overview.project_sums(rows, months)
        overview.moves(rows, LAST)
