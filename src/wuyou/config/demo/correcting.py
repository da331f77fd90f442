"""The demo's corrections: every day some findings go a step further, some are refused, some are left lying."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from wuyou.domains.org.models import User
from wuyou.domains.quality.actions import findings as actions
from wuyou.domains.quality.actions.findings.correcting import may_be_quick
from wuyou.domains.quality.models import Explanation, Finding
from wuyou.domains.registry.models import Staff
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor

from .photos import photo

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
LEFT_LYING = 0.06  # share of findings nobody takes up
CAUSES: Mapping[str, tuple[str, tuple[str, str, str], str]] = {
    "people": ("people", ("当班人员漏做", "新员工不熟悉路线", "上岗前没有按区域带教"), "组织片区带教并考核,合格后上岗"),
    "method": ("method", ("检查没有覆盖该部位", "检查表没有列明", "修订时遗漏"), "补充检查表条目,主管每周抽查"),
    "material": ("material", ("配件用完", "没有安全库存", "消耗量没有统计"), "按月统计用量,设最低库存"),
    "machine": ("machine", ("设备老化", "保养周期过长", "计划按厂家最低要求排"), "缩短保养周期,安排更换易损件"),
    "environment": ("environment", ("雨雪后污染加重", "没有雨雪后加密作业", "应急作业标准缺失"), "增加雨雪后加密作业"),
}


@dataclass(frozen=True, slots=True)
class Doers:
    """Who corrects and who judges at a project."""

    correct: Actor
    judge: User
    asks: User | None = None  # who asks for more time and explains
    decides: User | None = None


def correct_day(doers: Mapping[str, Doers], day: dt.date, *, seed: int) -> None:
    """One day of all findings that are not closed."""
    rows = Finding.objects.exclude(state__in=["closed", "merged", "void", "verified"]).filter(is_hidden=False)
    with clock.at(clock.midnight(day) + 15 * HOUR):
        for finding in rows.select_related("project__node", "inspection", "place", "team").order_by("pk"):
            chance = Random(f"{seed}:{finding.number}:{day}")  # noqa: S311 - a demo's dice
            one = doers.get(finding.project.code)
            if one is not None and not _is_left(finding, seed) and finding.found_at < clock.now() - 12 * HOUR:
                _step(finding, one, chance)
        _explain(doers)


def _is_left(finding: Finding, seed: int) -> bool:
    chance = Random(f"{seed}:left:{finding.number}")  # noqa: S311 - a demo's dice
    return finding.severity == "minor" and chance.random() < LEFT_LYING


def _step(finding: Finding, one: Doers, chance: Random) -> None:
    """One step with the odds of its state; the nearer the deadline, the surer."""
    is_urgent = finding.deadline < clock.now() + DAY
    if chance.random() < (0.85 if is_urgent else 0.45):
        STEPS[finding.state](finding, one, chance)


def _take_up(finding: Finding, one: Doers, chance: Random) -> None:
    if may_be_quick(finding):
        _photo(finding, one)
        actions.clean(finding, proof="已当场清理干净", by=one.correct)
        return
    _ask_for_time(finding, one, chance)
    actions.contain(finding, containment="已设围挡和提示,派人看守", by=one.correct)


def _ask_for_time(finding: Finding, one: Doers, chance: Random) -> None:
    """Now and then more time is asked for, and decided by the level above the next hour."""
    if one.asks is None or one.decides is None or finding.deadline < clock.now() or chance.random() > 0.12:
        return
    wish = actions.ask_extension(finding, until=finding.deadline + 4 * DAY, reason="配件已订货,尚未到场", by=one.asks)
    is_approved = chance.random() < 0.7
    with clock.at(clock.now() + HOUR):
        actions.decide_extension(
            wish, approve=is_approved, by=one.decides, note="" if is_approved else "可先用备件,不同意延期"
        )


def _find_cause(finding: Finding, one: Doers, chance: Random) -> None:
    cause, whys, _remedy = CAUSES[chance.choice(sorted(CAUSES))]
    actions.analyse(finding, cause=cause, whys=whys, by=one.correct)
    for similar in finding.similar.select_related("finding__project__node", "place"):
        if chance.random() < 0.8:
            actions.look_at_similar(similar, state="same" if chance.random() < 0.04 else "fine", by=one.correct)


def _plan(finding: Finding, one: Doers, chance: Random) -> None:
    owner = Staff.objects.filter(project=finding.project, left_on__isnull=True)
    owner = (owner.filter(team=finding.team) if finding.team_id else owner).exclude(user=one.judge)
    person = owner.order_by("number").first() or Staff.objects.filter(project=finding.project).order_by("number")[0]
    due = clock.today() if finding.deadline < clock.now() + DAY else clock.local(finding.deadline).date()
    remedy = CAUSES[finding.correction.cause][2]
    actions.act(finding, action=remedy, action_owner=person, action_due=due, by=one.correct)


def _prove(finding: Finding, one: Doers, chance: Random) -> None:
    for similar in finding.similar.filter(state="owed").select_related("finding__project__node", "place"):
        actions.look_at_similar(similar, state="fine", by=one.correct)
    _photo(finding, one)
    actions.prove(finding, proof="已按措施整改完成", by=one.correct)


def _judge(finding: Finding, one: Doers, chance: Random) -> None:
    judge = finding.inspection.inspector if finding.inspection and finding.project.code != "JT" else one.judge
    if chance.random() < 0.14 and finding.correction.rejections == 0:
        actions.refuse_proof(finding, verify_note="照片看不出已整改,请重新处理", by=judge)
    elif not finding.similar.filter(state="owed").exists():
        actions.verify(finding, by=judge, note="现场复查合格")


def _photo(finding: Finding, one: Doers) -> None:
    picture = photo("sweep" if finding.remedy == "at_once" else "plant", f"after {finding.number} {clock.today()}")
    actions.attach_proof(finding, upload=picture, by=one.correct)


STEPS = {
    "open": _take_up,
    "contained": _find_cause,
    "analysed": _plan,
    "acting": _prove,
    "proved": _judge,
}


def _explain(doers: Mapping[str, Doers]) -> None:
    """What is still open at the next inspection is explained, where there is somebody who does."""
    rows = Explanation.objects.filter(at__isnull=True).select_related("finding__project__node", "inspection")
    for owed in rows.order_by("pk"):
        one = doers.get(owed.finding.project.code)
        if one is not None and one.asks is not None and owed.finding.pk % 4:
            actions.explain_open(
                owed.finding,
                owed.inspection,
                text="整改周期长于检查间隔",
                remedy="已排入下周计划,专人跟进",
                by=one.asks,
            )
