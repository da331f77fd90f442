"""Scores: hand-worked sheets, and trees from which anybody works the number out again."""

from dataclasses import replace
from decimal import Decimal

import pytest
from explained import value_of
from hypothesis import given, settings
from hypothesis import strategies as st

from wuyou.domains.sheets.rules.answers import asked_items
from wuyou.domains.sheets.rules.items import Deduction, ItemSpec, check_items
from wuyou.domains.sheets.rules.scoring import Ruling, check_scoring, progress, score
from wuyou.kernel.errors import Invalid
from wuyou.kernel.explain import Link, Words, from_json, to_json

D = Decimal
LAMP = ItemSpec("lamp", "灯亮", "pass_fail", section="设施", section_en="Facilities", weight=D(2), points=D(4))
CLEAN = ItemSpec("clean", "清洁", "grade", section="环境", weight=D(3), points=D(10))
REASONS = (
    Deduction("dust", "积灰", D("0.5"), "Dust"),
    Deduction("junk", "堆物", D(1)),
    Deduction("fire", "火险", D(5)),
)
STAIRS = ItemSpec("stairs", "楼道", "deduct", section="环境", points=D(4), weight=D(3), deductions=REASONS)
LITTER = ItemSpec("litter", "杂物", "count", section="环境", points=D(4), limit=3)
BINS = replace(LITTER, code="bins", deductions=(Deduction("each", "每处", D(1)),))
WATER = ItemSpec(
    "water",
    "余氯",
    "measure",
    section="设施",
    unit="mg/L",
    tolerance_low=D("0.05"),
    tolerance_high=D("0.8"),
    points=D(2),
)
EXIT = ItemSpec("exit", "通道", "pass_fail", is_veto=True, section="设施", points=D(5))
NOTE = ItemSpec("note", "说明", "text", is_required=False)
LIFTS = ItemSpec("lifts", "有电梯", "pass_fail", weight=D(0), points=D(0))
BELL = ItemSpec("bell", "呼叫", "pass_fail", condition_code="lifts", condition_value="pass")


def value(items, answers, mode="points", **more):
    return score(items, answers, mode=mode, **more).value


def assert_explained(node):
    """The stored tree is the same, and whoever reads only docs/reference/explain.md comes to the same numbers."""
    tree = to_json(node)
    assert from_json(tree) == node
    assert value_of(tree) == node.value


class TestShares:
    """What one answer keeps of the points of its item: points won over points possible, of one item."""

    @pytest.mark.parametrize(
        ("item", "answer", "expected"),
        [
            (LAMP, "pass", "100"),
            (LAMP, "fail", "0"),
            (CLEAN, "5", "100"),
            (CLEAN, "4", "80"),
            (CLEAN, "0", "0"),
            (STAIRS, "none", "100"),
            (STAIRS, "dust", "87.5"),
            (STAIRS, "dust,junk", "62.5"),
            (STAIRS, "dust,junk,fire", "0"),  # no more is lost than there is
            (LITTER, "3", "100"),
            (LITTER, "4", "0"),
            (BINS, "3", "100"),
            (BINS, "4", "75"),
            (BINS, "9", "0"),
            (WATER, "0.05", "100"),
            (WATER, "0.8", "100"),
            (WATER, "0.04", "0"),
            (WATER, "0.81", "0"),
        ],
    )
    @pytest.mark.parametrize("mode", ["points", "weighted"])
    def test_of_its_points(self, item, answer, expected, mode):
        node = score([item], {item.code: answer}, mode=mode)
        assert node.value == D(expected)
        assert_explained(node)

    @pytest.mark.parametrize(
        ("item", "answer", "lost"), [(LAMP, "fail", "4"), (CLEAN, "4", "2"), (STAIRS, "dust", "0.5"), (BINS, "5", "2")]
    )
    def test_lost_from_100(self, item, answer, lost):
        node = score([item], {item.code: answer}, mode="deduction")
        assert node.value == 100 - D(lost)
        assert_explained(node)

    def test_a_share_is_rounded_to_four_places(self):
        third = replace(STAIRS, points=D(3), deductions=(Deduction("one", "一", D(1)),))
        assert value([third], {"stairs": "one"}) == D("66.67")
        assert value([third], {"stairs": "one"}, "deduction") == D("99.00")  # 3 × (1 − 0.6667) = 0.9999


class TestModes:
    ITEMS = (LAMP, CLEAN, STAIRS, WATER, NOTE)
    ANSWERS = {"lamp": "pass", "clean": "4", "stairs": "dust,junk", "water": "1", "note": "下次再看"}

    @pytest.mark.parametrize(
        ("mode", "expected"),
        [
            ("points", "72.50"),  # (4 + 8 + 2.5 + 0) / (4 + 10 + 4 + 2)
            ("weighted", "69.72"),  # (2×1 + 3×0.8 + 3×0.625 + 1×0) / (2 + 3 + 3 + 1) = 6.275 / 9
            ("deduction", "94.50"),  # 100 − 0 − 2 − 1.5 − 2
        ],
    )
    def test_by_hand(self, mode, expected):
        node = score(self.ITEMS, self.ANSWERS, mode=mode)
        assert (node.key, node.value) == ("score", D(expected))
        assert_explained(node)

    def test_it_is_shown_section_by_section(self):
        won, possible = score(self.ITEMS, self.ANSWERS, mode="points").children
        assert [(part.label.zh, part.value) for part in won.children] == [("设施", D(4)), ("环境", D("10.5"))]
        assert [(part.label.zh, part.value) for part in possible.children] == [("设施", D(6)), ("环境", D(14))]
        assert [item.label for item in won.children[0].children] == [Words("灯亮"), Words("余氯")]

    def test_deductions_stop_at_0(self):
        heavy = replace(LAMP, points=D(150))
        node = score([heavy], {"lamp": "fail"}, mode="deduction")
        assert node.value == 0
        assert_explained(node)

    def test_weights_are_relative(self):
        items = [replace(LAMP, weight=D(7)), replace(WATER, weight=D(21))]
        assert value(items, {"lamp": "pass", "water": "9"}, "weighted") == D(25)

    @pytest.mark.parametrize("mode", ["points", "weighted"])
    def test_half_a_hundredth_goes_up(self, mode):
        items = [replace(LAMP, code=f"i{n}", points=D(1), weight=D(1)) for n in range(800)]
        answers = {item.code: "pass" if n < 25 else "fail" for n, item in enumerate(items)}
        assert value(items, answers, mode) == D("3.13")  # 3.125

    def test_links_lead_to_the_answers(self):
        link = Link("inspection_answer", "7", "灯亮")
        node = score([LAMP], {"lamp": "pass"}, mode="points", links={"lamp": link})
        assert [part.links for part in node.walk() if part.links] == [(link,)]

    def test_a_sheet_that_is_not_scored_has_no_score(self):
        with pytest.raises(Invalid) as error:
            score([LAMP], {"lamp": "pass"}, mode="none")
        assert [one.field for one in error.value.fields] == ["scoring"]


class TestWhatDoesNotCount:
    @pytest.mark.parametrize("mode", ["points", "weighted", "deduction"])
    def test_what_does_not_apply_leaves_the_denominator(self, mode):
        node = score([LAMP, CLEAN], {"lamp": "na", "clean": "5"}, mode=mode)
        assert node.value == 100
        assert_explained(node)
        lamp = next(part for part in node.walk() if part.key == "lamp")
        assert (lamp.value, lamp.note) == (
            None,
            Words("不适用,不计入分母", "Not applicable: left out of the denominator"),
        )

    @pytest.mark.parametrize("mode", ["points", "weighted", "deduction"])
    def test_nothing_applies(self, mode):
        node = score([LAMP, CLEAN], {"lamp": "na", "clean": "na"}, mode=mode)
        assert (node.value, node.note) == (
            None,
            Words("没有适用的评分项,不评分", "No scored item applies: there is no score"),
        )
        assert_explained(node)

    @pytest.mark.parametrize(("lifts", "expected"), [("pass", 50), ("fail", 100)])
    def test_what_is_not_asked_leaves_it_too(self, lifts, expected):
        answers = {"lamp": "pass", "lifts": lifts, "bell": "fail"}
        node = score([replace(LAMP, points=D(1)), LIFTS, BELL], answers, mode="points")
        assert node.value == expected
        assert_explained(node)

    def test_optional_items_may_stay_open(self):
        items = [LAMP, replace(CLEAN, is_required=False)]
        assert value(items, {"lamp": "pass"}) == 100

    def test_a_required_one_may_not(self):
        with pytest.raises(Invalid) as error:
            score([LAMP, CLEAN], {"lamp": "pass"}, mode="points")
        assert [one.field for one in error.value.fields] == ["answers.clean"]


class TestRedLines:
    def test_a_crossed_one_makes_it_0_and_shows_the_rest(self):
        node = score([LAMP, EXIT], {"lamp": "pass", "exit": "fail"}, mode="points")
        assert (node.op, node.value, node.note) == ("veto", D(0), Words("触碰红线", "Red line crossed"))
        before, line = node.children
        assert (before.key, before.value, line.key, line.value) == ("_before", D("44.44"), "exit", D(0))
        assert_explained(node)

    @pytest.mark.parametrize("answer", ["pass", "na"])
    def test_one_that_was_kept_changes_nothing(self, answer):
        assert score([LAMP, EXIT], {"lamp": "pass", "exit": answer}, mode="points").op == "percent"

    def test_one_that_is_not_asked_changes_nothing(self):
        items = [LIFTS, replace(BELL, is_veto=True), LAMP]
        assert value(items, {"lifts": "fail", "bell": "fail", "lamp": "pass"}) == 100

    def test_one_without_points_still_vetoes(self):
        items = [LAMP, replace(EXIT, points=D(0))]
        node = score(items, {"lamp": "pass", "exit": "fail"}, mode="points")
        assert (node.value, node.child("_before").value) == (0, 100)
        assert_explained(node)

    def test_a_void_finding_lifts_it(self):
        ruling = Ruling(Words("申诉成立"), Link("finding", "3", "BHG-1"), is_excused=True)
        assert value([LAMP, EXIT], {"lamp": "pass", "exit": "fail"}, rulings={"exit": ruling}) == 100


class TestRulings:
    ANSWERS = {"lamp": "fail", "clean": "5"}

    @pytest.mark.parametrize(("mode", "expected"), [("points", 100), ("weighted", 100), ("deduction", 100)])
    def test_an_excused_item_counts_as_passed(self, mode, expected):
        ruling = Ruling(Words("申诉成立", "Appeal upheld"), Link("finding", "3", "BHG-1"), is_excused=True)
        node = score([LAMP, CLEAN], self.ANSWERS, mode=mode, rulings={"lamp": ruling})
        assert node.value == expected
        share = next(part for part in node.walk() if part.note == ruling.why)
        assert (share.value, share.links) == (1, (ruling.link,))
        assert_explained(node)

    @pytest.mark.parametrize(
        ("mode", "once", "twice"),
        [("points", "71.43", "55.56"), ("weighted", "60", "42.86"), ("deduction", "96", "92")],
    )
    @pytest.mark.parametrize("link", [None, Link("finding", "4", "BHG-2")])
    def test_what_failed_before_counts_double(self, mode, once, twice, link):
        ruling = Ruling(Words("重复发生", "Repeated"), link, factor=D(2))
        assert value([LAMP, CLEAN], self.ANSWERS, mode) == D(once)
        node = score([LAMP, CLEAN], self.ANSWERS, mode=mode, rulings={"lamp": ruling})
        assert node.value == D(twice)
        assert_explained(node)


class TestIssuing:
    @pytest.mark.parametrize(
        ("items", "mode"),
        [
            ([NOTE], "points"),
            ([replace(LAMP, points=D(0))], "points"),
            ([replace(LAMP, points=D(0))], "deduction"),
            ([replace(LAMP, weight=D(0)), NOTE], "weighted"),
        ],
    )
    def test_something_must_count(self, items, mode):
        with pytest.raises(Invalid) as error:
            check_scoring(items, mode=mode)
        assert [one.field for one in error.value.fields] == ["scoring"]

    @pytest.mark.parametrize(
        ("items", "mode"),
        [([NOTE], "none"), ([LAMP], "points"), ([replace(LAMP, points=D(0))], "weighted"), ([LAMP], "deduction")],
    )
    def test_then_it_can_be_issued(self, items, mode):
        check_scoring(items, mode=mode)


class TestProgress:
    def test_by_section(self):
        found = progress([LAMP, CLEAN, STAIRS, NOTE, LIFTS, BELL], {"lamp": "pass", "clean": "na", "lifts": "fail"})
        assert (found.answered, found.asked, found.is_complete) == (3, 5, False)
        assert found.sections == {"设施": (1, 1), "环境": (1, 2), "": (1, 2)}
        assert found.missing == ("stairs",)

    def test_a_condition_met_asks_more(self):
        assert progress([LIFTS, BELL], {"lifts": "pass"}).missing == ("bell",)
        assert progress([LIFTS, BELL], {"lifts": "fail"}).is_complete


ITEM = st.builds(
    replace,
    st.sampled_from([LAMP, CLEAN, STAIRS, LITTER, BINS, WATER, EXIT]),
    weight=st.decimals(0, 50, places=2),
    points=st.decimals("0.01", 20, places=2),
    section=st.sampled_from(["", "甲", "乙"]),
)
ANSWERS = {
    "pass_fail": st.sampled_from(["pass", "fail", "na"]),
    "grade": st.sampled_from(["0", "1", "2", "3", "4", "5", "na"]),
    "deduct": st.sampled_from(["none", "dust", "dust,junk", "junk,fire", "na"]),
    "count": st.sampled_from(["0", "3", "4", "20", "na"]),
    "measure": st.sampled_from(["0.05", "0.3", "2", "-1", "na"]),
}


@st.composite
def filled(draw):
    """A sheet of up to twelve items, some of them conditional, with an answer to each."""
    items = [replace(item, code=f"i{n}") for n, item in enumerate(draw(st.lists(ITEM, min_size=1, max_size=12)))]
    if items[0].answer_type == "pass_fail":
        items[1:] = [
            replace(item, condition_code="i0", condition_value="pass") if draw(st.booleans()) else item
            for item in items[1:]
        ]
    check_items(items)
    return items, {item.code: draw(ANSWERS[item.answer_type]) for item in items}


@settings(max_examples=150)
@given(filled(), st.sampled_from(["points", "weighted", "deduction"]))
def test_every_score_is_between_0_and_100_and_explains_itself(sheet, mode):
    items, answers = sheet
    node = score(items, answers, mode=mode)
    assert node.value is None or 0 <= node.value <= 100
    assert_explained(node)


@settings(max_examples=100)
@given(filled(), st.sampled_from(["points", "weighted", "deduction"]))
def test_excusing_never_lowers_a_score(sheet, mode):
    items, answers = sheet
    before = value(items, answers, mode)
    asked = asked_items(items, answers)
    rulings = {item.code: Ruling(Words("申诉成立"), is_excused=True) for item in asked if answers[item.code] != "na"}
    after = value(items, answers, mode, rulings=rulings)
    assert (before is None) == (after is None)
    assert before is None or after >= before
