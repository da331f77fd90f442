"""A version out to Excel and back."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from django.utils import translation
from factories.org import NodeFactory, user_with
from factories.standards import VersionFactory
from python_calamine import CalamineWorkbook

from wuyou.domains.standards import actions, exchange
from wuyou.domains.standards.actions import GradeSpec
from wuyou.domains.standards.choices import ClauseKind
from wuyou.domains.standards.exchange import MOST_CLAUSES, read_clauses
from wuyou.domains.standards.queries import latest_issued, specs_of
from wuyou.domains.standards.rules.clauses import ClauseSpec
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Denied, Invalid, Missing
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db
BY = System("test")
FULL = ClauseSpec(
    "C1", "clean", "楼道楼梯", "清扫,无杂物;见附图:A", "cadence", requirement_en="Sweep", window="<08:00",
    applies_when="lift&age>15y", basis="合同", retention="4 y", certainty="M", in_force_from=date(2026, 1, 1),
    in_force_to=date(2027, 1, 1), response="30 分钟", criterion="≤3处/100㎡", method="湿拖", activity="mop",
    workload_unit="100m2", minutes_per_unit=Decimal("12.50"), qualification="健康证", evidence="photo",
    check_text="无污渍", deduct_points=Decimal("0.50"), values={"g1": "2/1 d", "g-2": "1/15 d"},
)  # fmt: skip
TARGET = ClauseSpec("C2", "basic", "报修", "到场时限", "minutes", unit="min", values={"g1": "30"})


@pytest.fixture
def draft():
    grades = [GradeSpec("g1", 1, "一级", "Grade 1"), GradeSpec("g-2", 2, "二级")]
    version = actions.create_standard(
        by=BY, code="own", name_zh="企业标准", kind="company", node=NodeFactory(), grades=grades
    )
    actions.add_clause(version, FULL, by=BY)
    actions.add_clause(version, TARGET, by=BY)
    return version


def workbook(rows):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return io.BytesIO(buffer.getvalue())


HEAD = ["条款编号", "部分", "服务对象", "要求", "取值类型", "一级", "二级"]
ROW = ["C1", "clean", "楼道楼梯", "清扫", "cadence", "1/1 d", "-"]


class TestRoundTrip:
    def test_what_goes_out_comes_back_the_same(self, draft):
        data = actions.export_clauses(draft, by=BY)
        assert actions.import_workbook(draft, io.BytesIO(data), by=BY).is_empty
        assert specs_of(draft) == [FULL, TARGET]
        assert Entry.objects.filter(verb="standards.clauses_imported").count() == 0

    def test_the_shipped_sets_too(self):
        actions.load_shipped(by=BY)
        for code in ("residential-2004", "statutory", "hotel-style"):
            version = latest_issued(code)
            sheet = read_clauses(io.BytesIO(actions.export_clauses(version, by=BY)), version)
            assert (list(sheet.specs), sheet.errors) == (specs_of(version), ())

    def test_the_export_is_marked_and_journaled(self, draft, moment):
        user = user_with("standards.view_standards", at=draft.standard.node)
        book = CalamineWorkbook.from_filelike(io.BytesIO(actions.export_clauses(draft, by=user)))
        about = book.get_sheet_by_index(1).to_python()
        assert about[1][0] == f"{user.full_name} 2026-11-20 10:00"
        assert Entry.objects.order_by("id").last().verb == "standards.version_exported"

    def test_strangers_get_nothing(self, draft):
        with pytest.raises(Missing):
            actions.export_clauses(draft, by=user_with("standards.view_standards", at=NodeFactory()))


class TestImport:
    def test_a_workbook_adds_changes_removes_and_orders(self, draft):
        rows = [HEAD, ["N1", "green", "草坪", "修剪", "Duty", "及时", ""], [*ROW[:5], "3/1 d", "1/1 d"]]
        changes = actions.import_workbook(draft, workbook(rows), by=BY)
        assert ([spec.code for spec in changes.added], [spec.code for spec in changes.removed]) == (["N1"], ["C2"])
        assert specs_of(draft) == [
            ClauseSpec("N1", "green", "草坪", "修剪", "duty", values={"g1": "及时"}),
            ClauseSpec("C1", "clean", "楼道楼梯", "清扫", "cadence", values={"g1": "3/1 d", "g-2": "1/1 d"}),
        ]
        details = Entry.objects.order_by("id").last().details
        assert (details["added"], details["removed"], details["changed"]) == (1, 1, 1)

    def test_headers_in_english_and_any_order(self, draft):
        rows = [
            ["Grade 1", "Kind of value", "Requirement", "Subject", "Part", "Code"],
            ["30", "minutes", "到场", "报修", "basic", "B2"],
        ]
        actions.import_workbook(draft, workbook(rows), by=BY)
        assert specs_of(draft) == [ClauseSpec("B2", "basic", "报修", "到场", "minutes", values={"g1": "30"})]

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_kinds_are_read_in_both_languages_and_every_kind_has_its_words(self, draft, language):
        with translation.override(language):
            assert set(exchange._KINDS) == set(ClauseKind)
            for word in ("百分比", "Percent", "percent"):
                actions.import_workbook(draft, workbook([HEAD, ["B2", "basic", "报修", "完好率", word, 90, ""]]), by=BY)
                assert specs_of(draft)[0].kind == "percent"

    def test_numbers_typed_as_numbers(self, draft):
        actions.import_workbook(draft, workbook([HEAD, ["B2", "basic", "报修", "到场", "minutes", 30, 60.5]]), by=BY)
        assert specs_of(draft)[0].values == {"g1": "30", "g-2": "60.5"}

    @pytest.mark.parametrize(
        ("row", "places"),
        [
            ([*ROW[:5], "often", "-"], ["2.grade_0"]),
            ([*ROW[:5], "1/1 d", "0/1 d"], ["2.grade_1"]),
            (["", *ROW[1:]], ["2.code"]),
            (["C 1", *ROW[1:]], ["2.code"]),
            ([*ROW[:3], "长" * 301, *ROW[4:]], ["2.requirement_zh"]),
            ([*ROW[:4], "wish", *ROW[5:]], ["2.kind"]),
        ],
    )
    def test_wrong_cells_are_named_and_nothing_is_loaded(self, draft, row, places):
        with pytest.raises(Invalid) as error:
            actions.import_workbook(draft, workbook([HEAD, row]), by=BY)
        assert [one.field for one in error.value.fields] == places
        assert specs_of(draft) == [FULL, TARGET]

    def test_a_code_that_stands_twice(self, draft):
        with pytest.raises(Invalid) as error:
            actions.import_workbook(draft, workbook([HEAD, ROW, ROW]), by=BY)
        assert [one.field for one in error.value.fields] == ["3.code"]

    def test_missing_columns(self, draft):
        with pytest.raises(Invalid) as error:
            actions.import_workbook(draft, workbook([HEAD[:4], ROW[:4]]), by=BY)
        assert "取值类型" in str(error.value)

    def test_too_many_rows(self, draft):
        rows = [HEAD] + [[f"C{number}", *ROW[1:]] for number in range(MOST_CLAUSES + 1)]
        with pytest.raises(Invalid):
            actions.import_workbook(draft, workbook(rows), by=BY)

    def test_it_takes_the_right_before_the_file_is_read(self, draft):
        with pytest.raises(Denied):
            actions.import_workbook(draft, io.BytesIO(b"x"), by=user_with(at=draft.standard.node))

    def test_a_double_code_is_refused_by_the_act_too(self, draft):
        with pytest.raises(Invalid) as error:
            actions.import_clauses(draft, [TARGET, replace(TARGET)], by=BY)
        assert [one.field for one in error.value.fields] == ["code"]

    def test_an_empty_version_goes_out(self):
        version = VersionFactory()
        assert read_clauses(io.BytesIO(actions.export_clauses(version, by=BY)), version).specs == ()
