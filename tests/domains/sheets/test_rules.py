"""Items and answers."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.sheets.rules.answers import Answered, Checked, check_answers, flag_of
from wuyou.domains.sheets.rules.items import MOST_ITEMS, ItemSpec, Option, check_items
from wuyou.domains.sheets.rules.rows import item_of_row
from wuyou.kernel.errors import Invalid

D = Decimal
OK = ItemSpec("ok", "完好", "pass_fail", photo_on_failure=True)
READING = ItemSpec("reading", "表底数", "number", unit="kWh", low=D(0), high=D(1000), is_increasing=True)
AGENT = ItemSpec("agent", "消毒剂", "choice", options=(Option("a", "甲"), Option("b", "乙")))
REMARK = ItemSpec("remark", "备注", "text", is_required=False)
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
        assert (errors(checked), checked.failures) == ([], [Answered("ok", "fail")])
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
