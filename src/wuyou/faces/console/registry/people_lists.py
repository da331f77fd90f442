"""Residents: the list, care flags, likely duplicates."""

from typing import Any

import django_filters
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from wuyou.domains.org.policies import may, require
from wuyou.domains.registry import policies, queries
from wuyou.domains.registry.choices import CareKind, OccupancyRole
from wuyou.domains.registry.models import Person
from wuyou.kernel import clock
from wuyou.ui import scope
from wuyou.ui.lists import Button, Column, Empty, ListPage, ManyFilter, YesNoFilter, cells
from wuyou.ui.visitor import user_of

from .looking import people_tabs, project_in_view

WHY = {
    "identity": _("the same identity number"),
    "phone": _("the same telephone number"),
    "name_room": _("the same name in one room"),
}
MOST_GROUPS = 100


def person_url(person: Person) -> str:
    """The page of a person."""
    return reverse("console:registry:person", args=[person.pk])


def rooms_of(person: Any) -> str:
    """The rooms a listed person belongs to."""
    return "、".join(sorted({row.room.place.code for row in person.occupancies.all() if row.ends_on is None}))


def state_of(person: Person) -> str:
    """Whether the record is only kept or erased."""
    if person.erased_at:
        return str(_("erased"))
    return str(_("only kept")) if person.restricted_at else ""


class PeopleFilter(django_filters.FilterSet):
    """Residents by what they are to a room, care, vehicles."""

    role = ManyFilter(label=_("Role"), field_name="occupancies__role", choices=OccupancyRole.choices, distinct=True)
    care = django_filters.ChoiceFilter(label=_("Care"), choices=CareKind.choices, method="with_care")
    vehicle = YesNoFilter(label=_("Has a vehicle"), field_name="vehicles", lookup_expr="isnull", exclude=True)

    def with_care(self, rows: Any, _name: str, value: str) -> Any:
        """People with a flag in force."""
        return rows.filter(care_flags__kind=value, care_flags__ended_on__isnull=True).distinct()


class PeopleList(ListPage):
    """Residents, numbers masked."""

    code = "registry.people"
    title = _("Owners and residents")
    sub = _("Numbers are masked. Reading one in full asks for a reason and is entered in the journal.")
    icon = "users"
    template_name = "console/registry/tabbed_list.html"
    filters = PeopleFilter
    search_label = _("Name, room, or a whole telephone number")
    columns = (
        Column("name", _("Full name"), lambda p: p.name, link=person_url, sort="name", always=True),
        Column("phone", _("Phone"), lambda p: p.phone_masked, cell=cells.mono),
        Column("rooms", _("Rooms"), rooms_of),
        Column("identity", _("Identity number"), lambda p: p.identity_masked, cell=cells.mono, shown=False),
        Column(
            "state", _("State"), state_of, cell=lambda value: cells.badge(value, "warn") if value else cells.BLANK,
            shown=False,
        ),
    )  # fmt: skip

    def allowed(self) -> None:
        """Only who may see residents somewhere."""
        require(self.user, policies.VIEW_PEOPLE)

    def rows(self) -> Any:
        """Visible people; of the project in view those who live there."""
        rows = queries.persons_visible_to(self.user).prefetch_related("occupancies__room__place")
        project = scope.of(self.request).project
        return rows.filter(occupancies__room__place__project=project).distinct() if project else rows

    def search(self, rows: Any, text: str) -> Any:
        """By name or room, or by a whole number (found by its digest)."""
        by_number = queries.persons_by_phone(self.user, text).values("pk")
        found = Q(name__icontains=text) | Q(occupancies__room__place__code__iexact=text) | Q(pk__in=by_number)
        return rows.filter(found).distinct()

    def header_actions(self) -> Any:
        """A new person, where there is a project in view."""
        project = project_in_view(self.request, policies.VIEW_PEOPLE)
        if project is None or not may(policies.check_manage_household, self.user, project):
            return ()
        return (
            Button(_("New person"), reverse("console:registry:person_new"), icon="plus", tone="primary", drawer=True),
        )

    def context(self) -> dict[str, Any]:
        """Tabs above the list."""
        return {"tabs": people_tabs("people")}

    def empty(self) -> Empty:
        """They come with the rooms."""
        button = Button(
            _("Import rooms and residents"), reverse("console:registry:import_new", args=["registry.rooms"]),
            icon="table-import", tone="primary",
        )  # fmt: skip
        return Empty(_("No residents yet"), _("They come with the rooms of your workbook."), [button], icon="users")


class CareFilter(django_filters.FilterSet):
    """Flags by kind."""

    kind = ManyFilter(label=_("Kind"), choices=CareKind.choices)


class CareList(ListPage):
    """People who need attention, the next review first."""

    code = "registry.care"
    title = _("Owners and residents")
    icon = "heart"
    template_name = "console/registry/tabbed_list.html"
    filters = CareFilter
    columns = (
        Column("name", _("Full name"), lambda f: f.person.name, link=lambda f: person_url(f.person), always=True),
        Column("kind", _("Kind"), lambda f: f.get_kind_display(), sort="kind"),
        Column("reason", _("Reason"), lambda f: f.reason),
        Column(
            "review", _("Look again on"), lambda f: f.review_on, sort="review_on",
            cell=lambda f, value: cells.badge(cells.day(value), "bad" if value < clock.today() else "muted"),
        ),
    )  # fmt: skip

    def allowed(self) -> None:
        """Only who may see residents somewhere."""
        require(self.user, policies.VIEW_PEOPLE)

    def rows(self) -> Any:
        """Flags in force of visible people."""
        rows = queries.care_flags_visible_to(self.user)
        project = scope.of(self.request).project
        return rows.filter(person__occupancies__room__place__project=project).distinct() if project else rows

    def context(self) -> dict[str, Any]:
        """Tabs above the list."""
        return {"tabs": people_tabs("care")}

    def empty(self) -> Empty:
        """How flags come about."""
        text = _("Set one on a resident's page: elderly people alone, small children, disabilities, pregnancy.")
        return Empty(_("No care flags"), text, icon="heart")


@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """Records that are likely one person, for somebody to decide."""
    user = user_of(request)
    require(user, policies.VIEW_PEOPLE)
    project = project_in_view(request, policies.VIEW_PEOPLE)
    found = queries.find_duplicates(project)[:MOST_GROUPS] if project else []
    seen = queries.persons_visible_to(user).filter(pk__in={pk for one in found for pk in one.ids})
    people = {row.pk: row for row in seen.annotate(rooms=Count("occupancies"))}
    groups = [(WHY[one.why], [people[pk] for pk in one.ids if pk in people]) for one in found]
    context = {
        "groups": [{"why": why, "people": rows} for why, rows in groups if len(rows) > 1],
        "project": project,
        "tabs": people_tabs("duplicates"),
        "may_merge": project is not None and may(policies.check_manage_household, user, project),
    }
    return render(request, "console/registry/duplicates.html", context)
