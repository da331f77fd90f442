"""Reads of the organisation. Every list of every app starts from what is visible to a user."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from wuyou.kernel import clock
from wuyou.kernel.actors import Actor, System
from wuyou.kernel.errors import Missing

from . import rules
from .models import (
    ApiToken,
    Assignment,
    Comment,
    Node,
    Project,
    Role,
    SavedView,
    User,
    WebhookDelivery,
    WebhookEndpoint,
)


@dataclass(frozen=True, slots=True)
class Held:
    """A role in force: where (the path of its node) and what it allows."""

    path: str
    role: str
    permissions: frozenset[str]


def assignments_in_force(user: User, *, on: date | None = None) -> QuerySet[Assignment]:
    """The roles a user holds on a day (today by default)."""
    day = on or clock.today()
    held = Assignment.objects.filter(user=user, starts_on__lte=day, revoked_at__isnull=True)
    return held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def held_by(user: User) -> list[Held]:
    """The user's roles today, read once per user object and day: a request asks many times."""
    kept: tuple[date, list[Held]] | None = user.__dict__.get("_held")
    if kept and kept[0] == clock.today():
        return kept[1]
    rows = assignments_in_force(user).select_related("role", "node") if user.is_active else []
    held = [Held(row.node.path, row.role.code, _within_scopes(user, row.role.permissions)) for row in rows]
    user.__dict__["_held"] = (clock.today(), held)
    return held


def narrow_to(user: User, scopes: Iterable[str]) -> None:
    """Let this user object hold only what the scopes of a token allow too; every policy sees the narrowed rights.

    Administration of the installation goes only with a token for everything. The record itself is not changed.
    """
    user.__dict__["_scopes"] = tuple(scopes)
    user.is_admin = user.is_admin and "*" in user.__dict__["_scopes"]
    forget_held(user)


def _within_scopes(user: User, permissions: Iterable[str]) -> frozenset[str]:
    scopes: tuple[str, ...] | None = user.__dict__.get("_scopes")
    return frozenset(code for code in permissions if scopes is None or rules.scope_allows(scopes, code))


def forget_held(user: User) -> None:
    """Read the user's roles anew next time; called after a role was granted or ended."""
    user.__dict__.pop("_held", None)


def is_all_powerful(user: Actor) -> bool:
    """Whether `user` is one of our machines or administers the installation; a stranger is neither."""
    return isinstance(user, System) or (isinstance(user, User) and user.is_admin)


def _paths(user: Actor, permission: str | None) -> list[str]:
    if not isinstance(user, User):  # a stranger holds nothing
        return []
    return [held.path for held in held_by(user) if permission is None or permission in held.permissions]


def nodes_visible_to(user: Actor, permission: str | None = None) -> QuerySet[Node]:
    """Nodes in the subtree of the user's roles; with `permission`, of those that carry it. All for a machine."""
    if isinstance(user, System):
        return Node.objects.all()
    paths = _paths(user, permission)
    if not paths:
        return Node.objects.none()
    return Node.objects.filter(reduce(or_, (Q(path__startswith=path) for path in paths)))


def projects_visible_to(user: Actor, permission: str | None = None) -> QuerySet[Project]:
    """Projects in the subtree of the user's roles, or of the roles that carry `permission`."""
    if isinstance(user, System):
        return Project.objects.all()
    return Project.objects.filter(node__in=nodes_visible_to(user, permission))


def has_permission(user: Actor, permission: str, node: Node | None = None) -> bool:
    """Whether the user holds the permission at (or above) the node, or anywhere when no node is given."""
    if isinstance(user, System):
        return True
    return any(node is None or node.path.startswith(path) for path in _paths(user, permission))


def chain_of(where: Project | Node) -> str:
    """The journal chain an act belongs to: the project's own, or its organisation root's for acts above projects."""
    if isinstance(where, Project):
        return f"project:{where.pk}"
    root_path = where.path[: Node.steplen]
    root = where if where.path == root_path else Node.objects.only("id").get(path=root_path)
    return f"node:{root.pk}"


def users_visible_to(user: Actor) -> QuerySet[User]:
    """Users with a role somewhere `user` manages users; administrators see everybody."""
    if is_all_powerful(user):
        return User.objects.all()
    nodes = nodes_visible_to(user, "org.manage_users")
    return User.objects.filter(assignments__node__in=nodes).distinct()


def assignments_visible_to(user: Actor) -> QuerySet[Assignment]:
    """Roles granted at nodes where `user` manages users, with their user, role and node."""
    rows = Assignment.objects.select_related("user", "role", "node").order_by("node__path", "user__username", "id")
    if is_all_powerful(user):
        return rows
    return rows.filter(node__in=nodes_visible_to(user, "org.manage_users"))


def roles_grantable_by(user: User, node: Node) -> list[Role]:
    """The roles `user` may give at a node: those whose every right is held there."""
    if user.is_admin:
        return list(Role.objects.all())
    return [role for role in Role.objects.all() if all(has_permission(user, code, node) for code in role.permissions)]


def is_installed() -> bool:
    """Whether anybody can log in yet: an empty installation has no user."""
    return User.objects.exists()


def role_of(code: str) -> Role:
    """A role by its code; raises Missing."""
    role = Role.objects.filter(code=code).first()
    if role is None:
        raise Missing(_("There is no role %(code)s."), code=code)
    return role


def all_roles() -> QuerySet[Role]:
    """Every role, standard ones first; what a role allows is no secret."""
    return Role.objects.order_by("-is_standard", "id")


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """A user's own tokens, newest first."""
    return ApiToken.objects.filter(user=user).order_by("-id")


def saved_views_for(user: User, page: str) -> QuerySet[SavedView]:
    """The user's own views of a page and those that colleagues share."""
    roots = {held.path[: Node.steplen] for held in held_by(user)}
    colleagues = Assignment.objects.filter(reduce(or_, (Q(node__path__startswith=root) for root in roots), Q(pk=None)))
    shared = Q(is_shared=True, user__in=colleagues.values("user"))
    return SavedView.objects.filter(Q(user=user) | shared, page=page).select_related("user")


def saved_views_of(user: User) -> QuerySet[SavedView]:
    """The user's own views of every page."""
    return SavedView.objects.filter(user=user).order_by("page", "name")


def comments_by(user: User) -> QuerySet[Comment]:
    """What a user has remarked, newest first."""
    return Comment.objects.filter(author=user).select_related("author").order_by("-id")


def comments_on(kind: str, subject_id: object) -> QuerySet[Comment]:
    """Remarks on a record, oldest first. The caller has checked that the record is visible."""
    return Comment.objects.filter(subject_kind=kind, subject_id=str(subject_id)).select_related("author")


def webhooks_visible_to(user: Actor) -> QuerySet[WebhookEndpoint]:
    """Endpoints at nodes where `user` manages the system."""
    rows = WebhookEndpoint.objects.select_related("node").order_by("-id")
    if is_all_powerful(user):
        return rows
    return rows.filter(node__in=nodes_visible_to(user, "org.manage_system"))


def deliveries_of(endpoint: WebhookEndpoint) -> QuerySet[WebhookDelivery]:
    """What an endpoint was told, newest first."""
    return WebhookDelivery.objects.filter(endpoint=endpoint).order_by("-id")


def users_holding(permission: str, where: Project | Node) -> list[int]:
    """Ids of active users who hold a permission at a project or node today: whom to tell of what needs doing there."""
    held = _in_force_at(where).values_list("user_id", "role__permissions")
    return sorted({user_id for user_id, permissions in held if permission in permissions})


def users_in_role(role: str, where: Project | Node) -> list[int]:
    """Ids of active users who hold a role (its code) at a project or node today, or above it."""
    return sorted(set(_in_force_at(where).filter(role__code=role).values_list("user_id", flat=True)))


def _in_force_at(where: Project | Node) -> QuerySet[Assignment]:
    node = where.node if isinstance(where, Project) else where
    day = clock.today()
    paths = [node.path[:end] for end in range(Node.steplen, len(node.path) + 1, Node.steplen)]
    rows = Assignment.objects.filter(node__path__in=paths, starts_on__lte=day, revoked_at__isnull=True)
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), user__is_active=True)


READ_JOURNAL = "org.view_journal"  # declared in policies, which stand above these reads


@dataclass(frozen=True, slots=True)
class VisibleChain:
    """A journal chain somebody may read, and what it tells of."""

    key: str
    label: str


def chains_visible_to(user: Actor) -> list[VisibleChain]:
    """The journal chains of visible projects, and of roots whose journal the user may read; administrators see all."""
    roots = Node.objects.filter(depth=1).order_by("path")
    above = [VisibleChain(f"node:{root.pk}", root.name) for root in roots if has_permission(user, READ_JOURNAL, root)]
    projects = projects_visible_to(user, READ_JOURNAL).order_by("code")
    below = [VisibleChain(f"project:{project.pk}", project.name) for project in projects]
    is_admin = not isinstance(user, User) or user.is_admin
    own = [VisibleChain("installation", "installation"), VisibleChain("node:0", "node:0")] if is_admin else []
    return [*below, *above, *own]
