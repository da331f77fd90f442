"""Users: inviting, roles at nodes, shutting out; the roles themselves (spec 01)."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org import actions, policies
from wuyou.domains.org.models import Assignment, Role, User
from wuyou.domains.org.policies import may, require
from wuyou.domains.org.queries import (
    all_roles,
    assignments_visible_to,
    has_permission,
    nodes_visible_to,
    users_visible_to,
)
from wuyou.domains.registry.actions import link_user
from wuyou.domains.registry.policies import MANAGE_STAFF
from wuyou.domains.registry.queries import staff_visible_to
from wuyou.faces.console.acting import act
from wuyou.faces.console.history import timeline_of
from wuyou.faces.console.offering import label_rows, offer
from wuyou.faces.console.registry.looking import row_for
from wuyou.kernel import clock
from wuyou.kernel.errors import Missing
from wuyou.kernel.journal.queries import entries_of
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.lists import Button, Column, ListPage, YesNoFilter, cells
from wuyou.ui.pages import Tab
from wuyou.ui.visitor import user_of

from .shown_once import show_code

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def tabs(current: str) -> list[Tab]:
    """Users and roles."""
    pages = (("users", _("Users")), ("roles", _("Roles")))
    return [Tab(label, reverse(f"console:org:{name}"), current=name == current) for name, label in pages]


def role_name(role: Role) -> str:
    """The role's name in the language of the page."""
    return role.name_en if (get_language() or "").startswith("en") else role.name_zh


def user_url(user: User) -> str:
    """The page of a user."""
    return reverse("console:org:user", args=[user.pk])


def user_for(request: HttpRequest, pk: int) -> User:
    """A user the person may manage."""
    user: User = row_for(users_visible_to(user_of(request)), pk)
    return user


def roles_of(user: Any) -> str:
    """The roles a listed user holds, and where."""
    today = clock.today()
    held = [row for row in user.seen if row.revoked_at is None and (row.ends_on is None or row.ends_on >= today)]
    return "、".join(f"{role_name(row.role)} · {row.node.name}" for row in held)


def state_of(user: User) -> object:
    """Shut out, invited or active."""
    if not user.is_active:
        return _("Shut out")
    return _("Active") if user.has_usable_password() else _("Invited")


def state_cell(user: User, value: object) -> Any:
    """The state as a badge."""
    tone = "bad" if not user.is_active else "ok" if user.has_usable_password() else "warn"
    return cells.badge(value, tone)


class UserFilter(django_filters.FilterSet):
    """Users by role and state."""

    role = django_filters.ModelChoiceFilter(label=_("Role"), queryset=None, method="with_role")
    is_active = YesNoFilter(label=_("Active"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Every role."""
        super().__init__(*args, **kwargs)
        self.filters["role"].queryset = all_roles()

    def with_role(self, rows: Any, _name: str, value: Role) -> Any:
        """Users who hold the role somewhere."""
        return rows.filter(assignments__role=value, assignments__revoked_at__isnull=True).distinct()


class UserList(ListPage):
    """Who logs in here."""

    code = "org.users"
    title = _("Users and roles")
    icon = "user-shield"
    template_name = "console/registry/tabbed_list.html"
    filters = UserFilter
    default_sort = "name"
    columns = (
        Column("name", _("Full name"), lambda u: u.full_name, link=user_url, sort="full_name", always=True),
        Column("username", _("Log-in name"), lambda u: u.username, cell=cells.mono, sort="username"),
        Column("roles", _("Roles"), roles_of),
        Column("admin", _("Administrator"), lambda u: _("yes") if u.is_admin else "", shown=False),
        Column("email", _("E-mail"), lambda u: u.email, shown=False),
        Column("seen", _("Last log-in"), lambda u: u.last_login, cell=cells.moment, sort="last_login"),
        Column("state", _("State"), state_of, cell=state_cell),
    )

    def allowed(self) -> None:
        """Only who manages users somewhere."""
        require(self.user, policies.MANAGE_USERS)

    def rows(self) -> Any:
        """Users the person may manage, with the roles that may be seen."""
        seen = Prefetch("assignments", queryset=assignments_visible_to(self.user), to_attr="seen")
        return users_visible_to(self.user).prefetch_related(seen)

    def search(self, rows: Any, text: str) -> Any:
        """By name or log-in name."""
        return rows.filter(Q(full_name__icontains=text) | Q(username__icontains=text))

    def header_actions(self) -> Any:
        """Inviting."""
        return (Button(_("Invite"), reverse("console:org:invite"), icon="user-plus", tone="primary", drawer=True),)

    def context(self) -> dict[str, Any]:
        """Tabs above the list."""
        return {"tabs": tabs("users")}


def is_over(row: Assignment, today: dt.date) -> bool:
    """Whether a role has ended by this day."""
    return row.revoked_at is not None or (row.ends_on is not None and row.ends_on < today)


@require_GET
def user_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A user's roles, and what may be done with them."""
    by, user = user_of(request), user_for(request, pk)
    today = clock.today()
    rows = [
        {"row": row, "name": role_name(row.role), "is_over": is_over(row, today)}
        for row in assignments_visible_to(by).filter(user=user).order_by("-id")
    ]
    is_manager = may(policies.check_manage_user, by, user)
    context = {
        "person": user,
        "state": state_of(user),
        "tone": "bad" if not user.is_active else "ok" if user.has_usable_password() else "warn",
        "assignments": rows,
        "may_manage": is_manager,
        "may_appoint": by.is_admin and not user.is_admin and user.is_active,
        "is_self": by.pk == user.pk,
        "history": timeline_of(entries_of("user", user.pk).order_by("-seq")[:20])
        if has_permission(by, policies.VIEW_JOURNAL)
        else [],
    }
    return render(request, "console/org/user.html", context)


class RoleAtForm(forms.Form):
    """A role at a node, from a day to a day."""

    role: Any = forms.ModelChoiceField(label=_("Role"), queryset=None, empty_label=None)
    node: Any = forms.ModelChoiceField(label=_("Where"), queryset=None, empty_label=None)
    starts_on = forms.DateField(label=_("From"), required=False, widget=DATE)
    ends_on = forms.DateField(label=_("To"), required=False, widget=DATE)
    layout = (Section("", ("role", "node"), ("starts_on", "ends_on")),)

    def __init__(self, *args: Any, nodes: Any, **kwargs: Any) -> None:
        """`nodes` where the person manages users."""
        super().__init__(*args, **kwargs)
        offer(self, role=all_roles())
        label_rows(self, role=role_name)
        offer(self, node=nodes)
        label_rows(self, node=lambda node: f"{'　' * (node.depth - 1)}{node.name}")


class InviteForm(RoleAtForm):
    """Who is invited, as what."""

    username = forms.CharField(label=_("Log-in name"), max_length=60)
    full_name = forms.CharField(label=_("Full name"), max_length=60)
    layout = (Section("", ("full_name", "username"), ("role", "node")),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Without dates: an invitation holds from today."""
        super().__init__(*args, **kwargs)
        del self.fields["starts_on"], self.fields["ends_on"]


class Invite(FormPage):
    """Invite somebody: no e-mail is needed, the code is shown once."""

    title = _("Invite")
    form_class = InviteForm
    submit = _("Invite")
    intro = _("You get a one-time code to hand over, as text and as a QR code. It works for seven days.")

    def allowed(self) -> None:
        """Only who manages users somewhere."""
        require(self.user, policies.MANAGE_USERS)

    def form_arguments(self) -> dict[str, Any]:
        """Where the person manages users."""
        return {"nodes": nodes_visible_to(self.user, policies.MANAGE_USERS).order_by("path")}

    def staff(self) -> Any:
        """The member of staff the invitation is for, if the address names one that may be linked."""
        pk = self.request.GET.get("staff", "")
        rows = staff_visible_to(self.user, MANAGE_STAFF).select_related("project__node")
        return rows.filter(pk=int(pk), user__isnull=True).first() if pk.isdecimal() else None

    def initial(self) -> dict[str, Any]:
        """From the member of staff."""
        staff = self.staff()
        if staff is None:
            return {}
        return {"full_name": staff.name, "username": staff.number.lower(), "node": staff.project.node}

    def back(self) -> str:
        """To the users."""
        return reverse("console:org:users")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Invite, link, and show the code once."""
        staff = self.staff()
        user, code = actions.invite_user(by=self.user, **data)
        if staff is not None:
            link_user(staff, user=user, by=self.user)
        return show_code(self.request, user, code, back=user_url(user))


class UserStep(FormPage):
    """A form about one user."""

    @property
    def person(self) -> User:
        """The user of the address."""
        return user_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who manages this user."""
        policies.check_manage_user(self.user, self.person)

    def back(self) -> str:
        """To the user."""
        return user_url(self.person)


class GrantRole(UserStep):
    """Give a role at a node."""

    title = _("Give a role")
    form_class = RoleAtForm
    submit = _("Give the role")

    def form_arguments(self) -> dict[str, Any]:
        """Where the person manages users."""
        return {"nodes": nodes_visible_to(self.user, policies.MANAGE_USERS).order_by("path")}

    def initial(self) -> dict[str, Any]:
        """From today."""
        return {"starts_on": clock.today()}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Give it."""
        actions.grant_role(self.person, by=self.user, **data)
        return self.done(_("The role was given."), to=self.back())


class UserForm(forms.Form):
    """Name and e-mail."""

    full_name = forms.CharField(label=_("Full name"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False)


class ChangeUser(UserStep):
    """Correct name and e-mail."""

    title = _("Change the user")
    form_class = UserForm

    def initial(self) -> dict[str, Any]:
        """What is known now."""
        person = self.person
        return {"full_name": person.full_name, "email": person.email}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change it."""
        actions.change_user(self.person, by=self.user, **data)
        return self.done(_("The user was changed."), to=self.back())


@require_POST
def user_step(request: HttpRequest, pk: int, name: str, row: int = 0) -> HttpResponse:
    """End a role, shut out, let in, appoint, or give a new one-time code."""
    by, user = user_of(request), user_for(request, pk)
    if name == "new-code":
        return show_code(request, user, actions.send_new_code(user, by=by), back=user_url(user))
    steps: dict[str, tuple[Any, object]] = {
        "end-role": (
            lambda: actions.end_assignment(row_for(assignments_visible_to(by).filter(user=user), row), by=by),
            _("The role ended."),
        ),
        "shut-out": (lambda: actions.deactivate_user(user, by=by), _("The user is shut out.")),
        "let-in": (lambda: actions.reactivate_user(user, by=by), _("The user may log in again.")),
        "appoint": (lambda: actions.appoint_administrator(user, by=by), _("The user is an administrator now.")),
    }
    if name not in steps:
        raise Missing(_("There is no such step."))
    what, said = steps[name]
    return act(request, what, said=said, to=user_url(user))
