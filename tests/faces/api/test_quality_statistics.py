"""Statistics of quality through the API: what the pages draw from, as numbers."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from factories.everything import bearer
from factories.inspected import corrected, inspected, sheet
from factories.org import NodeFactory, ProjectFactory, UserFactory, user_with
from factories.quality import finding
from factories.standards import ClauseFactory

from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.quality.models import Correction
from wuyou.kernel import clock

pytestmark = pytest.mark.django_db
API = "/api/v1/quality/statistics"
TODAY, DAY = dt.date(2026, 11, 20), dt.timedelta(days=1)
YEAR = "first=2025-11-21&last=2026-11-20"
RIGHTS = ("quality.view_inspections", "quality.view_findings", "quality.inspect", "work.view_tasks")


@pytest.fixture
def group(db: None, moment: dt.datetime) -> Node:
    """The root; it is 10:00 on Friday 20 November 2026."""
    return NodeFactory()


@pytest.fixture
def project(group: Node) -> Project:
    """A project of the group."""
    return another(group, "九台校区")


@pytest.fixture
def viewer(group: Node) -> User:
    """Somebody of the group who sees everything."""
    return user_with(*RIGHTS, at=group)


def another(group: Node, name: str) -> Project:
    return ProjectFactory(node=NodeFactory(parent=group, kind="project"), name=name)


def get(user: User, path: str, query: str = YEAR) -> dict:
    answer = Client().get(f"{API}/{path}?{query}", headers=bearer(user))
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_p_chart_with_limits_for_each_point_and_signals(project, viewer):
    version = sheet(20)
    for step in range(5):
        inspected(TODAY - (5 - step) * DAY, "p" * 19 + "f", project=project, sheet_version=version)
    last = inspected(TODAY, "f" * 12 + "p" * 8, project=project, sheet_version=version)
    chart = get(viewer, "control-chart", f"{YEAR}&chart=pass_rate")["chart"]
    assert (chart["kind"], chart["by"], chart["centre"]) == ("p", "inspection", round(103 / 120, 6))
    half = 3 * (103 / 120 * 17 / 120 / 20) ** 0.5
    assert chart["points"][5] == {
        "first": "2026-11-20", "last": "2026-11-20", "record_id": last.pk, "number": last.number, "value": 0.4,
        "size": 20.0, "lower": round(103 / 120 - half, 6), "upper": 1.0,
    }  # fmt: skip
    assert {"rule": 1, "index": 5, "side": -1} in chart["signals"]
    assert [one for one in chart["signals"] if one["rule"] == 1] == [{"rule": 1, "index": 5, "side": -1}]


def test_findings_by_month_and_days_of_correction(project, viewer):
    inspected(TODAY, "ff", project=project)
    inspected(TODAY, "pp", project=project)
    chart = get(viewer, "control-chart", f"{YEAR}&chart=findings&by=month")["chart"]
    assert (chart["kind"], chart["by"], chart["centre"]) == ("u", "month", 1.0)
    assert [(point["first"], point["last"], point["value"], point["size"]) for point in chart["points"]] == [
        ("2026-11-01", "2026-11-30", 1.0, 2.0)
    ]
    assert get(viewer, "control-chart", f"{YEAR}&chart=days_to_prove") == {"chart": None}
    for days in (1.0, 2.0):
        corrected(clock.now() - 9 * DAY, days=days, verified=0.5, project=project)
    proved = get(viewer, "control-chart", f"{YEAR}&chart=days_to_prove")["chart"]
    verified = get(viewer, "control-chart", f"{YEAR}&chart=days_to_verify")["chart"]
    assert (proved["kind"], [point["value"] for point in proved["points"]]) == ("i", [1.0, 2.0])
    assert [point["value"] for point in verified["points"]] == [0.5, 0.5]


def test_projects_in_funnels_and_ranks(group, viewer):
    version = sheet(40)
    for number, (failed, score) in enumerate([(2, 94), (2, 93), (3, 92), (20, 60)]):
        site = another(group, f"小区{number}")
        for step in range(3):
            verdicts = "f" * failed + "p" * (40 - failed)
            inspected(TODAY - step * DAY, verdicts, project=site, sheet_version=version, score=Decimal(score + step))
    found = get(viewer, "projects")
    standings = {one["name"]: one["standing"] for one in found["pass_rates"]["projects"]}
    assert standings["小区3"] == "alarm"
    assert found["pass_rates"]["target"] == round(1 - 27 / 160, 6)
    (limit,) = found["pass_rates"]["limits"]
    assert limit["size"] == 120
    assert limit["alarm_low"] < limit["warning_low"] < limit["warning_high"] < limit["alarm_high"]
    assert found["scores"]["dispersion"] == 1.0
    last = found["ranking"][-1]
    assert (last["name"], last["observed"], last["best_rank"], last["worst_rank"], last["inspections"]) == (
        "小区3", 61.0, 4, 4, 3,
    )  # fmt: skip


def test_inspectors_and_their_agreement(group, viewer):
    strict, kind, version = UserFactory(full_name="严"), UserFactory(full_name="宽"), sheet(4)
    for number in range(4):
        site = another(group, f"小区{number}")
        given = {"project": site, "sheet_version": version}
        one = inspected(TODAY, "pppf", inspector=kind, score=Decimal(90 + number), **given)
        inspected(TODAY, "ppff", inspector=strict, score=Decimal(80 + number + number % 2), second_of=one, **given)
    found = get(viewer, "inspectors")
    assert [(one["name"], one["effect"], one["is_certain"]) for one in found["severity"]] == [
        ("严", -4.75, True), ("宽", 4.75, True),
    ]  # fmt: skip
    assert (found["items"], found["same"], found["kappa"]["value"]) == (16, 12, 0.5)
    assert [pair["inspectors"] for pair in found["pairs"]] == [["宽", "严"]] * 4
    assert found["pairs"][0]["kappa"] is None  # one difference on four items tells nothing


def test_causes(project, viewer):
    now, clause = clock.now(), ClauseFactory(code="5.2.1")
    corrected(now - 10 * DAY, days=1, project=project, clause=clause)
    late = finding(project=project, found_at=now - 40 * DAY, deadline=now - 30 * DAY)
    Correction.objects.create(finding=finding(project=project, repeat_of=late, clause=clause), cause="people")
    found = get(viewer, "causes")
    assert (found["found"], found["due"], found["kept"], found["repeats"]) == (3, 2, 1, 1)
    assert found["in_time"]["estimate"] == 0.5
    assert found["repeated"]["estimate"] == round(1 / 3, 6)
    assert [(one["clause_id"], one["code"], one["count"]) for one in found["clauses"]] == [
        (clause.pk, "5.2.1", 2), (None, "", 1),
    ]  # fmt: skip
    assert found["causes"] == [{"cause": "people", "count": 1, "share": 1.0, "cumulative": 1.0}]
    assert [one["count"] for one in found["ages"]] == [1, 0, 0, 0, 0, 1]
    assert found["ages"][-1] == {"from_days": 30, "to_days": None, "count": 1}


def test_nothing_is_nothing(viewer):
    assert get(viewer, "control-chart", f"{YEAR}&chart=pass_rate") == {"chart": None}
    assert get(viewer, "projects") == {"pass_rates": None, "scores": None, "ranking": []}
    assert get(viewer, "inspectors") == {"severity": [], "pairs": [], "items": 0, "same": 0, "kappa": None}
    found = get(viewer, "causes")
    assert (found["found"], found["in_time"], found["clauses"]) == (0, None, [])


def test_a_project_and_a_level_narrow(group, project, viewer):
    inspected(TODAY, "pf", project=project, level="city")
    inspected(TODAY, "pp", project=another(group, "别处"), level="region")

    def centre(query: str) -> float:
        return get(viewer, "control-chart", f"{YEAR}&chart=pass_rate&{query}")["chart"]["centre"]

    assert centre(f"project_id={project.pk}") == 0.5
    assert centre("level=region") == 1.0
    assert centre("level=city&by=week") == 0.5


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("control-chart", f"{YEAR}&chart=nonsense"),
        ("control-chart", YEAR),
        ("projects", "first=2026-11-20&last=2026-11-01"),
        ("causes", "first=2020-01-01&last=2026-11-20"),
        ("inspectors", f"{YEAR}&level=nonsense"),
        ("projects", f"{YEAR}&unknown=1"),
    ],
)
def test_nonsense_is_refused(viewer, path, query):
    assert Client().get(f"{API}/{path}?{query}", headers=bearer(viewer)).status_code == 422


@pytest.mark.parametrize("path", ["control-chart", "projects", "inspectors", "causes"])
def test_whoever_lacks_the_right_is_refused(group, path):
    user = user_with("work.view_tasks", at=group)
    answer = Client().get(f"{API}/{path}?{YEAR}&chart=pass_rate", headers=bearer(user))
    assert answer.status_code == 403
