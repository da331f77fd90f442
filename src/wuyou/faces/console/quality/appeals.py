"""The list of appeals: what waits for me, what is open, what became of it (spec 05)."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.policies import may
from wuyou.domains.quality.choices import AppealState, Outcome
from wuyou.domains.quality.models import Appeal
from wuyou.domains.quality.policies.appeals import check_set_ladder
from wuyou.domains.quality.queries.appeals import appeals_for_list, appeals_waiting_for, stuck_appeals, waiting_stage
from wuyou.domains.quality.queries.challenged import all_kinds
from wuyou.ui import scope
from wuyou.ui.lists import Button, Column, Empty, ListPage, Preset, cells
from wuyou.ui.lists.filters import DateRangeFilter, ManyFilter

from .appeal_looks import appeal_url, due_of, kind_label, standing_words
from .ladders import ladder_nodes

MOST_STUCK = 20


def _kinds() -> list[tuple[str, object]]:
    return [(kind.code, kind.label) for kind in all_kinds()]


class AppealFilter(django_filters.FilterSet):
    """What appeals may be looked for by."""

    state = ManyFilter(label=_("State"), choices=AppealState.choices)
    outcome = ManyFilter(label=_("Outcome"), choices=Outcome.choices)
    subject_kind = ManyFilter(label=_("Against"), choices=_kinds)
    filed_at = DateRangeFilter(label=_("Filed at"))


def standing_cell(row: Appeal, _value: object) -> Any:
    """Where it stands, in its tone."""
    words = standing_words(row)
    return cells.badge(words.label, words.tone)


COLUMNS = (
    Column("number", _("Number"), lambda a: a.number, cell=cells.mono, link=appeal_url, sort="number", always=True),
    Column("against", _("Against"), lambda a: a.subject_label,
           cell=lambda a, v: cells.two_lines(v, kind_label(a.subject_kind))),
    Column("standing", _("Where it stands"), lambda a: str(standing_words(a).label), cell=standing_cell),
    Column("due", _("To be decided by"), due_of, cell=cells.due),
    Column("by", _("Filed by"), lambda a: str(a.filed_by)),
    Column("filed", _("Filed at"), lambda a: a.filed_at, cell=cells.moment, sort="filed_at"),
    Column("closed", _("Closed on"), lambda a: a.closed_at, cell=cells.moment, sort="closed_at", shown=False),
    Column("project", _("Project"), lambda a: a.project.name, sort="project__name"),
)  # fmt: skip


class AppealList(ListPage):
    """Appeals, the newest first; what waits for me and what is stuck stands above."""

    code = "quality.appeals"
    title = _("Appeals")
    icon = "scale"
    columns = COLUMNS
    filters = AppealFilter
    template_name = "console/quality/appeals.html"
    search_label = _("Search number or what is challenged")
    presets = (
        Preset("open", _("Not decided"), "state=filed"),
        Preset("changed", _("Decision changed"), "outcome=amend&outcome=void"),
        Preset("all", _("All"), ""),
    )

    def rows(self) -> QuerySet[Appeal]:
        """Visible appeals of the project looked at."""
        return scope.of(self.request).narrow(appeals_for_list(self.user))

    def search(self, rows: QuerySet[Appeal], text: str) -> QuerySet[Appeal]:
        """By number and by what is challenged."""
        return rows.filter(Q(number__icontains=text) | Q(subject_label__icontains=text))

    def context(self) -> dict[str, Any]:
        """What waits for me, and what somebody has to be named for."""
        waiting = [(one, waiting_stage(list(one.stages.all()))) for one in appeals_waiting_for(self.user)]
        stuck = stuck_appeals(self.user).select_related("project")
        return {"waiting": waiting, "stuck": list(stuck[:MOST_STUCK])}

    def header_actions(self) -> list[Button]:
        """The way to the ladders, for who sets them."""
        if not any(may(check_set_ladder, self.user, node) for node in ladder_nodes(self.user)[:1]):
            return []
        return [Button(_("Who decides appeals"), reverse("console:quality:ladders"), icon="stairs")]

    def empty(self) -> Empty:
        """Where appeals come from."""
        text = _now("Whoever was scored may appeal against a finding, an inspection or a score, on its own page.")
        return Empty(_now("No appeals"), text, icon="scale")
