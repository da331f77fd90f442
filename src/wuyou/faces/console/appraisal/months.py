"""Appraised months: the list, by project, team, person, with what is mine (spec 06)."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal.choices import PeriodState, SubjectKind
from wuyou.domains.appraisal.models import Period
from wuyou.domains.appraisal.policies import right_to_appraise
from wuyou.domains.appraisal.queries.periods import periods_visible_to
from wuyou.domains.org.queries import has_permission
from wuyou.ui import scope
from wuyou.ui.lists import Button, Column, Empty, ListPage, Preset, YesNoFilter, cells
from wuyou.ui.lists.filters import DateRangeFilter, ManyFilter

from .looks import PERIOD_TONES, band_words, period_url, points_words


class PeriodFilter(django_filters.FilterSet):
    """What months may be looked for by."""

    state = ManyFilter(label=_("State"), choices=PeriodState.choices)
    kind = ManyFilter(label=_("Who is appraised"), choices=SubjectKind.choices, field_name="enrolment__kind")
    month = DateRangeFilter(label=_("Month"))
    is_vetoed = YesNoFilter(label=_("Veto"))
    is_last = YesNoFilter(label=_("Last places"))


def band_cell(row: Period, _value: object) -> Any:
    """The band in its tone."""
    label, tone = band_words(row)
    return cells.badge(label, tone)


def place_of(row: Period) -> str:
    """The place in the class, if it is ranked."""
    return "" if row.place is None else f"{row.place}/{row.place_of}"


COLUMNS = (
    Column("subject", _("Appraised"), lambda p: p.enrolment.label, link=period_url, sort="enrolment__label",
           always=True, cell=lambda p, v: cells.two_lines(v, p.enrolment.get_kind_display())),
    Column("month", _("Month"), lambda p: f"{p.month:%Y-%m}", sort="month"),
    Column("points", _("Points"), lambda p: points_words(p.points), numeric=True, sort="points"),
    Column("band", _("Band"), lambda p: band_words(p)[0], cell=band_cell),
    Column("place", _("Place"), place_of, numeric=True, sort="place",
           cell=lambda p, v: cells.badge(v, "bad") if p.is_last else v),
    Column("state", _("State"), lambda p: p.get_state_display(), sort="state",
           cell=lambda p, v: cells.badge(v, PERIOD_TONES[p.state])),
    Column("scheme", _("Scheme"), lambda p: p.enrolment.scheme.name_zh, shown=False),
    Column("project", _("Project"), lambda p: p.project.name, sort="project__name"),
    Column("appeals", _("Appeals until"), lambda p: p.appeal_until, cell=cells.moment, sort="appeal_until",
           shown=False),
)  # fmt: skip


class MonthList(ListPage):
    """Appraised months, the newest first."""

    code = "appraisal.months"
    title = _("Appraisals")
    icon = "gauge"
    columns = COLUMNS
    filters = PeriodFilter
    search_label = _("Search by name")
    presets = (
        Preset("all", _("All"), ""),
        Preset("sites", _("Projects and contractors"), "kind=project&kind=contractor"),
        Preset("people", _("Teams and persons"), "kind=team&kind=person"),
        Preset("waiting", _("Not published yet"), "state=open&state=computed&state=disclosed"),
    )

    def rows(self) -> QuerySet[Period]:
        """Visible months of the project looked at."""
        return scope.of(self.request).narrow(periods_visible_to(self.user))

    def search(self, rows: QuerySet[Period], text: str) -> QuerySet[Period]:
        """By who is appraised, or by project."""
        return rows.filter(Q(enrolment__label__icontains=text) | Q(project__name__icontains=text))

    def header_actions(self) -> list[Button]:
        """To begin with somebody, for who may."""
        if not any(has_permission(self.user, right_to_appraise(kind)) for kind in ("project", "person")):
            return []
        new, enrolled = reverse("console:appraisal:enrol"), reverse("console:appraisal:enrolments")
        return [
            Button(_("Who is appraised"), enrolled, icon="users"),
            Button(_("Appraise somebody"), new, icon="plus", drawer=True),
        ]

    def empty(self) -> Empty:
        """Somebody has to be put under a scheme first."""
        text = _now("Put a project, contractor, team or person under a scheme; its months open by themselves.")
        return Empty(_now("Nobody is appraised yet"), text, icon="gauge")
