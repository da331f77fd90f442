"""What the product ships loads once, is well formed, and leaves a company's edits alone."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from factories.org import NodeFactory, ProjectFactory, user_with
from factories.standards import StandardFactory

from wuyou.domains.standards import actions, shipped
from wuyou.domains.standards.actions import shipping
from wuyou.domains.standards.choices import ClauseKind, VersionState
from wuyou.domains.standards.models import StaffingRatio, Standard, StandardVersion, Subject
from wuyou.domains.standards.queries import (
    clause_table,
    clauses_in_force,
    duties_for,
    issues_of,
    latest_issued,
    specs_of,
    staffing_ratios,
    targets_of,
    unknown_subjects,
)
from wuyou.domains.standards.rules.promises import Promise
from wuyou.domains.standards.rules.rows import subject_of_row
from wuyou.domains.standards.rules.values import parse_value
from wuyou.kernel import cadence
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Conflict, Denied, Invalid
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db
BY = System("test")
CODES = ("residential-2004", "residential-public-3", "hotel-style", "statutory", "campus", "hospital")


@pytest.fixture
def library():
    return actions.load_shipped(by=BY)


def grade(code, name):
    return latest_issued(code).grades.get(code=name)


class TestLoading:
    def test_everything_is_issued(self, library):
        assert library == shipping.Loaded(CODES, subjects=104, ratios=15)
        assert set(StandardVersion.objects.values_list("state", "number")) == {(VersionState.ISSUED, 1)}
        assert {code: len(specs_of(latest_issued(code))) for code in CODES} == {
            "residential-2004": 39, "residential-public-3": 40, "hotel-style": 19, "statutory": 34, "campus": 24,
            "hospital": 19,
        }  # fmt: skip

    def test_a_second_run_changes_nothing(self, library):
        before = Entry.objects.count()
        again = actions.load_shipped(by=BY)
        assert (again.is_nothing, again, Entry.objects.count()) == (True, shipping.Loaded(), before)

    def test_a_changed_file_is_a_new_version(self, library):
        StandardVersion.objects.filter(standard__code="campus").update(source_digest="of the file as it was")
        assert actions.load_shipped(by=BY).standards == ("campus",)
        versions = StandardVersion.objects.filter(standard__code="campus").order_by("number")
        assert [(row.number, row.state, row.clauses.count()) for row in versions] == [
            (1, "issued", 24),
            (2, "issued", 24),
        ]

    def test_edited_subjects_are_left_alone_and_others_refreshed(self, library):
        Subject.objects.filter(name="楼道").update(minutes_per_unit=99, is_edited=True)
        Subject.objects.filter(name="电梯厅").update(minutes_per_unit=99)
        StaffingRatio.objects.filter(role="客服", rank=1).update(low=1)
        Subject.objects.filter(name="地毯").delete()
        assert actions.load_shipped(by=BY) == shipping.Loaded(subjects=2, ratios=1)
        minutes = dict(Subject.objects.filter(name__in=["楼道", "电梯厅"]).values_list("name", "minutes_per_unit"))
        assert minutes == {"楼道": 99, "电梯厅": 14}

    def test_it_takes_the_right(self):
        root = NodeFactory()
        with pytest.raises(Denied):
            actions.load_shipped(by=user_with("standards.edit_standards", at=root))
        assert actions.load_shipped(by=user_with("standards.issue_standards", at=root)).standards == CODES


class TestWhatIsShipped:
    @pytest.mark.parametrize("code", CODES)
    def test_nothing_stands_against_it(self, library, code):
        assert issues_of(latest_issued(code)) == []

    @pytest.mark.parametrize("code", sorted(set(CODES) - {"statutory"}))
    def test_every_subject_is_in_the_list(self, library, code):
        names = set(Subject.objects.values_list("name", flat=True))
        assert unknown_subjects(latest_issued(code)) == []
        assert {spec.subject_name for spec in specs_of(latest_issued(code))} - names == set()

    @pytest.mark.parametrize("code", CODES)
    def test_every_frequency_holds_with_its_window(self, library, code):
        texts = [
            f"{text}; {spec.window}" if spec.window else text
            for spec in specs_of(latest_issued(code))
            for text in spec.values.values()
            if spec.kind == ClauseKind.CADENCE
        ]
        assert [text for text in texts if not cadence.is_cadence(text)] == []

    @pytest.mark.parametrize("code", CODES)
    def test_everything_is_said_in_both_languages(self, library, code):
        assert [spec.code for spec in specs_of(latest_issued(code)) if not spec.requirement_en] == []

    def test_rank_and_label_are_apart(self, library):
        rows = latest_issued("residential-2004").grades.values_list("rank", "label_zh")
        assert list(rows) == [(1, "一级"), (2, "二级"), (3, "三级")]
        assert latest_issued("residential-public-3").grades.get().rank == 3

    def test_certainty_and_source_are_kept(self, library):
        certainty = {spec.code: spec.certainty for spec in specs_of(latest_issued("residential-2004"))}
        assert (certainty["B1"], certainty["C1"]) == ("H", "M")
        assert {spec.certainty for spec in specs_of(latest_issued("campus"))} == {"L"}
        assert Standard.objects.get(code="campus").source == "Wuyou template"

    def test_values_of_the_national_grades(self, library):
        table = clause_table(latest_issued("residential-2004"))
        values = {row.clause.code: row.values for row in table.rows}
        assert values["H1"] == ("1/1 d", "1/3 d", "1/1 w")
        assert values["B2"] == ("30", "60", "-")
        assert values["C14"] == ("1/1 m", "1/2 m", "1/1 q")

    def test_staffing_ratios(self, library):
        assert list(staffing_ratios(3).values_list("role", "low", "high")) == [
            ("保洁", 12000, 14000), ("客服", 600, 700), ("工程", 30000, 35000), ("秩序", 10000, 12000),
            ("绿化", 20000, 25000),
        ]  # fmt: skip

    def test_subject_rows_match_their_file(self):
        with (shipped.DATA / "subjects.csv").open(encoding="utf8", newline="") as file:
            names = [subject_of_row(row).name for row in csv.DictReader(file)]
        assert len(names) == len(set(names))


# Jiutai: some lifts of 2014 and 2022, buildings of 17.7 m and 53.2 m
ESTATE = {
    "it": True, "residential": True, "lift": True, "age": [Decimal(4), Decimal(12)],
    "height": [Decimal("17.7"), Decimal("53.2")],
    "fire_system": True, "control_room": True, "extinguisher": True, "extinguisher_dry": True, "hydrant": True,
    "key_unit": False, "tank": True, "lightning": True, "transformer": True, "cctv": True, "contract": True,
    "common_income": True, "electrician": True,
}  # fmt: skip


class TestStatutory:
    def duties(self, facts, on=date(2026, 11, 20)):
        version = latest_issued("statutory")
        return {duty.clause.code: duty for duty in duties_for(version, version.grades.get(), facts, on=on)}

    def test_a_large_estate_has_nearly_all(self, library):
        every = {spec.code for spec in specs_of(latest_issued("statutory"))}
        assert every - set(self.duties(ESTATE)) == {"L9", "X13", "Q1"}

    def test_duties_follow_the_facts(self, library):
        assert "L9" in self.duties(ESTATE | {"age": [Decimal(16)]})
        assert "X13" in self.duties(ESTATE | {"key_unit": True})
        assert "X1" not in self.duties(ESTATE | {"height": [Decimal("17.7")]})
        assert set(self.duties({})) == {"N1"}

    def test_duties_that_differ_by_building_say_so(self, library):
        duties = self.duties(ESTATE)
        assert {code for code, duty in duties.items() if duty.is_per_object} == {"X1", "X2", "X5"}

    def test_the_certificate_rule_changes_with_its_date(self, library):
        assert {"Q1", "Q1-2026"} & set(self.duties(ESTATE, on=date(2026, 5, 31))) == {"Q1"}
        assert {"Q1", "Q1-2026"} & set(self.duties(ESTATE, on=date(2026, 6, 1))) == {"Q1-2026"}

    def test_the_control_room_takes_two_round_the_clock(self, library):
        assert self.duties(ESTATE)["X8"].value.number == 48

    def test_today_is_taken_when_no_day_is_given(self, library, moment):
        codes = set(clauses_in_force(latest_issued("statutory")).values_list("code", flat=True))
        assert {"Q1", "Q1-2026"} & codes == {"Q1-2026"}


class TestTargets:
    def test_measured_promises_of_a_grade(self, library):
        version = latest_issued("residential-2004")
        targets = {
            one.code: (one.number, one.unit, one.direction)
            for one in targets_of(version, grade("residential-2004", "g3"))
        }
        assert targets == {
            "B1": (8, "h", "at_least"), "B4": (70, "%", "at_least"), "F1": (18, "h", "at_least"),
            "F2": (80, "%", "at_least"), "O1": (24, "h", "at_least"),
        }  # fmt: skip
        best = targets_of(version, grade("residential-2004", "g1"))
        assert ("B2", Decimal(30), "at_most") in {(one.code, one.number, one.direction) for one in best}


PROMISES = [Promise("楼道", "清扫和消毒", "1/1 d"), Promise("业主微信群", "答复时限", "24", "hours", "h")]


class TestContractPromises:
    def load(self, node, promises=PROMISES, by=BY):
        return actions.load_contract_promises(
            by=by, node=node, code="contract-1", name_zh="合同承诺", promises=promises
        )

    def test_promises_are_an_issued_version(self, library):
        node = ProjectFactory().node
        version = self.load(node)
        assert (version.state, version.standard.kind, version.standard.node) == ("issued", "contract", node)
        assert [(spec.code, spec.part, dict(spec.values)) for spec in specs_of(version)] == [
            ("K1", "clean", {"contract": "1/1 d"}), ("K2", "contract", {"contract": "24"}),
        ]  # fmt: skip

    def test_the_same_again_is_the_same_version(self):
        node = ProjectFactory().node
        assert self.load(node) == self.load(node)

    def test_other_promises_are_the_next_version(self):
        node = ProjectFactory().node
        self.load(node)
        later = self.load(node, PROMISES[:1])
        assert (later.number, self.load(node).number) == (2, 1)

    def test_a_promise_that_can_never_be_kept(self):
        with pytest.raises(Invalid) as error:
            self.load(ProjectFactory().node, [Promise("楼道", "清扫", "0/1 d")])
        assert [one.field for one in error.value.fields] == ["values.contract"]
        assert Standard.objects.count() == 0

    def test_a_code_of_something_else(self):
        StandardFactory(code="contract-1")
        with pytest.raises(Conflict):
            self.load(ProjectFactory().node)

    def test_not_while_somebody_edits_it(self):
        node = ProjectFactory().node
        actions.new_version(self.load(node).standard, by=BY)
        with pytest.raises(Conflict):
            self.load(node, PROMISES[:1])

    @pytest.mark.parametrize("right", ["standards.edit_standards", "contracts.manage_contracts"])
    def test_who_may(self, right):
        node = ProjectFactory().node
        with pytest.raises(Denied):
            self.load(node, by=user_with("standards.view_standards", at=node))
        assert self.load(node, by=user_with(right, at=node)).number == 1


def test_values_shipped_can_all_be_read():
    texts = [
        (spec.kind, text)
        for one in shipped.shipped_standards()
        for spec in one.clauses
        for text in spec.values.values()
    ]
    assert [text for kind, text in texts if not parse_value(kind, text).text] == []
