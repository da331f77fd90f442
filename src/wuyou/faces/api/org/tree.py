"""Nodes and projects."""

from wuyou.domains.org import actions
from wuyou.domains.org.choices import NodeKind, ProjectKind
from wuyou.domains.org.models import Node, Project
from wuyou.domains.org.policies import MANAGE_ORGANISATION
from wuyou.domains.org.queries import nodes_visible_to, projects_visible_to
from wuyou.faces.api.access import SEE_SELF
from wuyou.faces.api.operations import Acts, maybe, ref
from wuyou.faces.api.resources import Filter, Resource
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Day, Json, choice, column, text

from . import router

NODES = Resource(
    "nodes",
    shape("Node", Node, "id kind name code depth path"),
    lambda user: nodes_visible_to(user).order_by("path"),
    view=[SEE_SELF],
    filters={"kind": Filter(choice(NodeKind), "kind"), "below": Filter(text(200), "path__startswith")},
    sorts={"name": "name", "code": "code", "path": "path"},
    search=("name", "code"),
)
PROJECTS = Resource(
    "projects",
    shape(
        "Project", Project,
        "id node code name kind city address service_hours facts plan_image opened_on closed_on",
    ),
    lambda user: projects_visible_to(user).order_by("code"),
    view=[SEE_SELF],
    filters={
        "kind": Filter(choice(ProjectKind), "kind"),
        "code": Filter(text(20), "code"),
        "city": Filter(text(40), "city"),
    },
    sorts={"code": "code", "name": "name", "opened_on": "opened_on"},
    search=("name", "code"),
)  # fmt: skip
HOURS = Json
FACTS = {
    "kind": maybe(choice(ProjectKind)),
    "city": maybe(column(Project, "city")),
    "address": maybe(column(Project, "address")),
    "service_hours": maybe(HOURS),
    "facts": maybe(Json),
    "opened_on": maybe(Day | None),
}

NODES.expose(router)
on_nodes = Acts(router, NODES, [MANAGE_ORGANISATION])
on_nodes.add(
    actions.add_node,
    {
        "parent": ref(NODES, empty=True), "kind": choice(NodeKind), "name": column(Node, "name"),
        "code": column(Node, "code"),
    },
)  # fmt: skip
on_nodes.patch(actions.change_node, {"name": column(Node, "name")})
on_nodes.post("move", actions.move_node, {"to": ref(NODES)})

PROJECTS.expose(router)
on_projects = Acts(router, PROJECTS, [MANAGE_ORGANISATION])
on_projects.add(
    actions.add_project,
    {
        "parent": ref(NODES, empty=True), "code": column(Project, "code"), "name": column(Project, "name"), **FACTS,
    },
)  # fmt: skip
on_projects.patch(actions.change_project, FACTS)
on_projects.post("close", actions.close_project, {"on": Day})
