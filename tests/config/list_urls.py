"""Addresses for the export's tests: a list, one that needs a parameter, and no list."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from wuyou.domains.org.models import Role
from wuyou.domains.org.policies import require
from wuyou.ui.lists import Column, ListPage


class Roles(ListPage):
    """Roles, for whoever may manage users."""

    code = "test.roles"
    title = "Roles"
    columns = (
        Column("code", "Code", lambda role: role.code, sort="code", always=True),
        Column("name", "Name", lambda role: role.name_zh, sort="name_zh"),
    )

    def rows(self):
        return Role.objects.all()

    def allowed(self):
        require(self.user, "org.manage_users")


class Parts(Roles):
    """A list of one thing's parts: no list to export by its name alone."""

    code = "test.parts"


def page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


inner = [path("roles/", Roles.as_view()), path("roles/<int:pk>/parts/", Parts.as_view()), path("page/", page)]
urlpatterns = [path("", include(inner)), path("<int:pk>/", include([path("roles/", Parts.as_view())]))]
