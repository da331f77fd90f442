"""Coverage debt, live: from inspections to what is still owed."""

import datetime as dt
from decimal import Decimal

import pytest
from factories.campaigns import Company
from factories.org import NodeFactory, ProjectFactory
from factories.quality import inspection

from wuyou.domains.org.models import Node, Project
from wuyou.domains.quality.actions.levels import set_level
from wuyou.domains.quality.queries.coverage import Debt, coverage
from wuyou.kernel import clock

DAY = dt.date(2026, 11, 20)


def debt(at: Company, level: str, node: Node | None = None, day: dt.date = DAY) -> Debt:
    return next(one for one in coverage(at.quality, node or at.group, day) if one.level == level)


def done(project: Project, level: str, day: dt.date = DAY, *, state: str = "submitted") -> None:
    inspection(project=project, level=level, day=day, state=state, submitted_at=clock.now(),
               void_because="x" if state == "void" else "")  # fmt: skip


def codes(found: Debt) -> list[str]:
    return [project.code for project in found.missing]


def test_a_region_owes_every_project_a_quarter(at: Company) -> None:
    assert codes(debt(at, "region")) == ["A", "B", "C", "D"]
    done(at.projects[0], "region", dt.date(2026, 10, 1))
    done(at.projects[1], "region", dt.date(2026, 9, 30))  # last quarter
    done(at.projects[2], "city")  # another level
    done(at.projects[3], "region", state="under_way")
    found = debt(at, "region")
    assert (codes(found), found.coverage.covered, found.coverage.owed) == (["B", "C", "D"], 1, 3)
    assert codes(debt(at, "region", at.regions[1])) == ["D"]
    assert codes(debt(at, "region", day=dt.date(2027, 1, 1))) == ["A", "B", "C", "D"]


def test_the_group_owes_every_region_and_sixty_percent_a_year(at: Company) -> None:
    found = debt(at, "special")
    assert (found.coverage.required, found.coverage.owed) == (3, 3)
    assert [node.name for node in found.regions_missing] == ["东区", "西区"]
    for project in at.projects[:3]:
        done(project, "special", dt.date(2026, 2, 1))
    found = debt(at, "special")
    assert (found.coverage.owed, [node.name for node in found.regions_missing]) == (1, ["西区"])
    done(at.projects[3], "special", dt.date(2026, 3, 1))
    assert debt(at, "special").coverage.is_kept


@pytest.mark.parametrize("state", ["under_way", "void"])
def test_only_what_was_submitted_counts(at: Company, state: str) -> None:
    done(at.projects[0], "city", state=state)
    assert debt(at, "city").coverage.covered == 0


def test_inspections_of_days_to_come_do_not_count_yet(at: Company) -> None:
    done(at.projects[0], "city", DAY + dt.timedelta(days=3))
    assert debt(at, "city").coverage.covered == 0
    assert debt(at, "city", day=DAY + dt.timedelta(days=3)).coverage.covered == 1


def test_projects_not_in_service_are_not_owed(at: Company) -> None:
    old, new = at.projects[:2]
    old.closed_on, new.opened_on = dt.date(2026, 9, 1), dt.date(2026, 12, 1)
    old.save()
    new.save()
    assert codes(debt(at, "region")) == ["B", "C", "D"]  # closed before the quarter; opened within it
    assert codes(debt(at, "city")) == ["C", "D"]
    assert codes(debt(at, "special")) == ["A", "B", "C", "D"]


def test_a_company_asks_for_less_or_nothing(at: Company) -> None:
    def said(percent: int, level: str) -> None:
        set_level(at.group, level=level, weight=Decimal(1), cover_percent=percent, feedback="none", starts_on=DAY,
                  by=at.quality)  # fmt: skip

    said(50, "region")
    said(0, "city")
    assert debt(at, "region").coverage.required == 2
    assert [one.level for one in coverage(at.quality, at.group, DAY)] == ["project", "region", "special"]


def test_a_project_directly_below_the_group_has_no_region(at: Company) -> None:
    ProjectFactory(node=NodeFactory(parent=at.group, kind="project"), code="E")
    found = debt(at, "special")
    assert (found.coverage.sites, [node.name for node in found.regions_missing]) == (5, ["东区", "西区"])


def test_only_where_somebody_plans(at: Company) -> None:
    assert [one.coverage.sites for one in coverage(at.colleague, at.group, DAY)] == [3, 3, 3, 3]
    assert [one.coverage.sites for one in coverage(at.manager, at.group, DAY)] == [0, 0, 0, 0]


@pytest.mark.parametrize("more", [0, 20])
def test_the_same_queries_for_few_and_many_projects(at: Company, more: int, django_assert_max_num_queries) -> None:
    for _ in range(more):
        ProjectFactory(node=NodeFactory(parent=at.cities[0], kind="project"))
    done(at.projects[0], "city")
    at.quality.__dict__.pop("_held", None)
    with django_assert_max_num_queries(8):
        coverage(at.quality, at.group, DAY)
