"""Staff, licences, contractors, teams and posts."""

from typing import Any

import django_filters
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.policies import may, require
from wuyou.domains.registry import policies, queries
from wuyou.domains.registry.choices import Employment
from wuyou.domains.registry.models import Qualification, Staff
from wuyou.domains.registry.rules.licences import expiry_band
from wuyou.kernel import clock
from wuyou.ui import scope
from wuyou.ui.lists import Button, Column, Empty, ListPage, ManyFilter, Preset, YesNoFilter, cells
from wuyou.ui.visitor import user_of

from .looking import BAND_TONES, BAND_WORDS, project_in_view, staff_tabs


def staff_url(staff: Staff) -> str:
    """The page of a member of staff."""
    return reverse("console:registry:staff_member", args=[staff.pk])


def worst_band(staff: Any) -> str:
    """The band of the licence that expires first; '' without licences."""
    today = clock.today()
    order = list(BAND_TONES)
    bands = [expiry_band(row.valid_to, on=today) for row in staff.qualifications.all() if row.revoked_on is None]
    return min(bands, key=order.index, default="")


def band_cell(value: str) -> Any:
    """A band as a badge."""
    return cells.badge(BAND_WORDS[value], BAND_TONES[value]) if value else cells.BLANK


class StaffFilter(django_filters.FilterSet):
    """Staff by team, employer, presence, log-in."""

    team = django_filters.ModelChoiceFilter(label=_("Team"), queryset=None)
    employment = ManyFilter(label=_("Employment"), choices=Employment.choices)
    left = YesNoFilter(label=_("Has left"), field_name="left_on", lookup_expr="isnull", exclude=True)
    login = YesNoFilter(label=_("Has a log-in"), field_name="user", lookup_expr="isnull", exclude=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Teams the person can see."""
        super().__init__(*args, **kwargs)
        self.filters["team"].queryset = scope.of(self.request).narrow(queries.teams_visible_to(user_of(self.request)))


class StaffList(ListPage):
    """Who works here."""

    code = "registry.staff"
    title = _("Staff")
    icon = "id-badge-2"
    template_name = "console/registry/tabbed_list.html"
    filters = StaffFilter
    default_sort = "number"
    presets = (Preset("present", _("Present"), "left=false"), Preset("left", _("Left"), "left=true"))
    columns = (
        Column("number", _("Number"), lambda s: s.number, cell=cells.mono, sort="number", link=staff_url),
        Column("name", _("Full name"), lambda s: s.name, link=staff_url, sort="name", always=True),
        Column("team", _("Team"), lambda s: s.team.name, sort="team__name"),
        Column("job", _("Job"), lambda s: s.job, sort="job"),
        Column("licences", _("Licences"), worst_band, cell=band_cell),
        Column("phone", _("Phone"), lambda s: s.person.phone_masked, cell=cells.mono),
        Column("employment", _("Employment"), lambda s: s.get_employment_display()),
        Column("supervisor", _("Supervisor"), lambda s: s.supervisor.name if s.supervisor else "", shown=False),
        Column("login", _("Log-in"), lambda s: s.user.username if s.user else ""),
        Column("hired", _("Hired on"), lambda s: s.hired_on, cell=cells.day, sort="hired_on", shown=False),
        Column("left", _("Left on"), lambda s: s.left_on, cell=cells.day, sort="left_on", shown=False),
        Column("project", _("Project"), lambda s: s.project.name, shown=False),
    )

    def allowed(self) -> None:
        """Only who may see staff somewhere."""
        require(self.user, policies.VIEW_STAFF)

    def rows(self) -> Any:
        """Visible staff of the project in view."""
        rows = scope.of(self.request).narrow(queries.staff_visible_to(self.user))
        return rows.select_related("team", "person", "supervisor", "user", "project").prefetch_related("qualifications")

    def search(self, rows: Any, text: str) -> Any:
        """By name, number or job."""
        return rows.filter(Q(name__icontains=text) | Q(number__icontains=text) | Q(job__icontains=text))

    def header_actions(self) -> Any:
        """Hiring, for who manages the staff of the project in view."""
        project = project_in_view(self.request, policies.VIEW_STAFF)
        if project is None or not may(policies.check_manage_staff, self.user, project):
            return ()
        return (Button(_("Hire"), reverse("console:registry:hire"), icon="user-plus", tone="primary", drawer=True),)

    def context(self) -> dict[str, Any]:
        """Tabs above the list."""
        return {"tabs": staff_tabs("staff")}

    def empty(self) -> Empty:
        """Import them."""
        button = Button(
            _("Import staff"), reverse("console:registry:import_new", args=["registry.staff"]), icon="table-import",
            tone="primary",
        )  # fmt: skip
        return Empty(
            _("No staff yet"), _("Import your staff list with teams, jobs and licences."), [button], icon="users"
        )


def band_of(row: Qualification) -> str:
    """The expiry band of a licence today."""
    return expiry_band(row.valid_to, on=clock.today())


class LicenceFilter(django_filters.FilterSet):
    """Licences by kind and by how soon they expire."""

    kind = django_filters.ModelChoiceFilter(label=_("Kind"), queryset=None)
    within = django_filters.ChoiceFilter(
        label=_("Expires"), method="expiring",
        choices=[("0", BAND_WORDS["expired"]), *((band, BAND_WORDS[band]) for band in ("7", "30", "60"))],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Every kind there is."""
        super().__init__(*args, **kwargs)
        self.filters["kind"].queryset = queries.qualification_kinds()

    def expiring(self, rows: Any, _name: str, value: str) -> Any:
        """Those of present staff that expire within some days or have expired."""
        days = int(value) or -1
        return rows & queries.qualifications_expiring(user_of(self.request), within_days=days)


class LicenceList(ListPage):
    """Licences, the first to expire first."""

    code = "registry.qualifications"
    title = _("Staff")
    sub = _("An expired licence blocks work that demands it. Warnings go out 60, 30 and 7 days before.")
    icon = "certificate"
    template_name = "console/registry/tabbed_list.html"
    filters = LicenceFilter
    presets = (
        Preset("expired", BAND_WORDS["expired"], "within=0"),
        Preset("30", BAND_WORDS["30"], "within=30"),
        Preset("60", BAND_WORDS["60"], "within=60"),
    )
    columns = (
        Column("staff", _("Full name"), lambda q: q.staff.name, link=lambda q: staff_url(q.staff), always=True),
        Column("team", _("Team"), lambda q: q.staff.team.name, sort="staff__team__name"),
        Column("kind", _("Licence"), lambda q: q.kind.name_zh, sort="kind__name_zh"),
        Column("number", _("Number"), lambda q: q.number, cell=cells.mono, shown=False),
        Column("until", _("Valid to"), lambda q: q.valid_to, cell=cells.day, sort="valid_to"),
        Column("band", _("State"), band_of, cell=band_cell),
        Column("project", _("Project"), lambda q: q.staff.project.name, shown=False),
    )

    def allowed(self) -> None:
        """Only who may see staff somewhere."""
        require(self.user, policies.VIEW_STAFF)

    def rows(self) -> Any:
        """Visible licences of the project in view."""
        return scope.of(self.request).narrow(queries.qualifications_visible_to(self.user), "staff__project")

    def search(self, rows: Any, text: str) -> Any:
        """By holder or kind."""
        return rows.filter(Q(staff__name__icontains=text) | Q(kind__name_zh__icontains=text))

    def context(self) -> dict[str, Any]:
        """Tabs above the list."""
        return {"tabs": staff_tabs("qualifications")}

    def empty(self) -> Empty:
        """How licences come about."""
        text = _("They come with the staff list, or are entered on the page of a member of staff.")
        return Empty(_("No licences yet"), text, icon="certificate")


class ContractorList(ListPage):
    """Outside companies and their insurance."""

    code = "registry.contractors"
    title = _("Staff")
    icon = "building-factory"
    template_name = "console/registry/tabbed_list.html"
    columns = (
        Column(
            "name", _("Contractor"), lambda c: c.name, sort="name", always=True,
            link=lambda c: reverse("console:registry:contractor", args=[c.pk]),
        ),
        Column("trade", _("Trade"), lambda c: c.trade, sort="trade"),
        Column("licence", _("Licence number"), lambda c: c.licence, cell=cells.mono),
        Column("insured", _("Insured until"), lambda c: c.insured_until, cell=cells.day, sort="insured_until"),
        Column("staff", _("Staff"), lambda c: c.staff_count, numeric=True),
        Column("node", _("Works below"), lambda c: c.node.name),
        Column("ended", _("Ended on"), lambda c: c.ended_on, cell=cells.day, sort="ended_on"),
    )  # fmt: skip

    def allowed(self) -> None:
        """Only who may see staff somewhere."""
        require(self.user, policies.VIEW_STAFF)

    def rows(self) -> Any:
        """Visible contractors with the number of their staff present."""
        present = Count("staff", filter=Q(staff__left_on__isnull=True), distinct=True)
        return queries.contractors_visible_to(self.user).annotate(staff_count=present)

    def search(self, rows: Any, text: str) -> Any:
        """By name or trade."""
        return rows.filter(Q(name__icontains=text) | Q(trade__icontains=text))

    def header_actions(self) -> Any:
        """A new contractor, for who manages staff somewhere."""
        if not may(require, self.user, policies.MANAGE_STAFF):
            return ()
        url = reverse("console:registry:contractor_new")
        return (Button(_("New contractor"), url, icon="plus", tone="primary", drawer=True),)

    def context(self) -> dict[str, Any]:
        """Tabs above the list."""
        return {"tabs": staff_tabs("contractors")}

    def empty(self) -> Empty:
        """What contractors are."""
        text = _("Lift maintenance, cleaning, guards: companies whose people work at your projects.")
        return Empty(_("No contractors yet"), text, icon="building-factory")
