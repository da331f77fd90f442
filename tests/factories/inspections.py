"""Sheets for inspections, campaigns that owe them, and inspections filled by calling the product's own actions."""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from factories.corrections import Estate
from factories.org import UserFactory
from factories.tasks import photo
from wuyou.domains.org.models import User
from wuyou.domains.quality.actions import inspections as actions
from wuyou.domains.quality.actions.inspections import AnswerIn
from wuyou.domains.quality.models import Campaign, Inspection, Target
from wuyou.domains.sheets import actions as sheets
from wuyou.domains.sheets.models import SheetVersion
from wuyou.domains.sheets.rules.items import Deduction, ItemSpec, Option
from wuyou.kernel import clock
from wuyou.kernel.actors import System

BY = System("test")
D = Decimal
OPTIONS = (Option("yes", "是", "Yes"), Option("no", "否", "No"))
GOOD = {"lamp": "pass", "stairs": "none", "exit": "pass", "lifts": "no", "sign": "张三"}


def specs(clause_id: int | None = None) -> list[ItemSpec]:
    """Two sections: a lamp and stairs to judge, a red line, a lift that only some projects have, words, a signature."""
    dust = (Deduction("dust", "积灰", D(1), "Dust"), Deduction("junk", "堆物", D(2), "Junk"))
    return [
        ItemSpec(
            "lamp", "楼道灯亮", "pass_fail", section="设施", section_en="Facilities", points=D(2), severity="major",
        ),
        ItemSpec(
            "stairs", "楼道清洁", "deduct", section="设施", section_en="Facilities", points=D(4), deductions=dust,
            photo_on_failure=True, clause_id=clause_id,
        ),
        ItemSpec("exit", "通道畅通", "pass_fail", section="安全", points=D(4), is_veto=True, severity="critical"),
        ItemSpec("lifts", "有电梯", "choice", section="安全", options=OPTIONS),
        ItemSpec("bell", "紧急呼叫", "pass_fail", section="安全", condition_code="lifts", condition_value="yes"),
        ItemSpec("note", "说明", "text", section="安全", is_required=False),
        ItemSpec("sign", "签字", "signature", section="安全"),
    ]  # fmt: skip


def sheet(
    items: Sequence[ItemSpec] | None = None, *, code: str = "walk", scoring: str = "points", doubles: bool = False
) -> SheetVersion:
    """An issued inspection sheet of the whole installation."""
    version = sheets.create_sheet(by=BY, code=code, name_zh="巡检表", name_en="Walk", purpose="inspection")
    sheets.change_items(version, items or specs(), by=BY)
    sheets.change_scoring(version, by=BY, scoring=scoring, doubles_repeats=doubles)
    return sheets.issue(version, by=BY)


def target(at: Estate, version: SheetVersion, *, inspector: User | None = None, **given: Any) -> Target:
    """A project of a campaign of the city company that is under way."""
    values = {
        "node": at.city, "number": f"JCH-{Campaign.objects.count() + 1}", "name": "十一月检查", "level": "city",
        "sheet_version": version, "starts_on": clock.today(), "ends_on": clock.today() + dt.timedelta(days=5),
        "state": "open", "made_at": clock.now(), **given,
    }  # fmt: skip
    campaign = Campaign.objects.create(**values)
    return Target.objects.create(campaign=campaign, project=at.project, inspector=inspector)


def fill(inspection: Inspection, answers: Mapping[str, object] = GOOD) -> Inspection:
    """Answer items, each in its section; a value or an AnswerIn."""
    sections = dict(inspection.sheet_version.items.values_list("code", "section"))
    for section in dict.fromkeys(sections.values()):
        given = {
            code: one if isinstance(one, AnswerIn) else AnswerIn(one)
            for code, one in answers.items()
            if sections[code] == section
        }
        if given:
            actions.save_section(inspection, section=section, answers=given, by=inspection.inspector)
    return inspection


def shoot(inspection: Inspection, code: str) -> Any:
    """A photo of an item."""
    return actions.attach_photo(inspection, item_code=code, upload=photo(), by=inspection.inspector)


def submit(inspection: Inspection, **given: Any) -> Inspection:
    """Submit it as its inspector."""
    return actions.submit_inspection(inspection, by=inspection.inspector, **given)


def done(inspection: Inspection, answers: Mapping[str, object] | None = None) -> Inspection:
    """Fill and submit one: all well unless said otherwise, a photo of stairs that failed."""
    given = GOOD | dict(answers or {})
    fill(inspection, given)
    if given["stairs"] != "none":
        shoot(inspection, "stairs")
    return submit(inspection)


def text_file() -> io.BytesIO:
    """A file that is no picture."""
    return io.BytesIO(b"#!/bin/sh\n")


def stranger() -> User:
    """Somebody without any role."""
    return UserFactory()
