"""The organisation: group, regions, city companies, projects (spec 01)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from wuyou.domains.org import actions, policies
from wuyou.domains.org.choices import NodeKind, ProjectKind
from wuyou.domains.org.models import Node, Project
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import nodes_visible_to, projects_visible_to
from wuyou.domains.org.rules import may_stand_below
from wuyou.faces.console.hours import EVERY_DAY, HoursField
from wuyou.faces.console.offering import offer
from wuyou.faces.console.registry.looking import row_for
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.visitor import user_of

DAYS = (*EVERY_DAY, "holiday")
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
ICONS = {"group": "building-skyscraper", "region": "map-2", "city": "building", "project": "building-community"}
FACTS = {
    "key_unit": _("Key fire-safety unit (named by the fire authority)"),
    "lightning": _("Has lightning protection that is inspected"),
    "common_income": _("Has income from common parts (advertising, parking)"),
}


def node_for(request: HttpRequest, pk: int) -> Node:
    """A node where the person manages the organisation."""
    node: Node = row_for(nodes_visible_to(user_of(request), policies.MANAGE_ORGANISATION), pk)
    return node


@require_GET
def tree(request: HttpRequest) -> HttpResponse:
    """The whole tree below what the person manages."""
    user = user_of(request)
    require(user, policies.MANAGE_ORGANISATION)
    nodes = list(nodes_visible_to(user, policies.MANAGE_ORGANISATION).select_related("project").order_by("path"))
    top = min((node.depth for node in nodes), default=1)
    rows = [
        {
            "node": node,
            "icon": ICONS[node.kind],
            "indent": (node.depth - top) * 26,
            "project": node.project if node.kind == NodeKind.PROJECT else None,
        }
        for node in nodes
    ]
    return render(request, "console/org/tree.html", {"rows": rows, "may_root": user.is_admin})


class NodeForm(forms.Form):
    """A level, a name and a code."""

    kind = forms.ChoiceField(label=_("Level"))
    name = forms.CharField(label=_("Name"), max_length=80)
    code = forms.CharField(label=_("Code"), max_length=20, help_text=_("Short, once in the company, e.g. JT."))

    def __init__(self, *args: Any, below: str | None, **kwargs: Any) -> None:
        """Levels that may stand below `below`."""
        super().__init__(*args, **kwargs)
        fitting = [kind for kind in NodeKind if may_stand_below(kind, below)]
        offer(self, kind=[(kind.value, kind.label) for kind in fitting])


class AddNode(FormPage):
    """A region, city company or project below a node."""

    title = _("Add to the organisation")
    form_class = NodeForm
    submit = _("Add")

    @property
    def parent(self) -> Node:
        """The node above."""
        return node_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who manages the organisation there."""
        require(self.user, policies.MANAGE_ORGANISATION, self.parent)

    def form_arguments(self) -> dict[str, Any]:
        """What may stand below."""
        return {"below": self.parent.kind}

    def back(self) -> str:
        """To the tree."""
        return reverse("console:org:tree")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Add it; a project goes on to its own page."""
        if data["kind"] == NodeKind.PROJECT:
            hours = {day: ["08:00", "18:00"] for day in EVERY_DAY}
            project = actions.add_project(
                parent=self.parent, code=data["code"], name=data["name"], by=self.user, service_hours=hours
            )
            to = reverse("console:org:project", args=[project.pk])
            return self.done(_("The project was added. Check what is known of it."), to=to)
        actions.add_node(parent=self.parent, by=self.user, **data)
        return self.done(_("Added."), to=self.back())


class NameForm(forms.Form):
    """A new name."""

    name = forms.CharField(label=_("Name"), max_length=80)


class NodeStep(FormPage):
    """A form about one node."""

    @property
    def node(self) -> Node:
        """The node of the address."""
        return node_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who manages the organisation there."""
        require(self.user, policies.MANAGE_ORGANISATION, self.node)

    def back(self) -> str:
        """To the tree."""
        return reverse("console:org:tree")


class RenameNode(NodeStep):
    """Another name; the code stays."""

    title = _("Rename")
    form_class = NameForm

    def initial(self) -> dict[str, Any]:
        """The present name."""
        return {"name": self.node.name}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Rename it."""
        actions.change_node(self.node, name=data["name"], by=self.user)
        return self.done(_("Renamed."), to=self.back())


class MoveForm(forms.Form):
    """Another node above."""

    to: Any = forms.ModelChoiceField(label=_("Move it below"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, nodes: Any, **kwargs: Any) -> None:
        """`nodes` to choose from."""
        super().__init__(*args, **kwargs)
        offer(self, to=nodes)


class MoveNode(NodeStep):
    """Hang a node, with everything below it, below another one."""

    title = _("Move in the organisation")
    form_class = MoveForm
    submit = _("Move")
    intro = _("Roles held above the new place apply from now on; history stays.")

    def form_arguments(self) -> dict[str, Any]:
        """Nodes that are not projects and not below this one."""
        node = self.node
        nodes = nodes_visible_to(self.user, policies.MANAGE_ORGANISATION).exclude(kind=NodeKind.PROJECT)
        return {"nodes": nodes.exclude(path__startswith=node.path).order_by("path")}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Move it."""
        actions.move_node(self.node, to=data["to"], by=self.user)
        return self.done(_("Moved."), to=self.back())


class ProjectForm(forms.Form):
    """What is known of a project."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ProjectKind.choices)
    city = forms.CharField(label=_("City"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    opened_on = forms.DateField(label=_("Opened on"), required=False, widget=DATE)
    service_hours = HoursField(label=_("Service hours"), required=False, days=DAYS)
    facts = forms.MultipleChoiceField(
        label=_("Facts nobody can derive"), choices=list(FACTS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    layout = (
        Section(_("Project"), ("kind", "city"), "address", "opened_on"),
        Section(_("Service hours"), "service_hours"),
        Section(_("For statutory duties"), "facts"),
    )


def project_for(request: HttpRequest, pk: int) -> Project:
    """A project where the person manages the organisation."""
    rows = projects_visible_to(user_of(request), policies.MANAGE_ORGANISATION).select_related("node")
    project: Project = row_for(rows, pk)
    return project


class ProjectPage(FormPage):
    """Kind, address, service hours and facts of a project."""

    form_class: type[forms.BaseForm] = ProjectForm

    @property
    def project(self) -> Project:
        """The project of the address."""
        return project_for(self.request, self.kwargs["pk"])

    @property
    def title(self) -> object:  # type: ignore[override]
        """Its name."""
        return self.project.name

    def allowed(self) -> None:
        """Only who manages the organisation there."""
        require(self.user, policies.MANAGE_ORGANISATION, self.project)

    def initial(self) -> dict[str, Any]:
        """What is known now."""
        project = self.project
        known = {name: getattr(project, name) for name in ("kind", "city", "address", "opened_on", "service_hours")}
        return {**known, "facts": [name for name in FACTS if project.facts.get(name)]}

    def back(self) -> str:
        """To the tree."""
        return reverse("console:org:tree")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change it; facts this form does not know stay."""
        project = self.project
        facts = {**project.facts, **{name: name in data["facts"] for name in FACTS}}
        actions.change_project(project, by=self.user, **{**data, "facts": facts})
        return self.done(_("The project was changed."), to=self.back())


class CloseForm(forms.Form):
    """The last day of service."""

    on = forms.DateField(label=_("Last day of service"), widget=DATE)


class CloseProject(ProjectPage):
    """End the service of a project."""

    form_class = CloseForm
    submit = _("Close the project")
    intro = _("Nothing is deleted: what was done stays readable. No new work is planned after that day.")

    def initial(self) -> dict[str, Any]:
        """Nothing to start from."""
        return {}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Close it."""
        actions.close_project(self.project, on=data["on"], by=self.user)
        return self.done(_("The project was closed."), to=self.back())
