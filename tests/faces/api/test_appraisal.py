"""Appraisal for programs: from a scheme to a month whose tree anybody can recompute, and its money."""

import json
from decimal import Decimal

import pytest
from django.test import Client
from explained import value_of
from factories.appraised import APRIL_2, BOND, campus_site, computed, published
from factories.everything import bearer
from factories.org import AssignmentFactory, RoleFactory

from wuyou.domains.org.models import User
from wuyou.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def april():
    with clock.at(APRIL_2):
        yield


@pytest.fixture
def site():
    return campus_site()


def _seeing_contracts(site) -> User:
    """The appraiser, who reads contracts too."""
    role = RoleFactory(permissions=["contracts.view_contracts", "contracts.manage_contracts"])
    AssignmentFactory(user=site.appraiser, role=role, node=site.project.node)
    return site.appraiser


@pytest.fixture
def call(site):
    client, headers = Client(), bearer(_seeing_contracts(site))

    def ask(method: str, path: str, status: int = 200, **body):
        sent = {"data": json.dumps(body), "content_type": "application/json"} if body else {}
        answer = getattr(client, method)(f"/api/v1/{path}", headers=headers, **sent)
        assert answer.status_code == status, answer.content.decode()[:500]
        return answer.json() if answer.content else None

    return ask


def test_the_tree_served_is_enough_to_recompute(site, call):
    enrolment = site.enrolments["campus"]
    call("post", "deduction-events", 201, enrolment_id=enrolment.pk, component="departments", item="repair",
         day="2026-03-09", text="漏水", quantity="2")  # fmt: skip
    call("post", "deduction-events", 201, enrolment_id=enrolment.pk, component="departments", item="repair",
         day="2026-03-10", text="投诉", origin="complaint")  # fmt: skip
    period = computed(enrolment, 80, 90, 85, 70, 95)
    [score] = call("get", f"appraisals/{period.pk}/scores")
    assert (value_of(score["tree"]), score["points"], score["band"]) == (Decimal("91.6"), "91.60", "excellent")


def test_a_month_step_by_step(site, call):
    enrolment = site.enrolments["campus"]
    frame = [{"group": "staff", "code": f"T{n}"} for n in range(11)] + [
        {"group": "students", "code": f"X{n}"} for n in range(21)
    ]
    panel = call("post", "rating-panels", 201, enrolment_id=enrolment.pk, component="people", month="2026-03-01",
                 due_on="2026-03-31", frame=frame)  # fmt: skip
    drawn = call("post", f"rating-panels/{panel['id']}/draw")
    assert len(drawn["members"]) == 30
    for member in drawn["members"][:3]:
        call("post", f"rating-panels/{panel['id']}/sheets", code=member["code"], points="90")
    call("post", f"rating-panels/{panel['id']}/sheets", 404, code="nobody", points="90")
    month = call("post", "appraisals", 201, enrolment_id=enrolment.pk, month="2026-03-01")
    done = call("post", f"appraisals/{month['id']}/compute")
    assert (done["points"], done["band"], done["steps"]) == ("96.00", "excellent", ["compute", "disclose"])
    assert call("post", f"appraisals/{month['id']}/disclose")["state"] == "disclosed"
    refused = call("post", f"appraisals/{month['id']}/publish", 409)
    assert "2026-04-09" in refused["detail"]
    year = call("get", f"enrolments/{enrolment.pk}/year?year=2026")
    assert year["quarters"][0]["value"] is None
    [simulated] = [one for one in call("get", f"enrolments/{enrolment.pk}/simulation?version_id={month['version_id']}")
                   if one["month"] == "2026-03"]  # fmt: skip
    assert simulated["points"] == "96.00"


def test_money(site, call):
    published(site.enrolments["campus"], 20, 20, 20)
    [charge] = call("get", "consequences")["items"]
    assert (charge["amount_fen"], charge["steps"]) == (200_000, ["approve", "decline", "reverse"])
    call("post", f"consequences/{charge['id']}/approve", note="同意")
    [deposit, charged] = call("get", f"contracts/{site.contract.pk}/bond")
    assert (deposit["balance_fen"], charged["entry"]["amount_fen"], charged["balance_fen"]) == (
        BOND,
        -200_000,
        19_800_000,
    )
    statement = call("post", "statements", 201, contract_id=site.contract.pk, month="2026-03-01")
    assert (statement["total_fen"], [line["kind"] for line in statement["lines"]]) == (10_000_000, ["fee"])
    assert call("post", f"statements/{statement['id']}/issue")["state"] == "issued"


def test_errors_of_a_scheme_point_into_the_document(site, call):
    document = call("get", "appraisal-versions")["items"]
    whole = call("get", f"appraisal-versions/{document[0]['id']}")["document"]
    bad = whole | {"code": "Bad Code", "surprise": 1}
    refused = call("post", "appraisal-schemes", 422, document=bad)
    pointers = {error["pointer"] for error in refused["errors"]}
    assert pointers == {"/document/code", "/document/surprise"}


def test_target_letters(site, call):
    kpi = {"key": "rate", "name_zh": "达成率", "baseline": "80", "target": "90", "weight": "100"}
    letter = call("post", "target-letters", 201, project_id=site.project.pk, year=2026, title="责任书", kpis=[kpi])
    call("post", f"target-letters/{letter['id']}/issue")
    for month, value in (("2026-01-01", "84"), ("2026-02-01", "85"), ("2026-03-01", "86")):
        call("post", f"target-letters/{letter['id']}/months", key="rate", month=month, value=value)
    [progress] = call("get", f"target-letters/{letter['id']}/progress")
    assert (progress["forecast"], progress["outlook"]) == ("85.00", "missed")
    assert value_of(progress["year_so_far"]) == 85
    call("post", f"target-letters/{letter['id']}/months", 404, key="nothing", month="2026-01-01", value="84")
