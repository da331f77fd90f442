"""Pages of contracts: staffing against who is there, promises, money, changes of scope."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories.contracts import ContractFactory, StaffingPromiseFactory
from factories.org import NodeFactory, ProjectFactory, user_with
from factories.registry import PersonFactory, StaffFactory, TeamFactory
from factories.standards import SubjectFactory

from wuyou.domains.contracts.actions import propose_change, set_promises
from wuyou.domains.contracts.models import Contract, ContractChange
from wuyou.domains.standards.rules.promises import Promise
from wuyou.faces.console.contracts.contracts import renewal
from wuyou.kernel.actors import System

pytestmark = pytest.mark.django_db
RIGHTS = ("contracts.view_contracts", "contracts.manage_contracts")


def address(name, *args, query=""):
    return reverse(f"console:contracts:{name}", args=args) + query


@pytest.fixture
def project(moment):
    """An estate."""
    return ProjectFactory(node=NodeFactory(kind="project", parent=NodeFactory()))


@pytest.fixture
def contract(project):
    """Ten guards, none above fifty; two are there, one of them too old."""
    made = ContractFactory(project=project)
    StaffingPromiseFactory(contract=made, job="保安员", heads=2, max_age=50)
    team = TeamFactory(project=project, name="秩序")
    StaffFactory(
        team=team,
        job="保安员",
        name="张年轻",
        person=PersonFactory(node=project.node, name="张年轻"),
        born_on=dt.date(1990, 1, 1),
    )
    StaffFactory(
        team=team,
        job="保安员",
        name="李年长",
        person=PersonFactory(node=project.node, name="李年长"),
        born_on=dt.date(1970, 1, 1),
    )
    return made


@pytest.fixture
def web(project):
    """A browser of the manager, or of somebody else."""
    manager = user_with(*RIGHTS, at=project)

    def open_as(user=None, language="en"):
        client = Client()
        client.force_login(user or manager)
        client.cookies["django_language"] = language
        return client

    return open_as


@pytest.fixture
def reader(project):
    """The client."""
    return user_with("contracts.view_contracts", at=project)


def form(project, **changes):
    """A contract for a year."""
    given = {
        "project": project.pk, "code": "HT-1", "name": "物业合同", "client": "业委会", "mode": "fixed",
        "starts_on": "2026-01-01", "ends_on": "2026-12-31", "yearly_fee": "120000.50", "bond": "0",
    }  # fmt: skip
    return given | changes


class TestPage:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_who_fits_and_who_does_not(self, web, contract, language):
        page = web(language=language).get(address("contract", contract.pk))
        (line,) = page.context["staffing"]
        assert (line["needed"], line["present"], line["fitting"], line["short"]) == (2, 2, 1, 1)
        assert [worker.name for worker, _reasons in line["failing"]] == ["李年长"]
        assert "李年长" in page.context["too_old"][0]

    def test_money_renewal_and_terms(self, web, contract):
        Contract.objects.filter(pk=contract.pk).update(
            terms={"reply_limits": {"报修": "24 h"}, "surveys": {"asks": ["满意"]}, "borne_by_company": ["电费"]}
        )
        page = web().get(address("contract", contract.pk))
        body = page.content.decode()
        assert "¥3,360,000.00" in body
        assert page.context["renewal"] == "741 days left"
        assert [len(pairs) for _name, pairs in page.context["terms"]] == [1, 1, 1]

    def test_promises_and_reply_limits(self, web, contract):
        SubjectFactory(name="楼道楼梯")
        set_promises(
            contract,
            [Promise("楼道楼梯", "清扫", "1/1 d"), Promise("报修", "受理", "24", kind="hours", unit="h")],
            by=System("test"),
        )
        page = web().get(address("contract", contract.pk))
        assert (len(page.context["promises"]), len(page.context["limits"])) == (1, 1)

    def test_other_projects_do_not_exist(self, web, contract):
        elsewhere = ProjectFactory(node=NodeFactory(kind="project", parent=NodeFactory()))
        stranger = user_with(*RIGHTS, at=elsewhere)
        assert web(stranger).get(address("contract", contract.pk)).status_code == 404
        assert web(user_with("work.view_plan", at=contract.project)).get(address("list")).status_code == 403

    @pytest.mark.parametrize(
        ("today", "tone"),
        [
            (dt.date(2025, 11, 1), "muted"), (dt.date(2026, 1, 1), "ok"), (dt.date(2028, 7, 1), "info"),
            (dt.date(2028, 10, 1), "warn"), (dt.date(2028, 11, 10), "bad"), (dt.date(2029, 1, 1), "bad"),
        ],
    )  # fmt: skip
    def test_how_long_it_runs(self, today, tone):
        assert renewal(ContractFactory(), today)[1] == tone

    def test_a_terminated_one(self):
        assert renewal(ContractFactory(terminated_on=dt.date(2026, 1, 1)), dt.date(2026, 2, 1))[1] == "muted"


class TestList:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_contracts(self, web, contract, language):
        assert web(language=language).get(address("list")).context["pages"].total == 1
        assert web(language=language).get(address("list", query="?q=nothing")).context["pages"].total == 0

    def test_more_contracts_take_no_more_queries(self, web, contract, project):
        browser, counted = web(), []
        browser.get(address("list"))
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                browser.get(address("list"))
            counted.append(len(queries))
            ContractFactory.create_batch(20, project=project)
        assert counted[0] == counted[1]


class TestRecording:
    def test_recorded_in_fen(self, web, project):
        assert web().get(address("new")).status_code == 200
        assert web().post(address("new"), form(project)).status_code == 302
        assert Contract.objects.get(code="HT-1").yearly_fee_fen == 12_000_050

    @pytest.mark.parametrize(
        ("changes", "field"), [({"yearly_fee": "a lot"}, "yearly_fee"), ({"ends_on": "2025-01-01"}, "ends_on")]
    )
    def test_refused_at_the_field(self, web, project, changes, field):
        answer = web().post(address("new"), form(project, **changes))
        assert answer.status_code == 422
        assert answer.context["form"].errors[field]

    def test_corrected(self, web, contract, project):
        url = address("change", contract.pk)
        assert web().get(url).context["form"].initial["yearly_fee"] == "3360000.00"
        assert web().post(url, form(project, name="新名")).status_code == 302
        contract.refresh_from_db()
        assert contract.name == "新名"

    def test_terminated(self, web, contract):
        assert web().get(address("terminate", contract.pk)).status_code == 200
        web().post(address("terminate", contract.pk), {"on": "2026-12-31", "reason": "agreed"})
        contract.refresh_from_db()
        assert contract.terminated_on == dt.date(2026, 12, 31)

    def test_a_reader_writes_nothing(self, web, contract, reader):
        assert web(reader).get(address("new")).status_code == 403
        for name in ("change", "terminate", "staffing_new", "promise_new", "propose"):
            assert web(reader).get(address(name, contract.pk)).status_code == 403
        assert web(reader).post(address("staffing_remove", contract.pk, 1)).status_code == 403


class TestStaffing:
    def form(self, **changes):
        given = {
            "job": "保洁员",
            "heads": "18",
            "max_age": "55",
            "sex": "",
            "education": "",
            "licence": "",
            "coverage": "",
        }
        return given | changes

    def test_added_changed_and_removed(self, web, contract):
        assert web().get(address("staffing_new", contract.pk)).status_code == 200
        web().post(address("staffing_new", contract.pk), self.form())
        assert [row.job for row in contract.staffing.all()] == ["保安员", "保洁员"]
        assert web().get(address("staffing", contract.pk, 1)).context["form"].initial["max_age"] == 50
        web().post(address("staffing", contract.pk, 1), self.form(job="保安员", heads="12"))
        assert [row.heads for row in contract.staffing.all()] == [12, 18]
        web().post(address("staffing_remove", contract.pk, 1))
        assert [row.job for row in contract.staffing.all()] == ["保洁员"]

    def test_refused_at_the_field(self, web, contract):
        answer = web().post(address("staffing_new", contract.pk), self.form(job="保安员"))
        assert answer.status_code == 422
        assert answer.context["form"].errors["job"]

    def test_there_is_no_such_line(self, web, contract):
        assert web().get(address("staffing", contract.pk, 9)).status_code == 404


class TestPromises:
    def test_added_changed_and_removed(self, web, contract):
        SubjectFactory(name="楼道楼梯")
        url = address("promise_new", contract.pk)
        assert web().get(url).status_code == 200
        given = {"subject": "楼道楼梯", "what": "清扫", "kind": "cadence", "value": "1/1 d"}
        assert web().post(url, given).status_code == 302
        assert web().get(address("promise", contract.pk, 1)).context["form"].initial["value"] == "1/1 d"
        web().post(address("promise", contract.pk, 1), given | {"value": "2/1 d"})
        web().post(url, given | {"what": "拖地"})
        contract.refresh_from_db()
        assert [clause.requirement_zh for clause in contract.promises.clauses.all()] == ["清扫", "拖地"]
        web().post(address("promise_remove", contract.pk, 1))
        contract.refresh_from_db()
        assert [clause.requirement_zh for clause in contract.promises.clauses.all()] == ["拖地"]

    def test_a_value_that_is_none_is_refused(self, web, contract):
        SubjectFactory(name="楼道楼梯")
        given = {"subject": "楼道楼梯", "what": "清扫", "kind": "cadence", "value": "often"}
        assert web().post(address("promise_new", contract.pk), given).status_code == 422


class TestChanges:
    def test_proposed_approved_and_declined(self, web, contract):
        assert web().get(address("propose", contract.pk)).status_code == 200
        given = {"summary": "两个岗亭", "effective_on": "2027-01-01", "delta": "-1200.50"}
        web().post(address("propose", contract.pk), given)
        change = ContractChange.objects.get()
        assert change.yearly_fee_delta_fen == -120_050
        assert web().get(address("approve", change.pk)).status_code == 200
        web().post(address("approve", change.pk), {"approved_on": "2026-11-20", "reference": "会议纪要 3"})
        change.refresh_from_db()
        assert change.state == "approved"
        other = propose_change(contract, by=System("test"), summary="绿化", effective_on=dt.date(2027, 1, 1))
        web().post(address("decline", other.pk), {"reason": "too dear"})
        other.refresh_from_db()
        assert other.state == "declined"
        assert "too dear" in web().get(address("contract", contract.pk)).content.decode()

    def test_of_another_project_does_not_exist(self, web, contract):
        change = propose_change(contract, by=System("test"), summary="x", effective_on=dt.date(2027, 1, 1))
        elsewhere = ProjectFactory(node=NodeFactory(kind="project", parent=NodeFactory()))
        stranger = user_with(*RIGHTS, at=elsewhere)
        assert web(stranger).get(address("approve", change.pk)).status_code == 404
