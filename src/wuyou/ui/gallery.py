"""Examples for the gallery: every component with data like an estate's. For builders of pages, so not translated."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from wuyou.kernel import clock
from wuyou.kernel.errors import Conflict, Invalid

from .forms import FormPage, Section
from .gallery_figures import control_chart, funnel
from .lists import BulkAction, Column, DateRangeFilter, ListPage, ManyFilter, Preset, cells
from .pages import Button, Empty, Entry, Photo, Progress, Tab, progress_response
from .pictures import (
    Bar,
    Cell,
    Chart,
    Event,
    Gantt,
    GanttRow,
    Limit,
    Mark,
    Matrix,
    MatrixRow,
    Month,
    Pin,
    PlanMap,
    Series,
    Shape,
)

HERE = "/ui/gallery"
STATES = {
    "open": ("待完成", "info"),
    "late": ("已逾期", "bad"),
    "soon": ("将到期", "warn"),
    "done": ("已完成", "ok"),
    "skipped": ("已跳过", "muted"),
}
WORKS = ["单元楼道清扫", "电梯半月保养", "垃圾桶清运", "消防栓月检", "绿化修剪", "门岗交接", "水箱清洗消毒", "路灯巡查"]
PEOPLE = ["宋平思", "石珍春", "傅然", "毛怡庆", "彭霞庆", "戴云明"]


@dataclass(frozen=True)
class Work:
    """A row of the example list."""

    pk: int
    number: str
    title: str
    place: str
    due: datetime
    state: str
    who: str
    fee: int | None

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Rows(list[Work]):
    """Rows in memory; filters ask a list for its model."""

    model = None


def works(count: int = 137) -> Rows:
    """Example rows."""
    now = clock.now()
    return Rows(
        Work(
            n,
            f"RW-JT-20261120-{n:04d}",
            WORKS[n % len(WORKS)],
            f"A区 {n % 24 + 1}号楼 {n % 4 + 1}单元",
            now + timedelta(hours=n * 3 - 30),
            list(STATES)[n % 5],
            PEOPLE[n % len(PEOPLE)],
            None if n % 3 else n * 12_35,
        )
        for n in range(1, count + 1)
    )


class WorkFilter(django_filters.FilterSet):
    """Filters for example rows; filtering a list in memory is the example's own business."""

    state = django_filters.ChoiceFilter(
        label="状态", choices=[(code, label) for code, (label, _tone) in STATES.items()], method="by_state"
    )
    who = ManyFilter(label="责任人", choices=[(name, name) for name in PEOPLE], method="by_who")
    due = DateRangeFilter(label="截止日期", method="unchanged")

    @property
    def qs(self) -> list[Work]:
        """The rows that fit."""
        chosen = self.form.cleaned_data if self.form.is_valid() else {}
        return [
            row
            for row in self.queryset
            if chosen.get("state") in {None, "", row.state} and (not chosen.get("who") or row.who in chosen["who"])
        ]


class AssignForm(forms.Form):
    """Who is to do it."""

    person = forms.ChoiceField(label="责任人", choices=[(name, name) for name in PEOPLE])
    reason = forms.CharField(label="原因", widget=forms.Textarea(attrs={"rows": 2}), required=False)


class Debugging:
    """Pages of the gallery answer only while debugging."""

    def allowed(self) -> None:
        """404 outside DEBUG."""
        if not settings.DEBUG:
            raise Http404


class WorkList(Debugging, ListPage):
    """An example list."""

    code = "ui.gallery"
    title = "任务"
    sub = "久泰家园 · 11月"
    columns = (
        Column(
            "title", "任务", lambda row: row.title, link=lambda row: f"{HERE}#case-{row.pk}", sort="title", always=True
        ),
        Column("number", "编号", lambda row: row.number, cell=cells.mono, sort="number"),
        Column("place", "位置", lambda row: row.place, sort="place"),
        Column("who", "责任人", lambda row: row.who, sort="who"),
        Column("due", "截止", lambda row: row.due, cell=cells.due, sort="due"),
        Column(
            "state",
            "状态",
            lambda row: STATES[row.state][0],
            cell=lambda row, value: cells.badge(value, STATES[row.state][1]),
            sort="state",
        ),
        Column("fee", "费用", lambda row: row.fee, cell=cells.yuan, numeric=True, shown=False, sort="fee"),
    )
    filters = WorkFilter
    default_sort = "due"
    presets = (
        Preset("late", "已逾期", "state=late", 27),
        Preset("open", "待完成", "state=open", 28),
        Preset("all", "全部", ""),
    )
    bulk = (
        BulkAction(
            "assign",
            "改派",
            icon="user-plus",
            form=AssignForm,
            run=lambda _page, rows, data: f"{len(rows)} → {data['person']}",
        ),
        BulkAction(
            "skip",
            "跳过",
            icon="x",
            tone="danger",
            confirm="确定跳过所选任务?",
            run=lambda _page, rows, _data: f"{len(rows)}",
        ),
    )

    def rows(self) -> list[Work]:
        """Example rows."""
        return works(0 if "empty" in self.request.GET else 137)

    def search(self, rows: list[Work], text: str) -> list[Work]:
        """By title, number or place."""
        return [row for row in rows if text in f"{row.title}{row.number}{row.place}"]

    def header_actions(self) -> list[Button]:
        """One."""
        return [Button("新建任务", f"{HERE}/form", icon="plus", tone="primary", drawer=True)]

    def empty(self) -> Empty:
        """Nothing yet."""
        return Empty(
            "还没有任务",
            "先发布一份计划,任务会按频次自动生成。",
            [Button("去看计划", f"{HERE}/list", icon="calendar", tone="primary")],
            icon="checklist",
        )


class WorkForm(forms.Form):
    """An example form."""

    layout = (Section("基本信息", "title", ("place", "due")), Section("要求", "kind", "note", "photo", "urgent"))
    title = forms.CharField(label="任务名称", max_length=60, help_text="一句话说清要做什么。")
    place = forms.ChoiceField(label="位置", choices=[("", "请选择"), ("a1", "A区 1号楼"), ("a2", "A区 2号楼")])
    due = forms.DateField(label="截止日期", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label="类别", choices=[("clean", "保洁"), ("guard", "秩序"), ("repair", "工程")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="说明", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    photo = forms.FileField(label="照片", required=False)
    urgent = forms.BooleanField(label="紧急", required=False)


class WorkNew(Debugging, FormPage):
    """An example form page."""

    title = "新建任务"
    form_class = WorkForm
    submit = "创建"
    draft = "gallery.work"

    def back(self) -> str:
        """To the list."""
        return f"{HERE}/list"

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Nothing is kept; the words «冲突» and «重复» show errors."""
        if "冲突" in data["title"]:
            raise Conflict("别人刚刚改过这条任务。")
        if "重复" in data["title"]:
            raise Invalid(fields={"title": "今天已有同名任务。"})
        return self.done("任务已创建。", to=f"{HERE}/list")


def job(request: HttpRequest) -> HttpResponse:
    """A job that is a step further each time it is asked."""
    done = min(int(request.GET.get("from", request.session.get("gallery-job", 0))) + 2_500, 10_000)
    request.session["gallery-job"] = done % 10_000
    state = "done" if done >= 10_000 else "running"
    return progress_response(
        request,
        Progress(done, 10_000, note="每秒 2,500 行", state=state, result_url=f"{HERE}/list" if state == "done" else ""),
    )


def part(_request: HttpRequest) -> HttpResponse:
    """A part of a page that comes later."""
    return HttpResponse('<p class="text-secondary">稍后加载的内容</p>')


def plan() -> PlanMap:
    """Four by six buildings and pins in every state."""
    shapes = [Shape(60 + 80 * (n % 6), 60 + 70 * (n // 6), f"{n + 1}号楼", width=46, height=18) for n in range(24)]
    tones = ["bad", "warn", "ok", "ok", "info", "muted"]
    pins = [
        Pin(
            60 + 80 * (n % 6) + (n * 7) % 30 - 15,
            84 + 70 * (n // 6),
            f"{WORKS[n % 8]} {n + 1}号楼",
            tones[n % 6],
            f"{HERE}#pin-{n}",
            f"{PEOPLE[n % 6]} · 14:{n:02d}",
        )
        for n in range(24)
    ]
    names: dict[str, object] = {"bad": "逾期", "warn": "将到期", "ok": "已完成", "info": "待完成", "muted": "未到时间"}
    return PlanMap("A区有 4 处逾期,集中在东侧", pins, shapes, names, note="坐标单位:米")


def gantt(today: date) -> Gantt:
    """A year of duties."""
    year = today.year
    quarterly = [
        Mark(date(year, month, 15), "消防联动测试", "ok" if month < today.month else "info", HERE)
        for month in (3, 6, 9, 12)
    ]
    monthly = [
        Bar(
            date(year, month, 1),
            date(year, month, 24),
            f"{month}月",
            "ok" if month < today.month else "warn" if month == today.month else "muted",
        )
        for month in range(1, 13)
    ]
    return Gantt(
        "全年 42 项法定检查,1 项已逾期",
        year,
        [
            GanttRow("消防联动测试", marks=quarterly, group="消防", url=HERE),
            GanttRow("灭火器月检", bars=monthly, group="消防"),
            GanttRow(
                "电梯年检",
                marks=[
                    Mark(date(year, 5, 20), "1号楼电梯年检", "ok"),
                    Mark(date(year, 10, 9), "7号楼电梯年检", "bad", HERE),
                ],
                group="电梯",
            ),
            GanttRow(
                "水箱清洗消毒",
                bars=[
                    Bar(date(year, 4, 1), date(year, 5, 10), "上半年", "ok"),
                    Bar(date(year, 10, 8), date(year, 11, 30), "下半年", "warn"),
                ],
                group="供水",
            ),
        ],
        today,
    )


def matrix() -> Matrix:
    """Zones and clauses."""
    columns = ["楼道清扫", "垃圾清运", "绿化养护", "消防设施", "门岗值守", "路灯"]
    rows = [
        MatrixRow(zone, [Cell((n * 5 + m * 3) % 11 if (n + m) % 5 else None, url=HERE) for m in range(6)])
        for n, zone in enumerate(["A区", "B区", "C区", "D区", "E区"])
    ]
    return Matrix("D区消防设施问题最多", columns, rows, unit="不合格项", corner="片区")


def month(today: date) -> Month:
    """The present month."""
    days = {
        date(today.year, today.month, day): [
            Event(WORKS[(day + n) % 8], list(STATES.values())[(day + n) % 5][1], HERE, "09:00" if n == 0 else "")
            for n in range(day % 5)
        ]
        for day in range(1, 29)
    }
    return Month(
        "本月计划 132 项",
        today.year,
        today.month,
        days,
        today,
        "?month=earlier",
        "?month=later",
        {date(today.year, today.month, 7): "调休上班"},
    )


def charts() -> list[Chart]:
    """One of each kind."""
    weeks = [f"{n}周" for n in range(38, 47)]
    rates = [91.2, 92.0, 90.4, 93.1, 94.0, 95.2, 93.9, 96.1, 96.8]
    return [
        Chart(
            "line",
            "按时完成率连续三周高于 95% 的目标",
            weeks,
            [Series("按时完成率", rates, urls=[HERE] * 9)],
            unit="%",
            limits=[Limit("目标", 95, "ok"), Limit("下限", 90, "bad")],
        ),
        Chart(
            "stacked",
            "保洁任务占全部任务的六成",
            weeks,
            [
                Series("保洁", [220, 231, 228, 240, 238, 242, 239, 251, 248], "accent"),
                Series("秩序", [96, 98, 94, 97, 99, 96, 98, 97, 99], "info"),
                Series("工程", [41, 39, 44, 42, 40, 47, 43, 41, 45], "warn"),
            ],
            unit="项",
        ),
        Chart(
            "barh",
            "超期最多的是绿化修剪",
            WORKS[:6],
            [Series("逾期", [3, 1, 2, 4, 9, 1], "bad", [HERE] * 6)],
            unit="项",
        ),
        Chart(
            "bar",
            "四个片区的不合格项都在下降",
            ["A区", "B区", "C区", "D区"],
            [Series("10月", [12, 9, 14, 11], "muted"), Series("11月", [8, 7, 9, 10], "accent")],
            unit="项",
        ),
    ]


def photo(n: int) -> Photo:
    """A drawn picture: the gallery ships no photos."""
    hue = n * 47 % 360
    hill = f"hsl({hue} 35% 45%)"
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 240 180'>"
        f"<rect width='240' height='180' fill='hsl({hue} 30% 72%)'/>"
        f"<path d='M0 130 70 80l50 40 50-60 70 60v60H0z' fill='{hill}'/>"
        f"<circle cx='190' cy='42' r='16' fill='hsl({hue} 60% 90%)'/></svg>"
    )
    badge, tone = (("重复", "bad"), ("已抽查", "ok"), ("", "muted"))[n % 3]
    return Photo(
        f"data:image/svg+xml,{svg}",
        f"data:image/svg+xml,{svg}",
        f"{n + 1}号楼楼道照片",
        f"{PEOPLE[n % 6]} · 11月20日 09:{n * 7 % 60:02d}",
        badge,
        tone,
    )


def entries(now: datetime) -> list[Entry]:
    """A short history."""
    seal = "9f2c41d07ab3"
    return [
        Entry(now - timedelta(minutes=12), "宋平思", "抽查通过,评分 96", icon="circle-check", tone="ok", seal=seal),
        Entry(
            now - timedelta(hours=2),
            "石珍春",
            "完成任务,上传 3 张照片",
            icon="camera",
            tone="info",
            url=HERE,
            detail="楼道玻璃破损一处,已贴警示并报修。",
            seal=seal,
        ),
        Entry(now - timedelta(hours=5), "系统", "逾期提醒已发送", icon="clock-exclamation", tone="warn"),
        Entry(now - timedelta(days=1), "系统", "按计划生成", icon="calendar", seal=seal),
    ]


def examples(request: HttpRequest) -> dict[str, Any]:
    """Everything the gallery shows."""
    now, today = clock.now(), clock.today()
    return {
        "now": now,
        "soon": now + timedelta(hours=1, minutes=12),
        "later": now + timedelta(days=3, hours=4),
        "past": now - timedelta(hours=2, minutes=5),
        "started": now - timedelta(hours=8),
        "tabs": [
            Tab("概览", f"{HERE}", current=True),
            Tab("照片", f"{HERE}?tab=photos", 12),
            Tab("日志", f"{HERE}?tab=log", 4),
        ],
        "form": WorkForm({"title": "", "place": "a1", "kind": "clean"}),
        "entries": entries(now),
        "photos": [photo(n) for n in range(8)],
        "charts": [*charts(), control_chart(), funnel()],
        "plan": plan(),
        "gantt": gantt(today),
        "matrix": matrix(),
        "month": month(today),
        "rate": 0.968,
    }
