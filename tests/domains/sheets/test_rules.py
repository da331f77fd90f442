"""Items and answers."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.sheets.rules.answers import Answered, Checked, asked_items, check_answers, fails, flag_of
from wuyou.domains.sheets.rules.items import MOST_ITEMS, Deduction, ItemSpec, Option, check_items
from wuyou.domains.sheets.rules.rows import inspection_item_of_row, item_of_row
from wuyou.kernel.errors import Invalid

D = Decimal
OK = ItemSpec("ok", "完好", "pass_fail", photo_on_failure=True)
READING = ItemSpec("reading", "表底数", "number", unit="kWh", low=D(0), high=D(1000), is_increasing=True)
AGENT = ItemSpec("agent", "消毒剂", "choice", options=(Option("a", "甲"), Option("b", "乙")))
REMARK = ItemSpec("remark", "备注", "text", is_required=False)
DUST = ItemSpec(
    "dust",
    "清洁",
    "deduct",
    points=D(4),
    deductions=(Deduction("dust", "积灰", D("0.5")), Deduction("web", "蛛网", D(1))),
)
LITTER = ItemSpec("litter", "杂物", "count", limit=3)
CLEAN = ItemSpec("clean", "观感", "grade")
WATER = ItemSpec("water", "余氯", "measure", unit="mg/L", tolerance_low=D("0.05"), tolerance_high=D("0.8"))
SIGN = ItemSpec("sign", "签字", "signature")
PHOTO = ItemSpec("photo", "照片", "photo")
SHEET = (OK, READING, AGENT, REMARK, PHOTO)
GOOD = {"ok": "pass", "reading": "12.5", "agent": "a"}


def wrong_fields(*specs):
    with pytest.raises(Invalid) as error:
        check_items(specs)
    return [one.field for one in error.value.fields]


class TestItems:
    def test_good_ones_pass(self):
        check_items(SHEET)

    @pytest.mark.parametrize(
        ("item", "where"),
        [
            (replace(OK, code="A b"), ["code"]),
            (replace(OK, text_zh=" "), ["text_zh"]),
            (replace(OK, answer_type="wish"), ["answer_type", "photo_on_failure"]),
            (replace(OK, options=AGENT.options), ["options"]),
            (replace(OK, low=D(1)), ["low"]),
            (replace(OK, is_increasing=True), ["low"]),
            (replace(AGENT, options=AGENT.options[:1]), ["options"]),
            (replace(AGENT, options=(AGENT.options[0],) * 2), ["options"]),
            (replace(AGENT, options=(Option("a", "甲"), Option("B!", "乙"))), ["options"]),
            (replace(AGENT, options=(Option("a", "甲"), Option("b", " "))), ["options"]),
            (replace(AGENT, options=tuple(Option(f"o{n}", "甲") for n in range(51))), ["options"]),
            (replace(READING, low=D(2), high=D(1)), ["high"]),
            (replace(READING, high=D(10) ** 10), ["high"]),
            (replace(READING, photo_on_failure=True), ["photo_on_failure"]),
        ],
    )
    def test_wrong_ones_say_where(self, item, where):
        assert wrong_fields(REMARK, item) == [f"items.2.{name}" for name in where]

    @pytest.mark.parametrize(
        ("item", "where"),
        [
            (replace(OK, severity="grave"), ["severity"]),
            (replace(REMARK, code="words", is_veto=True), ["is_veto"]),
            (replace(REMARK, code="words", photo_on_failure=True), ["photo_on_failure"]),
            (replace(OK, weight=D(-1)), ["weight"]),
            (replace(OK, weight=D("NaN")), ["weight"]),
            (replace(OK, points=D("0.001")), ["points"]),
            (replace(OK, points=D(100000)), ["points"]),
            (replace(OK, deductions=DUST.deductions), ["deductions"]),
            (replace(DUST, deductions=()), ["deductions"]),
            (replace(DUST, deductions=(DUST.deductions[0],) * 2), ["deductions"]),
            (replace(DUST, deductions=(Deduction("none", "无", D(1)),)), ["deductions"]),
            (replace(DUST, deductions=(Deduction("Dust!", "灰", D(1)),)), ["deductions"]),
            (replace(DUST, deductions=(Deduction("dust", " ", D(1)),)), ["deductions"]),
            (replace(DUST, deductions=(Deduction("dust", "灰", D(0)),)), ["deductions"]),
            (replace(DUST, deductions=(Deduction("dust", "灰", D(-1)),)), ["deductions"]),
            (replace(DUST, deductions=tuple(Deduction(f"d{n}", "灰", D(1)) for n in range(13))), ["deductions"]),
            (replace(DUST, points=D(0)), ["points"]),
            (replace(LITTER, deductions=DUST.deductions), ["deductions"]),
            (replace(LITTER, limit=None), ["limit"]),
            (replace(LITTER, limit=-1), ["limit"]),
            (replace(LITTER, limit=10_000), ["limit"]),
            (replace(CLEAN, limit=6), ["limit"]),
            (replace(OK, limit=1), ["limit"]),
            (replace(OK, tolerance_low=D(1)), ["tolerance_low"]),
            (replace(WATER, tolerance_low=None, tolerance_high=None), ["tolerance_low"]),
            (replace(WATER, tolerance_low=D(2)), ["tolerance_high"]),
            (replace(WATER, tolerance_high=D(10) ** 10), ["tolerance_high"]),
            (replace(OK, condition_value="pass"), ["condition_value"]),
            (replace(OK, condition_code="ok", condition_value="pass"), ["condition_code"]),
            (replace(OK, condition_code="later", condition_value="pass"), ["condition_code"]),
            (replace(OK, condition_code="remark", condition_value="x"), ["condition_value"]),
        ],
    )
    def test_what_is_wrong_for_scoring_says_where(self, item, where):
        assert wrong_fields(REMARK, item, ItemSpec("later", "后", "pass_fail")) == [f"items.2.{name}" for name in where]

    def test_good_scored_ones_pass(self):
        check_items([DUST, LITTER, replace(LITTER, code="more", deductions=DUST.deductions[:1]), CLEAN, WATER, SIGN])

    @pytest.mark.parametrize(
        ("on", "value"),
        [(OK, "pass"), (OK, "fail"), (OK, "na"), (CLEAN, "0"), (CLEAN, "5"), (CLEAN, "na"), (AGENT, "b")],
    )
    def test_an_item_may_depend_on_an_earlier_one(self, on, value):
        check_items([on, replace(REMARK, condition_code=on.code, condition_value=value)])

    @pytest.mark.parametrize(
        ("on", "value"), [(OK, "maybe"), (CLEAN, "6"), (AGENT, "na"), (DUST, "dust"), (READING, "1")]
    )
    def test_but_only_on_an_answer_it_can_have(self, on, value):
        assert wrong_fields(on, replace(REMARK, condition_code=on.code, condition_value=value)) == [
            "items.2.condition_value"
        ]

    @pytest.mark.parametrize("bounds", [{"low": None}, {"high": None}, {"low": D(1), "high": D(1)}])
    def test_bounds_may_be_open(self, bounds):
        check_items([replace(READING, **bounds)])

    def test_a_code_stands_once(self):
        assert wrong_fields(OK, OK) == ["items.2.code"]

    def test_a_sheet_has_items_but_not_too_many(self):
        assert wrong_fields() == ["items"]
        assert wrong_fields(*[replace(OK, code=f"i{n}") for n in range(MOST_ITEMS + 1)]) == ["items"]

    def test_rows(self):
        row = {
            "code": "agent", "section": "", "text_zh": "消毒剂", "text_en": "Agent", "answer_type": "choice",
            "options": "a=甲=A|b=乙=B", "unit": "", "low": "", "high": "1.5", "required": "y", "increasing": "",
            "photo_on_failure": "",
        }  # fmt: skip
        assert item_of_row(row) == ItemSpec(
            "agent",
            "消毒剂",
            "choice",
            text_en="Agent",
            options=(Option("a", "甲", "A"), Option("b", "乙", "B")),
            high=D("1.5"),
        )

    def test_rows_of_inspections(self):
        row = {
            "code": "litter", "section": "环境", "section_en": "Grounds", "text_zh": "杂物", "text_en": "Litter",
            "answer_type": "count", "options": "", "unit": "处", "required": "", "photo_on_failure": "",
            "severity": "major", "veto": "y", "weight": "2.5", "points": "4", "deductions": "each=0.5=每处=Each",
            "limit": "3", "tolerance_low": "", "tolerance_high": "", "condition": "ok=pass",
        }  # fmt: skip
        assert inspection_item_of_row(row) == ItemSpec(
            "litter", "杂物", "count", text_en="Litter", section="环境", section_en="Grounds", unit="处", limit=3,
            photo_on_failure=True, severity="major", is_veto=True, weight=D("2.5"), points=D(4),
            deductions=(Deduction("each", "每处", D("0.5"), "Each"),), condition_code="ok", condition_value="pass",
        )  # fmt: skip
        bare = dict.fromkeys(row, "") | {"code": "sign", "text_zh": "签字", "answer_type": "signature"}
        assert inspection_item_of_row(bare) == SIGN
        assert inspection_item_of_row(row | {"photo_on_failure": "n", "required": "n"}).photo_on_failure is False


def check(answers, *, photos=None, last=None, items=SHEET):
    return check_answers(items, answers, photos={"photo": 1} if photos is None else photos, last=last)


def errors(checked):
    return [error.field for error in checked.errors]


class TestAnswers:
    def test_good_ones_are_taken(self):
        checked = check(GOOD | {"remark": " 无 "})
        assert errors(checked) == []
        assert checked.answers == [
            Answered("ok", "pass"),
            Answered("reading", "12.5", D("12.5")),
            Answered("agent", "a"),
            Answered("remark", "无"),
            Answered("photo", "1"),
        ]
        checked.require_valid()

    @pytest.mark.parametrize("empty", [{}, {"remark": None}, {"remark": "  "}])
    def test_optional_ones_may_be_empty(self, empty):
        assert [answer.code for answer in check(GOOD | empty).answers] == ["ok", "reading", "agent", "photo"]
        assert check({}, items=[replace(PHOTO, is_required=False)], photos={}).answers == []

    @pytest.mark.parametrize(
        ("answers", "where"),
        [
            ({"ok": None}, ["ok"]),
            ({"ok": ""}, ["ok"]),
            ({"ok": "maybe"}, ["ok"]),
            ({"ok": ["pass"]}, ["ok"]),
            ({"agent": "c"}, ["agent"]),
            ({"agent": 3}, ["agent"]),
            ({"remark": "长" * 301}, ["remark"]),
            ({"remark": "a\0b"}, ["remark"]),
            ({"reading": "twelve"}, ["reading"]),
            ({"reading": "1,5"}, ["reading"]),
            ({"reading": "NaN"}, ["reading"]),
            ({"reading": "Infinity"}, ["reading"]),
            ({"reading": float("nan")}, ["reading"]),
            ({"reading": True}, ["reading"]),
            ({"reading": "10000000000"}, ["reading"]),
            ({"reading": "1e999999999"}, ["reading"]),
            ({"reading": "1e-999999999"}, ["reading"]),
            ({"reading": 10**5000}, ["reading"]),
            ({"reading": [1]}, ["reading"]),
            ({"remark": 10**5000}, ["remark"]),
            ({"reading": "1.00001"}, ["reading"]),
            ({"other": "x"}, ["other"]),
            ({"ok": "", "agent": "", "other": 1}, ["other", "ok", "agent"]),
        ],
    )
    def test_wrong_ones_say_where(self, answers, where):
        checked = check(GOOD | answers)
        assert errors(checked) == [f"answers.{code}" for code in where]
        with pytest.raises(Invalid) as error:
            checked.require_valid()
        assert [one.field for one in error.value.fields] == errors(checked)

    @pytest.mark.parametrize(
        ("given_", "value"),
        [
            ("１２．５", "12.5"),
            (" 12.50 ", "12.5"),
            (12, "12"),
            (12.1, "12.1"),
            (D("0.1000"), "0.1"),
            ("1e2", "100"),
            ("-0", "-0"),
        ],
    )
    def test_numbers_as_people_write_them(self, given_, value):
        answer = check(GOOD | {"reading": given_}).answers[1]
        assert (answer.value, answer.number) == (value, D(value))

    def test_a_failure_wants_a_photo(self):
        assert errors(check(GOOD | {"ok": "fail"})) == ["answers.ok"]
        checked = check(GOOD | {"ok": "fail"}, photos={"ok": 1, "photo": 1})
        assert (errors(checked), checked.failures) == ([], [Answered("ok", "fail", is_failure=True)])
        assert errors(check({"ok": "fail"}, items=[replace(OK, photo_on_failure=False)])) == []

    def test_a_text_or_number_never_fails(self):
        assert check({"remark": "failing"}, items=[REMARK]).failures == []
        assert check({"reading": "3"}, items=[READING]).failures == []

    def test_not_applicable_needs_nothing(self):
        assert check(GOOD | {"ok": "na"}).failures == []

    def test_a_photo_is_needed_where_asked(self):
        assert errors(check(GOOD, photos={})) == ["answers.photo"]

    @pytest.mark.parametrize(
        ("number", "last", "flag"),
        [
            ("-1", None, "low"),
            ("1001", None, "high"),
            ("5", "6", "fallen"),
            ("6", "6", ""),
            ("7", "6", ""),
            ("5", None, ""),
        ],
    )
    def test_implausible_readings_are_taken_and_flagged(self, number, last, flag):
        checked = check(GOOD | {"reading": number}, last={"reading": D(last)} if last else None)
        assert (errors(checked), checked.answers[1].flag) == ([], flag)
        assert [answer.code for answer in checked.implausible] == (["reading"] if flag else [])

    def test_a_pressure_may_fall(self):
        assert flag_of(replace(READING, is_increasing=False), D(5), D(6)) == ""
        assert flag_of(replace(READING, low=None, high=None), D(-5), None) == ""


class TestJudgedAnswers:
    @pytest.mark.parametrize(
        ("item", "given_", "value", "is_failure"),
        [
            (CLEAN, "3", "3", False),
            (CLEAN, 2, "2", True),
            (CLEAN, "５", "5", False),
            (replace(CLEAN, limit=0), "0", "0", False),
            (LITTER, "3", "3", False),
            (LITTER, "4", "4", True),
            (LITTER, "na", "na", False),
            (DUST, "none", "none", False),
            (DUST, [], "none", False),
            (DUST, ["web", "dust"], "dust,web", True),
            (DUST, " web , dust ,", "dust,web", True),
            (WATER, "0.30", "0.3", False),
            (WATER, "0.9", "0.9", True),
            (WATER, "0.01", "0.01", True),
            (replace(WATER, tolerance_low=None), "-3", "-3", False),
            (replace(WATER, tolerance_high=None), "99", "99", False),
            (OK, "na", "na", False),
        ],
    )
    def test_they_are_stored_and_judged(self, item, given_, value, is_failure):
        (answer,) = check({item.code: given_}, items=[replace(item, photo_on_failure=False)], photos={}).answers
        assert (answer.value, answer.is_failure, fails(item, answer.value)) == (value, is_failure, is_failure)

    @pytest.mark.parametrize(
        ("item", "given_"),
        [
            (CLEAN, "6"),
            (CLEAN, "-1"),
            (CLEAN, "2.5"),
            (CLEAN, "good"),
            (LITTER, 10_000),
            (LITTER, "1e999999999"),
            (DUST, "moss"),
            (DUST, ["dust", 1]),
            (DUST, 7),
            (DUST, ["none", "dust"]),
            (WATER, "high"),
            (SIGN, "张\n三"),
            (SIGN, "长" * 61),
            (SIGN, 1),
            (READING, "na"),
        ],
    )
    def test_wrong_ones_are_refused(self, item, given_):
        assert errors(check({item.code: given_}, items=[item], photos={})) == [f"answers.{item.code}"]

    def test_a_signature_is_a_name(self):
        assert check({"sign": " 张三 "}, items=[SIGN], photos={}).answers == [Answered("sign", "张三")]

    def test_any_failure_may_want_a_photo(self):
        item = replace(WATER, photo_on_failure=True)
        assert errors(check({"water": "2"}, items=[item], photos={})) == ["answers.water"]
        assert errors(check({"water": "2"}, items=[item], photos={"water": 1})) == []

    def test_a_measured_value_out_of_what_is_plausible_is_flagged(self):
        item = replace(WATER, high=D(5))
        assert [one.flag for one in check({"water": "6"}, items=[item], photos={}).answers] == ["high"]

    def test_an_unanswered_item_has_not_failed(self):
        assert not fails(OK, "")
        assert not fails(REMARK, "fail")


class TestConditions:
    ITEMS = (
        AGENT,
        replace(OK, photo_on_failure=False, condition_code="agent", condition_value="a"),
        replace(SIGN, condition_code="ok", condition_value="fail"),
    )

    @pytest.mark.parametrize(
        ("answers", "kept"),
        [
            ({"agent": "b"}, ["agent"]),
            ({"agent": "b", "ok": "fail", "sign": "张三"}, ["agent"]),  # what is not asked is not kept
            ({"agent": "a", "ok": "pass"}, ["agent", "ok"]),
            ({"agent": "a", "ok": "fail", "sign": "张三"}, ["agent", "ok", "sign"]),
        ],
    )
    def test_only_what_is_asked_is_answered(self, answers, kept):
        checked = check(answers, items=self.ITEMS, photos={})
        assert (errors(checked), [answer.code for answer in checked.answers]) == ([], kept)

    @pytest.mark.parametrize(
        ("answers", "where"), [({"agent": "a"}, ["ok"]), ({"agent": "a", "ok": "fail"}, ["sign"]), ({}, ["agent"])]
    )
    def test_what_is_asked_is_needed(self, answers, where):
        assert errors(check(answers, items=self.ITEMS, photos={})) == [f"answers.{code}" for code in where]

    def test_a_chain_ends_where_it_is_cut(self):
        stored = {"agent": "b", "ok": "fail", "sign": "张三"}
        assert [item.code for item in asked_items(self.ITEMS, stored)] == ["agent"]
        assert [item.code for item in asked_items(self.ITEMS, stored | {"agent": "a"})] == ["agent", "ok", "sign"]
        assert [item.code for item in asked_items(self.ITEMS, {})] == ["agent"]


@given(
    st.dictionaries(
        st.sampled_from(["ok", "reading", "agent", "remark", "photo", "x"]),
        st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.booleans()),
    )
)
def test_whatever_is_sent_is_taken_or_refused(answers):
    checked = check_answers(SHEET, answers)
    assert isinstance(checked, Checked)
    assert {error.field.removeprefix("answers.") for error in checked.errors}.isdisjoint(
        answer.code for answer in checked.answers
    )


@given(st.decimals(min_value=-9_999_999_999, max_value=9_999_999_999, places=4))
def test_a_reading_survives_being_written(number):
    answer = check_answers([READING], {"reading": str(number)}).answers[0]
    assert (answer.number, D(answer.value)) == (number, number)
