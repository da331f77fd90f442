"""Users, roles, assignments, permissions, webhooks."""

from typing import Any

from django.http import HttpRequest

from wuyou.domains.org import actions, queries
from wuyou.domains.org.actions.webhooks import EVENTS
from wuyou.domains.org.models import Assignment, Role, User, WebhookDelivery, WebhookEndpoint
from wuyou.domains.org.permissions import all_permissions
from wuyou.domains.org.policies import MANAGE_SYSTEM, MANAGE_USERS
from wuyou.faces.api.access import SEE_SELF
from wuyou.faces.api.operations import Acts, maybe, ref, told
from wuyou.faces.api.questions import ask, ask_of
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Code, Day, column, listed, one_of, text

from . import router
from .tree import NODES

USERS = Resource(
    "users",
    shape("User", User, "id username full_name email language is_active is_admin created_at"),
    lambda user: queries.users_visible_to(user).order_by("username"),
    view=[MANAGE_USERS],
    filters={"is_active": Filter(bool, "is_active"), "username": Filter(text(60), "username")},
    sorts={"username": "username", "created_at": "created_at"},
    search=("username", "full_name"),
)
ROLES = Resource(
    "roles",
    shape("Role", Role, "id code name_zh name_en permissions is_standard"),
    lambda user: queries.all_roles(),
    view=[MANAGE_USERS],
    filters={"code": Filter(text(40), "code")},
    sorts={"code": "code"},
)
ASSIGNMENTS = Resource(
    "assignments",
    shape(
        "Assignment", Assignment, "id user role node starts_on ends_on granted_by revoked_at",
        username="user.username", role_code="role.code", node_name="node.name",
    ),
    queries.assignments_visible_to,
    view=[MANAGE_USERS],
    filters={"user_id": ids("user"), "role_id": ids("role"), "node_id": ids("node")},
    sorts={"starts_on": "starts_on"},
)  # fmt: skip
WEBHOOKS = Resource(
    "webhooks",
    shape("Webhook", WebhookEndpoint, "id node url events made_by made_at disabled_at"),
    queries.webhooks_visible_to,
    view=[MANAGE_SYSTEM],
    filters={"node_id": ids("node")},
    sorts={"made_at": "made_at"},
)
DELIVERY = shape("WebhookDelivery", WebhookDelivery, "id event made_at attempts status error delivered_at")
INVITED = told(
    "Invited", lambda given: {"user_id": given[0].pk, "username": given[0].username, "code": given[1]},
    user_id=int, username=str, code=str,
)  # fmt: skip
NAMES = {"name_zh": column(Role, "name_zh"), "name_en": column(Role, "name_en"), "permissions": listed(Code, 200, 0)}

USERS.expose(router)
on_users = Acts(router, USERS, [MANAGE_USERS])
on_users.free(
    "/users", "invite", actions.invite_user,
    {
        "username": column(User, "username"), "full_name": column(User, "full_name"), "role": ref(ROLES),
        "node": ref(NODES),
    },
    status=201, answer=INVITED, by_person=True, secret=True,
)  # fmt: skip
on_users.patch(actions.change_user, {"full_name": column(User, "full_name"), "email": text(254)})
on_users.post("deactivate", actions.deactivate_user)
on_users.post("reactivate", actions.reactivate_user)
on_users.post("appoint-administrator", actions.appoint_administrator, by_person=True)
on_users.post(
    "new-code", actions.send_new_code, by_person=True, secret=True,
    answer=told("OneTimeCode", lambda code: {"code": code}, code=str),
)  # fmt: skip

ROLES.expose(router)
on_roles = Acts(router, ROLES, [MANAGE_USERS])
on_roles.add(actions.add_role, {"code": column(Role, "code"), **NAMES})
on_roles.patch(actions.change_role, NAMES)

ASSIGNMENTS.expose(router)
on_assignments = Acts(router, ASSIGNMENTS, [MANAGE_USERS])


def grant(*, user: User, by: User, **given: Any) -> Assignment:
    """Give a role at a node; nobody gives rights they do not hold there themselves."""
    return actions.grant_role(user, by=by, **given)


on_assignments.add(
    grant,
    {
        "user": ref(USERS), "role": ref(ROLES), "node": ref(NODES), "starts_on": maybe(Day | None),
        "ends_on": maybe(Day | None),
    },
)  # fmt: skip
on_assignments.post("end", actions.end_assignment)

WEBHOOKS.expose(router)
on_webhooks = Acts(router, WEBHOOKS, [MANAGE_SYSTEM])


def with_secret(endpoint: WebhookEndpoint) -> dict[str, Any]:
    """A new endpoint with the secret its deliveries are signed with; it is not shown again here."""
    return {"id": endpoint.pk, "secret": endpoint.secret}


on_webhooks.free(
    "/webhooks", "add", actions.add_endpoint,
    {"node": ref(NODES), "url": text(300, least=1), "events": listed(one_of(EVENTS), len(EVENTS))},
    status=201, secret=True, answer=told("WebhookSecret", with_secret, id=int, secret=str),
)  # fmt: skip
on_webhooks.post("disable", actions.disable_endpoint, answer=None)


def deliveries(endpoint: WebhookEndpoint, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """The latest hundred deliveries: what was sent, how often, what came back."""
    return DELIVERY.all(queries.deliveries_of(endpoint)[:100])


ask_of(router, WEBHOOKS, "deliveries", deliveries, list[DELIVERY.model], [MANAGE_SYSTEM])  # type: ignore[name-defined]


def permissions(request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """Every right there is, by code."""
    return [{"code": right.code, "label": str(right.label)} for right in all_permissions()]


PERMISSION = told("Permission", lambda right: right, code=str, label=str).model
ask(router, "/permissions", "permissions_list", permissions, list[PERMISSION], [SEE_SELF])  # type: ignore[valid-type]
