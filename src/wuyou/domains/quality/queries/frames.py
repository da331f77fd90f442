"""What can be drawn at a project or for a campaign: units with their stratum and the weight of what is known of them.

Every frame starts from what the person who draws may see (spec 05: Draws).
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets.choices import AssetState
from wuyou.domains.assets.queries import assets_visible_to
from wuyou.domains.org.choices import NodeKind
from wuyou.domains.org.models import Node, Project
from wuyou.domains.quality.models import Campaign, Finding, Inspection
from wuyou.domains.quality.rules import risk
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.domains.registry.queries import places_visible_to
from wuyou.domains.work.choices import Review, TaskState
from wuyou.domains.work.queries.tasks import tasks_visible_to
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.draws.sampling import Unit

from .campaigns import DONE, projects_for
from .findings import findings_visible_to

PROJECTS = "projects"
A_YEAR = dt.timedelta(days=365)
TASK_DAYS = 31  # records of a month are drawn from
OVER = ("closed", "merged", "void")


def project_units(campaign: Campaign, *, user: Actor) -> list[Unit]:
    """Projects a campaign may owe: stratum is the region, weight the risk (rules.risk.project_weight)."""
    projects = list(_with_past(projects_for(campaign, user=user).select_related("node")))
    regions = {node.path: node.name for node in Node.objects.filter(kind=NodeKind.REGION)}
    today = clock.today()
    return [
        Unit(
            id=str(one.pk),
            label=f"{one.code} {one.name}",
            stratum=next((name for path, name in regions.items() if one.node.path.startswith(path)), ""),
            weight=risk.project_weight(
                open_findings=one.open_findings, last_score=one.last_score, last_day=one.last_day, today=today
            ),
        )
        for one in projects
    ]


def _with_past(rows: QuerySet[Project]) -> Iterable[Any]:
    """Projects with open findings, the last score and the last day of any inspection from above."""
    done = Inspection.objects.filter(project=OuterRef("pk"), state__in=DONE).exclude(level__in=["team", "project"])
    scored = done.filter(score__isnull=False).order_by("-day", "-pk")
    finding = ~Q(findings__state__in=OVER) & Q(findings__isnull=False)
    return rows.annotate(
        open_findings=Count("findings", filter=finding, distinct=True),
        last_score=Subquery(scored.values("score")[:1]),
        last_day=Subquery(done.order_by().values("project").annotate(last=Max("day")).values("last")[:1]),
    )


def building_units(project: Project, user: Actor) -> list[Unit]:
    """Buildings: stratum is the area, weight the findings of a year in it."""
    return _place_units(project, user, PlaceLevel.BUILDING, stratum_level=PlaceLevel.AREA)


def room_units(project: Project, user: Actor) -> list[Unit]:
    """Rooms: stratum is the building, weight the findings of a year there."""
    return _place_units(project, user, PlaceLevel.ROOM, stratum_level=PlaceLevel.BUILDING)


def spot_units(project: Project, user: Actor) -> list[Unit]:
    """Public spots: stratum is the category, weight the findings of a year there."""
    rows = places_visible_to(user).filter(project=project, level=PlaceLevel.SPOT, closed_on__isnull=True)
    found = _findings_by_path(project, user)
    return [Unit(str(one.pk), f"{one.code} {one.name}", one.category, _weight_at(one.path, found)) for one in rows]


def _place_units(project: Project, user: Actor, level: str, *, stratum_level: str) -> list[Unit]:
    rows = places_visible_to(user).filter(project=project, closed_on__isnull=True)
    above = dict(rows.filter(level=stratum_level).values_list("path", "name"))
    found = _findings_by_path(project, user)
    return [
        Unit(str(one.pk), f"{one.code} {one.name}", _name_above(one.path, above), _weight_at(one.path, found))
        for one in rows.filter(level=level)
    ]


def _name_above(path: str, above: Mapping[str, str]) -> str:
    starts = (path[:end] for end in range(len(path), 0, -Node.steplen))
    return next((above[start] for start in starts if start in above), "")


def _findings_by_path(project: Project, user: Actor) -> Counter[str]:
    """How many findings of a year lie at or below every place of a project."""
    since = clock.now() - A_YEAR
    rows = findings_visible_to(user).filter(project=project, found_at__gte=since, place__isnull=False)
    found: Counter[str] = Counter()
    for path in rows.order_by().values_list("place__path", flat=True):
        found.update(path[:end] for end in range(Node.steplen, len(path) + 1, Node.steplen))
    return found


def _weight_at(path: str, found: Counter[str]) -> int:
    return risk.thing_weight(findings=found[path])


def device_units(project: Project, user: Actor) -> list[Unit]:
    """Devices not scrapped: stratum is the category, weight the findings of a year on them."""
    rows = assets_visible_to(user).filter(project=project).exclude(state=AssetState.SCRAPPED)
    since = clock.now() - A_YEAR
    seen = findings_visible_to(user).filter(project=project, found_at__gte=since, asset__isnull=False).order_by()
    found = Counter(seen.values_list("asset_id", flat=True))
    return [
        Unit(str(one.pk), f"{one.code} {one.name}", one.category, risk.thing_weight(findings=found[one.pk]))
        for one in rows
    ]


def task_units(project: Project, user: Actor) -> list[Unit]:
    """Records of work done in the last month: stratum is the activity, weight lateness and rejection."""
    first = clock.today() - dt.timedelta(days=TASK_DAYS)
    rows = tasks_visible_to(user).filter(project=project, state=TaskState.DONE, day__gte=first)
    fields = ("pk", "title", "activity", "done_at", "due", "rejections", "review")
    return [
        Unit(
            str(pk), f"{title} {clock.local(due):%Y-%m-%d}", activity,
            risk.task_weight(
                was_late=bool(done_at and done_at > due), was_rejected=bool(rejections or review == Review.REJECTED)
            ),
        )
        for pk, title, activity, done_at, due, rejections, review in rows.order_by("pk").values_list(*fields)
    ]  # fmt: skip


def finding_units(project: Project, user: Actor) -> list[Unit]:
    """Findings closed or verified within a year, to be looked at again: stratum is the severity."""
    rows = findings_visible_to(user).filter(
        project=project, state__in=["verified", "closed"], found_at__gte=clock.now() - A_YEAR
    )
    return [_finding_unit(one) for one in rows.order_by("pk")]


def _finding_unit(one: Finding) -> Unit:
    weight = risk.finding_weight(severity=one.severity, repeats=one.weight)
    return Unit(str(one.pk), f"{one.number} {one.text[:60]}", one.severity, weight)


Frame = Callable[[Project, Actor], list[Unit]]
SITE_FRAMES: Mapping[str, tuple[str | Promise, Frame]] = MappingProxyType({
    "buildings": (_("Buildings"), building_units),
    "rooms": (_("Rooms"), room_units),
    "spots": (_("Public spots"), spot_units),
    "devices": (_("Devices"), device_units),
    "tasks": (_("Records of work done"), task_units),
    "findings": (_("Corrected findings"), finding_units),
})  # fmt: skip
KINDS: Mapping[str, str | Promise] = MappingProxyType({
    PROJECTS: _("Projects"), **{code: label for code, (label, _frame) in SITE_FRAMES.items()},
})  # fmt: skip
