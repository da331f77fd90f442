"""Coverage debt, live: what every level still owes in its running cycle (spec 05, Campaigns)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Max, Q

from wuyou.domains.org.choices import NodeKind
from wuyou.domains.org.models import Node, Project
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.quality.models import Inspection
from wuyou.domains.quality.policies.rights import MANAGE_CAMPAIGNS
from wuyou.domains.quality.rules import coverage as rules
from wuyou.domains.quality.rules.levels import OWING, YEAR, LevelRule, period_of
from wuyou.kernel.actors import Actor

from .campaigns import DONE
from .hiding import hidden_projects
from .levels import levels_at


@dataclass(frozen=True, slots=True)
class Debt:
    """A level's coverage with the projects and regions it names."""

    coverage: rules.Coverage
    missing: list[Project]
    regions_missing: list[Node]

    @property
    def level(self) -> str:
        """The level's code."""
        return self.coverage.level


def coverage(user: Actor, node: Node, day: dt.date) -> list[Debt]:
    """What levels that owe something have covered below a node in the cycle of that day; five queries in all.

    Only projects where `user` plans campaigns; a hidden inspection counts only for whom it may be shown to.
    """
    below = projects_visible_to(user, MANAGE_CAMPAIGNS).filter(node__path__startswith=node.path)
    projects = {project.pk: project for project in below.select_related("node").order_by("code")}
    regions = {one.path: one for one in Node.objects.filter(kind=NodeKind.REGION, path__startswith=node.path)}
    sites = [_site(project, regions) for project in projects.values()]
    levels, latest = levels_at(node, day), _latest(user, list(projects), day)
    return [
        _debt(level, levels[level], day=day, sites=sites, latest=latest, projects=projects, regions=regions)
        for level in _owing(levels)
    ]


def _owing(levels: Mapping[str, LevelRule]) -> list[str]:
    return [code for code in OWING if levels[code].cover_percent]


def _site(project: Project, regions: Mapping[str, Node]) -> rules.Site:
    path = project.node.path
    region = next((start for start in regions if path.startswith(start)), "")
    return rules.Site(project.pk, region, project.opened_on, project.closed_on)


def _latest(user: Actor, projects: list[int], day: dt.date) -> dict[tuple[str, int], dt.date]:
    """The last day up to `day`, in its year, on which a project was inspected at a level."""
    first = period_of(YEAR, day)[0]
    shown = Q(is_hidden=False) | Q(project__in=hidden_projects(user))
    rows = Inspection.objects.filter(shown, project__in=projects, level__in=OWING, state__in=DONE)
    rows = rows.filter(day__gte=first, day__lte=day).order_by()
    found = rows.values_list("level", "project_id").annotate(last=Max("day"))
    return {(level, project): last for level, project, last in found}


def _debt(
    level: str,
    rule: LevelRule,
    *,
    day: dt.date,
    sites: list[rules.Site],
    latest: Mapping[tuple[str, int], dt.date],
    projects: Mapping[int, Project],
    regions: Mapping[str, Node],
) -> Debt:
    first, _last = period_of(rule.cycle, day)
    inspected = {project for (code, project), last in latest.items() if code == level and last >= first}
    found = rules.coverage(level, rule, day=day, sites=sites, inspected=inspected)
    missing = [projects[pk] for pk in found.missing]
    return Debt(found, missing, [regions[path] for path in found.regions_missing])
