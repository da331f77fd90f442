"""The demo's last 45 days: what was due is done, late, not possible or left; three days the system was down."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from wuyou.domains.org.models import Project, User
from wuyou.domains.registry.models import Staff
from wuyou.domains.sheets.choices import AnswerType
from wuyou.domains.sheets.models import Item
from wuyou.domains.work.actions.absence import record_absence
from wuyou.domains.work.actions.attaching import attach_evidence, attach_to_batch
from wuyou.domains.work.actions.batches import complete_batch, complete_round, complete_series
from wuyou.domains.work.actions.generation import generate
from wuyou.domains.work.actions.problems import Found, move_problem
from wuyou.domains.work.actions.reviewing import accept_evidence, reject_evidence
from wuyou.domains.work.actions.rollups import refresh
from wuyou.domains.work.actions.tasks import Completion, complete_task, skip_task
from wuyou.domains.work.models import Problem, Task
from wuyou.domains.work.rules.tasks import BATCH_EVIDENCE
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor

from .company import BY
from .photos import photo
from .quality import Quality

DAYS = 45
DOWN = range(20, 23)  # days ago on which nothing was recorded
ROUND_UPS = {DOWN.start - 1, 14, 7, 2}  # days ago on which what was left lying is made up for
TOGETHER = 12  # tasks that share one photo on days still looked at
AHEAD = dt.timedelta(days=14)
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
RELATED = ("project__node", "place", "zone", "assignee__user", "sheet_version")
WEAK_ZONE = "C区"
FOUND = ("灯不亮", "扶手松动", "地面积水", "消火栓箱门损坏", "墙皮脱落", "井盖异响", "阀门渗水")


@dataclass(slots=True)
class Day:
    """One day of one project: its tasks, and the dice of that day."""

    project: Project
    day: dt.date
    chance: Random
    lead: User | None
    is_recent: bool = False

    def at(self, hours: float) -> dt.datetime:
        """A moment of the day."""
        return clock.midnight(self.day) + hours * HOUR


def before(quality: Quality, report: Callable[..., None]) -> None:
    """The days before there are plans: inspections and corrections only."""
    last = clock.today() - (DAYS + 2) * DAY
    count = (last - quality.first).days
    for number in range(count):
        quality.live_day(quality.first + number * DAY)
        report(done=number + 1, total=count)


def live(projects: Sequence[Project], quality: Quality, report: Callable[..., None], *, seed: int) -> None:
    """Live through the days up to this morning, each with its own dice."""
    today = clock.today()
    leads = {project.pk: _lead(project) for project in projects}
    for ago in range(DAYS + 1, -1, -1):
        date = today - ago * DAY
        for project in projects:
            _ahead(project, date, ago)
            chance = Random(f"{seed}:{project.code}:{date}")  # noqa: S311 - a demo's dice
            one = Day(project, date, chance, leads[project.pk], is_recent=ago < 2)
            if ago not in DOWN:
                live_day(one)
            if ago in ROUND_UPS:
                _round_up(one)
        quality.live_day(date)
        report(done=DAYS - ago + 2, total=DAYS + 3)
    refresh(most=10_000)
    report(done=1, total=1)


def _lead(project: Project) -> User | None:
    leading = Staff.objects.filter(project=project, user__assignments__role__code="department_lead")
    member = leading.select_related("user").first()
    return member.user if member else None


def _ahead(project: Project, date: dt.date, ago: int) -> None:
    """What the nightly job does; after the down-time it catches up."""
    if ago in DOWN or (ago % 7 not in {0, 3} and ago <= DAYS):
        return
    with clock.at(clock.midnight(date) + 90 * MINUTE):
        generate(project, until=clock.now() + AHEAD, by=BY)


def live_day(one: Day) -> None:
    """Do what falls due on this day, in the order of the hours."""
    due_by = min(clock.now() - HOUR, one.at(24))
    rows = Task.objects.filter(project=one.project, day=one.day, state="open", due__lte=due_by).select_related(*RELATED)
    finished, left = _split(one, list(rows.order_by("pk")))
    finished += _so_far(one)
    _rounds(one, [task for task in finished if task.evidence == "scan"])
    _batches(one, [task for task in finished if _is_common(task)])
    _singles(one, [task for task in finished if task.evidence != "scan" and not _is_common(task)])
    if one.day < clock.today():
        _late_and_skipped(one, left)
        _reviews(one)


def _so_far(one: Day) -> list[Task]:
    """What is finished today before it is due: the more, the later it is; who tries the demo finds their own undone."""
    now = clock.now()
    if one.day != clock.today():
        return []
    share = (now - one.at(7.5)) / (10 * HOUR)
    rows = Task.objects.filter(project=one.project, day=one.day, state="open", opens__lte=now - HOUR, due__gt=now)
    rows = rows.filter(assignee__isnull=False, assignee__user__isnull=True)
    rows = rows.select_related(*RELATED).order_by("pk")
    return [task for task in rows if _is_common(task) and one.chance.random() < min(share, 0.92)]


def _is_common(task: Task) -> bool:
    return task.evidence in BATCH_EVIDENCE


def _split(one: Day, tasks: Sequence[Task]) -> tuple[list[Task], list[Task]]:
    """What is done in time, and what is not: some 94 %, in one weak zone 86 %."""
    finished: list[Task] = []
    left: list[Task] = []
    for task in tasks:
        weak = task.zone is not None and task.zone.name == WEAK_ZONE
        (finished if one.chance.random() < (0.86 if weak else 0.945) else left).append(task)
    return finished, left


def _finish_at(one: Day, task: Task) -> dt.datetime:
    """Some time before it is due, on the day itself, after it opened."""
    latest = min(task.due - 10 * MINUTE, one.at(17.5), clock.now() - 5 * MINUTE)
    return max(task.opens, latest - one.chance.randint(0, 3) * HOUR)


def _by(one: Day, task: Task) -> Actor:
    """Who logs it: the person where they have a log-in, else the lead for their own team, else the machine."""
    if task.assignee is not None and task.assignee.user is not None:
        return task.assignee.user
    if one.lead is not None and task.team_id == one.lead.staff.team_id and not task.qualification:
        return one.lead
    return BY


def _batches(one: Day, tasks: Iterable[Task]) -> None:
    groups: dict[tuple[object, ...], list[Task]] = defaultdict(list)
    actors: dict[str, Actor] = {}
    for task in tasks:
        by = _by(one, task)
        actors[by.actor_id] = by
        ends = min(task.due, one.at(17.5))
        groups[by.actor_id, ends, task.team_id, task.zone_id, task.sheet_version_id].append(task)
    for (actor, *_rest), group in groups.items():
        moment = min(
            max(_finish_at(one, group[0]), *(task.opens for task in group)), min(t.due for t in group) - MINUTE
        )
        with clock.at(moment):
            for some in _shares(one, group):
                _batch(one, some, by=actors[str(actor)])


def _shares(one: Day, group: list[Task]) -> list[list[Task]]:
    """A zone in one go; in the days people still look at, a few stairs at a time, each with a photo of its own."""
    size = TOGETHER if one.is_recent else len(group)
    return [group[at : at + size] for at in range(0, len(group), size)]


def _batch(one: Day, group: Sequence[Task], *, by: Actor) -> None:
    key = uuid.UUID(int=one.chance.getrandbits(128), version=4)
    if any(task.evidence == "photo" or _wants_photo(task) for task in group):
        picture = photo(group[0].activity, f"{key}")
        attach_to_batch(group, batch=key, upload=picture, by=by, taken_at=clock.now() - MINUTE)
    complete_batch(group, by=by, batch=key, answers=_answers(one, group[0]))


def _rounds(one: Day, tasks: Iterable[Task]) -> None:
    groups: dict[tuple[dt.datetime, str], list[Task]] = defaultdict(list)
    for task in tasks:
        groups[task.opens, task.activity].append(task)
    for (opens, _activity), points in groups.items():
        one.chance.shuffle(points)
        moment = opens + one.chance.randint(2, 25) * MINUTE
        scans = {}
        for point in points:
            scans[point.pk] = moment
            moment += one.chance.randint(150, 420) * dt.timedelta(seconds=1)
        with clock.at(moment + MINUTE):
            complete_round(points, by=BY, scans=scans, answers=_answers(one, points[0]))


def _singles(one: Day, tasks: Sequence[Task]) -> None:
    """Readings and certificates, each with its own answers."""
    series: dict[dt.datetime, list[tuple[Task, Completion]]] = defaultdict(list)
    for task in tasks:
        given = Completion(note="正常", answers=_answers(one, task))
        if task.evidence in {"photo", "certificate", "document"} or _wants_photo(task):
            with clock.at(_finish_at(one, task)):
                attach_evidence(task, upload=photo(task.activity, f"{task.pk}"), by=BY)
                complete_task(task, by=BY, with_=given)
        else:
            # at three, or just before it is due: what is noted every two hours is not noted once a day
            series[max(task.opens, min(one.at(15), task.due - 10 * MINUTE))].append((task, given))
    for moment, pairs in sorted(series.items()):
        with clock.at(moment):
            complete_series(pairs, by=BY)


_items: dict[int, list[Item]] = {}


def _answers(one: Day, task: Task) -> dict[str, str]:
    asked = [item for item in _sheet_items(task) if item.answer_type != AnswerType.PHOTO]
    return {item.code: _answer(one, task, item) for item in asked}


def _wants_photo(task: Task) -> bool:
    return any(item.answer_type == AnswerType.PHOTO and item.is_required for item in _sheet_items(task))


def _sheet_items(task: Task) -> list[Item]:
    if task.sheet_version_id is None:
        return []
    if task.sheet_version_id not in _items:
        _items[task.sheet_version_id] = list(Item.objects.filter(version=task.sheet_version_id))
    return _items[task.sheet_version_id]


def _answer(one: Day, task: Task, item: Item) -> str:
    if item.answer_type == AnswerType.PASS_FAIL:
        return "pass"
    if item.answer_type == AnswerType.CHOICE:
        return str(item.options[0]["code"])
    if item.answer_type == AnswerType.TEXT:
        return "正常"
    if item.is_increasing:  # a meter: what it stood at in the beginning plus what was used since
        used = (one.day - dt.date(2020, 1, 1)).days * (3 + (task.asset_id or 0) % 5)
        return str(1000 + used)
    low, high = item.low or Decimal(0), item.high if item.high is not None else (item.low or Decimal(0)) + 10
    share = Decimal(one.chance.randint(30, 70)) / 100
    return str((low + (high - low) * share).quantize(Decimal("0.01")))


def _late_and_skipped(one: Day, tasks: Sequence[Task]) -> None:
    """Of what was not done in time a half is done the next morning, a part is not possible, the rest is left."""
    late: list[Task] = []
    for task in tasks:
        dice = one.chance.random()
        if (dice < 0.5 and _is_common(task) and task.evidence != "photo") or dice < 0.62:
            late.append(task)
        elif dice < 0.85:
            with clock.at(_finish_at(one, task)):
                skip_task(
                    task, by=BY, skip_reason=one.chance.choice(("weather", "no_access", "no_material", "not_needed"))
                )
    morning = clock.midnight(one.day + DAY) + 9 * HOUR
    if one.day + DAY < clock.today():
        with clock.at(morning):
            common = [task for task in late if _is_common(task)]
            for group in _by_sheet(common):
                _batch(one, group, by=BY)


def _round_up(one: Day) -> None:
    """What was left lying is made up for, late; rounds nobody walked stay not walked."""
    moment = one.at(16.5)
    rows = Task.objects.filter(project=one.project, state="open", due__lte=moment - DAY)
    left = list(rows.select_related(*RELATED).order_by("pk"))
    with clock.at(moment):
        for group in _by_sheet([task for task in left if _is_common(task)]):
            _batch(one, group, by=BY)
        for task in left:
            if task.evidence == "scan":
                skip_task(task, by=BY, skip_reason="no_staff")
        readings = [task for task in left if task.evidence == "reading" and not _wants_photo(task)]
        if readings:
            complete_series([(t, Completion(note="补录", answers=_answers(one, t))) for t in readings], by=BY)


def _by_sheet(tasks: Iterable[Task]) -> list[list[Task]]:
    groups: dict[int | None, list[Task]] = defaultdict(list)
    for task in tasks:
        groups[task.sheet_version_id].append(task)
    return list(groups.values())


def _reviews(one: Day) -> None:
    """In the evening the supervisor looks at a few, rejects some; a problem is found now and then; somebody is away."""
    with clock.at(one.at(20)):
        done = Task.objects.filter(project=one.project, day=one.day, state="done", review="", batch__isnull=False)
        sample = list(done.select_related("project__node").order_by("pk")[:: max(1, done.count() // 5)][:5])
        for task in sample:
            if one.chance.random() < 0.3:
                reject_evidence(
                    task, by=BY, review_note=one.chance.choice(("照片模糊", "看不出位置", "与昨日照片相同"))
                )
            else:
                accept_evidence(task, by=BY)
        _problem(one)
        _absence(one)


def _problem(one: Day) -> None:
    """Something is found wrong on every second day; what was found is dealt with in the following days."""
    for problem in Problem.objects.filter(project=one.project).exclude(state="closed").order_by("pk"):
        if one.chance.random() < 0.22:
            step = {"reported": "acknowledge", "acknowledged": "resolve", "resolved": "close"}[problem.state]
            move_problem(problem, step=step, by=BY, remedy="已修复" if step == "resolve" else "")
    if one.chance.random() < 0.5:
        waiting = Task.objects.filter(project=one.project, state="open", opens__lte=clock.now(), evidence="photo")
        task = waiting.filter(sheet_version__isnull=True).order_by("-due", "pk").first()
        if task is not None:
            _find(one, task)


def _find(one: Day, task: Task) -> None:
    severity = one.chance.choice(("minor", "minor", "major", "critical"))
    attach_evidence(task, upload=photo("plant", f"problem {task.pk}"), by=BY)
    complete_task(task, by=BY, with_=Completion(found=Found(one.chance.choice(FOUND), severity)))


def _absence(one: Day) -> None:
    if one.chance.random() < 0.12:
        members = list(
            Staff.objects.filter(project=one.project, user__isnull=True, absences__isnull=True).order_by("pk")
        )
        if members:
            tomorrow = one.day + DAY
            record_absence(
                one.chance.choice(members), kind=one.chance.choice(("sick", "annual")), starts_on=tomorrow,
                ends_on=tomorrow + one.chance.randint(0, 2) * DAY, by=BY,
            )  # fmt: skip
