"""Pages that exist only to try the components on real records."""

import django_filters
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path

from wuyou.config import urls as house
from wuyou.domains.org.actions import change_preferences
from wuyou.domains.org.choices import Language, Theme
from wuyou.domains.org.models import User
from wuyou.kernel import errors
from wuyou.ui.forms import FormPage
from wuyou.ui.lists import (
    BulkAction,
    Button,
    Column,
    DateRangeFilter,
    Empty,
    ListPage,
    ManyFilter,
    ManyRowsFilter,
    Preset,
    YesNoFilter,
    cells,
)


class PeopleFilter(django_filters.FilterSet):
    """Every kind of filter."""

    language = ManyFilter(choices=Language.choices, label="Language")
    theme = django_filters.ChoiceFilter(choices=Theme.choices, label="Theme")
    is_active = YesNoFilter(label="Active")
    created = DateRangeFilter(field_name="created_at", label="Created")
    granted = ManyRowsFilter(field_name="assignments__role", queryset=lambda _request: roles(), label="Role")


def roles():
    from wuyou.domains.org.queries import all_roles

    return all_roles()


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(choices=Theme.choices)


def set_theme(_page, rows, data):
    for user in rows:
        change_preferences(user, language=user.language, theme=data["theme"])
    return f"{len(rows)} changed"


def refuse(_page, _rows, _data):
    raise errors.Conflict("somebody was faster")


def address(user):
    return f"/people/{user.pk}"


class People(ListPage):
    """Users as a list."""

    code = "test.people"
    title = "People"
    columns = (
        Column("name", "Name", lambda user: user.full_name, link=address, sort="full_name", always=True),
        Column("login", "Login", lambda user: user.username, cell=cells.mono, sort="username"),
        Column("email", "E-mail", lambda user: user.email),
        Column("state", "State", lambda user: "active", cell=lambda user, value: cells.badge(value, "ok")),
        Column("pk", "Id", lambda user: user.pk, numeric=True, shown=False, sort="pk"),
        Column("created", "Created", lambda user: user.created_at, cell=cells.moment, shown=False, phone=False),
    )  # fmt: skip
    filters = PeopleFilter
    default_sort = "login"
    presets = (Preset("en", "English", "language=en"),)
    bulk = (
        BulkAction("theme", "Set the colours", form=ThemeForm, run=set_theme),
        BulkAction("dark", "Make dark", run=lambda page, rows, _data: set_theme(page, rows, {"theme": "dark"})),
        BulkAction("refuse", "Refuse", run=refuse),
    )

    def rows(self):
        return User.objects.all()

    def search(self, rows, text):
        return rows.filter(full_name__contains=text)

    def header_actions(self):
        return [Button("New", "/name", icon="plus", tone="primary", drawer=True)]

    def empty(self):
        return Empty("Nobody yet", "Invite somebody.", [Button("Invite", "/name")])


class Hidden(People):
    """A list nobody may see."""

    def allowed(self):
        raise errors.Denied("not for you")


class NameForm(forms.Form):
    name = forms.CharField(max_length=20)
    note = forms.CharField(required=False, widget=forms.Textarea)


class Name(FormPage):
    """Gives every outcome by the name typed."""

    title = "A name"
    form_class = NameForm
    draft = "test.name"

    def act(self, data):
        outcomes = {
            "taken": errors.Invalid(fields={"name": "This name is taken."}),
            "elsewhere": errors.Invalid(fields={"other": "Something else is wrong."}),
            "conflict": errors.Conflict("Somebody was faster."),
            "denied": errors.Denied("Not yours."),
        }
        if data["name"] in outcomes:
            raise outcomes[data["name"]]
        return self.done(f"Hello {data['name']}", to="/people")


def fail(_request: HttpRequest, kind: str) -> HttpResponse:
    raise {"denied": errors.Denied, "missing": errors.Missing, "conflict": errors.Conflict, "large": errors.TooLarge}[
        kind
    ]("why it failed")


def broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a bug")


def moved(request: HttpRequest) -> HttpResponse:
    messages.success(request, "moved")
    return redirect("/people")


def told(request: HttpRequest) -> HttpResponse:
    messages.warning(request, "careful")
    return HttpResponse("part")


def shown(request: HttpRequest) -> HttpResponse:
    messages.error(request, "read me")
    return render(request, "ui/form_page.html", {"form": NameForm(), "title": "Shown"})


handler400, handler403 = house.handler400, house.handler403
handler404, handler500 = house.handler404, house.handler500
urlpatterns = [
    path("people", People.as_view()),
    path("people/<int:pk>", login_not_required(lambda _request, pk: HttpResponse(str(pk)))),
    path("hidden", Hidden.as_view()),
    path("name", Name.as_view()),
    path("fail/<str:kind>", fail),
    path("api/fail/<str:kind>", fail),
    path("broken", login_not_required(broken)),
    path("api/broken", login_not_required(broken)),
    path("moved", moved),
    path("told", told),
    path("shown", shown),
    path("", include("wuyou.config.urls")),
]
