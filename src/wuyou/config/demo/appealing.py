"""The demo's appeals, one of each ending, and its improvement project."""

import datetime as dt
from decimal import Decimal

from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.quality.actions import improvement as improving
from wuyou.domains.quality.actions.appeals import decide_stage, file_appeal, withdraw_appeal
from wuyou.domains.quality.models import Appeal, Finding, Improvement
from wuyou.domains.quality.queries.challenged import challenge
from wuyou.domains.quality.rules.improvement import PlanSpec
from wuyou.domains.registry.models import Staff
from wuyou.kernel import clock

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
GROUNDS = {
    0: ("检查当日该处正由市政单位施工,不属物业责任,附施工告知单。", "撤销该不合格项"),
    1: ("检查时维保单位正在现场作业,有进场登记和作业前照片,不是管理缺失。", "撤销该不合格项并重新计分"),
    3: ("已按期报修,配件在途,有报修单,认为不应按严重问题认定。", "降低严重程度"),
}


def appeal_day(project: Project, day: dt.date, number: int, *, manager: User, centre: User) -> None:
    """On the 12th the manager appeals, on the 16th the group's quality centre decides; the last one still waits."""
    if day.day == 12 and number in GROUNDS:
        with clock.at(clock.midnight(day) + 10 * HOUR):
            _file(project, day, number, manager)
    if day.day == 16 and number < 2:
        with clock.at(clock.midnight(day) + 15 * HOUR):
            _decide(project, number, centre)


def _file(project: Project, day: dt.date, number: int, manager: User) -> None:
    found = Finding.objects.filter(project=project, inspection__level="city", inspection__published_at__isnull=False)
    recent = found.filter(found_at__gte=clock.midnight(day) - 12 * DAY, merged_into__isnull=True)
    finding = recent.exclude(state="void").order_by("-inspection__published_at", "pk").first()
    if finding is None:
        return
    grounds, wanted = GROUNDS[number]
    decision = challenge(manager, "finding", finding.pk).decision
    file_appeal(project=project, decision=decision, grounds=grounds, wanted=wanted, by=manager)


def _decide(project: Project, number: int, centre: User) -> None:
    """The first is refused, the second granted: what it was about is void, and its inspection is scored again."""
    appeal = Appeal.objects.filter(project=project, state="filed").order_by("pk").first()
    if appeal is None:
        return
    if number == 0:
        decide_stage(appeal, outcome="uphold", reasons="施工范围不含该处,检查照片清楚,维持原判。", by=centre)
    else:
        decide_stage(appeal, outcome="void", reasons="进场登记与监控核实属实,撤销该项并重新计分。", by=centre)


def withdraw_day(project: Project, day: dt.date, number: int, *, manager: User) -> None:
    """One is filed and taken back the next day."""
    if number != 1 or day.day not in (24, 25):
        return
    with clock.at(clock.midnight(day) + 11 * HOUR):
        if day.day == 25:
            appeal = Appeal.objects.filter(project=project, state="filed").order_by("pk").first()
            if appeal is not None:
                withdraw_appeal(appeal, by=manager)
            return
        recent = Finding.objects.filter(project=project, inspection__level="region", is_hidden=False, state="verified")
        finding = recent.filter(found_at__gte=clock.now() - 12 * DAY).order_by("pk").first()
        if finding is not None:
            decision = challenge(manager, "finding", finding.pk).decision
            file_appeal(project=project, decision=decision, grounds="对照片位置有异议。", wanted="复核", by=manager)


def improve_day(project: Project, day: dt.date, number: int, *, owner: User, centre: User) -> None:
    """Begun in the second month, checked in the fourth."""
    if number == 1 and day.day == 28:
        with clock.at(clock.midnight(day) + 14 * HOUR):
            _plan(project, day, owner)
    known = Improvement.objects.filter(node=project.node).first()
    if known is None:
        return
    if number == 2 and day.day == 20:
        with clock.at(clock.midnight(day) + 9 * HOUR):
            for measure_ in known.measures.all():
                improving.finish_measure(measure_, note="已完成,附培训签到", by=owner)
    if number == 3 and day.day == 8 and known.state == "do":
        with clock.at(clock.midnight(day) + 15 * HOUR):
            _check(known, day, owner, centre)


def _plan(project: Project, day: dt.date, owner: User) -> None:
    first = day.replace(day=1) - 27 * DAY
    spec = PlanSpec(
        name="降低检查不合格率", problem="前两个月城市、区域检查合格率偏低,问题集中在保洁与设备房,重复出现。",
        metric="quality.inspection_pass_rate", target=Decimal(97), before_from=first.replace(day=1), before_to=day,
        ends_on=day + 90 * DAY,
    )  # fmt: skip
    found = Finding.objects.filter(project=project, is_hidden=False).exclude(state__in=["void", "merged"])
    made = improving.plan_improvement(node=project.node, spec=spec, by=owner, findings=list(found.order_by("pk")[:6]))
    members = Staff.objects.filter(project=project, left_on__isnull=True).order_by("number")[:3]
    texts = ("每日班前会点评昨日照片", "片区互查,每周一次", "设备房按清单上墙自查")
    for number, (text, person) in enumerate(zip(texts, members, strict=True), start=1):
        improving.add_measure(made, text=text, due_on=day + number * 6 * DAY, by=owner, owner=person)
    improving.start(made, by=owner)


def _check(known: Improvement, day: dt.date, owner: User, centre: User) -> None:
    """Before and after are compared; what was learnt is written down whatever the verdict."""
    checked = improving.check(known, after_from=(day.replace(day=1) - DAY).replace(day=1), after_to=day, by=owner)
    verdict = (checked.result or {}).get("verdict", "")
    improving.write_lesson(
        node=Node.objects.get(depth=1), title="互查比自查更能发现问题",
        text=f"九台项目片区互查两个月,前后比较结论:{verdict}。互查发现数是自查的两倍以上。",
        by=centre, keywords="互查 自查 合格率", improvement=checked,
    )  # fmt: skip
