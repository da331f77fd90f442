"""The list of findings: filters, ready-made views, and what is done with many at once (spec 05, 11)."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wuyou.domains.org.queries import has_permission
from wuyou.domains.quality.actions import findings as actions
from wuyou.domains.quality.choices import Cause, FindingState, Hazard, Remedy, SourceKind
from wuyou.domains.quality.models import Finding
from wuyou.domains.quality.policies.rights import CORRECT_FINDINGS, INSPECT, VERIFY_CORRECTIONS
from wuyou.domains.quality.queries import finding_waiting as waiting
from wuyou.domains.quality.queries.findings import findings_for_list, overdue
from wuyou.domains.quality.rules.findings import UNCORRECTED
from wuyou.domains.registry.queries import teams_visible_to, zones_visible_to
from wuyou.domains.work.choices import Severity
from wuyou.faces.console.work.looks import SEVERITY_TONES
from wuyou.ui import scope
from wuyou.ui.lists import BulkAction, Column, ListPage, Preset, YesNoFilter, cells
from wuyou.ui.lists.filters import DateRangeFilter, ManyFilter
from wuyou.ui.pages import Button, Empty
from wuyou.ui.visitor import user_of

from .finding_forms import IntoForm, OwnerForm
from .finding_looks import TONES, finding_url, where_of

MINE = (
    ("correct", _("To be put right by me")), ("verify", _("To be verified by me")),
    ("effect", _("Effect to be looked at by me")), ("wish", _("More time asked for")),
    ("explain", _("Explanation owed")), ("look", _("Similar places to be looked at")),
)  # fmt: skip


def named(rows: Any) -> list[tuple[str, object]]:
    """Rows as choices."""
    return [(str(row.pk), str(row)) for row in rows[:300]]


class FindingFilter(django_filters.FilterSet):
    """What findings may be looked for by."""

    waits = django_filters.ChoiceFilter(label=_("Waits for"), choices=MINE, method="by_waits")
    state = ManyFilter(label=_("State"), choices=FindingState.choices)
    late = YesNoFilter(label=_("Overdue"), method="by_late")
    severity = ManyFilter(label=_("Severity"), choices=Severity.choices)
    remedy = ManyFilter(label=_("Remedy"), choices=Remedy.choices)
    hazard = ManyFilter(label=_("Hazard"), choices=[one for one in Hazard.choices if one[0]])
    source = ManyFilter(label=_("Source"), choices=SourceKind.choices)
    repeats = YesNoFilter(label=_("Came back"), field_name="repeat_of", lookup_expr="isnull", exclude=True)
    zone = django_filters.ChoiceFilter(label=_("Zone"), choices=[], method="by_key", null_label=None)
    team = django_filters.ChoiceFilter(label=_("Team"), choices=[], method="by_key")
    cause = ManyFilter(label=_("Cause"), field_name="correction__cause", choices=Cause.choices)
    found_at = DateRangeFilter(label=_("Found at"))
    deadline = DateRangeFilter(label=_("Deadline"))
    clause = django_filters.NumberFilter(field_name="clause_id", widget=forms.HiddenInput)
    part = django_filters.CharFilter(field_name="clause__part", widget=forms.HiddenInput)
    place = django_filters.NumberFilter(field_name="place_id", widget=forms.HiddenInput)
    asset = django_filters.NumberFilter(field_name="asset_id", widget=forms.HiddenInput)
    inspection = django_filters.NumberFilter(field_name="inspection_id", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Choices of the project looked at."""
        super().__init__(*args, **kwargs)
        user, narrow = user_of(self.request), scope.of(self.request).narrow
        self.filters["zone"].extra["choices"] = [*named(narrow(zones_visible_to(user))), ("none", _("No zone"))]
        self.filters["team"].extra["choices"] = named(narrow(teams_visible_to(user)))

    def by_key(self, rows: QuerySet[Finding], name: str, value: str) -> QuerySet[Finding]:
        """Of a zone or team, or of none."""
        return rows.filter(**({f"{name}__isnull": True} if value == "none" else {f"{name}_id": int(value)}))

    def by_late(self, rows: QuerySet[Finding], _name: str, value: Any) -> QuerySet[Finding]:
        """Not put right by the deadline, at this moment."""
        late = overdue(rows)
        return late if value else rows.exclude(pk__in=late.values("pk"))

    def by_waits(self, rows: QuerySet[Finding], _name: str, value: str) -> QuerySet[Finding]:
        """What waits for whoever looks."""
        return rows.filter(pk__in=waiting.waiting_ids(user_of(self.request), value))


COLUMNS = (
    Column("text", _("What is wrong"), lambda f: f.text, link=finding_url, always=True,
           cell=lambda f, v: cells.two_lines(v, f.number)),
    Column("severity", _("Severity"), lambda f: f.get_severity_display(), sort="severity",
           cell=lambda f, v: cells.badge(v, SEVERITY_TONES[f.severity])),
    Column("state", _("State"), lambda f: f.get_state_display(), sort="state",
           cell=lambda f, v: cells.badge(v, TONES[f.state])),
    Column("deadline", _("Deadline"), lambda f: f.deadline, sort="deadline",
           cell=lambda f, v: cells.due(v) if f.state in UNCORRECTED else cells.moment(v)),
    Column("where", _("Where"), where_of),
    Column("owner", _("Who answers for it"), lambda f: str(f.owner or f.team or f.contractor or "")),
    Column("weight", _("Weight"), lambda f: f.weight, numeric=True, sort="weight"),
    Column("clause", _("Clause"), lambda f: str(f.clause or ""), shown=False),
    Column("remedy", _("Remedy"), lambda f: f.get_remedy_display(), shown=False),
    Column("source", _("Source"), lambda f: f"{f.get_source_display()} {f.source_label}".strip(), shown=False),
    Column("zone", _("Zone"), lambda f: str(f.zone or ""), shown=False),
    Column("found_at", _("Found at"), lambda f: f.found_at, cell=cells.moment, sort="found_at", shown=False),
    Column("project", _("Project"), lambda f: f.project.name, sort="project__name", shown=False),
)  # fmt: skip


def _assign(page: Any, rows: list[Finding], data: dict[str, Any]) -> str:
    count = actions.assign_owners(rows, owner=data["owner"], by=page.user)
    words = ngettext("%(count)d finding given to %(name)s.", "%(count)d findings given to %(name)s.", count)
    return words % {"count": count, "name": data["owner"].name}


def _merge(page: Any, rows: list[Finding], data: dict[str, Any]) -> str:
    others = [row for row in rows if row.pk != data["into"].pk]
    actions.merge_findings(data["into"], others, by=page.user)
    return _now("Merged into %(number)s.") % {"number": data["into"].number}


class FindingList(ListPage):
    """Findings, the first due first."""

    code = "quality.findings"
    title = _("Findings")
    icon = "alert-triangle"
    columns = COLUMNS
    filters = FindingFilter
    search_label = _("Number or words")
    presets = (
        Preset("hand", _("In hand"), "state=open&state=contained&state=analysed&state=acting"),
        Preset("late", _("Overdue"), "late=true"),
        Preset("mine", _("For me to put right"), "waits=correct"),
        Preset("verify", _("For me to verify"), "waits=verify"),
        Preset("repeats", _("Came back"), "repeats=true"),
        Preset("all", _("All"), ""),
    )

    def rows(self) -> QuerySet[Finding]:
        """Visible findings of the project looked at."""
        return scope.of(self.request).narrow(findings_for_list(self.user))

    def search(self, rows: QuerySet[Finding], text: str) -> QuerySet[Finding]:
        """By number, words, place and clause."""
        found = Q(number__icontains=text) | Q(text__icontains=text) | Q(place__name__icontains=text)
        return rows.filter(found | Q(clause__code__iexact=text) | Q(source_label__icontains=text))

    def bulk_for(self) -> list[BulkAction]:
        """Give to somebody, merge; for those who may somewhere."""
        asked = self.request
        found = []
        if has_permission(self.user, CORRECT_FINDINGS):
            owner = type("Owner", (OwnerForm,), {"asked": asked})
            found.append(BulkAction("assign", _("Give to somebody"), _assign, icon="user-check", form=owner))
        if has_permission(self.user, VERIFY_CORRECTIONS):
            into = type("Into", (IntoForm,), {"asked": asked})
            found.append(BulkAction("merge", _("Merge"), _merge, icon="stack-2", form=into))
        return found

    def header_actions(self) -> list[Button]:
        """The board, the heat map, and a new one."""
        found = [
            Button(_now("Board"), reverse("console:quality:finding-board"), icon="layout-kanban"),
            Button(_now("Heat map"), reverse("console:quality:finding-heat"), icon="flame"),
        ]
        if has_permission(self.user, INSPECT):
            new = reverse("console:quality:finding-new")
            found.append(Button(_now("Enter a finding"), new, icon="plus", tone="primary", drawer=True))
        return found

    def empty(self) -> Empty:
        """They come from inspections and from work."""
        text = _now("Failed items of inspections and grave problems found at work appear here by themselves.")
        return Empty(_now("No findings"), text, icon="mood-smile")
