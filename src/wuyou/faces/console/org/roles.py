"""The roles and what they may (spec 01)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from wuyou.domains.org import actions, policies
from wuyou.domains.org.models import Role
from wuyou.domains.org.permissions import all_permissions
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import all_roles
from wuyou.faces.console.offering import offer
from wuyou.faces.console.registry.looking import row_for
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.visitor import user_of

from .users import role_name, tabs

APPS = {
    "assets": _("Equipment"), "contracts": _("Contracts"), "org": _("Organisation"), "registry": _("Registry"),
    "sheets": _("Check sheets"), "standards": _("Standards"), "work": _("Work"),
}  # fmt: skip


def grouped_permissions(codes: list[str]) -> list[tuple[str, list[tuple[str, object, bool]]]]:
    """Every permission by app, and whether it is among `codes`."""
    found: dict[str, list[tuple[str, object, bool]]] = {}
    for permission in all_permissions():
        app = permission.code.partition(".")[0]
        found.setdefault(app, []).append((permission.code, permission.label, permission.code in codes))
    return [(str(APPS.get(app, app)), rows) for app, rows in found.items()]


@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """Every role and what it may."""
    user = user_of(request)
    require(user, policies.MANAGE_USERS)
    rows = [{"role": role, "name": role_name(role), "count": len(role.permissions)} for role in all_roles()]
    return render(request, "console/org/roles.html", {"rows": rows, "tabs": tabs("roles"), "may_add": user.is_admin})


@require_GET
def role_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a role may, in words."""
    user = user_of(request)
    require(user, policies.MANAGE_USERS)
    role = row_for(all_roles(), pk)
    context = {
        "role": role,
        "name": role_name(role),
        "groups": grouped_permissions(role.permissions),
        "may_add": user.is_admin,
    }
    return render(request, "console/org/role.html", context)


class RoleForm(forms.Form):
    """A role's names and permissions."""

    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=60)
    name_en = forms.CharField(label=_("Name (English)"), max_length=60)
    code = forms.SlugField(label=_("Code"), max_length=40)
    permissions = forms.MultipleChoiceField(label=_("May"), widget=forms.CheckboxSelectMultiple)
    layout = (Section("", ("name_zh", "name_en"), "code", "permissions"),)

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        """Every permission; the code is given once."""
        super().__init__(*args, **kwargs)
        choices = [(group, [(code, label) for code, label, _has in rows]) for group, rows in grouped_permissions([])]
        offer(self, permissions=choices)
        if not is_new:
            del self.fields["code"]
            self.layout = (Section("", ("name_zh", "name_en"), "permissions"),)


class NewRole(FormPage):
    """A role of the company's own, perhaps as a copy of another one."""

    title = _("New role")
    form_class = RoleForm
    submit = _("Make the role")

    def allowed(self) -> None:
        """Only administrators."""
        policies.require_admin(self.user)

    def initial(self) -> dict[str, Any]:
        """From the role that is copied."""
        pk = self.request.GET.get("copy", "")
        role = all_roles().filter(pk=int(pk)).first() if pk.isdecimal() else None
        if role is None:
            return {}
        return {
            "name_zh": f"{role.name_zh}2", "name_en": f"{role.name_en} 2", "code": f"{role.code}-2",
            "permissions": role.permissions,
        }  # fmt: skip

    def back(self) -> str:
        """To the roles."""
        return reverse("console:org:roles")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Make it."""
        role = actions.add_role(by=self.user, **data)
        return self.done(_("The role was made."), to=reverse("console:org:role", args=[role.pk]))


class ChangeRole(FormPage):
    """Change a role of the company's own."""

    title = _("Change the role")
    form_class = RoleForm

    def allowed(self) -> None:
        """Only administrators."""
        policies.require_admin(self.user)

    @property
    def role(self) -> Role:
        """The role of the address."""
        role: Role = row_for(all_roles(), self.kwargs["pk"])
        return role

    def form_arguments(self) -> dict[str, Any]:
        """The code stays."""
        return {"is_new": False}

    def initial(self) -> dict[str, Any]:
        """What it may now."""
        role = self.role
        return {"name_zh": role.name_zh, "name_en": role.name_en, "permissions": role.permissions}

    def back(self) -> str:
        """To the role."""
        return reverse("console:org:role", args=[self.kwargs["pk"]])

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change it."""
        actions.change_role(self.role, by=self.user, **data)
        return self.done(_("The role was changed."), to=self.back())
