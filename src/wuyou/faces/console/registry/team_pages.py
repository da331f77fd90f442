"""Teams, posts and outside companies (spec 01)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org.policies import may, require
from wuyou.domains.org.queries import nodes_visible_to, projects_visible_to
from wuyou.domains.registry import actions, policies, queries
from wuyou.domains.registry.models import Contractor
from wuyou.faces.console.acting import act
from wuyou.faces.console.offering import offer
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.visitor import user_of

from .looking import project_in_view, row_for, staff_tabs

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


@require_GET
def teams(request: HttpRequest) -> HttpResponse:
    """Teams with their people, posts with the heads they need."""
    user = user_of(request)
    require(user, policies.VIEW_PLACES)
    project = project_in_view(request)
    posts = queries.posts_visible_to(user).filter(project=project) if project else []
    rows = queries.teams_with_heads(user).filter(project=project) if project else []
    context = {
        "project": project,
        "teams": rows,
        "posts": posts,
        "tabs": staff_tabs("teams"),
        "may_manage": project is not None and may(policies.check_manage_places, user, project),
    }
    return render(request, "console/registry/teams.html", context)


class TeamForm(forms.Form):
    """A team's name."""

    name = forms.CharField(label=_("Name"), max_length=40)


class ProjectStep(FormPage):
    """A form about the project in view."""

    @property
    def project(self) -> Any:
        """The project in view; 404 without one."""
        project = project_in_view(self.request)
        return row_for(projects_visible_to(self.user, policies.VIEW_PLACES), project.pk if project else 0)

    def allowed(self) -> None:
        """Only who manages the project's teams."""
        policies.check_manage_places(self.user, self.project)

    def back(self) -> str:
        """To the teams."""
        return reverse("console:registry:teams")


class NewTeam(ProjectStep):
    """A new team."""

    title = _("New team")
    form_class = TeamForm
    submit = _("Add")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Add it."""
        actions.add_team(project=self.project, name=data["name"], by=self.user)
        return self.done(_("The team was added."), to=self.back())


class PostForm(forms.Form):
    """A post: how many heads at a time, how long."""

    team: Any = forms.ModelChoiceField(label=_("Team"), queryset=None, empty_label=None)
    name = forms.CharField(label=_("Name"), max_length=40)
    heads = forms.IntegerField(label=_("Heads at a time"), min_value=1, initial=1)
    hours_per_day = forms.DecimalField(label=_("Hours a day"), min_value=0, max_value=24, decimal_places=1, initial=24)
    days_per_week = forms.IntegerField(label=_("Days a week"), min_value=1, max_value=7, initial=7)
    qualification: Any = forms.ModelChoiceField(label=_("Licence asked for"), queryset=None, required=False)
    layout = (Section("", ("team", "name"), ("heads", "hours_per_day", "days_per_week"), "qualification"),)

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        """`teams` of the project."""
        super().__init__(*args, **kwargs)
        offer(self, team=teams)
        offer(self, qualification=queries.qualification_kinds())


class NewPost(ProjectStep):
    """A new post."""

    title = _("New post")
    form_class = PostForm
    submit = _("Add")

    def form_arguments(self) -> dict[str, Any]:
        """The project's teams."""
        return {"teams": queries.teams_visible_to(self.user).filter(project=self.project)}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Add it."""
        actions.add_post(by=self.user, **data)
        return self.done(_("The post was added."), to=self.back())


@require_POST
def close_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a post from today."""
    post = row_for(queries.posts_visible_to(user_of(request)).select_related("project__node"), pk)
    to = reverse("console:registry:teams")
    return act(request, lambda: actions.close_post(post, by=user_of(request)), said=_("The post was closed."), to=to)


class ContractorForm(forms.Form):
    """What is known of an outside company."""

    name = forms.CharField(label=_("Name"), max_length=120)
    trade = forms.CharField(label=_("Trade"), max_length=60, required=False)
    licence = forms.CharField(label=_("Licence number"), max_length=60, required=False)
    contact = forms.CharField(label=_("Contact"), max_length=120, required=False)
    insured_until = forms.DateField(label=_("Insured until"), required=False, widget=DATE)


class NewContractorForm(ContractorForm):
    """Where the company works."""

    node: Any = forms.ModelChoiceField(label=_("Works below"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, nodes: Any, **kwargs: Any) -> None:
        """`nodes` where the person asking manages staff."""
        super().__init__(*args, **kwargs)
        offer(self, node=nodes)


class NewContractor(FormPage):
    """Enter an outside company."""

    title = _("New contractor")
    form_class = NewContractorForm
    submit = _("Add")

    def allowed(self) -> None:
        """Only who manages staff somewhere."""
        require(self.user, policies.MANAGE_STAFF)

    def form_arguments(self) -> dict[str, Any]:
        """Where that is."""
        return {"nodes": nodes_visible_to(self.user, policies.MANAGE_STAFF)}

    def back(self) -> str:
        """To the contractors."""
        return reverse("console:registry:contractors")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Add it."""
        actions.add_contractor(by=self.user, **data)
        return self.done(_("The contractor was added."), to=self.back())


class ChangeContractor(FormPage):
    """Change what is known of an outside company."""

    form_class = ContractorForm
    title = _("Contractor")
    template_name = "console/registry/contractor.html"

    @property
    def contractor(self) -> Contractor:
        """The contractor of the address."""
        contractor: Contractor = row_for(queries.contractors_visible_to(self.user), self.kwargs["pk"])
        return contractor

    def allowed(self) -> None:
        """Only who manages contractors of the node."""
        policies.check_manage_contractors(self.user, self.contractor.node)

    def initial(self) -> dict[str, Any]:
        """What is known now."""
        row = self.contractor
        return {name: getattr(row, name) for name in ContractorForm.base_fields}

    def back(self) -> str:
        """To the contractors."""
        return reverse("console:registry:contractors")

    def context(self) -> dict[str, Any]:
        """The contractor, to end the work with."""
        return {"contractor": self.contractor}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change it."""
        actions.change_contractor(self.contractor, by=self.user, **data)
        return self.done(_("The contractor was changed."), to=self.back())


@require_POST
def end_contractor(request: HttpRequest, pk: int) -> HttpResponse:
    """End the work with a contractor."""
    row = row_for(queries.contractors_visible_to(user_of(request)), pk)
    to = reverse("console:registry:contractors")
    return act(request, lambda: actions.end_contractor(row, by=user_of(request)), said=_("The work was ended."), to=to)
