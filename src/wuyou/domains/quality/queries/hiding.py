"""What is hidden from a project, and to whom it may be shown all the same (spec 05: mystery visits).

One rule for campaigns, inspections and findings. Whoever sits at the project must not learn of a hidden visit before
it is published; whoever plans or makes inspections from above may.
"""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.org.queries import held_by, projects_visible_to
from wuyou.domains.quality.policies.rights import INSPECT, MANAGE_CAMPAIGNS
from wuyou.kernel.actors import Actor

SEES_SITE = "work.view_tasks"  # of our own people; a client or committee does not hold it


def visible_hidden(user: Actor) -> list[int]:
    """Ids of the projects for which hidden things may be shown, as `hidden_projects` says."""
    return list(hidden_projects(user).values_list("pk", flat=True))


def hidden_projects(user: Actor) -> QuerySet[Project]:
    """Projects for which hidden things may be shown: those below a node where `user` plans or inspects.

    A role at the project itself does not count, except where the project is the root and nothing is above it.
    """
    if not isinstance(user, User):
        return projects_visible_to(user).order_by()
    return _below([held.path for held in held_by(user) if held.permissions & {INSPECT, MANAGE_CAMPAIGNS}])


def projects_below(user: Actor, permission: str) -> list[int]:
    """Ids of the projects below a node where `user` holds a permission; at it only where nothing is above it."""
    if not isinstance(user, User):
        return list(projects_visible_to(user).values_list("pk", flat=True))
    rows = _below([held.path for held in held_by(user) if permission in held.permissions])
    return list(rows.values_list("pk", flat=True))


def _below(paths: list[str]) -> QuerySet[Project]:
    return Project.objects.filter(reduce(or_, map(_strictly_below, paths), Q(pk=None))).order_by()


def _strictly_below(path: str) -> Q:
    below = Q(node__path__startswith=path)
    return below if len(path) == Node.steplen else below & ~Q(node__path=path)


def _is_above(path: str, project_path: str) -> bool:
    return project_path.startswith(path) and (path != project_path or len(path) == Node.steplen)


def insiders_at(user: Actor) -> list[int]:
    """Ids of the projects where `user` is one of us: all others see only what was published."""
    return list(own_projects(user).values_list("pk", flat=True))


def own_projects(user: Actor) -> QuerySet[Project]:
    """The projects where `user` is one of us."""
    return projects_visible_to(user, SEES_SITE).order_by()


@dataclass(frozen=True, slots=True)
class Sight:
    """Ids of the projects somebody sees as one of us, of those they see from outside, and where nothing is hidden."""

    inside: list[int]
    outside: list[int]
    unhidden: list[int]


def sight_of(user: Actor, permission: str) -> Sight:
    """What somebody sees by a permission; the three rules above in one query."""
    rows = list(projects_visible_to(user, permission).values_list("pk", "node__path"))
    if not isinstance(user, User):
        everywhere = [pk for pk, _path in rows]
        return Sight(everywhere, [], everywhere)
    site = [held.path for held in held_by(user) if SEES_SITE in held.permissions]
    above = [held.path for held in held_by(user) if held.permissions & {INSPECT, MANAGE_CAMPAIGNS}]
    inside = [pk for pk, path in rows if path.startswith(tuple(site))]
    return Sight(
        inside,
        sorted({pk for pk, _path in rows} - set(inside)),
        [pk for pk, path in rows if any(_is_above(one, path) for one in above)],
    )
