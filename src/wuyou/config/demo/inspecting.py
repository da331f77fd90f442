"""The demo's inspections: campaigns of three months, who inspects what, and what the inspectors find."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from random import Random

from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.quality.actions import drawing, inspections
from wuyou.domains.quality.actions.campaigns import (
    CampaignSpec,
    close_campaign,
    open_campaign,
    plan_campaign,
    publish_campaign,
)
from wuyou.domains.quality.actions.inspections import AnswerIn
from wuyou.domains.quality.actions.targets import assign_inspector, waive_target
from wuyou.domains.quality.models import Campaign, Inspection, Target
from wuyou.domains.quality.queries.inspectors import obstacle_for
from wuyou.domains.registry.models import Place
from wuyou.domains.sheets.choices import AnswerType
from wuyou.domains.sheets.models import Item, SheetVersion
from wuyou.domains.sheets.queries import inspection_sheets_for, spec_of
from wuyou.domains.sheets.rules.answers import asked_items, fails
from wuyou.domains.sheets.rules.items import ItemSpec
from wuyou.kernel import clock
from wuyou.kernel.draws.sampling import Method

from .photos import photo

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
WEAK = {"JT": 0.08, "BH": 0.05, "XF": 0.11, "YX": 0.025, "JC": 0.06}  # share of items that fail, by project
ON_SITE = (
    "env",
    "grn",
    "fac1",
    "fac2",
    "fac3",
    "fac7",
    "fac8",
    "ord5",
    "ord8",
    "hal",
    "lft",
    "par",
    "way",
    "grd",
    "eqp",
)
"""Beginnings of the codes of items that are seen at a place."""
WORSE = 1.6  # … in the month before last, when a contractor changed


@dataclass
class Inspectors:
    """People who inspect, and the sheets they fill."""

    people: dict[str, User]
    nodes: dict[str, Node]
    projects: dict[str, Project]
    seed: int
    places: dict[int, list[Place]] = field(default_factory=dict)

    def sheet(self, code: str) -> SheetVersion:
        """An issued inspection sheet by its code."""
        found = inspection_sheets_for(self.projects["JT"])
        return next(version for version in found if version.sheet.code == code)

    def chance(self, *about: object) -> Random:
        """The dice of one thing, the same whenever it is asked for."""
        return Random(":".join(str(one) for one in (self.seed, *about)))  # noqa: S311 - a demo's dice


@dataclass(frozen=True, slots=True)
class Luck:
    """The dice of one answer, and whether something is wrong there."""

    chance: Random
    is_bad: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """A campaign of a month: whose, its days in the month, which projects, who may inspect in what order."""

    name: str
    node: str
    by: str
    level: str
    sheet: str
    first: int
    last: int
    publish: int
    projects: tuple[str, ...]
    inspectors: tuple[str, ...]
    theme: str = ""
    is_hidden: bool = False
    second: str = ""  # somebody who inspects the last project a second time, blind to the first


def planned(month: dt.date, number: int) -> Iterator[Planned]:
    """What is inspected in a month; `number` counts the months of the demo from 0."""
    turn = ("chengshi", "quyu") if number % 2 else ("quyu", "chengshi")
    label = f"{month.month}月"
    yield Planned(f"长春城市公司{label}月检", "CC", "chengshi", "city", "project-monthly", 3, 6, 10, ("JT", "BH"), turn)
    if month.month % 3 == 2:
        by = ("quyu", "pinzhi") if number == 0 else ("pinzhi", "quyu")
        quarter = (month.month + 2) // 3
        yield Planned(
            f"北方区域第{quarter}季度巡检", "NORTH", "quyu", "region", "project-monthly", 13, 16, 18,
            ("JT", "BH", "XF"), by, second="pinzhi" if by[0] == "quyu" else "quyu",
        )  # fmt: skip
    specials = {
        0: Planned("消防与电梯安全专项检查", "WANHE", "pinzhi", "special", "safety-special", 20, 23, 26,
                   ("JT", "YX", "JC"), ("pinzhi", "quyu"), theme="fire"),
        1: Planned("神秘住户暗访", "WANHE", "pinzhi", "special", "mystery-resident", 19, 22, 25,
                   ("JT", "BH"), ("quyu", "pinzhi"), theme="mystery", is_hidden=True),
        2: Planned("档案与记录专项检查", "WANHE", "pinzhi", "special", "record-review", 20, 22, 24,
                   ("JT", "XF"), ("pinzhi", "quyu"), theme="records"),
    }  # fmt: skip
    if number in specials:
        yield specials[number]
    if number == len(specials):
        began = max(clock.today().day - 3, 1)
        yield Planned("冬季消防安全专项检查", "WANHE", "pinzhi", "special", "safety-special", began, 28, 31,
                      ("JC", "JT", "XF", "YX"), ("pinzhi", "quyu"), theme="fire")  # fmt: skip


def campaigns_of(inspectors: Inspectors, day: dt.date, number: int) -> None:
    """Begin, inspect, close and publish what this day of the month asks for."""
    for one in planned(day.replace(day=1), number):
        if day.day == one.first:
            with clock.at(clock.midnight(day) + 9 * HOUR):
                _begin(inspectors, one)
        running = Campaign.objects.filter(name=one.name, starts_on__month=day.month, state="open").first()
        if running is None:
            continue
        if one.first <= day.day <= one.last:
            _inspect(inspectors, running, one, day)
        if day.day == one.publish:
            with clock.at(clock.midnight(day) + 16 * HOUR):
                _publish(running, by=inspectors.people[one.by])


def _begin(inspectors: Inspectors, one: Planned) -> None:
    by, today = inspectors.people[one.by], clock.today()
    spec = CampaignSpec(
        name=one.name, level=one.level, sheet_version=inspectors.sheet(one.sheet), starts_on=today,
        ends_on=today + (one.last - one.first) * DAY, theme=one.theme, is_hidden=one.is_hidden,
        projects=tuple(inspectors.projects[code] for code in one.projects),
    )  # fmt: skip
    campaign = plan_campaign(node=inspectors.nodes[one.node], spec=spec, by=by)
    for target in _targets(campaign):
        _name_inspector(target, [inspectors.people[name] for name in one.inspectors], by=by)
    open_campaign(campaign, by=by)
    if one.level == "region":
        _draw_buildings(_targets(campaign)[0], by=by, witness=inspectors.people["chengshi"])


def _targets(campaign: Campaign) -> list[Target]:
    return list(campaign.targets.select_related("campaign__node", "project__node").order_by("project__code"))


def _name_inspector(target: Target, candidates: Sequence[User], *, by: User) -> None:
    """The first of the candidates against whom nothing stands; without any the project is waived, which shows."""
    for person in candidates:
        if obstacle_for(person, target) is None:
            assign_inspector(target, inspector=person, by=by)
            return
    waive_target(target, reason="本期无独立检查员可派", by=by)


def _draw_buildings(target: Target, *, by: User, witness: User) -> None:
    """Which buildings are walked is drawn: committed, a word by the inspected side, drawn, revealed."""
    draw = drawing.commit_site_draw(target, kind="buildings", method=Method(5, needs_word=True), by=by)
    with clock.at(clock.now() + 2 * HOUR):
        drawing.give_word(draw, word=f"{clock.today():%m%d} 九台公示栏", by=witness)
    with clock.at(clock.now() + 3 * HOUR):
        drawing.conduct_draw(draw, by=by)
        drawing.reveal_draw(draw, by=by)


def _inspect(inspectors: Inspectors, campaign: Campaign, one: Planned, day: dt.date) -> None:
    """One project a day, in the order of their codes, from the second day on."""
    targets = _targets(campaign)
    at = day.day - one.first - 1
    if not 0 <= at < len(targets) or targets[at].state != "owed":
        return
    target, chance = targets[at], inspectors.chance(campaign.name, day)
    person = target.inspector or inspectors.people[one.by]
    with clock.at(clock.midnight(day) + 9.5 * HOUR):
        first = inspections.start_inspection(target, by=person)
    other = inspectors.people[one.second] if one.second and at == len(targets) - 1 else None
    second = _second(first, other) if other is not None else None
    with clock.at(clock.midnight(day) + 11 * HOUR):
        answers = fill(inspectors, first, chance)
        inspections.submit_inspection(first, by=person, note="")
    if second is not None:
        with clock.at(clock.midnight(day) + 11.5 * HOUR):
            fill(inspectors, second, chance, like=answers)
            inspections.submit_inspection(second, by=second.inspector)


def _second(first: Inspection, person: User) -> Inspection | None:
    with clock.at(first.started_at + 10 * MINUTE):
        if first.target is None or person.pk == first.inspector_id or obstacle_for(person, first.target) is not None:
            return None
        return inspections.start_inspection(first.target, second_of=first, by=person)


def _publish(campaign: Campaign, *, by: User) -> None:
    for target in _targets(campaign):
        if target.state == "owed":
            waive_target(target, reason="本期未能到场", by=by)
    close_campaign(campaign, by=by)
    publish_campaign(campaign, by=by)


def self_check(inspectors: Inspectors, project: Project, *, by: User, day: dt.date) -> None:
    """The project's own monthly check."""
    with clock.at(clock.midnight(day) + 14 * HOUR):
        made = inspections.start_inspection(
            project, sheet_version=inspectors.sheet("project-monthly"), level="project", by=by
        )
    with clock.at(clock.midnight(day) + 16 * HOUR):
        fill(inspectors, made, inspectors.chance("self", project.code, day), share=0.5)
        inspections.submit_inspection(made, by=by)


# --- filling a sheet


def fill(
    inspectors: Inspectors, made: Inspection, chance: Random, *, share: float = 1.0, like: dict[str, str] | None = None
) -> dict[str, str]:
    """Answer every item section by section, with photos of what failed; gives what was answered.

    `share` lowers how much is found: people are kinder to themselves. `like` repeats another's answers but for a few.
    """
    items = list(made.sheet_version.items.select_related("clause").order_by("position"))
    likely = WEAK[made.project.code] * share * (WORSE if _is_bad_month(made.day) else 1)
    values: dict[str, str] = {}
    for item in items:
        values[item.code] = _answer(spec_of(item), chance, likely, like)
    asked = {spec.code for spec in asked_items([spec_of(item) for item in items], values)}
    kept = [item for item in items if item.code in asked and item.answer_type != AnswerType.PHOTO]
    wanted = [item for item in items if item.code in asked and _wants_photo(item, values[item.code])]
    for section, group in groupby(kept, key=lambda item: item.section):
        answers = {item.code: _given(inspectors, made, item, values[item.code], chance) for item in group}
        inspections.save_section(made, section=section, answers=answers, by=made.inspector)
    for item in wanted:
        picture = photo(_theme(item), f"{made.pk} {item.code}")
        inspections.attach_photo(made, item_code=item.code, upload=picture, by=made.inspector)
    return values


def _is_bad_month(day: dt.date) -> bool:
    today = clock.today()
    return (today.year * 12 + today.month) - (day.year * 12 + day.month) == 2


def _answer(item: ItemSpec, chance: Random, likely: float, like: dict[str, str] | None) -> str:
    if like is not None and chance.random() < 0.93:
        return like[item.code]
    is_bad = chance.random() < (likely / 4 if item.is_veto else likely)
    return ANSWERS[item.answer_type](item, Luck(chance, is_bad=is_bad))


def _given(inspectors: Inspectors, made: Inspection, item: Item, value: str, chance: Random) -> AnswerIn:
    """An answer with, for most failures, the place where it was seen."""
    if not fails(spec_of(item), value):
        return AnswerIn(value)
    places = _places(inspectors, made.project) if item.code.startswith(ON_SITE) else []
    return AnswerIn(value, place_id=chance.choice(places).pk if places and chance.random() < 0.8 else None)


def _places(inspectors: Inspectors, project: Project) -> list[Place]:
    """Stairs and public spots, where things are found wrong; few, so that some repeat."""
    if project.pk not in inspectors.places:
        rows = Place.objects.filter(project=project, zone__isnull=False).order_by("path")
        found = list(rows[: 4000 : max(1, rows.count() // 12)])
        inspectors.places[project.pk] = found
    return inspectors.places[project.pk]


def _wants_photo(item: Item, value: str) -> bool:
    if item.answer_type == AnswerType.PHOTO:
        return item.is_required
    return item.photo_on_failure and fails(spec_of(item), value)


def _theme(item: Item) -> str:
    return "sweep" if "清洁" in item.text_zh or "卫生" in item.section else "plant"


def _passes(_item: ItemSpec, luck: Luck) -> str:
    return "fail" if luck.is_bad else "pass"


def _choice(item: ItemSpec, luck: Luck) -> str:
    return str(item.options[0].code)


def _number(item: ItemSpec, luck: Luck) -> str:
    low = item.low if item.low is not None else Decimal(20)
    high = item.high if item.high is not None else low + 40
    return str(int(low + (high - low) * Decimal(luck.chance.randint(40, 60)) / 100))


def _grade(item: ItemSpec, luck: Luck) -> str:
    return str(max(item.lowest_grade - 1, 0) if luck.is_bad else luck.chance.choice((4, 4, 5)))


def _deduct(item: ItemSpec, luck: Luck) -> str:
    return str(luck.chance.choice(item.deductions).code) if luck.is_bad else "none"


def _count(item: ItemSpec, luck: Luck) -> str:
    limit = item.limit or 0
    return str(limit + luck.chance.randint(1, 3) if luck.is_bad else luck.chance.randint(0, limit))


def _measure(item: ItemSpec, luck: Luck) -> str:
    low, high = item.tolerance_low, item.tolerance_high
    if low is not None and high is not None:
        share = Decimal(luck.chance.randint(3, 7)) / 10
        return str(low / 2 if luck.is_bad and low > 0 else low + (high - low) * share)
    if low is not None:
        return str(low - 3 if luck.is_bad else low + luck.chance.randint(0, 2))
    top = high if high is not None else Decimal(10)
    return str(top + luck.chance.randint(2, 9) if luck.is_bad else max(top - luck.chance.randint(0, 5), Decimal(0)))


ANSWERS: dict[str, Callable[[ItemSpec, Luck], str]] = {
    AnswerType.PASS_FAIL: _passes,
    AnswerType.CHOICE: _choice,
    AnswerType.TEXT: lambda _item, _luck: "正常",
    AnswerType.NUMBER: _number,
    AnswerType.PHOTO: lambda _item, _luck: "",
    AnswerType.GRADE: _grade,
    AnswerType.DEDUCT: _deduct,
    AnswerType.COUNT: _count,
    AnswerType.MEASURE: _measure,
    AnswerType.SIGNATURE: lambda _item, _luck: "现场确认",
}
