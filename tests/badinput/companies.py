"""Workbooks as other companies keep them: none has seen our template."""

# ruff: noqa: E501 - one sheet row a line

import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its rows, ranges that are merged (A1 notation) and whether it is hidden."""

    name: str
    rows: Rows
    merged: tuple[str, ...] = ()
    hidden: bool = False


def book(*sheets: Sheet, shape: Callable[[Any, Any], None] | None = None) -> io.BytesIO:
    """An .xlsx of these sheets; `shape(book, first sheet)` adds what rows cannot say."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd", "nan_inf_to_errors": True}) as made:
        for one in sheets:
            page = made.add_worksheet(one.name)
            for number, row in enumerate(one.rows):
                page.write_row(number, 0, row)
            for area in one.merged:
                top = area.partition(":")[0]
                row, column = xlsxwriter.utility.xl_cell_to_rowcol(top)
                page.merge_range(area, one.rows[row][column])
            if one.hidden:
                page.hide()
        if shape:
            shape(made, made.worksheets()[0])
    buffer.seek(0)
    return buffer


def one(*rows: Sequence[Any], merged: tuple[str, ...] = ()) -> io.BytesIO:
    """A workbook of one sheet."""
    return book(Sheet("Sheet1", rows, merged))


# --- rooms


def title_and_odd_names() -> io.BytesIO:
    """A merged title, the maker's line, headers of their own, units in Chinese numerals, dates with dots."""
    return one(
        ["阳光花园业主信息登记表（2025年）", "", "", "", "", "", "", ""],
        ["填表单位：阳光物业", "", "", "", "", "", "填表日期：2025.3.1", ""],
        ["序号", "楼号", "单元", "楼层", "门牌号", "业主姓名(产权人)", "联系方式", "户型面积", "入住时间"],
        [1, 1, "一单元", "一层", 101, "张三、李四", 19900000001, 72.08, "2018.8.31"],
        [2, 1, "一单元", "2层", 201, "王 五", "199 0000 0002", "72.08平米", "2018/9/1"],
        [3, "2栋", "二单元", "11F", "1101", "赵　六 ", "１９９００００ ０００３", "１０１．５", 43343],
        ["合  计", "", "", "", "", "3户", "", 245.66, ""],
        ["制表人：张三", "", "", "审核：李四", "", "", "", "", ""],
        merged=("A1:I1",),
    )


def two_row_header() -> io.BytesIO:
    """A header of two rows: what is common is merged downwards, owner and tenant are merged across."""
    return one(
        ["房屋信息一览表"],
        ["楼栋", "单元", "房号", "建筑面积", "业主信息", "", "租户信息", ""],
        ["", "", "", "", "姓名", "电话", "姓名", "电话"],
        ["1号楼", "1单元", "101", 72.08, "戴云明", "19900000001", "吕佳涛", "19900000002"],
        ["1号楼", "1单元", "102", 61.9, "毛怡庆", "19900000003", "", ""],
        merged=("A1:H1", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:F2", "G2:H2"),
    )


def merged_downwards() -> io.BytesIO:
    """Building and unit are written once and merged down over their rooms."""
    return one(
        ["幢号", "单元号", "室号", "面积（平方米）", "户主", "手机号码"],
        ["1幢", "1单元", "101室", "72.08", "戴云明", "19900000001"],
        ["", "", "102室", "72.08", "彭霞庆", "19900000003"],
        ["", "", "103室", "61.90", "毛怡庆", "19900000005"],
        merged=("A2:A4", "B2:B4"),
    )


def dashes_for_nothing() -> io.BytesIO:
    """Cells that say nothing hold a dash, a slash or 无."""
    return one(
        ["楼栋", "单元", "房号", "建筑面积", "业主姓名", "业主电话", "租户姓名", "租户电话", "交房日期", "常住人数"],
        ["1号楼", "1单元", "101", 72.08, "戴云明", "19900000001", "无", "无", "/", "-"],
        ["1号楼", "1单元", "102", "—", "毛怡庆", "——", "/", "/", "—", 2],
        ["2号楼", "1单元", "103", "－", "暂无", "", "-", "--", "", ""],
    )


def owners_on_lines() -> io.BytesIO:
    """Two owners in one cell on two lines, each with a number on its line."""
    return one(
        ["楼栋", "单元", "房号", "业主姓名", "业主电话"],
        ["1号楼", "1单元", "101", "戴云明\n王芳", "19900000001\n19900000009"],
    )


def basements() -> io.BytesIO:
    """Floors below ground as people write them."""
    written = ["地下1层", "-1", "B1", "负一层", "地下一层", "负1楼", -1]
    return one(
        ["楼栋", "单元", "楼层", "房号", "类型"],
        *(["1号楼", "1单元", floor, f"1-1-B0{at}", "储藏室"] for at, floor in enumerate(written, start=1)),
        ["1号楼", "1单元", "三层", "1-1-301", "住宅"],
        ["1号楼", "1单元", "3F", "1-1-302", "住宅"],
        ["1号楼", "1单元", "第3层", "1-1-303", "住宅"],
    )


def english() -> io.BytesIO:
    """The list of an English-speaking office."""
    return one(
        [
            "No.",
            "Building No.",
            "Unit No.",
            "Room No.",
            "Floor Area (sqm)",
            "Owner Name",
            "Mobile",
            "Occupancy",
            "Handover Date",
        ],
        [1, "1", "1", "101", "72.08 sqm", "Li Lei", "+86 199 0000 0001", "Owner occupied", dt.date(2018, 8, 31)],
        [2, "1", "1", "102", 61.9, "Han Meimei", "19900000002", "Rented", "2018-08-31"],
    )


def behind_a_cover() -> io.BytesIO:
    """The list is the third sheet; a cover and an explanation stand before it."""
    return book(
        Sheet("封面", [["九台小区"], ["房屋台账"], ["编制：物业服务中心", "2026年"]]),
        Sheet("填表说明", [["序号", "说明"], [1, "请勿改动表头"], [2, "日期写成2025-01-31"]]),
        Sheet(
            "房屋明细",
            [["楼栋", "单元", "房号", "业主姓名", "业主电话"], ["1号楼", "1单元", "101", "戴云明", "19900000001"]],
        ),
        Sheet("字典", [["住宅", "商铺"]], hidden=True),
    )


ROOM_BOOKS = (
    title_and_odd_names, two_row_header, merged_downwards, dashes_for_nothing, owners_on_lines, basements, english,
    behind_a_cover,
)  # fmt: skip


# --- buildings, places, equipment, staff


def buildings_with_counts() -> io.BytesIO:
    """How many lifts instead of whether; floors with their word; a title; years and months."""
    return one(
        ["某某小区楼幢基本情况"],
        ["序号", "组团", "幢号", "地上楼层", "建筑高度(m)", "单元个数", "电梯数量", "竣工时间", "二次供水"],
        [1, "东苑", 1, "6层", "17.7米", "3个", 0, "2013.10.31", "有"],
        [2, "东苑", "2幢", 11, 32.6, 2, "2部", "2013年10月31日", "无"],
        ["总计：2幢"],
        merged=("A1:I1",),
    )  # fmt: skip


def equipment_in_parts() -> io.BytesIO:
    """Equipment under other names, the header again on the second printed page, signatures below."""
    head = [
        "资产编码",
        "所属系统",
        "设备类型",
        "设备名称",
        "安装地点",
        "规格",
        "启用时间",
        "使用年限",
        "台数",
        "设备状态",
    ]
    return one(
        ["设备台账", "", "", "", "", "", "", "", "", "制表日期：2025.1.1"],
        head,
        ["SB-001", "给排水", "生活水泵", "1#生活泵", "1号楼", "DL50", "2016.10", "15年", "2台", "正常"],
        ["SB-002", "消防", "灭火器", "灭火器", "2栋1单元", "MFZ/ABC4", "2020/5/1", "—", 4, "在用"],
        head,
        ["SB-003", "电梯", "乘客电梯", "1#梯", "A区2号楼", "", "2015-06-30", "", "", "停用"],
        ["共计", "", "", "", "", "", "", "", 7, ""],
        ["审批：", "", "复核：", "", "", "", "", "", "", ""],
    )  # fmt: skip


def staff_on_paper() -> io.BytesIO:
    """Staff with full-width letters, several licences on lines, 无 for no licence, an agency."""
    return one(
        ["员工花名册（2025年12月）", "", "", "", "", "", "", "", "", ""],
        ["序号", "员工工号", "姓名", "性别", "所在部门", "岗位名称", "手机号码", "身份证号码", "入职时间", "持证情况", "用工类型", "派遣单位"],
        [1, "Ｗ００１", "张　三", "男", "秩序部", "保安员", 19900000001, "11010519491231002X", "2025.8.1", "保安员证\n健康证", "正式", "/"],
        [2, "W002", "李四", "女", "环境部", "保洁员", "199-0000-0002", "", "2025年8月1日", "无", "劳务派遣", "某某劳务公司"],
        merged=("A1:J1",),
    )  # fmt: skip


def places_by_part() -> io.BytesIO:
    """Public places by part and area, quantities with their word."""
    return one(
        ["位置类型", "部位名称", "责任区", "占地面积", "数量", "备注"],
        ["楼道楼梯", "1号楼一单元楼道", "A区", "87㎡", "6层", "/"],
        ["小区道路", "A区主干道", "A区", "7,800", 1, ""],
        ["合计", "", "", 7887, "", ""],
    )
