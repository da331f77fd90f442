"""Changes of the organisation tree and of projects (spec 01)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org import events, policies, rules
from wuyou.domains.org.choices import NodeKind
from wuyou.domains.org.models import Node, Project
from wuyou.domains.org.queries import chain_of
from wuyou.kernel import clock, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action


@action
def add_node(*, parent: Node | None, kind: str, name: str, code: str, by: Actor) -> Node:
    """Add a group, region or city company; raises Invalid for a level that does not fit or a code in use (spec 01)."""
    policies.require(by, policies.MANAGE_ORGANISATION, parent)
    _check_node(kind=kind, name=name, code=code, parent=parent)
    fields = {"kind": kind, "name": name.strip(), "code": code.strip()}
    node = _added(parent, fields)
    _record("org.node_added", node, by=by, name=node.name)
    return node


@action
def add_project(*, parent: Node | None, code: str, name: str, by: Actor, **facts: Any) -> Project:
    """Add a project below a node (or as a company of one estate); `facts` are fields of Project (spec 01)."""
    policies.require(by, policies.MANAGE_ORGANISATION, parent)
    _check_service_hours(facts.get("service_hours", {}))
    _check_node(kind=NodeKind.PROJECT, name=name, code=code, parent=parent)
    fields = {"kind": NodeKind.PROJECT, "name": name.strip(), "code": code.strip()}
    node = _added(parent, fields)
    project = Project.objects.create(node=node, code=node.code, name=node.name, **facts)
    journal.record("org.project_added", chain=chain_of(project), by=by, subject=("project", project.pk, project.name))
    events.project_added.send(Project, project_id=project.pk)
    return project


@action
def change_node(node: Node, *, name: str, by: Actor) -> Node:
    """Rename a node; its project keeps the same name."""
    policies.require(by, policies.MANAGE_ORGANISATION, node)
    if not name.strip():
        raise Invalid(fields={"name": _("A name is needed.")})
    before, node.name = node.name, name.strip()
    node.save(update_fields=["name"])
    Project.objects.filter(node=node).update(name=node.name)
    _record("org.node_renamed", node, by=by, before=before, after=node.name)
    return node


@action
def move_node(node: Node, *, to: Node, by: Actor) -> Node:
    """Hang a node below another one; history stays, since records point at the node, not at its path (spec 01)."""
    policies.require(by, policies.MANAGE_ORGANISATION, node)
    policies.require(by, policies.MANAGE_ORGANISATION, to)
    node, to = _locked(node), _locked(to)
    if to.path.startswith(node.path) or not rules.may_stand_below(node.kind, to.kind):
        raise Invalid(fields={"to": _("This node cannot stand there.")})
    before = Node.objects.get_parent(node)
    Node.objects.move(node, to, pos="last-child")
    moved = Node.objects.get(pk=node.pk)
    _record("org.node_moved", moved, by=by, before=before.name if before else "", after=to.name)
    return moved


@action
def change_project(project: Project, *, by: Actor, **facts: Any) -> Project:
    """Change what is known of a project: kind, city, address, service hours, facts, plan image, opening day."""
    policies.require(by, policies.MANAGE_ORGANISATION, project)
    if "service_hours" in facts:
        _check_service_hours(facts["service_hours"], before=project.service_hours)
    before = {name: getattr(project, name) for name in facts}
    for name, value in facts.items():
        setattr(project, name, value)
    project.save(update_fields=list(facts))
    journal.record(
        "org.project_changed",
        chain=chain_of(project),
        by=by,
        subject=("project", project.pk, project.name),
        data={"before": before, "after": facts},
    )
    return project


@action
def close_project(project: Project, *, on: dt.date, by: Actor) -> Project:
    """End the service of a project; nothing is deleted. Raises Conflict when it is closed already."""
    policies.require(by, policies.MANAGE_ORGANISATION, project)
    if Project.objects.filter(pk=project.pk, closed_on__isnull=True).update(closed_on=on) != 1:
        raise Conflict(_("The project is closed already."))
    project.closed_on = on
    journal.record(
        "org.project_closed",
        chain=chain_of(project),
        by=by,
        subject=("project", project.pk, project.name),
        data={"on": on, "at": clock.now()},
    )
    events.project_closed.send(Project, project_id=project.pk)
    return project


def _added(parent: Node | None, fields: dict[str, Any]) -> Node:
    if parent is None:
        return Node.objects.add_root(create_kwargs=fields)
    return Node.objects.add_child(_locked(parent), create_kwargs=fields)


def _locked(node: Node) -> Node:
    """The node as it is now, its tree's root row locked: two people changing a tree go one after the other."""
    Node.objects.select_for_update().get(path=node.path[: Node.steplen])
    return Node.objects.get(pk=node.pk)


def _check_node(*, kind: str, name: str, code: str, parent: Node | None) -> None:
    fields: dict[str, object] = {}
    if not rules.may_stand_below(kind, parent.kind if parent else None):
        fields["kind"] = _("This level cannot stand there.")
    if not name.strip():
        fields["name"] = _("A name is needed.")
    if not code.strip():
        fields["code"] = _("A code is needed.")
    elif Node.objects.filter(code=code.strip()).exists():
        fields["code"] = _("This code is in use.")
    if fields:
        raise Invalid(fields=fields)


def _check_service_hours(hours: Mapping[str, Any], *, before: Mapping[str, Any] | None = None) -> None:
    """Raise Invalid for hours that cannot be, and for a week without any: clocks would stand still."""
    if (hours or before) and not any(hours.values()):
        raise Invalid(fields={"service_hours": _("A week needs working hours, or time counted in them never passes.")})
    if rules.faulty_service_days(hours):
        raise Invalid(fields={"service_hours": _("Service hours are pairs of times such as 08:00-18:00, in order.")})


def _record(verb: str, node: Node, *, by: Actor, **data: object) -> None:
    journal.record(verb, chain=chain_of(node), by=by, subject=("node", node.pk, node.name), data=data)
