"""Acts on sheets: each exit once."""

from dataclasses import replace
from decimal import Decimal

import pytest
from factories.org import NodeFactory, ProjectFactory, user_with
from factories.sheets import ItemFactory, SheetFactory, SheetVersionFactory
from factories.standards import ClauseFactory

from wuyou.domains.sheets import actions, queries
from wuyou.domains.sheets.choices import SheetState
from wuyou.domains.sheets.events import sheet_issued, sheet_withdrawn
from wuyou.domains.sheets.flows import SHEET_FLOW
from wuyou.domains.sheets.models import Item, Sheet, SheetVersion
from wuyou.domains.sheets.rules.answers import check_answers
from wuyou.domains.sheets.rules.items import Deduction, ItemSpec, Option
from wuyou.domains.sheets.shipped import shipped_sheets
from wuyou.domains.standards.actions import load_shipped as load_standards
from wuyou.kernel import clock
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid
from wuyou.kernel.flows import illegal_moves
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db
BY = System("test")
OK = ItemSpec("ok", "完好", "pass_fail", photo_on_failure=True)
LEVEL = ItemSpec(
    "level", "液位", "number", text_en="Level", section="读数", unit="cm", low=Decimal(0), high=Decimal(500)
)
AGENT = ItemSpec("agent", "消毒剂", "choice", options=(Option("a", "甲", "A"), Option("b", "乙")))


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

    for signal in (sheet_issued, sheet_withdrawn):
        signal.connect(hear)
    yield got
    for signal in (sheet_issued, sheet_withdrawn):
        signal.disconnect(hear)


@pytest.fixture
def group():
    return NodeFactory()


@pytest.fixture
def draft(group):
    return actions.create_sheet(by=BY, code="pool", name_zh="泳池检查", activity="pool_check", node=group)


@pytest.fixture
def issued(draft):
    actions.change_items(draft, [OK, LEVEL], by=BY)
    return actions.issue(draft, by=BY)


class TestCreating:
    def test_a_sheet_begins_with_a_draft(self, draft, group):
        assert (draft.number, draft.state, draft.sheet.activity, draft.sheet.node) == (1, "draft", "pool_check", group)
        assert verbs() == ["sheets.sheet_created"]

    @pytest.mark.parametrize(
        ("fields", "where"),
        [
            ({"code": "A b"}, ["code"]),
            ({"code": "pool"}, ["code"]),
            ({"name_zh": " "}, ["name_zh"]),
            ({"name_zh": "长" * 81}, ["name_zh"]),
            ({"activity": "Pool!"}, ["activity"]),
        ],
    )
    def test_what_is_wrong_is_named(self, draft, group, fields, where):
        with pytest.raises(Invalid) as error:
            actions.create_sheet(by=BY, **({"code": "new", "name_zh": "新", "node": group} | fields))
        assert fields_of(error) == where
        assert Sheet.objects.count() == 1

    def test_it_takes_the_right_at_the_owner(self, group):
        project = NodeFactory(parent=group)
        editor = user_with("sheets.edit_sheets", at=project)
        with pytest.raises(Denied):
            actions.create_sheet(by=editor, code="x", name_zh="x")
        assert actions.create_sheet(by=editor, code="x", name_zh="x", node=project).pk

    def test_renaming(self, draft):
        sheet = actions.change_sheet(draft.sheet, by=BY, name_zh="游泳池", activity="")
        assert (sheet.name_zh, sheet.activity) == ("游泳池", "")
        with pytest.raises(Denied):
            actions.change_sheet(sheet, by=user_with("sheets.view_sheets", at=sheet.node), name_zh="x")
        with pytest.raises(Invalid):
            actions.change_sheet(sheet, by=BY, name_zh="")
        assert verbs()[-1] == "sheets.sheet_changed"


class TestItems:
    def test_items_are_exactly_these_in_this_order(self, draft):
        actions.change_items(draft, [LEVEL, OK], by=BY)
        actions.change_items(draft, [AGENT, LEVEL], by=BY)
        assert queries.specs_of(draft) == [AGENT, LEVEL]
        assert [(item.position, str(item)) for item in queries.items_of(draft)] == [(1, "消毒剂"), (2, "液位")]
        assert Entry.objects.order_by("id").last().details == {"before": ["level", "ok"], "after": ["agent", "level"]}

    def test_wrong_items_change_nothing(self, draft):
        actions.change_items(draft, [OK], by=BY)
        for specs, where in [
            ([], ["items"]),
            ([replace(OK, text_zh="")], ["items.1.text_zh"]),
            ([replace(OK, clause_id=999_999)], ["items.1.clause_id"]),
            ([replace(OK, text_zh="长" * 201)], ["text_zh"]),
        ]:
            with pytest.raises(Invalid) as error:
                actions.change_items(draft, specs, by=BY)
            assert fields_of(error) == where
        assert queries.specs_of(draft) == [OK]

    def test_an_item_may_check_a_clause(self, draft):
        clause = ClauseFactory()
        actions.change_items(draft, [replace(OK, clause_id=clause.pk)], by=BY)
        assert Item.objects.get().clause == clause

    def test_it_takes_the_right(self, draft):
        with pytest.raises(Denied):
            actions.change_items(draft, [OK], by=user_with("sheets.view_sheets", at=draft.sheet.node))

    def test_issued_versions_never_change(self, issued):
        with pytest.raises(IllegalMove):
            actions.change_items(issued, [AGENT], by=BY)
        assert queries.specs_of(issued) == [OK, LEVEL]


class TestScoring:
    def test_a_draft_is_scored_as_one_says(self, draft):
        actions.change_scoring(draft, by=BY, scoring="weighted", doubles_repeats=True)
        draft.refresh_from_db()
        assert (draft.scoring, draft.doubles_repeats) == ("weighted", True)
        entry = Entry.objects.order_by("id").last()
        assert (entry.verb, entry.details) == (
            "sheets.scoring_changed",
            {
                "before": {"scoring": "none", "doubles_repeats": False},
                "after": {"scoring": "weighted", "doubles_repeats": True},
            },
        )

    def test_there_are_only_some_ways(self, draft):
        with pytest.raises(Invalid) as error:
            actions.change_scoring(draft, by=BY, scoring="guess")
        assert fields_of(error) == ["scoring"]

    def test_it_takes_the_right_and_a_draft(self, draft, issued):
        with pytest.raises(Denied):
            actions.change_scoring(issued, by=user_with("sheets.view_sheets", at=draft.sheet.node), scoring="points")
        with pytest.raises(IllegalMove):
            actions.change_scoring(issued, by=BY, scoring="points")

    def test_weights_that_add_up_to_nothing_are_not_issued(self, draft):
        actions.change_items(draft, [replace(OK, weight=Decimal(0)), LEVEL], by=BY)
        actions.change_scoring(draft, by=BY, scoring="weighted")
        with pytest.raises(Invalid) as error:
            actions.issue(draft, by=BY)
        assert fields_of(error) == ["scoring"]
        draft.refresh_from_db()
        assert draft.state == "draft"

    def test_everything_of_an_item_is_kept(self, draft):
        one = replace(
            OK, severity="critical", is_veto=True, weight=Decimal("2.50"), points=Decimal("4.00"), section_en="Site"
        )
        two = ItemSpec(
            "dust", "清洁", "deduct", points=Decimal(4), weight=Decimal(1), condition_code="ok", condition_value="pass",
            deductions=(Deduction("dust", "积灰", Decimal("0.5"), "Dust"),),
        )  # fmt: skip
        three = ItemSpec("water", "余氯", "measure", tolerance_low=Decimal("0.05"), tolerance_high=Decimal("0.8"))
        four = ItemSpec("litter", "杂物", "count", limit=3)
        actions.change_items(draft, [one, two, three, four], by=BY)
        assert queries.specs_of(draft) == [one, two, three, four]


class TestInspectionSheets:
    @pytest.fixture
    def sheet(self, group):
        made = actions.create_sheet(by=BY, code="monthly", name_zh="月检", node=group, purpose="inspection")
        actions.change_items(made, [OK], by=BY)
        actions.change_scoring(made, by=BY, scoring="points", doubles_repeats=True)
        return actions.issue(made, by=BY)

    def test_they_belong_to_no_activity(self, group, sheet):
        given = {"by": BY, "name_zh": "月检", "activity": "round"}
        with pytest.raises(Invalid) as error:
            actions.create_sheet(code="other", node=group, purpose="inspection", **given)
        assert fields_of(error) == ["activity"]
        with pytest.raises(Invalid):
            actions.change_sheet(sheet.sheet, **given)

    def test_there_are_only_some_purposes(self, group):
        with pytest.raises(Invalid) as error:
            actions.create_sheet(by=BY, code="other", name_zh="x", node=group, purpose="fun")
        assert fields_of(error) == ["purpose"]

    def test_the_next_version_is_scored_alike(self, sheet):
        version = actions.new_version(sheet.sheet, by=BY)
        version.refresh_from_db()
        assert (version.scoring, version.doubles_repeats) == ("points", True)

    def test_a_project_uses_the_newest_of_its_branch(self, group, sheet):
        project = ProjectFactory(node=NodeFactory(parent=group))
        SheetVersionFactory(sheet__code="a-task", issued=True)
        SheetVersionFactory(sheet__code="strange", sheet__purpose="inspection", sheet__node=NodeFactory(), issued=True)
        shipped = SheetVersionFactory(sheet__code="zz", sheet__purpose="inspection", issued=True)
        assert queries.inspection_sheets_for(project) == [sheet, shipped]
        newer = actions.issue(actions.new_version(sheet.sheet, by=BY), by=BY)
        SheetVersionFactory(sheet=sheet.sheet)
        assert queries.inspection_sheets_for(project) == [newer, shipped]
        actions.withdraw(newer, by=BY, reason="停用")
        assert queries.inspection_sheets_for(project) == [sheet, shipped]


class TestVersions:
    def test_the_next_version_leaves_the_last_as_it_was(self, issued):
        version = actions.new_version(issued.sheet, by=BY)
        actions.change_items(version, [AGENT], by=BY)
        actions.issue(version, by=BY)
        assert (version.number, queries.specs_of(version), queries.specs_of(issued)) == (2, [AGENT], [OK, LEVEL])
        issued.refresh_from_db()
        assert issued.state == SheetState.ISSUED
        # whoever opened a task with the first version still answers the first version's questions
        assert check_answers(queries.specs_of(issued), {"ok": "pass", "level": "40"}).errors == []

    def test_only_one_draft_at_a_time(self, draft):
        with pytest.raises(Conflict):
            actions.new_version(draft.sheet, by=BY)
        assert SheetVersion.objects.count() == 1

    def test_a_sheet_without_a_version_begins_empty(self):
        assert actions.new_version(SheetFactory(), by=BY).items.count() == 0

    def test_it_takes_the_right(self, issued):
        with pytest.raises(Denied):
            actions.new_version(issued.sheet, by=user_with(at=issued.sheet.node))

    def test_issuing_is_dated_and_announced(self, draft, heard):
        actions.change_items(draft, [OK], by=BY)
        actions.issue(draft, by=BY)
        assert (draft.state, draft.issued_on, heard) == (
            "issued",
            clock.today(),
            [(sheet_issued, {"version_id": draft.pk})],
        )

    def test_an_empty_sheet_is_not_issued(self, draft):
        with pytest.raises(Invalid):
            actions.issue(draft, by=BY)
        draft.refresh_from_db()
        assert draft.state == SheetState.DRAFT

    def test_withdrawing(self, issued, heard):
        with pytest.raises(Invalid) as error:
            actions.withdraw(issued, by=BY, reason=" ")
        assert fields_of(error) == ["reason"]
        actions.withdraw(issued, by=BY, reason="不再使用")
        assert (issued.state, heard) == ("withdrawn", [(sheet_withdrawn, {"version_id": issued.pk})])
        assert verbs()[-1] == "sheets.sheet_withdrawn"

    @pytest.mark.parametrize(("state", "step"), list(illegal_moves(SHEET_FLOW)))
    def test_illegal_moves(self, state, step):
        version = SheetVersionFactory(state=state, issued_on=clock.today())
        ItemFactory(version=version)
        with pytest.raises(IllegalMove):
            getattr(actions, step)(version, by=BY, **({"reason": "x"} if step == "withdraw" else {}))

    @pytest.mark.parametrize("step", ["issue", "withdraw"])
    def test_who_may(self, group, step):
        state = "draft" if step == "issue" else "issued"
        version = SheetVersionFactory(state=state, sheet__node=group, issued_on=clock.today())
        ItemFactory(version=version)
        reason = {"reason": "x"} if step == "withdraw" else {}
        with pytest.raises(Denied):
            getattr(actions, step)(version, by=user_with("sheets.view_sheets", at=group), **reason)
        assert getattr(actions, step)(version, by=user_with("sheets.edit_sheets", at=group), **reason).state != state


class TestShipped:
    def test_they_load_once(self):
        codes = [one.code for one in shipped_sheets()]
        assert actions.load_shipped_sheets(by=BY) == codes
        before = Entry.objects.count()
        assert (actions.load_shipped_sheets(by=BY), Entry.objects.count()) == ([], before)
        assert set(SheetVersion.objects.values_list("state", "number")) == {("issued", 1)}
        for shipped in shipped_sheets():
            version = SheetVersion.objects.get(sheet__code=shipped.code)
            assert (version.sheet.purpose, version.scoring) == (shipped.purpose, shipped.scoring)
            assert queries.specs_of(version) == list(shipped.items)

    def test_items_of_inspections_check_the_clauses_of_shipped_standards(self):
        load_standards(by=BY)
        actions.load_shipped_sheets(by=BY)
        for shipped in shipped_sheets():
            found = Item.objects.filter(version__sheet__code=shipped.code, clause__isnull=False)
            linked = {
                item.code: f"{item.clause.version.standard.code}:{item.clause.code}"
                for item in found.select_related("clause__version__standard")
            }
            assert linked == shipped.clauses  # no name in the file leads nowhere
        assert Item.objects.filter(version__sheet__code="project-monthly", clause__isnull=False).count() >= 30

    def test_a_visit_of_a_mystery_resident_has_60_questions_of_yes_or_no(self):
        script = next(one for one in shipped_sheets() if one.code == "mystery-resident")
        assert sum(item.answer_type == "pass_fail" for item in script.items) >= 60

    def test_changed_rows_are_a_new_version(self):
        actions.load_shipped_sheets(by=BY)
        SheetVersion.objects.filter(sheet__code="round").update(source_digest="of the rows as they were")
        assert actions.load_shipped_sheets(by=BY) == ["round"]
        assert SheetVersion.objects.filter(sheet__code="round").count() == 2

    def test_it_takes_the_right(self, group):
        with pytest.raises(Denied):
            actions.load_shipped_sheets(by=user_with("sheets.view_sheets", at=group))

    def test_every_item_is_in_both_languages(self):
        items = [item for sheet in shipped_sheets() for item in sheet.items]
        assert [item.code for item in items if not item.text_en] == []
        assert [option.code for item in items for option in item.options if not option.en] == []
        assert [one.code for item in items for one in item.deductions if not one.en] == []
        assert [item.code for item in items if bool(item.section_en) != bool(item.section) and item.section_en] == []

    def test_one_sheet_per_activity(self):
        activities = [sheet.activity for sheet in shipped_sheets() if sheet.purpose == "task"]
        assert len(activities) == len(set(activities))
        assert {
            "lamp_check",
            "plant_patrol",
            "plant_maintain",
            "meter_read",
            "lift_daily",
            "fire_patrol",
            "disinfect",
            "round",
        } <= set(activities)

    def test_meters_never_fall(self):
        reading = next(item for sheet in shipped_sheets() if sheet.code == "meter-read" for item in sheet.items)
        assert (reading.is_increasing, reading.unit) == (True, "kWh")


class TestChoosing:
    def test_the_nearest_owner_wins(self, group):
        project = ProjectFactory(node=NodeFactory(parent=group))
        other = ProjectFactory(node=NodeFactory(parent=group))
        shipped = SheetVersionFactory(sheet__activity="round", issued=True)
        assert queries.version_for("round", project) == shipped
        company = SheetVersionFactory(sheet__activity="round", sheet__node=group, issued=True)
        own = SheetVersionFactory(sheet__activity="round", sheet__node=project.node, issued=True)
        assert queries.versions_for(project) == {"round": own}
        assert queries.versions_for(other) == {"round": company}
        assert queries.version_for("mop", project) is None

    def test_the_newest_issued_version_counts(self, group):
        project = ProjectFactory(node=group)
        first = SheetVersionFactory(sheet__activity="round", issued=True)
        second = SheetVersionFactory(sheet=first.sheet, issued=True)
        SheetVersionFactory(sheet=first.sheet)
        assert queries.version_for("round", project) == second

    def test_a_sheet_of_no_activity_is_no_checklist(self, group):
        SheetVersionFactory(issued=True)
        assert queries.versions_for(ProjectFactory(node=group)) == {}

    def test_it_takes_one_query_however_many(self, group, django_assert_num_queries):
        project = ProjectFactory(node=group)
        for number in range(5):
            SheetVersionFactory(sheet__activity=f"a{number}", sheet__node=group, issued=True)
        with django_assert_num_queries(1):
            assert len(queries.versions_for(project)) == 5


class TestVisibility:
    def test_a_branch_is_seen_up_and_down(self, group):
        sister, own = NodeFactory(parent=group), NodeFactory(parent=group)
        for code, node in {"shipped": None, "group": group, "sister": sister, "own": own}.items():
            SheetVersionFactory(sheet=SheetFactory(code=code, node=node))
        user = user_with("sheets.view_sheets", at=own)
        assert [row.code for row in queries.sheets_visible_to(user)] == ["group", "own", "shipped"]
        assert [row.sheet.code for row in queries.sheet_versions_visible_to(user)] == ["group", "own", "shipped"]
        assert queries.sheets_visible_to(user_with("standards.view_standards", at=own)).count() == 0
        assert queries.sheet_versions_visible_to(BY).count() == 4

    def test_names(self):
        version = SheetVersionFactory(sheet__name_zh="巡更")
        assert (str(version), queries.latest_version(version.sheet)) == ("巡更 v1", version)
