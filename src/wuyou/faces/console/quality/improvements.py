"""The list of improvement projects, and the proposals that wait for who writes standards (spec 05: PDCA)."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.queries import has_permission
from wuyou.domains.quality.choices import ImprovementState
from wuyou.domains.quality.models import Improvement
from wuyou.domains.quality.policies.rights import MANAGE_IMPROVEMENT
from wuyou.domains.quality.queries.figures import measurable
from wuyou.domains.quality.queries.improvement import improvements_for_list, proposals_to_decide
from wuyou.domains.standards.policies import EDIT_STANDARDS
from wuyou.domains.standards.queries import branch
from wuyou.ui import scope
from wuyou.ui.lists import Button, Column, Empty, ListPage, Preset, cells
from wuyou.ui.lists.filters import DateRangeFilter, ManyFilter

from .improvement_looks import STATE_TONES, improvement_url, metric_of, shown, verdict_of


def _metrics() -> list[tuple[str, object]]:
    return [(metric.code, metric.name) for metric in measurable()]


class ImprovementFilter(django_filters.FilterSet):
    """What projects may be looked for by."""

    state = ManyFilter(label=_("State"), choices=ImprovementState.choices)
    metric = ManyFilter(label=_("Figure"), choices=_metrics)
    ends_on = DateRangeFilter(label=_("To"))


def done_of(row: Improvement) -> tuple[int, int]:
    """How many measures are done, of how many."""
    measures = row.measures.all()
    return sum(one.done_on is not None for one in measures), len(measures)


def measures_cell(row: Improvement, _value: object) -> Any:
    """Measures done as a bar."""
    done, total = done_of(row)
    return cells.bar(done, total)


def verdict_cell(row: Improvement, value: object) -> Any:
    """What the check says, in its tone."""
    return cells.badge(value, verdict_of(row)[1]) if value else "–"


COLUMNS = (
    Column("name", _("Improvement"), lambda i: i.name, link=improvement_url, sort="name", always=True,
           cell=lambda i, v: cells.two_lines(v, i.number)),
    Column("state", _("State"), lambda i: i.get_state_display(), sort="state",
           cell=lambda i, v: cells.badge(v, STATE_TONES[i.state])),
    Column("metric", _("Figure"), lambda i: str(metric_of(i).name), sort="metric"),
    Column("target", _("Target"), lambda i: shown(i.target, metric_of(i).unit)),
    Column("verdict", _("What it brought"), lambda i: str(verdict_of(i)[0]), cell=verdict_cell),
    Column("measures", _("Measures done"), lambda i: "{}/{}".format(*done_of(i)), cell=measures_cell),
    Column("owner", _("In charge"), lambda i: str(i.owner)),
    Column("node", _("Where"), lambda i: i.node.name, sort="node__name"),
    Column("ends", _("To"), lambda i: i.ends_on, cell=cells.day, sort="ends_on"),
)  # fmt: skip


class ImprovementList(ListPage):
    """Improvement projects, the newest first."""

    code = "quality.improvements"
    title = _("Improvement projects")
    icon = "chart-line"
    columns = COLUMNS
    filters = ImprovementFilter
    template_name = "console/quality/improvements.html"
    search_label = _("Search name, number or problem")
    presets = (
        Preset("open", _("Being worked on"), "state=plan&state=do&state=check&state=act"),
        Preset("check", _("To be judged"), "state=check"),
        Preset("all", _("All"), ""),
    )

    def rows(self) -> QuerySet[Improvement]:
        """Visible projects; those of the project looked at and of what stands above it."""
        rows = improvements_for_list(self.user)
        project = scope.of(self.request).project
        return rows.filter(node__path__in=branch(project.node.path)) if project else rows

    def search(self, rows: QuerySet[Improvement], text: str) -> QuerySet[Improvement]:
        """By name, number and problem."""
        return rows.filter(Q(name__icontains=text) | Q(number__icontains=text) | Q(problem__icontains=text))

    def context(self) -> dict[str, Any]:
        """Proposals to decide, for who writes standards."""
        writes = has_permission(self.user, EDIT_STANDARDS)
        return {"proposals": list(proposals_to_decide(self.user)[:20]) if writes else []}

    def header_actions(self) -> list[Button]:
        """Plan one; what was learnt."""
        lessons = Button(_("Lessons"), reverse("console:quality:lessons"), icon="book")
        if not has_permission(self.user, MANAGE_IMPROVEMENT):
            return [lessons]
        new = reverse("console:quality:improvement_new")
        return [lessons, Button(_("Plan an improvement"), new, icon="plus", tone="primary", drawer=True)]

    def empty(self) -> Empty:
        """What they are for."""
        text = _now("For what is worth more than one correction: a figure, a target, measures, and a check afterwards.")
        return Empty(_now("No improvement projects"), text, self.header_actions()[1:], icon="chart-line")
