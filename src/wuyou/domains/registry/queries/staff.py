"""Staff, qualifications and contractors somebody may see (spec 01)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.org.queries import nodes_visible_to, projects_visible_to
from wuyou.domains.registry.models import Contractor, Qualification, QualificationKind, Staff
from wuyou.domains.registry.policies import VIEW_STAFF
from wuyou.domains.registry.rules.duty import is_on_duty
from wuyou.domains.registry.rules.licences import is_in_force
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor


def staff_visible_to(user: Actor, permission: str = VIEW_STAFF) -> QuerySet[Staff]:
    """Staff of visible projects, those who left included."""
    rows = Staff.objects.filter(project__in=projects_visible_to(user, permission))
    return rows.select_related("team", "person", "contractor", "supervisor").order_by("project_id", "number")


def staff_present(project: Project, *, on: date | None = None) -> QuerySet[Staff]:
    """Staff employed at a project on a day (today by default); the last day counts."""
    day = on or clock.today()
    begun = Q(hired_on__isnull=True) | Q(hired_on__lte=day)
    rows = Staff.objects.filter(begun, Q(left_on__isnull=True) | Q(left_on__gte=day), project=project)
    return rows.select_related("team").order_by("number")


def staff_of_user(user: User, project: Project | None = None) -> Staff | None:
    """The employment a log-in belongs to; None for people who are not staff (there)."""
    rows = Staff.objects.filter(user=user, left_on__isnull=True)
    return (rows.filter(project=project) if project else rows).select_related("team").first()


def staff_on_duty(project: Project, at: datetime | None = None) -> list[Staff]:
    """Who is at work at a moment (now by default) by their weekly hours; nobody without hours is on duty."""
    local = clock.local(at or clock.now())
    # a span that began yesterday evening belongs to somebody employed yesterday
    return [row for row in staff_present(project, on=local.date()) if is_on_duty(row.weekly_hours, local)]


def qualified_staff(project: Project, kind: str, on: date | None = None) -> QuerySet[Staff]:
    """Staff present on a day who hold the licence `kind` (its code) in force that day."""
    day = on or clock.today()
    holders = {row.staff_id for row in held(project, kinds=[kind]) if counts(row, on=day)}
    return staff_present(project, on=day).filter(pk__in=holders)


def held(project: Project, *, kinds: Iterable[str] | None = None) -> QuerySet[Qualification]:
    """Licences of a project's staff that were not revoked, of some kinds or of all."""
    rows = Qualification.objects.filter(staff__project=project, revoked_on__isnull=True).select_related("kind")
    return rows.filter(kind__code__in=list(kinds)) if kinds is not None else rows


def counts(row: Qualification, *, on: date) -> bool:
    """Whether a licence counts on a day (spec 13 §5)."""
    return is_in_force(
        row.kind.code, issued_on=row.valid_from, valid_to=row.valid_to, reviewed_on=row.reviewed_on, on=on
    )


def lacks_qualification(staff: Staff, kind: str, *, on: date) -> bool:
    """Whether somebody may not be given work that demands the licence `kind` on a day: an expired one blocks."""
    rows = Qualification.objects.filter(staff=staff, kind__code=kind, revoked_on__isnull=True).select_related("kind")
    return not any(counts(row, on=on) for row in rows)


def qualifications_visible_to(user: Actor) -> QuerySet[Qualification]:
    """Licences of visible staff, the first to expire first."""
    rows = Qualification.objects.filter(staff__in=staff_visible_to(user), revoked_on__isnull=True)
    return rows.select_related("staff__team", "staff__project", "kind").order_by("valid_to", "id")


def qualifications_expiring(user: Actor, *, within_days: int = 60, on: date | None = None) -> QuerySet[Qualification]:
    """Licences of present staff that expire within some days or have expired."""
    day = on or clock.today()
    present = Q(staff__left_on__isnull=True) | Q(staff__left_on__gte=day)
    return qualifications_visible_to(user).filter(present, valid_to__lte=day + timedelta(days=within_days))


def qualification_kinds() -> QuerySet[QualificationKind]:
    """Every kind of licence known."""
    return QualificationKind.objects.order_by("id")


def contractors_visible_to(user: Actor) -> QuerySet[Contractor]:
    """Contractors of visible nodes, and of nodes above a visible project, whose people may work there."""
    visible = nodes_visible_to(user, VIEW_STAFF)
    above = {path[:end] for path in visible.values_list("path", flat=True) for end in _steps(path)}
    rows = Contractor.objects.filter(Q(node__in=visible) | Q(node__path__in=above))
    return rows.select_related("node").order_by("name")


def _steps(path: str) -> range:
    return range(Node.steplen, len(path), Node.steplen)


def staff_by_zone(project: Project, *, on: date | None = None) -> dict[int, list[Staff]]:
    """Present staff by the id of each zone they work in."""
    found: dict[int, list[Staff]] = {}
    for row in staff_present(project, on=on).prefetch_related("zones"):
        for zone in row.zones.all():
            found.setdefault(zone.pk, []).append(row)
    return found
