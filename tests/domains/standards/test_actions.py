"""Acts on the library: each exit once."""

from dataclasses import replace

import pytest
from factories.org import NodeFactory, user_with
from factories.sheets import ItemFactory
from factories.standards import (
    ClauseFactory,
    GradeFactory,
    StandardFactory,
    SubjectFactory,
    VersionFactory,
    issued_version,
)

from wuyou.domains.standards import actions
from wuyou.domains.standards.actions import GradeSpec
from wuyou.domains.standards.choices import VersionState
from wuyou.domains.standards.events import subject_edited, version_issued, version_withdrawn
from wuyou.domains.standards.flows import VERSION_FLOW
from wuyou.domains.standards.models import Clause, ClauseValue, Standard, StandardVersion, Subject
from wuyou.domains.standards.queries import spec_of, specs_of
from wuyou.domains.standards.rules.clauses import ClauseSpec
from wuyou.domains.standards.rules.subjects import SubjectSpec
from wuyou.kernel import clock
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid, Missing
from wuyou.kernel.flows import illegal_moves
from wuyou.kernel.journal import verify
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db
BY = System("test")
SWEEP = ClauseSpec("C1", "clean", "楼道楼梯", "清扫", "cadence", values={"g1": "2/1 d", "g2": "1/1 d"})
GRADES = [GradeSpec("g1", 1, "一级"), GradeSpec("g2", 2, "二级")]


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

    for signal in (version_issued, version_withdrawn, subject_edited):
        signal.connect(hear)
    yield got
    for signal in (version_issued, version_withdrawn, subject_edited):
        signal.disconnect(hear)


@pytest.fixture
def group():
    return NodeFactory()


@pytest.fixture
def draft(group):
    return actions.create_standard(by=BY, code="own", name_zh="企业标准", kind="company", node=group, grades=GRADES)


@pytest.fixture
def clause(draft):
    return actions.add_clause(draft, SWEEP, by=BY)


@pytest.fixture
def issued(draft, clause):
    SubjectFactory(name="楼道楼梯")
    actions.submit(draft, by=BY)
    return actions.issue(draft, by=BY)


class TestCreating:
    def test_a_standard_begins_with_a_draft(self, draft, group):
        assert (draft.number, draft.state, draft.standard.node) == (1, VersionState.DRAFT, group)
        assert list(draft.grades.values_list("code", "rank", "label_zh")) == [("g1", 1, "一级"), ("g2", 2, "二级")]
        assert verbs() == ["standards.standard_created"]
        assert Entry.objects.get().chain.key == f"node:{group.pk}"

    @pytest.mark.parametrize(
        ("fields", "where"),
        [
            ({"code": "Own!"}, ["code"]),
            ({"code": "own"}, ["code"]),
            ({"name_zh": " "}, ["name_zh"]),
            ({"kind": "wish"}, ["kind"]),
            ({"name_zh": "长" * 121}, ["name_zh"]),
            ({"grades": [GradeSpec("g1", 1, "一级"), GradeSpec("g1", 2, "二级")]}, ["grades"]),
            ({"grades": [GradeSpec("g1", 1, "一级"), GradeSpec("g2", 1, "二级")]}, ["grades"]),
            ({"grades": [GradeSpec("g1", 0, "一级")]}, ["grades"]),
            ({"grades": [GradeSpec("g1", 1, " ")]}, ["grades"]),
            ({"grades": [GradeSpec("g1", 1, "长" * 31)]}, ["label_zh"]),
        ],
    )
    def test_what_is_wrong_is_named(self, draft, group, fields, where):
        good = {"code": "new", "name_zh": "新标准", "kind": "company", "node": group}
        with pytest.raises(Invalid) as error:
            actions.create_standard(by=BY, **(good | fields))
        assert fields_of(error) == where
        assert Standard.objects.count() == 1

    def test_it_takes_the_right_at_the_owner(self, group):
        project = NodeFactory(parent=group)
        editor = user_with("standards.edit_standards", at=project)
        with pytest.raises(Denied):
            actions.create_standard(by=editor, code="x", name_zh="x", kind="company", node=group)
        with pytest.raises(Denied):
            actions.create_standard(by=editor, code="x", name_zh="x", kind="company")
        version = actions.create_standard(by=editor, code="x", name_zh="x", kind="company", node=project)
        assert version.standard.node == project

    def test_shared_standards_need_the_right_at_every_root(self, group):
        editor = user_with("standards.edit_standards", at=group)
        assert actions.create_standard(by=editor, code="x", name_zh="x", kind="company").standard.node is None
        NodeFactory()
        with pytest.raises(Denied):
            actions.create_standard(by=editor, code="y", name_zh="y", kind="company")

    def test_renaming(self, draft):
        standard = actions.change_standard(draft.standard, by=BY, name_zh="新名", source="内部")
        assert (standard.name_zh, standard.name_en, standard.source) == ("新名", "", "内部")
        with pytest.raises(Invalid) as error:
            actions.change_standard(standard, by=BY, name_zh=" ")
        assert fields_of(error) == ["name_zh"]
        with pytest.raises(Denied):
            actions.change_standard(standard, by=user_with(at=draft.standard.node), name_zh="x")
        assert verbs() == ["standards.standard_created", "standards.standard_changed"]

    def test_renaming_one_without_a_version_is_quiet(self):
        assert actions.change_standard(StandardFactory(), by=BY, name_zh="x").name_zh == "x"
        assert verbs() == []


class TestVersions:
    def test_a_new_version_copies_the_last(self, issued):
        version = actions.new_version(issued.standard, by=BY, note="2027")
        assert (version.number, version.state, version.note) == (2, VersionState.DRAFT, "2027")
        assert specs_of(version) == specs_of(issued) == [SWEEP]

    def test_only_one_draft_at_a_time(self, draft):
        with pytest.raises(Conflict):
            actions.new_version(draft.standard, by=BY)
        assert StandardVersion.objects.count() == 1

    def test_a_standard_without_a_version_begins_empty(self):
        assert actions.new_version(StandardFactory(), by=BY).clauses.count() == 0

    def test_it_takes_the_right(self, issued):
        with pytest.raises(Denied):
            actions.new_version(issued.standard, by=user_with("standards.view_standards", at=issued.standard.node))

    def test_a_company_copies_a_shipped_set(self, group):
        shipped = issued_version(g1="1/1 d")
        copy = actions.copy_standard(shipped, by=BY, code="ours", name_zh="我们的", node=group)
        assert (copy.standard.kind, copy.standard.node, copy.state) == ("company", group, VersionState.DRAFT)
        assert specs_of(copy) == specs_of(shipped)
        assert verbs() == ["standards.standard_created", "standards.standard_copied"]


class TestStates:
    def test_the_whole_way(self, issued, heard):
        assert (issued.state, issued.issued_on) == (VersionState.ISSUED, clock.today())
        actions.withdraw(issued, by=BY, reason="被新版取代")
        issued.refresh_from_db()
        assert (issued.state, issued.withdrawn_on) == (VersionState.WITHDRAWN, clock.today())
        assert heard == [(version_withdrawn, {"version_id": issued.pk})]
        assert verbs()[-3:] == [
            "standards.version_submitted",
            "standards.version_issued",
            "standards.version_withdrawn",
        ]
        assert verify().is_intact

    def test_issuing_is_announced(self, draft, clause, heard):
        actions.submit(draft, by=BY)
        actions.issue(draft, by=BY)
        assert heard == [(version_issued, {"version_id": draft.pk})]

    def test_a_withdrawn_version_stays_readable(self, issued):
        actions.withdraw(issued, by=BY, reason="x")
        assert specs_of(issued) == [SWEEP]

    def test_back_with_a_reason(self, draft, clause):
        actions.submit(draft, by=BY)
        with pytest.raises(Invalid) as error:
            actions.send_back(draft, by=BY, reason=" ")
        assert fields_of(error) == ["reason"]
        actions.send_back(draft, by=BY, reason="缺绿化")
        assert draft.state == VersionState.DRAFT
        assert Entry.objects.order_by("id").last().details == {"reason": "缺绿化"}

    def test_withdrawing_needs_a_reason(self, issued):
        with pytest.raises(Invalid) as error:
            actions.withdraw(issued, by=BY, reason="")
        assert fields_of(error) == ["reason"]

    def test_an_empty_draft_is_not_reviewed(self, draft):
        with pytest.raises(Invalid) as error:
            actions.submit(draft, by=BY)
        assert fields_of(error) == ["version"]
        draft.refresh_from_db()
        assert draft.state == VersionState.DRAFT

    def test_a_clause_without_value_blocks(self, draft, clause):
        actions.add_clause(draft, replace(SWEEP, code="C2", values={}), by=BY)
        with pytest.raises(Invalid) as error:
            actions.submit(draft, by=BY)
        assert (fields_of(error), draft.state) == (["C2"], VersionState.DRAFT)

    @pytest.mark.parametrize(("state", "step"), list(illegal_moves(VERSION_FLOW)))
    def test_illegal_moves(self, state, step):
        day = clock.today()
        version = VersionFactory(state=state, issued_on=day, withdrawn_on=day)
        reason = {"reason": "x"} if step in ("send_back", "withdraw") else {}
        with pytest.raises(IllegalMove):
            getattr(actions, step)(version, by=BY, **reason)
        version.refresh_from_db()
        assert version.state == state

    def test_of_two_only_one_issues(self, draft, clause):
        actions.submit(draft, by=BY)
        other = StandardVersion.objects.get(pk=draft.pk)
        actions.issue(draft, by=BY)
        with pytest.raises(Conflict):
            actions.issue(other, by=BY)

    @pytest.mark.parametrize(
        ("step", "state", "right"),
        [
            ("submit", "draft", "standards.edit_standards"),
            ("send_back", "review", "standards.issue_standards"),
            ("issue", "review", "standards.issue_standards"),
            ("withdraw", "issued", "standards.issue_standards"),
        ],
    )
    def test_who_may(self, group, step, state, right):
        version = VersionFactory(state=state, standard__node=group, issued_on=clock.today())
        ClauseFactory(version=version, values={"g1": "1/1 d"})
        reason = {"reason": "x"} if step in ("send_back", "withdraw") else {}
        others = {"standards.view_standards", "standards.edit_standards", "standards.issue_standards"} - {right}
        with pytest.raises(Denied):
            getattr(actions, step)(version, by=user_with(*others, at=group), **reason)
        assert getattr(actions, step)(version, by=user_with(right, at=group), **reason).state != state


class TestClauses:
    def test_adding_at_the_end(self, draft, clause):
        second = actions.add_clause(draft, replace(SWEEP, code="C2"), by=BY)
        assert (clause.position, second.position) == (1, 2)
        assert spec_of(second) == replace(SWEEP, code="C2")

    def test_a_code_stands_once(self, draft, clause):
        with pytest.raises(Invalid) as error:
            actions.add_clause(draft, SWEEP, by=BY)
        assert fields_of(error) == ["code"]

    def test_long_texts_are_refused_on_every_database(self, draft):
        with pytest.raises(Invalid) as error:
            actions.add_clause(draft, replace(SWEEP, requirement_zh="长" * 301, basis="长" * 121), by=BY)
        assert fields_of(error) == ["requirement_zh", "basis"]
        with pytest.raises(Invalid) as error:
            actions.add_clause(draft, replace(SWEEP, kind="duty", values={"g1": "长" * 121}), by=BY)
        assert fields_of(error) == ["value"]

    def test_changing_says_what_changed(self, draft, clause):
        changed = replace(SWEEP, requirement_zh="清扫保洁", values={"g1": "3/1 d"})
        actions.change_clause(clause, changed, by=BY)
        assert spec_of(clause) == changed
        assert Entry.objects.order_by("id").last().details["changes"] == [
            "requirement_zh: 清扫 → 清扫保洁",
            "values.g1: 2/1 d → 3/1 d",
            "values.g2: 1/1 d → -",
        ]

    def test_a_clause_may_get_a_new_code_but_not_a_taken_one(self, draft, clause):
        actions.add_clause(draft, replace(SWEEP, code="C2"), by=BY)
        with pytest.raises(Invalid) as error:
            actions.change_clause(clause, replace(SWEEP, code="C2"), by=BY)
        assert fields_of(error) == ["code"]
        assert actions.change_clause(clause, replace(SWEEP, code="C9"), by=BY).code == "C9"

    def test_setting_a_cell(self, draft, clause):
        grade = draft.grades.get(code="g2")
        assert actions.set_value(clause, grade, by=BY, value=" 1/3 d ") == "1/3 d"
        assert spec_of(clause).values == {"g1": "2/1 d", "g2": "1/3 d"}
        assert actions.set_value(clause, grade, by=BY, value="") == "-"
        assert spec_of(clause).values == {"g1": "2/1 d"}
        assert Entry.objects.order_by("id").last().details == {
            "code": "C1", "grade": "g2", "before": "1/3 d", "after": "-",
        }  # fmt: skip

    def test_a_cell_takes_values_of_its_kind_only(self, draft, clause):
        with pytest.raises(Invalid) as error:
            actions.set_value(clause, draft.grades.get(code="g1"), by=BY, value="often")
        assert fields_of(error) == ["value"]

    def test_a_cell_of_another_version_is_not_there(self, clause):
        with pytest.raises(Missing):
            actions.set_value(clause, GradeFactory(), by=BY, value="1/1 d")

    def test_removing(self, draft, clause):
        actions.remove_clause(clause, by=BY)
        assert (Clause.objects.count(), ClauseValue.objects.count()) == (0, 0)
        assert Entry.objects.order_by("id").last().details == {
            "code": "C1", "requirement": "清扫", "values": {"g1": "2/1 d", "g2": "1/1 d"},
        }  # fmt: skip

    def test_a_clause_on_a_sheet_stays(self, clause):
        ItemFactory(clause=clause)
        with pytest.raises(Conflict):
            actions.remove_clause(clause, by=BY)
        assert spec_of(clause) == SWEEP

    def test_grades(self, draft, clause):
        grade = actions.add_grade(draft, GradeSpec("g3", 3, "三级"), by=BY)
        assert actions.change_grade(grade, GradeSpec("g3", 4, "四级", "Grade 4"), by=BY).label_en == "Grade 4"
        with pytest.raises(Invalid):
            actions.add_grade(draft, GradeSpec("g4", 4, "四级"), by=BY)
        with pytest.raises(Invalid):
            actions.change_grade(grade, GradeSpec("g3", 1, "一级"), by=BY)
        actions.remove_grade(draft.grades.get(code="g1"), by=BY)
        assert list(draft.grades.values_list("code", flat=True)) == ["g2", "g3"]
        assert spec_of(clause).values == {"g2": "1/1 d"}
        assert verbs()[-3:] == ["standards.grade_added", "standards.grade_changed", "standards.grade_removed"]


EDITS = {
    "add_clause": lambda v, c, by: actions.add_clause(v, replace(SWEEP, code="C2"), by=by),
    "change_clause": lambda v, c, by: actions.change_clause(c, SWEEP, by=by),
    "set_value": lambda v, c, by: actions.set_value(c, v.grades.first(), by=by, value="1/1 d"),
    "remove_clause": lambda v, c, by: actions.remove_clause(c, by=by),
    "add_grade": lambda v, c, by: actions.add_grade(v, GradeSpec("g9", 9, "九"), by=by),
    "change_grade": lambda v, c, by: actions.change_grade(v.grades.first(), GradeSpec("g9", 9, "九"), by=by),
    "remove_grade": lambda v, c, by: actions.remove_grade(v.grades.first(), by=by),
    "import_clauses": lambda v, c, by: actions.import_clauses(v, [SWEEP], by=by),
}


@pytest.mark.parametrize("edit", EDITS)
class TestEveryEdit:
    def test_issued_versions_never_change(self, issued, clause, edit):
        before = specs_of(issued)
        with pytest.raises(IllegalMove):
            EDITS[edit](issued, clause, BY)
        assert specs_of(issued) == before

    def test_a_version_in_review_waits(self, draft, clause, edit):
        actions.submit(draft, by=BY)
        with pytest.raises(IllegalMove):
            EDITS[edit](draft, clause, BY)

    def test_it_takes_the_right_to_write(self, draft, clause, edit):
        with pytest.raises(Denied):
            EDITS[edit](draft, clause, user_with("standards.issue_standards", at=draft.standard.node))

    def test_it_is_an_edit_of_the_draft(self, draft, clause, edit):
        EDITS[edit](draft, clause, user_with("standards.edit_standards", at=draft.standard.node))
        draft.refresh_from_db()
        assert draft.revision == 2


class TestSubjects:
    SPEC = SubjectSpec("泳池", "pool_clean", "环境", "100m2", 3)

    def test_adding(self, group):
        subject = actions.add_subject(self.SPEC, by=BY)
        assert (subject.name, subject.is_edited) == ("泳池", True)
        with pytest.raises(Invalid) as error:
            actions.add_subject(self.SPEC, by=BY)
        assert fields_of(error) == ["name"]

    def test_editing_keeps_what_was(self, group, heard):
        subject = SubjectFactory(name="泳池", minutes_per_unit=3, activity="pool_clean", matches_place=[], evidence="")
        actions.edit_subject(subject, replace(self.SPEC, minutes_per_unit=5), by=BY)
        assert (subject.minutes_per_unit, subject.is_edited) == (5, True)
        assert Entry.objects.get().details == {"before": {"minutes_per_unit": 3}, "after": {"minutes_per_unit": 5}}
        assert heard == [(subject_edited, {"subject_id": subject.pk})]

    def test_an_edit_of_nothing_leaves_it_shipped(self, group):
        subject = SubjectFactory(name="泳池", minutes_per_unit=3, activity="pool_clean", matches_place=[], evidence="")
        assert actions.edit_subject(subject, self.SPEC, by=BY).is_edited is False
        assert verbs() == []

    def test_a_taken_name(self):
        SubjectFactory(name="泳池")
        with pytest.raises(Invalid) as error:
            actions.edit_subject(SubjectFactory(), self.SPEC, by=BY)
        assert fields_of(error) == ["name"]

    def test_subjects_are_everybodys(self, group):
        project = NodeFactory(parent=group)
        with pytest.raises(Denied):
            actions.add_subject(self.SPEC, by=user_with("standards.edit_standards", at=project))
        assert actions.add_subject(self.SPEC, by=user_with("standards.edit_standards", at=group)).pk
        assert Subject.objects.count() == 1
