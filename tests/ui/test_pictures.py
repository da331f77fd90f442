"""Pictures of data: what they refuse, where things are placed, what stands beside them for people who cannot see."""

from datetime import date
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from wuyou.ui.pictures import (
    Bar,
    Cell,
    Chart,
    Curve,
    Dot,
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
    Scatter,
    Series,
    Shape,
)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def shown(picture):
    return render_to_string(picture.template, {"picture": picture, "ident": "p1"})


def test_a_chart_refuses_unknown_kinds_and_ragged_series():
    with pytest.raises(ValueError, match="a chart is one of"):
        Chart("pie", "t", [], [])
    with pytest.raises(ValueError, match="a value"):
        Chart("bar", "t", ["a", "b"], [Series("s", [1])])
    with pytest.raises(ValueError, match="lying bars"):
        Chart("barh", "t", ["a"], [Series("s", [1])], limits=[Limit("l", 1)])


def test_a_chart_gives_its_script_plain_numbers():
    chart = Chart(
        "line", "t", ["a", "b"], [Series("s", [Decimal("1.5"), None], "ok", ["/1"])], limits=[Limit("top", 2)]
    )
    assert chart.data() == {
        "kind": "line",
        "unit": "",
        "labels": ["a", "b"],
        "series": [{"label": "s", "tone": "ok", "values": [1.5, None], "urls": ["/1"]}],
        "limits": [{"label": "top", "value": 2, "tone": "muted"}],
    }


def test_a_chart_has_a_table_with_links():
    chart = Chart("bar", "The finding", ["a", "b"], [Series("s", [1200, None], urls=["/1"])])
    assert chart.rows() == [("a", [(1200, "/1")]), ("b", [(None, "")])]
    page = shown(chart)
    assert '<a href="/1">1,200</a>' in page
    assert "The finding" in page
    assert chart.legend == []


def test_several_series_and_limits_are_named_in_a_legend():
    chart = Chart("bar", "t", ["a"], [Series("x", [1]), Series("y", [2], "bad")], limits=[Limit("goal", 3, "ok")])
    assert chart.legend == [("x", "accent", "block"), ("y", "bad", "block"), ("goal 3", "ok", "dashed")]


def test_a_year_places_bars_and_marks_in_per_cent():
    row = GanttRow("r", [Bar(date(2025, 12, 1), date(2026, 1, 31), "b", "ok")], [Mark(date(2026, 7, 2), "m", "bad")])
    ((group, ((_row, (bar,), (mark,)),)),) = Gantt("t", 2026, [row]).groups()
    assert group == ""
    assert (bar.left, bar.width) == ("0.000", "8.493")  # 31 of 365 days
    assert bar.title == "b 1 Dec – 31 Jan"
    assert mark.left == "50.000"


def test_a_year_leaves_out_what_lies_outside_and_knows_leap_years():
    row = GanttRow("r", [Bar(date(2027, 1, 1), date(2027, 2, 1), "b")], [Mark(date(2027, 1, 1), "m")], group="g")
    gantt = Gantt("t", 2028, [row], today=date(2028, 12, 31))
    assert gantt.groups()[0][1][0][1:] == ([], [])
    assert gantt.today_left == "99.727"  # 365 of 366 days
    assert Gantt("t", 2028, [], today=date(2027, 1, 1)).today_left == ""
    assert "r" in shown(gantt)


def test_a_year_gives_each_month_its_days():
    months = Gantt("t", 2026, []).months
    assert [str(name) for name, _share in months[:2]] == ["Jan", "Feb"]
    assert [share for _name, share in months[:2]] == ["0.08493", "0.07671"]  # 31 and 28 of 365
    assert sum(float(share) for _name, share in months) == pytest.approx(1, abs=1e-4)
    assert Gantt("t", 2026, []).lines.count("var(--line) calc(") == 11


def test_a_matrix_refuses_ragged_rows_and_unknown_scales():
    with pytest.raises(ValueError, match="a scale is one of"):
        Matrix("t", [], [], scale="rainbow")
    with pytest.raises(ValueError, match="a cell for each column"):
        Matrix("t", ["a"], [MatrixRow("r", [])])


def test_a_matrix_shades_by_share_and_writes_the_number():
    matrix = Matrix("t", ["a", "b", "c"], [MatrixRow("r", [Cell(10, url="/x"), Cell(5), Cell(None)])])
    assert [level for _cell, level in matrix.levels()[0][1]] == [62, 31, 0]
    page = shown(matrix)
    assert '<a class="cell" href="/x" style="--level:62">10</a>' in page
    assert '<span class="cell none">–</span>' in page


def test_an_empty_matrix_has_no_shades():
    assert Matrix("t", ["a"], [MatrixRow("r", [Cell(0)])]).levels()[0][1][0][1] == 0
    assert Matrix("t", [], []).levels() == []


def test_a_month_shows_three_events_and_counts_the_rest():
    day = date(2026, 11, 20)
    month = Month("t", 2026, 11, {day: [Event(f"e{n}") for n in range(5)]}, today=day, day_url="/d/{day}")
    weeks = month.weeks()
    assert (weeks[0][0].day, weeks[-1][-1].day) == (date(2026, 10, 26), date(2026, 12, 6))
    field = weeks[3][4]
    assert (field.day, len(field.shown), field.more, field.is_today, field.url) == (day, 3, 2, True, "/d/2026-11-20")
    assert weeks[3][5].is_weekend
    assert "2 more" in shown(month)


def test_a_plan_turns_north_up_and_puts_what_is_late_on_top():
    plan = PlanMap("t", [Pin(0, 0, "late", "bad"), Pin(100, 100, "fine", "ok")], extent=(0, 0, 100, 100))
    assert [(spot.x, spot.y, spot.tone) for spot in plan.spots()] == [("100.0", "0.0", "ok"), ("0.0", "100.0", "bad")]
    assert [spot.thing.label for spot in plan.listed()] == ["late", "fine"]


def test_a_plan_lists_its_places_and_links_them():
    plan = PlanMap(
        "t",
        [Pin(1, 2, "gate", "warn", "/gate", "soon")],
        [Shape(5, 5, "house", points=[(0, 0), (9, 9)])],
        {"warn": "due"},
    )
    page = shown(plan)
    assert page.count('href="/gate"') == 2
    assert 'aria-label="gate, soon"' in page
    assert plan.key() == [("warn", "due", "M12 7.5v5.2M12 16v.1")]
    assert "<polygon" in page


coordinate = st.floats(min_value=-5000, max_value=5000, allow_nan=False)


@given(st.lists(st.tuples(coordinate, coordinate), min_size=0, max_size=30))
def test_every_pin_lies_on_the_sheet(points):
    plan = PlanMap("t", [Pin(x, y, "p") for x, y in points])
    assert plan.width > 0
    assert plan.height > 0
    for spot in plan.spots():
        assert 0 <= float(spot.x) <= plan.width + 0.1
        assert 0 <= float(spot.y) <= plan.height + 0.1
    step, _said = plan.grid()
    assert step in {5, 10, 20, 50, 100, 200, 500, 1000}


def test_an_unknown_tone_is_an_error():
    with pytest.raises(ValueError, match="purple"):
        PlanMap("t", [Pin(0, 0, "p", "purple")]).spots()


def test_a_limit_may_move_and_a_point_may_stand_out():
    chart = Chart(
        "line",
        "t",
        ["a", "b"],
        [Series("share", [90, 60], marks=[1])],
        limits=[Limit("lowest", tone="warn", values=[Decimal("70.5"), None]), Limit("goal", 95)],
    )
    assert chart.data()["series"][0]["marks"] == [1]
    assert chart.data()["limits"] == [
        {"label": "lowest", "value": None, "tone": "warn", "values": [70.5, None]},
        {"label": "goal", "value": 95, "tone": "muted"},
    ]
    assert chart.heads == ["share", "lowest"]
    assert chart.lines() == [
        ("a", False, [(90, ""), (Decimal("70.5"), "")]),
        ("b", True, [(60, ""), (None, "")]),
    ]
    assert chart.legend == [("share", "accent", "line"), ("lowest", "warn", "dashed"), ("goal 95", "muted", "dashed")]
    page = shown(chart)
    assert page.count("Stands out") == 1
    assert "70.5" in page


def test_a_limit_that_moves_has_a_value_for_each_label():
    with pytest.raises(ValueError, match="a limit that moves"):
        Chart("line", "t", ["a", "b"], [Series("s", [1, 2])], limits=[Limit("l", values=[1])])


def funnel():
    return Scatter(
        "One stands out",
        [Dot(10, Decimal("80.5"), "A <b>", "bad", "/a"), Dot(20, 90, "B")],
        "Items",
        "Pass rate",
        curves=[
            Curve("95 %", [(10, 70), (20, 80)]),
            Curve("95 %", [(10, 100), (20, 95)]),
            Curve("Mean", [], "ok", True),
        ],
        names={"bad": "Beyond", "ok": "Never", "accent": "Within"},
        unit="%",
        note="since May",
    )


def test_dots_and_curves_go_to_the_script_as_plain_numbers():
    assert funnel().data() == {
        "kind": "scatter",
        "x": "Items",
        "y": "Pass rate",
        "unit": "%",
        "dots": [
            {"at": [10.0, 80.5], "label": "A <b>", "tone": "bad", "url": "/a"},
            {"at": [20.0, 90.0], "label": "B", "tone": "accent", "url": ""},
        ],
        "curves": [
            {"points": [[10.0, 70.0], [20.0, 80.0]], "tone": "muted", "solid": False},
            {"points": [[10.0, 100.0], [20.0, 95.0]], "tone": "muted", "solid": False},
            {"points": [], "tone": "ok", "solid": True},
        ],
    }


def test_the_legend_names_what_is_shown_once():
    assert funnel().legend == [
        ("Beyond", "bad", "dot"),
        ("Within", "accent", "dot"),
        ("95 %", "muted", "dashed"),
        ("Mean", "ok", "line"),
    ]


def test_dots_stand_in_a_table_with_links_and_states():
    page = shown(funnel())
    assert '<a href="/a">A &lt;b&gt;</a>' in page
    assert "80.5" in page
    assert "Beyond" in page
    assert "Unit: %" in page
    assert "A &lt;b&gt;: " not in page
