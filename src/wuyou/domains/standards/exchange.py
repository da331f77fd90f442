"""A version as a workbook and back, so that a company can edit in Excel: one row per clause, one column per grade."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid
from wuyou.kernel.imports import CellError, Column, cells, map_headers, read_table
from wuyou.kernel.imports.rows import parse_rows

from .choices import Certainty, ClauseKind
from .models import Clause, StandardVersion
from .queries import specs_of
from .rules.clauses import FIELDS, ClauseSpec, check_clause, stored_values
from .rules.values import NO_DUTY

MOST_CLAUSES = 5000


def _as_written(cell: object) -> object:
    """Text as it stands, numbers without a tail of zeros: what was exported comes back the same."""
    return cell.strip() if isinstance(cell, str) else cells.tidy(cell)


_TEXT = cells.Parser(_as_written, blank="")
_NUMBER = cells.decimal(places=2, least=0, most=9999)


# words people write, in both languages whatever the language active now; the code is what goes out
_KINDS = {
    ClauseKind.CADENCE: ("频次", "Frequency"),
    ClauseKind.MINUTES: ("分钟", "Minutes"),
    ClauseKind.HOURS: ("小时", "Hours"),
    ClauseKind.HOURS_PER_DAY: ("每日小时数", "Hours a day"),
    ClauseKind.PERCENT: ("百分比", "Percent"),
    ClauseKind.YEARS: ("年限", "Years"),
    ClauseKind.DUTY: ("服务要求", "Duty"),
    ClauseKind.RECORD: ("记录", "Record"),
    ClauseKind.CONDITION: ("触发时", "When it happens"),
    ClauseKind.LAW: ("按法规", "As the law says"),
    ClauseKind.POSTS: ("岗位值守", "Posts"),
    ClauseKind.RETENTION: ("保存期限", "Retention"),
}
_KIND = cells.choice({str(code): (str(code), *words) for code, words in _KINDS.items()})
_CERTAINTY = cells.choice({code: (code,) for code in Certainty.values})

_COLUMNS = (
    Column("code", _("Code"), ("条款编号", "Code"), _TEXT, required=True, unique=True),
    Column("part", _("Part"), ("部分", "Part"), _TEXT, required=True),
    Column("subject_name", _("Clause subject"), ("服务对象", "对象", "Subject"), _TEXT, required=True),
    Column("requirement_zh", _("Requirement"), ("要求", "Requirement"), _TEXT, required=True),
    Column("requirement_en", _("Requirement (English)"), ("要求(英文)", "Requirement in English"), _TEXT),
    Column(
        "kind",
        _("Kind of value"),
        ("取值类型", "Kind of value"),
        _KIND,
        required=True,
    ),
    Column("unit", _("Unit"), ("单位", "Unit"), _TEXT),
    Column("window", _("Window in the day"), ("时段", "Window in the day"), _TEXT),
    Column("applies_when", _("Applies when"), ("适用条件", "Applies when"), _TEXT),
    Column("basis", _("Basis"), ("依据", "Basis"), _TEXT),
    Column("retention", _("Retention"), ("保存期限", "Retention"), _TEXT),
    Column("certainty", _("Certainty"), ("可信度", "Certainty"), _CERTAINTY),
    Column("in_force_from", _("In force from"), ("生效日期", "In force from"), cells.day()),
    Column("in_force_to", _("In force to"), ("失效日期", "In force to"), cells.day()),
    Column("response", _("Response target"), ("响应目标", "Response target"), _TEXT),
    Column("criterion", _("Acceptance criterion"), ("验收标准", "Acceptance criterion"), _TEXT),
    Column("method", _("Method and materials"), ("方法与材料", "Method and materials"), _TEXT),
    Column("activity", _("Activity"), ("作业代码", "Activity"), _TEXT),
    Column("workload_unit", _("Workload per"), ("工时单位", "Workload per"), _TEXT),
    Column("minutes_per_unit", _("Minutes per unit"), ("单位工时(分钟)", "Minutes per unit"), _NUMBER),
    Column("qualification", _("Qualification"), ("所需证书", "Qualification"), _TEXT),
    Column("evidence", _("Evidence"), ("凭证", "Evidence"), _TEXT),
    Column("check_text", _("What an inspector checks"), ("检查要点", "What an inspector checks"), _TEXT),
    Column("deduct_points", _("Deduction"), ("扣分", "Deduction"), _NUMBER),
)
GRADE_COLUMN = "grade_"  # followed by the position of the grade: its own code may be no column name


def columns_of(version: StandardVersion) -> list[Column]:
    """The columns of a version's workbook: the grades, best first, stand behind the requirement."""
    grades = [
        Column(
            f"{GRADE_COLUMN}{nth}", grade.label_zh, (grade.label_zh, grade.code, grade.label_en or grade.code), _TEXT
        )
        for nth, grade in enumerate(version.grades.all())
    ]
    return [*_COLUMNS[:6], *grades, *_COLUMNS[6:]]


def rows_of(version: StandardVersion) -> list[list[object]]:
    """The cells of a version's workbook, in the order of its columns."""
    grades = [grade.code for grade in version.grades.all()]
    return [_cells(spec, grades) for spec in specs_of(version)]


def _cells(spec: ClauseSpec, grades: Sequence[str]) -> list[object]:
    fields: list[object] = [getattr(spec, column.code) for column in _COLUMNS]
    values = stored_values(spec)
    return [*fields[:6], *(values.get(code, NO_DUTY) for code in grades), *fields[6:]]


@dataclass(frozen=True, slots=True)
class ClauseSheet:
    """A workbook as read: clauses to import, and an error for every cell that cannot be taken."""

    specs: tuple[ClauseSpec, ...]
    errors: tuple[CellError, ...]


def read_clauses(file: BinaryIO, version: StandardVersion) -> ClauseSheet:
    """Read a workbook or CSV of clauses for a version, checked cell by cell.

    Raises TooLarge and Unsupported for the file, Invalid for a missing column or too many rows.
    """
    columns = columns_of(version)
    table = read_table(file, columns=columns)
    mapping = map_headers(table.headers, columns)
    if mapping.missing:
        named = "、".join(column.header for column in columns if column.code in mapping.missing)
        raise Invalid(_("These columns are missing: %(columns)s."), columns=named)
    if len(table.rows) > MOST_CLAUSES:
        raise Invalid(_("A standard has at most %(most)s clauses."), most=MOST_CLAUSES)
    checked = parse_rows(table, mapping, columns)
    grades = [grade.code for grade in version.grades.all()]
    pairs = [(row.number, _spec(row, grades)) for row in checked.rows]
    errors = [
        *checked.errors,
        *(error for number, spec in pairs for error in _wrong(number, spec, grades)),
        *_doubles(pairs),
    ]
    return ClauseSheet(tuple(spec for _number, spec in pairs), tuple(sorted(errors, key=lambda error: error.row)))


def _spec(row: Any, grades: Sequence[str]) -> ClauseSpec:
    fields = {column.code: getattr(row, column.code) for column in _COLUMNS}
    fields["certainty"] = fields["certainty"] or Certainty.HIGH
    values = {code: getattr(row, f"{GRADE_COLUMN}{nth}") for nth, code in enumerate(grades)}
    return ClauseSpec(**fields, values={code: text for code, text in values.items() if text not in ("", NO_DUTY)})


def _wrong(number: int, spec: ClauseSpec, grades: Sequence[str]) -> list[CellError]:
    wrong = [CellError(number, name, getattr(spec, name), _("This is too long.")) for name in _long(spec)]
    try:
        check_clause(spec, grades=grades)
    except Invalid as error:
        wrong += [CellError(number, *_place(one.field, spec, grades), one.message) for one in error.fields]
    return wrong


def _place(name: str, spec: ClauseSpec, grades: Sequence[str]) -> tuple[str, object]:
    """The column and the value behind the name of a wrong field."""
    head, dot, grade = name.partition(".")
    if not dot:
        return head, getattr(spec, head)
    return f"{GRADE_COLUMN}{grades.index(grade)}", spec.values[grade]


def _long(spec: ClauseSpec) -> list[str]:
    limits = {field.name: field.max_length for field in Clause._meta.concrete_fields if field.max_length}
    return [
        name
        for name in FIELDS
        if isinstance(text := getattr(spec, name), str) and len(text) > limits.get(name, len(text))
    ]


def _doubles(pairs: Sequence[tuple[int, ClauseSpec]]) -> list[CellError]:
    first: dict[str, int] = {}
    for number, spec in pairs:
        first.setdefault(spec.code, number)
    return [
        CellError(number, "code", spec.code, _("This code stands twice."))
        for number, spec in pairs
        if first[spec.code] != number
    ]
