"""Who may inspect a project of a campaign, and what stands against the others (spec 05: independent inspectors)."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from wuyou.domains.org.models import Assignment, Node, Project, User
from wuyou.domains.org.queries import users_holding
from wuyou.domains.quality.choices import InspectionState
from wuyou.domains.quality.models import Guest, Inspection, Target
from wuyou.domains.quality.policies.rights import INSPECT
from wuyou.domains.quality.rules.independence import Ties, obstacle
from wuyou.domains.quality.rules.levels import LevelRule
from wuyou.domains.registry.models import Staff
from wuyou.kernel import clock

from .campaigns import DONE
from .levels import levels_at, path_up

OUTSIDE_ROLES = ("client", "owners_committee")
OUTSIDE_INSPECTOR = "inspector"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who might inspect; `obstacle` says why not."""

    user: User
    obstacle: str | Promise | None


def candidates(target: Target) -> list[Candidate]:
    """Everybody with the right to inspect at the project, and the target's guests; those who may come first."""
    holders = set(users_holding(INSPECT, target.project))
    guests = set(target.guests.filter(ends_on__gte=clock.today()).values_list("user_id", flat=True))
    people = User.objects.filter(pk__in=holders | guests, is_active=True).order_by("full_name", "pk")
    found = _judged(list(people), project=target.project, rule=_rule(target), level=target.campaign.level)
    return sorted(found, key=lambda one: one.obstacle is not None)


def obstacle_for(user: User, target: Target) -> str | Promise | None:
    """Why a person may not inspect a target; None when nothing stands against it."""
    is_guest = Guest.objects.filter(target=target, user=user, ends_on__gte=clock.today()).exists()
    may = user.is_active and (is_guest or user.pk in users_holding(INSPECT, target.project))
    found = _judged([user], project=target.project, rule=_rule(target), level=target.campaign.level, may_inspect=may)
    return found[0].obstacle


def _rule(target: Target) -> LevelRule:
    return levels_at(target.campaign.node, clock.today())[target.campaign.level]


def _judged(
    people: list[User], *, project: Project, rule: LevelRule, level: str, may_inspect: bool = True
) -> list[Candidate]:
    pks, rights = [user.pk for user in people], _rights(people, project)
    left = Q(left_on__isnull=True) | Q(left_on__gt=clock.today())
    staff = set(Staff.objects.filter(left, project=project, user__in=pks).values_list("user_id", flat=True))
    last = last_inspector(project, level)
    ties = {
        pk: Ties(rights_there=rights[pk], is_staff=pk in staff, may_inspect=may_inspect, was_last=pk == last)
        for pk in pks
    }
    return [Candidate(user, obstacle(rule, ties[user.pk])) for user in people]


def _rights(people: list[User], project: Project) -> dict[int, set[str]]:
    """Rights of the roles each person holds at the project's own node, not above it."""
    day = clock.today()
    rows = Assignment.objects.filter(node=project.node, user__in=people, starts_on__lte=day, revoked_at__isnull=True)
    rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    found: dict[int, set[str]] = {user.pk: set() for user in people}
    for user, permissions in rows.values_list("user_id", "role__permissions"):
        found[user].update(permissions)
    return found


def last_inspector(project: Project, level: str) -> int | None:
    """Who made the last finished inspection of a project at a level; None when there was none."""
    rows = Inspection.objects.filter(project=project, level=level, state__in=DONE, second_of__isnull=True)
    return rows.order_by("-day", "-pk").values_list("inspector_id", flat=True).first()


def possible_guests(target: Target) -> QuerySet[User]:
    """Active users who may be invited: clients and committees of the project, and outside inspectors of the company."""
    project, day = target.project, clock.today()
    here = Q(assignments__role__code__in=OUTSIDE_ROLES, assignments__node__path__in=path_up(project.node.path))
    root = project.node.path[: Node.steplen]
    anywhere = Q(assignments__role__code=OUTSIDE_INSPECTOR, assignments__node__path__startswith=root)
    held = Q(assignments__revoked_at__isnull=True, assignments__starts_on__lte=day)
    held &= Q(assignments__ends_on__isnull=True) | Q(assignments__ends_on__gte=day)
    found = User.objects.filter(held & (here | anywhere), is_active=True).order_by().values("pk")
    return User.objects.filter(pk__in=found).order_by("full_name", "pk")


def takers_of(inspection: Inspection) -> QuerySet[User]:
    """Who may take over an inspection under way: independent, active, and neither its inspector nor the second one."""
    taken = {inspection.inspector_id, getattr(inspection.second_of, "inspector_id", None)}
    taken |= set(inspection.seconds.exclude(state=InspectionState.VOID).values_list("inspector_id", flat=True))
    if inspection.target is not None:
        may = [one.user.pk for one in candidates(inspection.target) if one.obstacle is None]
    else:
        may = users_holding(INSPECT, inspection.project)
    people = User.objects.filter(pk__in=set(may) - taken, is_active=True)
    return people.order_by("full_name", "pk")


def under_way_by(user: User) -> list[Inspection]:
    """Inspections somebody has begun and not submitted: what must be handed on when they leave."""
    rows = Inspection.objects.filter(inspector=user, state=InspectionState.UNDER_WAY)
    return list(rows.select_related("project", "campaign").order_by("pk"))
