"""The campaign board: what every level still owes, and the campaigns (spec 05, Campaigns)."""

from dataclasses import dataclass
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wuyou.domains.org.models import Node
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import has_permission
from wuyou.domains.quality.choices import CampaignState, Level, Theme
from wuyou.domains.quality.models import Campaign
from wuyou.domains.quality.policies.rights import MANAGE_CAMPAIGNS, VIEW_INSPECTIONS
from wuyou.domains.quality.queries.campaigns import about_project, campaigns_for_list, planning_nodes, results_in_time
from wuyou.domains.quality.queries.coverage import Debt, coverage
from wuyou.domains.quality.rules.levels import YEAR, period_of
from wuyou.kernel import clock
from wuyou.ui import scope
from wuyou.ui.lists import Button, Column, Empty, ListPage, Preset, cells
from wuyou.ui.lists.filters import DateRangeFilter, ManyFilter

from .campaign_looks import TONES, campaign_url

MOST_NAMED = 8


class CampaignFilter(django_filters.FilterSet):
    """What campaigns may be looked for by."""

    state = ManyFilter(label=_("State"), choices=CampaignState.choices)
    level = ManyFilter(label=_("Level"), choices=Level.choices)
    theme = ManyFilter(label=_("Theme"), choices=[pair for pair in Theme.choices if pair[0]])
    starts_on = DateRangeFilter(label=_("Begins"))


def progress_cell(row: Any, _value: object) -> Any:
    """How many of the projects are inspected."""
    return cells.bar(row.inspected, row.total - row.waived, tone="ok")


def name_cell(row: Campaign, value: object) -> Any:
    """The name, and what kind of campaign it is."""
    return cells.two_lines(value, row.get_theme_display() if row.theme else row.get_level_display())


COLUMNS = (
    Column("name", _("Campaign"), lambda c: c.name, cell=name_cell, link=campaign_url, sort="name", always=True),
    Column("state", _("State"), lambda c: c.get_state_display(), sort="state",
           cell=lambda c, v: cells.badge(v, TONES[c.state])),
    Column("level", _("Level"), lambda c: c.get_level_display(), sort="level", shown=False),
    Column("progress", _("Inspected"), lambda c: c.inspected, cell=progress_cell),
    Column("from", _("From"), lambda c: c.starts_on, cell=cells.day, sort="starts_on"),
    Column("to", _("To"), lambda c: c.ends_on, cell=cells.day, sort="ends_on"),
    Column("due", _("Results due"), lambda c: None if c.published_at else c.results_due, cell=cells.due,
           sort="results_due", export=lambda c: c.results_due),
    Column("published", _("Published"), lambda c: c.published_at, cell=cells.moment, sort="published_at", shown=False),
    Column("node", _("Planned by"), lambda c: c.node.name, sort="node__path"),
    Column("number", _("Number"), lambda c: c.number, cell=cells.mono, sort="number", shown=False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DebtCard:
    """A level's coverage as the board shows it."""

    debt: Debt
    label: str

    @property
    def tone(self) -> str:
        """Green when nothing is owed."""
        return "ok" if self.debt.coverage.is_kept else "warn"

    @property
    def words(self) -> str:
        """What is owed, in a sentence."""
        owed = self.debt.coverage.owed
        if not owed:
            return _now("Nothing is owed any more.")
        return ngettext("%(count)d project is still owed", "%(count)d projects are still owed", owed) % {"count": owed}

    @property
    def named(self) -> list[str]:
        """The first projects not inspected yet."""
        return [project.name for project in self.debt.missing[:MOST_NAMED]]

    @property
    def more(self) -> int:
        """How many more there are."""
        return max(len(self.debt.missing) - MOST_NAMED, 0)


class CampaignBoard(ListPage):
    """What is owed, then the campaigns, the newest first."""

    code = "quality.campaigns"
    title = _("Inspection campaigns")
    icon = "clipboard-check"
    columns = COLUMNS
    filters = CampaignFilter
    template_name = "console/quality/campaigns.html"
    search_label = _("Search name or number")
    presets = (
        Preset("running", _("Under way"), "state=draft&state=open&state=closed"),
        Preset("published", _("Published"), "state=published"),
        Preset("all", _("All"), ""),
    )

    def allowed(self) -> None:
        """Whoever sees inspections or plans campaigns somewhere."""
        if not has_permission(self.user, MANAGE_CAMPAIGNS):
            require(self.user, VIEW_INSPECTIONS)

    @cached_property
    def nodes(self) -> list[Node]:
        """Where the person plans campaigns: the highest node first."""
        return list(planning_nodes(self.user))

    def rows(self) -> QuerySet[Campaign]:
        """Visible campaigns, of the project looked at."""
        rows = campaigns_for_list(self.user)
        project = scope.of(self.request).project
        return about_project(rows, project.pk) if project else rows

    def search(self, rows: QuerySet[Campaign], text: str) -> QuerySet[Campaign]:
        """By name and number."""
        return rows.filter(Q(name__icontains=text) | Q(number__icontains=text))

    def context(self) -> dict[str, Any]:
        """The debt below the highest node where the person plans, or below the one asked for."""
        asked = self.request.GET.get("below", "")
        node = next((one for one in self.nodes if str(one.pk) == asked), self.nodes[0] if self.nodes else None)
        debts = coverage(self.user, node, clock.today()) if node else []
        labels = dict(Level.choices)
        choices = [one for one in self.nodes if one.kind != "project"]
        cards = [DebtCard(debt, str(labels[debt.level])) for debt in debts]
        first, last = period_of(YEAR, clock.today())
        in_time = results_in_time(self.user, first=first, last=last) if node else (0, 0)
        return {"cards": cards, "below": node, "nodes": choices if len(choices) > 1 else [], "in_time": in_time}

    def header_actions(self) -> list[Button]:
        """Plan one; the levels; what can be checked by anybody."""
        if not self.nodes:
            return []
        new = reverse("console:quality:campaign-new")
        return [
            Button(_("Levels"), reverse("console:quality:levels"), icon="adjustments"),
            Button(_("Plan a campaign"), new, icon="plus", tone="primary"),
        ]

    def empty(self) -> Empty:
        """What a campaign is."""
        text = _now("A campaign says which projects are inspected, by whom and by when; it may draw them by lot.")
        return Empty(_now("No campaigns"), text, icon="clipboard-check")
