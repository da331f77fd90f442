"""More examples for the gallery: a control chart, a funnel, a paper. For builders of pages, so not translated."""

import io

from django.http import HttpRequest, HttpResponse
from PIL import Image

from .papers import Figures, Heading, Paper, Picture, Pictures, Signatures, Table, Text, response
from .pictures import Chart, Curve, Dot, Limit, Scatter, Series

RATES = (92, 94, 91, 93, 95, 92, 78, 94, 93)
LOWER = (84, 85, 82, 85, 86, 84, 84, 86, 85)
SITES = ((40, 95, "久泰家园"), (60, 88, "翠湖花园"), (120, 70, "金桂苑"), (180, 92, "星河湾"), (260, 94, "九台校区"))


def control_chart() -> Chart:
    """Limits that move and a point that stands out."""
    limits = [Limit("均值", 92, "ok"), Limit("控制下限", tone="warn", values=LOWER)]
    labels = [f"{number + 1}月" for number in range(len(RATES))]
    return Chart("line", "7月低于控制下限", labels, [Series("合格率", RATES, marks=[6])], unit="%", limits=limits)


def funnel() -> Scatter:
    """Projects around their mean; small ones may scatter more."""
    dots = [Dot(size, rate, name, "bad" if rate < 80 else "accent") for size, rate, name in SITES]
    curves = [
        Curve("全部项目", [(40, 91), (260, 91)], "ok", is_solid=True),
        Curve("95% 界限", [(40, 82), (120, 86), (260, 88)], "warn"),
        Curve("95% 界限", [(40, 99), (120, 96), (260, 94)], "warn"),
    ]
    names: dict[str, object] = {"bad": "差于界限", "accent": "界限以内"}
    return Scatter("金桂苑差于偶然波动", dots, "检查项数", "合格率", curves=curves, names=names, unit="%")


def paper(request: HttpRequest) -> HttpResponse:
    """A paper with every block; `?form=word` gives it to edit."""
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "steelblue").save(picture, "JPEG")
    example = Paper(
        "品质检查报告",
        subtitle="2026年10月",
        meta=[("项目", "九台校区"), ("检查人", "宋平思")],
        blocks=[
            Figures([("得分", "86.5"), ("不合格项", 3)]),
            Heading("问题清单"),
            Text("本次检查覆盖 A、B、D 三个片区。"),
            Table(["编号", "位置", "扣分"], [["FX-1", "A区 3号楼", "1.5"], ["合计", "", "1.5"]], has_total=True),
            Pictures([Picture(picture.getvalue(), "楼道积尘")]),
            Signatures(["项目负责人", "甲方代表"]),
        ],
    )
    return response(example, form=request.GET.get("form", "pdf"), name="example")
