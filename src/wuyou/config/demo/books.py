# ruff: noqa: E501 - rows of tables
"""Workbooks of the smaller estates, made as a company would hand them over, and read by the same importers."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from random import Random
from typing import NamedTuple

import xlsxwriter

SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗"
GIVEN = [
    "建国",
    "秀英",
    "志强",
    "丽娟",
    "海燕",
    "文博",
    "晓明",
    "桂兰",
    "子涵",
    "宇轩",
    "淑珍",
    "永强",
    "春梅",
    "立新",
    "佳怡",
    "国庆",
    "玉兰",
    "思远",
    "梦洁",
    "浩然",
]

BUILDING_HEADERS = ("区域", "楼栋", "层数", "高度(米)", "单元数", "结构", "竣工日期", "有电梯", "电梯监检合格月份",
                    "自动消防设施", "二次供水", "X(米)", "Y(米)")  # fmt: skip
ROOM_HEADERS = ("区域", "楼栋", "单元", "楼层", "房号", "类型", "建筑面积(㎡)", "状态", "交房日期", "业主姓名", "业主电话",
                "使用情况", "租户姓名", "租户电话", "常住人数")  # fmt: skip
PLACE_HEADERS = ("类别", "名称", "片区", "面积(㎡)", "数量", "备注", "X(米)", "Y(米)")
ASSET_HEADERS = (
    "设备编号",
    "系统",
    "类别",
    "名称",
    "位置",
    "规格型号",
    "启用日期",
    "设计年限",
    "数量",
    "备注",
    "X(米)",
    "Y(米)",
)
STAFF_HEADERS = ("工号", "姓名", "性别", "出生日期", "部门", "岗位", "片区", "学历", "电话", "入职日期", "持证", "证书有效期",
                 "用工性质")  # fmt: skip


def workbook(title: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> io.BytesIO:
    """An Excel file in memory."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet(title)
        sheet.write_row(0, 0, headers)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
    file.seek(0)
    return file


def a_name(chance: Random) -> str:
    """A made-up name."""
    return chance.choice(SURNAMES) + chance.choice(GIVEN)


class Home(NamedTuple):
    """A row of the buildings' workbook."""

    area: str
    name: str
    floors: int
    height_m: float
    units: int
    structure: str
    completed: date
    has_lift: str
    lift_month: str
    fire_system: str
    second_supply: str
    x: float
    y: float


def buildings(areas: Sequence[str], *, count: int, floors: int, units: int, has_lift: bool) -> list[Home]:
    """`count` like buildings in rows of four."""
    lift = (
        ("剪力墙", date(2016, 9, 30), "是", "2016-09", "有")
        if has_lift
        else ("砖混", date(2016, 9, 30), "否", "", "无")
    )
    return [
        Home(
            areas[number % len(areas)], f"{number + 1}号楼", floors, round(floors * 2.95, 1), units, *lift, "是",
            30.0 + 70 * (number % 4), 30.0 + 80 * (number // 4),
        )
        for number in range(count)
    ]  # fmt: skip


def rooms(homes: Sequence[Home], *, per_floor: int, phone: int, chance: Random) -> list[tuple[object, ...]]:
    """The rooms of buildings with their owners; phones count up from `phone`."""
    doors = [
        (home, unit, floor, door)
        for home in homes
        for unit in range(1, home.units + 1)
        for floor in range(1, home.floors + 1)
        for door in range(1, per_floor + 1)
    ]
    return [_room(*door, phone=phone + number, chance=chance) for number, door in enumerate(doors, 1)]


def _room(home: Home, unit: int, floor: int, door: int, *, phone: int, chance: Random) -> tuple[object, ...]:
    code = f"{home.name.removesuffix('号楼')}-{unit}-{floor}{door:02}"
    is_lived_in = chance.random() < 0.9
    return (
        home.area, home.name, f"{unit}单元", floor, code, "住宅", chance.choice((68.5, 89.2, 104.6, 127.3)),
        "已入住" if is_lived_in else "空置", date(2017, 5, 20), a_name(chance), str(phone),
        "自住" if is_lived_in else "", "", "", chance.randint(1, 5) if is_lived_in else 0,
    )  # fmt: skip


def places(areas: Sequence[str], homes: Sequence[Home], *, extra: Sequence[str]) -> list[tuple[object, ...]]:
    """Roads, lawns, stairs, lifts, refuse points, a gate and what else there is."""
    rows = [row for number, area in enumerate(areas) for row in _grounds(area, 40.0 + 160 * number)]
    rows += [row for home in homes for unit in range(1, home.units + 1) for row in _stair(home, unit)]
    first = areas[0]
    rows += [
        ("垃圾投放点", f"垃圾点{number:02}", areas[number % len(areas)], 6, 1, "", 30.0 * number, 150.0)
        for number in range(1, 7)
    ]
    rows += [("出入口", "大门", first, 60, 1, "", 0.0, 0.0), ("服务中心", "物业服务中心", first, 120, 1, "", 20.0, 5.0)]
    rows += [(kind, f"{kind}1", first, 60, 1, "", 60.0 + 10 * number, 140.0) for number, kind in enumerate(extra)]
    return rows


def _grounds(area: str, x: float) -> list[tuple[object, ...]]:
    return [
        ("小区道路", f"{area}道路", area, 3200, 1, "", x, 10.0), ("硬化地面", f"{area}广场", area, 1800, 1, "", x, 60.0),
        ("公共绿地", f"{area}绿地", area, 4200, 1, "", x, 110.0), ("宣传栏", f"{area}宣传栏", area, "", 2, "", x, 20.0),
        ("活动场地", f"{area}活动场地", area, 400, 1, "", x + 20, 70.0),
    ]  # fmt: skip


def _stair(home: Home, unit: int) -> list[tuple[object, ...]]:
    x, stair = home.x + 12 * unit, f"{home.name}{unit}单元"
    rows: list[tuple[object, ...]] = [
        ("楼道楼梯", f"{stair}楼道", home.area, 14.5 * home.floors, 1, f"{home.floors}层", x, home.y)
    ]
    if home.has_lift == "是":
        rows += [
            ("电梯轿厢", f"{stair}电梯", home.area, 2.2, 1, "", x, home.y),
            ("电梯厅", f"{stair}电梯厅", home.area, 6.0 * home.floors, home.floors, "", x, home.y),
            ("消防楼梯", f"{stair}消防楼梯", home.area, 9.0 * home.floors, 1, "", x, home.y),
        ]
    return rows


Device = tuple[str, str, str, str, str, date, int, float, float]  # system … design life, x, y


def assets(code: str, areas: Sequence[str], homes: Sequence[Home]) -> list[tuple[object, ...]]:
    """Lamps, lifts, extinguishers, pumps and a tank."""
    first, built = areas[0], date(2016, 9, 1)
    devices: list[Device] = [
        ("照明", "路灯", f"路灯{n + 1:02}", areas[n % len(areas)], "LED-60W", date(2017, 4, 1), 8, 20.0 * n, 5.0)
        for n in range(24)
    ]
    devices += [device for home in homes for device in _of_building(home)]
    devices += [
        ("给排水", "二次供水水箱", "水箱", first, "不锈钢 40m³", built, 15, 60.0, 140.0),
        ("给排水", "生活水泵", "生活泵组", first, "一用一备 11kW", built, 12, 62.0, 140.0),
    ]
    return [(f"{code}-{n:04}", *device[:7], 1, "", *device[7:]) for n, device in enumerate(devices, 1)]


def _of_building(home: Home) -> list[Device]:
    x, y = home.x, home.y
    found: list[Device] = [
        ("给排水", "化粪池", f"{home.name}化粪池", home.name, "砖砌 G6-16", date(2016, 9, 30), 30, x, y)
    ]
    for unit in range(1, home.units + 1):
        stair, lift = f"{home.name}{unit}单元楼道", f"{home.name}{unit}单元电梯"
        found += [
            ("照明", "楼道灯", f"{stair}灯组", stair, "声光控LED-9W", date(2019, 6, 1), 6, x, y),
            ("消防", "灭火器", f"{stair}灭火器", stair, "MFZ/ABC4", date(2022, 3, 1), 10, x, y),
        ]
        if home.has_lift == "是":
            found.append(("电梯", "乘客电梯", lift, lift, "1000kg", date(2016, 9, 10), 15, x, y))
    return found


TEAMS = (  # department, job, licence, heads per estate
    ("管理", "项目经理", "物业管理师", 1),
    ("客服", "客服助理", "", 2),
    ("秩序", "保安员", "保安员证", 5),
    ("环境", "保洁员", "健康证", 6),
    ("工程", "电工", "特种作业操作证(低压电工)", 1),
    ("工程", "水暖维修工", "有限空间作业", 1),
)


def staff(code: str, areas: Sequence[str], *, phone: int, chance: Random) -> list[tuple[object, ...]]:
    """Sixteen people of five departments."""
    rows: list[tuple[object, ...]] = []
    for team, job, licence, heads in TEAMS:
        for number in range(heads):
            born, hired = (
                date(chance.randint(1976, 1999), chance.randint(1, 12), 15),
                date(2024, chance.randint(1, 12), 1),
            )
            rows.append((
                f"{code}{len(rows) + 1:03}", a_name(chance), chance.choice("男女"), born, team, job,
                areas[number % len(areas)] if team == "环境" else "", "高中", str(phone + len(rows)), hired, licence,
                date(2028, 6, 30) if licence else "", "自有",
            ))  # fmt: skip
    return rows
