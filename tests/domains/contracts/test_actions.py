"""Acts on contracts: each exit once."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from factories.contracts import ContractFactory, StaffingPromiseFactory
from factories.org import ProjectFactory, user_with
from factories.registry import QualificationFactory, QualificationKindFactory, StaffFactory, TeamFactory

import wuyou.config
from wuyou.domains.contracts import actions, queries
from wuyou.domains.contracts.actions import ContractSpec
from wuyou.domains.contracts.events import contract_changed, contract_recorded, promises_changed
from wuyou.domains.contracts.flows import CHANGE_FLOW
from wuyou.domains.contracts.models import Contract, ContractChange, StaffingPromise
from wuyou.domains.contracts.rules.staffing import Misfit, StaffingTerm
from wuyou.domains.contracts.tasks import alert_renewals_daily
from wuyou.domains.registry.actions.catalogue import load_qualification_kinds
from wuyou.domains.standards.actions import load_shipped
from wuyou.domains.standards.queries import specs_of, unknown_subjects
from wuyou.domains.standards.rules.promises import Promise
from wuyou.kernel import clock, notify
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid, TooLarge
from wuyou.kernel.flows import illegal_moves
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db
BY = System("test")
SPEC = ContractSpec(
    "HT-1", "物业服务合同", "住建局", "fixed", date(2025, 12, 1), date(2028, 11, 30), 336_000_000, 16_800_000, {"x": 1}
)
GUARDS = StaffingTerm("保安员", heads=10, max_age=50, sex="male", coverage="24h")
JIUTAI = Path(wuyou.config.__file__).parent / "demo" / "jiutai" / "contract.yaml"
HEAD = "project: {name: a, client: b, start: 2025-12-01, term_years: 1, mode: 包干制}"
MANAGE = "contracts.manage_contracts"


def verbs():
    return list(Entry.objects.order_by("id").values_list("verb", flat=True))


def fields_of(error):
    return [one.field for one in error.value.fields]


@pytest.fixture
def heard():
    """Signals with the ids they carried."""
    got = []

    def hear(sender, signal, **ids):
        got.append((signal, ids))

    for signal in (contract_recorded, contract_changed, promises_changed):
        signal.connect(hear)
    yield got
    for signal in (contract_recorded, contract_changed, promises_changed):
        signal.disconnect(hear)


@pytest.fixture
def project():
    return ProjectFactory(code="JT")


@pytest.fixture
def contract(project):
    return actions.record_contract(project, SPEC, by=BY, staffing=[GUARDS])


class TestRecording:
    def test_a_contract_with_its_staffing(self, project, heard):
        contract = actions.record_contract(project, SPEC, by=BY, staffing=[GUARDS])
        assert [str(row) for row in contract.staffing.all()] == ["保安员"]
        assert (contract.code, contract.terms, str(contract)) == ("HT-1", {"x": 1}, "物业服务合同")
        assert queries.terms_of(contract) == [GUARDS]
        assert (verbs(), heard) == (
            ["contracts.contract_recorded"],
            [(contract_recorded, {"contract_id": contract.pk})],
        )
        assert Entry.objects.get().chain.key == f"project:{project.pk}"

    @pytest.mark.parametrize(
        ("fields", "where"),
        [
            ({"code": "", "name": " ", "client": ""}, ["code", "name", "client"]),
            ({"mode": "free"}, ["mode"]),
            ({"yearly_fee_fen": -1, "bond_fen": 10**15}, ["yearly_fee_fen", "bond_fen"]),
            ({"ends_on": date(2025, 12, 1)}, ["ends_on"]),
            ({"name": "长" * 121}, ["name"]),
        ],
    )
    def test_what_is_wrong_is_named(self, project, fields, where):
        with pytest.raises(Invalid) as error:
            actions.record_contract(project, replace(SPEC, **fields), by=BY)
        assert fields_of(error) == where
        assert Contract.objects.count() == 0

    @pytest.mark.parametrize(
        ("fields", "where"),
        [
            ({}, ["code", "starts_on"]),
            ({"code": "HT-2", "starts_on": date(2028, 11, 30), "ends_on": date(2029, 1, 1)}, ["starts_on"]),
            ({"code": "HT-2", "starts_on": date(2020, 1, 1), "ends_on": date(2025, 12, 1)}, ["starts_on"]),
        ],
    )
    def test_one_contract_at_a_time(self, project, contract, fields, where):
        with pytest.raises(Invalid) as error:
            actions.record_contract(project, replace(SPEC, **fields), by=BY)
        assert fields_of(error) == where

    def test_the_next_may_follow_on_the_next_day(self, project, contract):
        following = replace(SPEC, code="HT-2", starts_on=date(2028, 12, 1), ends_on=date(2031, 11, 30))
        assert actions.record_contract(project, following, by=BY).pk
        assert queries.contract_of(project, on=date(2028, 11, 30)).code == "HT-1"
        assert queries.contract_of(project, on=date(2028, 12, 1)).code == "HT-2"
        assert queries.contract_of(project, on=date(2020, 1, 1)) is None

    @pytest.mark.parametrize(
        ("term", "where"),
        [
            (replace(GUARDS, job=" "), "job"),
            (replace(GUARDS, job="x", heads=0), "heads"),
            (replace(GUARDS, job="x", max_age=3), "max_age"),
            (replace(GUARDS, job="x", sex="any"), "sex"),
            (replace(GUARDS, job="x", education="私塾"), "education"),
            (replace(GUARDS, job="x", licence="none-such"), "qualification"),
            (GUARDS, "job"),
        ],
    )
    def test_wrong_staffing_is_named(self, project, term, where):
        with pytest.raises(Invalid) as error:
            actions.record_contract(project, SPEC, by=BY, staffing=[GUARDS, term])
        assert fields_of(error) == [f"staffing.2.{where}"]
        assert (Contract.objects.count(), StaffingPromise.objects.count()) == (0, 0)

    def test_who_may(self, project):
        with pytest.raises(Denied):
            actions.record_contract(project, SPEC, by=user_with("contracts.view_contracts", at=project))
        with pytest.raises(Denied):
            actions.record_contract(project, SPEC, by=user_with(MANAGE, at=ProjectFactory()))
        assert actions.record_contract(project, SPEC, by=user_with(MANAGE, at=project)).pk


class TestChanging:
    def test_a_correction_keeps_what_was(self, contract, heard):
        actions.change_contract(contract, replace(SPEC, client="甲方", bond_fen=1), by=BY)
        assert (contract.client, contract.bond_fen) == ("甲方", 1)
        assert Entry.objects.order_by("id").last().details == {
            "before": {"client": "住建局", "bond_fen": 16_800_000}, "after": {"client": "甲方", "bond_fen": 1},
        }  # fmt: skip
        assert heard[-1] == (contract_changed, {"contract_id": contract.pk})

    def test_the_same_again_is_no_change(self, contract):
        before = verbs()
        actions.change_contract(contract, SPEC, by=BY)
        assert verbs() == before

    def test_what_is_wrong_is_named(self, contract):
        with pytest.raises(Invalid) as error:
            actions.change_contract(contract, replace(SPEC, mode="free"), by=BY)
        assert fields_of(error) == ["mode"]

    def test_staffing_is_exactly_this(self, contract):
        cleaners = StaffingTerm("保洁员", heads=18)
        actions.set_staffing(contract, [cleaners, GUARDS], by=BY)
        assert queries.terms_of(contract) == [cleaners, GUARDS]
        before = verbs()
        assert [row.job for row in actions.set_staffing(contract, [cleaners, GUARDS], by=BY)] == ["保洁员", "保安员"]
        assert verbs() == before
        assert Entry.objects.order_by("id").last().details == {
            "before": ["保安员|10|50|male|||24h"], "after": ["保洁员|18|||||", "保安员|10|50|male|||24h"],
        }  # fmt: skip

    def test_ending_before_the_time(self, project, contract):
        for on in (date(2025, 11, 30), date(2028, 11, 30)):
            with pytest.raises(Invalid) as error:
                actions.terminate_contract(contract, by=BY, on=on, reason="x")
            assert fields_of(error) == ["on"]
        with pytest.raises(Invalid) as error:
            actions.terminate_contract(contract, by=BY, on=date(2026, 6, 30), reason=" ")
        assert fields_of(error) == ["reason"]
        actions.terminate_contract(contract, by=BY, on=date(2026, 6, 30), reason="双方协商")
        with pytest.raises(Conflict):
            actions.terminate_contract(contract, by=BY, on=date(2026, 6, 30), reason="x")
        assert queries.contract_of(project, on=date(2026, 6, 30)) == contract
        assert queries.contract_of(project, on=date(2026, 7, 1)) is None

    @pytest.mark.parametrize(
        "act",
        [
            lambda contract, by: actions.change_contract(contract, SPEC, by=by),
            lambda contract, by: actions.set_staffing(contract, [], by=by),
            lambda contract, by: actions.set_promises(contract, [], by=by),
            lambda contract, by: actions.terminate_contract(contract, by=by, on=date(2026, 6, 30), reason="x"),
            lambda contract, by: actions.propose_change(contract, by=by, summary="x", effective_on=date(2026, 6, 30)),
        ],
    )
    def test_who_may(self, contract, act):
        with pytest.raises(Denied):
            act(contract, user_with("contracts.view_contracts", at=contract.project))


class TestPromises:
    def test_they_are_a_version_of_the_contracts_own_standard(self, contract, heard):
        version = actions.set_promises(
            contract, [Promise("路灯", "检查", "1/1 m")], by=user_with(MANAGE, at=contract.project)
        )
        assert (contract.promises, version.state, version.standard.node) == (version, "issued", contract.project.node)
        assert version.standard.code == f"contract-{contract.pk}"
        assert heard[-1] == (promises_changed, {"contract_id": contract.pk, "version_id": version.pk})

    def test_changed_promises_move_the_contract_on(self, contract, heard):
        first = actions.set_promises(contract, [Promise("路灯", "检查", "1/1 m")], by=BY)
        told = len(heard)
        assert actions.set_promises(contract, [Promise("路灯", "检查", "1/1 m")], by=BY) == first
        assert len(heard) == told
        second = actions.set_promises(contract, [Promise("路灯", "检查", "1/1 w")], by=BY)
        assert (second.number, contract.promises_id, len(heard)) == (2, second.pk, told + 1)


class TestChangesOfScope:
    @pytest.fixture
    def change(self, contract):
        return actions.propose_change(
            contract, by=BY, summary="增加快递驿站", effective_on=date(2026, 7, 1), yearly_fee_delta_fen=1_200_000
        )

    def test_a_change_counts_once_the_client_approved(self, contract, change):
        after = date(2026, 7, 1)
        assert (str(change), queries.fee_on(contract, on=after)) == ("增加快递驿站", 336_000_000)
        actions.approve_change(change, by=BY, approved_on=date(2026, 6, 1), reference="函〔2026〕3号")
        assert queries.fee_on(contract, on=date(2026, 6, 30)) == 336_000_000
        assert queries.fee_on(contract, on=after) == 337_200_000
        assert verbs()[-2:] == ["contracts.change_proposed", "contracts.change_approved"]

    def test_an_approval_needs_its_document(self, change):
        with pytest.raises(Invalid) as error:
            actions.approve_change(change, by=BY, approved_on=date(2026, 6, 1), reference=" ")
        assert fields_of(error) == ["reference"]

    def test_a_declined_change_never_counts(self, contract, change):
        with pytest.raises(Invalid) as error:
            actions.decline_change(change, by=BY, reason="")
        assert fields_of(error) == ["declined_why"]
        actions.decline_change(change, by=BY, reason="预算不足")
        assert (change.state, queries.fee_on(contract, on=date(2026, 8, 1))) == ("declined", 336_000_000)

    @pytest.mark.parametrize(
        ("fields", "where"),
        [
            ({"summary": " "}, ["summary"]),
            ({"summary": "长" * 301}, ["summary"]),
            ({"effective_on": date(2030, 1, 1)}, ["effective_on"]),
            ({"yearly_fee_delta_fen": -(10**15)}, ["yearly_fee_delta_fen"]),
        ],
    )
    def test_what_is_wrong_is_named(self, contract, fields, where):
        with pytest.raises(Invalid) as error:
            actions.propose_change(contract, by=BY, **({"summary": "x", "effective_on": date(2026, 7, 1)} | fields))
        assert fields_of(error) == where

    @pytest.mark.parametrize(("state", "step"), list(illegal_moves(CHANGE_FLOW)))
    def test_illegal_moves(self, change, state, step):
        proof = {"approved_on": date(2026, 6, 1), "reference": "x"}
        ContractChange.objects.filter(pk=change.pk).update(state=state, **proof)
        change.refresh_from_db()
        given = proof if step == "approve" else {"reason": "x"}
        with pytest.raises(IllegalMove):
            getattr(actions, f"{step}_change")(change, by=BY, **given)

    def test_who_may(self, contract, change):
        reader = user_with("contracts.view_contracts", at=contract.project)
        with pytest.raises(Denied):
            actions.approve_change(change, by=reader, approved_on=date(2026, 6, 1), reference="x")
        with pytest.raises(Denied):
            actions.decline_change(change, by=reader, reason="x")
        assert list(queries.changes_visible_to(reader)) == [change]


class TestLoading:
    @pytest.fixture
    def contract(self, project):
        load_qualification_kinds()
        load_shipped(by=BY)
        return actions.load_contract(JIUTAI, project=project, by=BY)

    def test_what_jiutai_promises(self, contract):
        assert (contract.code, contract.mode) == ("JT-20251201", "fixed")
        assert (contract.starts_on, contract.ends_on) == (date(2025, 12, 1), date(2028, 11, 30))
        assert (contract.yearly_fee_fen, contract.bond_fen) == (336_000_000, 16_800_000)
        assert contract.terms["borne_by_company"] == ["公共用电电费", "垃圾清运费", "下水维修费"]
        staffing = [
            (term.job, term.heads, term.max_age, term.sex, term.education, term.licence)
            for term in queries.terms_of(contract)
        ]
        assert staffing == [
            ("项目经理", 1, None, "", "", ""), ("收费及内勤", 1, 45, "", "大专", ""),
            ("保安员", 10, 50, "male", "", ""),
            ("保洁员", 18, None, "", "", ""), ("垃圾清运员", 2, 55, "male", "", ""),
            ("电工", None, None, "male", "", "electrician_lv"),
        ]  # fmt: skip

    def test_its_frequencies_are_clauses(self, contract):
        specs = specs_of(contract.promises)
        assert len(specs) == 18 + 5
        assert (specs[1].subject_name, specs[1].requirement_zh, specs[1].values["contract"]) == (
            "电梯厅、楼道",
            "清扫和消毒",
            "1/1 d",
        )
        assert [spec.kind for spec in specs[18:]] == ["hours", "hours", "duty", "hours", "duty"]
        assert unknown_subjects(contract.promises) == []

    def test_the_same_file_again_changes_nothing(self, project, contract):
        before = verbs()
        again = actions.load_contract(JIUTAI, project=project, by=BY)
        assert (again, again.promises, verbs()) == (contract, contract.promises, before)

    def test_a_changed_file_brings_the_contract_up_to_it(self, project, contract, tmp_path):
        text = JIUTAI.read_text(encoding="utf8")
        for before, after in [
            ("heads: 18", "heads: 20"),
            ("yearly_fee_yuan: 3360000", "yearly_fee_yuan: 3400000"),
            ("what: 检查灯泡和灯杆并更换, per: 1/1 m", "what: 检查, per: 1/1 w"),
        ]:
            assert before in text
            text = text.replace(before, after)
        (tmp_path / "contract.yaml").write_text(text, encoding="utf8")
        again = actions.load_contract(tmp_path / "contract.yaml", project=project, by=BY)
        assert (again.pk, again.yearly_fee_fen, again.promises.number) == (contract.pk, 340_000_000, 2)
        assert {term.job: term.heads for term in queries.terms_of(again)}["保洁员"] == 20

    @pytest.mark.parametrize(
        ("text", "where"),
        [
            ("project: {code: XX", None),
            ("[1, 2]", None),
            (
                "project: {code: XX, name: a, client: b, start: 2025-12-01, term_years: 1, mode: 包干制}",
                ["project.code"],
            ),
            (f"{HEAD}\nstaffing: [{{post: 电工, qualification: 飞行执照}}]", ["staffing.1.qualification"]),
        ],
    )
    def test_files_that_cannot_be_taken(self, project, tmp_path, text, where):
        (tmp_path / "bad.yaml").write_text(text, encoding="utf8")
        with pytest.raises(Invalid) as error:
            actions.load_contract(tmp_path / "bad.yaml", project=project, by=BY)
        assert where is None or fields_of(error) == where
        assert Contract.objects.count() == 0

    def test_huge_and_foreign_files(self, project, tmp_path):
        (tmp_path / "huge.yaml").write_bytes(b"#" * (2 << 20))
        with pytest.raises(TooLarge):
            actions.load_contract(tmp_path / "huge.yaml", project=project, by=BY)
        (tmp_path / "photo.yaml").write_bytes(b"\xff\xd8\xff\xe0")
        with pytest.raises(Invalid):
            actions.load_contract(tmp_path / "photo.yaml", project=project, by=BY)
        (tmp_path / "code.yaml").write_text("!!python/object/apply:os.system ['true']", encoding="utf8")
        with pytest.raises(Invalid):
            actions.load_contract(tmp_path / "code.yaml", project=project, by=BY)

    def test_who_may(self, project):
        load_qualification_kinds()
        with pytest.raises(Denied):
            actions.load_contract(JIUTAI, project=project, by=user_with("contracts.view_contracts", at=project))
        assert actions.load_contract(JIUTAI, project=project, by=user_with(MANAGE, at=project)).promises.number == 1


class TestStaffingOfAProject:
    @pytest.fixture
    def team(self, project):
        return TeamFactory(project=project)

    def test_present_staff_against_promises(self, contract, team):
        for year in (1973, 1980, 1990):
            StaffFactory(team=team, sex="male", born_on=date(year, 5, 10), number=f"G{year}")
        result = queries.staffing_of(contract, on=date(2026, 11, 20))[0]
        assert (result.present, result.fitting, result.short) == (3, 2, 8)
        assert [(one.worker.number, [reason.code for reason in one.reasons]) for one in result.failing] == [
            ("G1973", [Misfit.TOO_OLD])
        ]

    def test_licences_revoked_or_expired_do_not_count(self, project, team):
        kind = QualificationKindFactory(code="own-licence", name_zh="电工证")
        contract = ContractFactory(project=project)
        StaffingPromiseFactory(contract=contract, job="电工", heads=3, qualification=kind)
        people = [StaffFactory(team=team, job="电工", number=f"E{n}") for n in range(3)]
        QualificationFactory(staff=people[0], kind=kind, valid_to=date(2026, 12, 20))
        QualificationFactory(staff=people[1], kind=kind, valid_to=date(2026, 12, 20), revoked_on=date(2026, 1, 1))
        QualificationFactory(staff=people[2], kind=kind, valid_to=date(2026, 1, 1))
        result = queries.staffing_of(contract, on=date(2026, 11, 20))[0]
        assert [(one.worker.number, one.reasons[0].code) for one in result.failing] == [
            ("E1", Misfit.LICENCE_MISSING), ("E2", Misfit.LICENCE_EXPIRED),
        ]  # fmt: skip
        assert queries.staffing_of(contract, on=date(2026, 12, 21))[0].fitting == 0

    @pytest.mark.parametrize("people", [1, 20])
    def test_it_costs_the_same_for_few_and_many(self, contract, team, people, django_assert_num_queries):
        for _number in range(people):
            QualificationFactory(staff=StaffFactory(team=team))
        with django_assert_num_queries(3):
            assert queries.staffing_of(contract, on=date(2026, 11, 20))[0].present == people

    def test_today_is_taken_when_no_day_is_given(self, contract, team, moment):
        StaffFactory(team=team, sex="male", born_on=date(1980, 1, 1), hired_on=date(2026, 11, 20))
        assert queries.staffing_of(contract)[0].fitting == 1


class TestReading:
    def test_contracts_of_visible_projects(self, contract):
        ContractFactory()
        reader = user_with("contracts.view_contracts", at=contract.project)
        assert list(queries.contracts_visible_to(reader)) == [contract]
        assert list(queries.contracts_visible_to(user_with("standards.view_standards", at=contract.project))) == []
        assert queries.contracts_visible_to(BY).count() == 2

    def test_renewals(self, moment):
        soon = ContractFactory(starts_on=date(2023, 1, 1), ends_on=date(2026, 12, 20))
        past = ContractFactory(starts_on=date(2023, 1, 1), ends_on=date(2026, 11, 19))
        ContractFactory(starts_on=date(2023, 1, 1), ends_on=date(2026, 12, 1), terminated_on=date(2025, 1, 1))
        ContractFactory()
        renewed = ContractFactory(starts_on=date(2023, 1, 1), ends_on=date(2026, 12, 1))
        ContractFactory(project=renewed.project, starts_on=date(2026, 12, 2), ends_on=date(2029, 12, 1))
        found = [(row.contract, row.alert, row.days_left) for row in queries.renewals_due(BY)]
        assert found == [(past, "expired", -1), (soon, "30", 30)]

    def test_what_holds_today(self, contract, moment):
        assert (queries.contract_of(contract.project), queries.fee_on(contract)) == (contract, 336_000_000)


class TestAlerts:
    @pytest.fixture
    def manager(self, contract):
        return user_with(MANAGE, at=contract.project)

    def told(self, manager):
        return [row.texts["en"][0] for row in notify.notifications_of(manager.pk)]

    def test_each_alert_is_told_once_to_who_manages_the_contract(self, contract, manager):
        reader = user_with("contracts.view_contracts", at=contract.project)
        for day in ("2028-06-02", "2028-06-03", "2028-06-05", "2028-09-01", "2028-09-02", "2028-10-31", "2028-12-01"):
            with clock.at(datetime.fromisoformat(f"{day}T02:00+00:00")):
                actions.alert_renewals(by=BY)
        assert (len(self.told(manager)), self.told(reader)) == (4, [])

    def test_a_missed_day_loses_no_alert(self, contract, manager):
        with clock.at(datetime.fromisoformat("2028-09-20T02:00+00:00")):
            assert actions.alert_renewals(by=BY) == 1
        assert self.told(manager) == ["物业服务合同 ends on Thu 30 Nov 2028"]

    def test_a_followed_contract_is_quiet(self, contract, manager):
        following = replace(SPEC, code="HT-2", starts_on=date(2028, 12, 1), ends_on=date(2031, 11, 30))
        actions.record_contract(contract.project, following, by=BY)
        with clock.at(datetime.fromisoformat("2028-11-01T02:00+00:00")):
            assert actions.alert_renewals(by=BY) == 0

    def test_the_job_tells_all(self, contract, manager):
        with clock.at(datetime.fromisoformat("2028-11-01T02:00+00:00")):
            alert_renewals_daily()
        assert len(self.told(manager)) == 1
