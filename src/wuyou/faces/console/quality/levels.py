"""The nine levels as they hold at a node, and what the company says differently (spec 05, Levels)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node
from wuyou.domains.org.policies import require
from wuyou.domains.quality.actions.levels import set_level
from wuyou.domains.quality.choices import Feedback, Level
from wuyou.domains.quality.policies.rights import MANAGE_CAMPAIGNS
from wuyou.domains.quality.queries.campaigns import planning_nodes
from wuyou.domains.quality.queries.levels import levels_at, settings_at
from wuyou.domains.quality.rules.levels import LEVELS
from wuyou.kernel import clock
from wuyou.kernel.errors import Missing
from wuyou.ui.forms import FormPage
from wuyou.ui.visitor import user_of

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CYCLES = {
    "day": _("every day"), "month": _("every month"), "quarter": _("every quarter"), "year": _("every year"),
    "at_will": _("at will"),
}  # fmt: skip


def node_of(request: HttpRequest) -> Node:
    """The node asked for with `?at=`, else the highest where the person plans; 404 for any other."""
    nodes, asked = planning_nodes(user_of(request)), request.GET.get("at", "")
    rows = nodes.filter(pk=int(asked)) if asked.isdecimal() and len(asked) < 12 else nodes[:1]
    found: Node | None = rows.first()
    if found is None:
        raise Missing(_("There is no such thing, or not for you."))
    return found


def levels_page(request: HttpRequest) -> HttpResponse:
    """The table of levels."""
    require(user_of(request), MANAGE_CAMPAIGNS)
    node, day = node_of(request), clock.today()
    said = {row.level: row for row in settings_at(node, day)}
    held = levels_at(node, day)
    deadlines = dict(Feedback.choices)
    rows = [
        {
            "code": code,
            "label": label,
            "rule": held[code],
            "cycle": CYCLES[held[code].cycle],
            "deadline": deadlines[held[code].feedback],
            "said": said.get(code),
        }
        for code, label in Level.choices
    ]
    nodes = [one for one in planning_nodes(user_of(request)) if one.kind != "project"]
    return render(request, "console/quality/levels.html", {"rows": rows, "node": node, "nodes": nodes})


class LevelForm(forms.Form):
    """What holds at a level."""

    weight = forms.DecimalField(label=_("Weight"), min_value=0, max_value=9999, decimal_places=2)
    cover_percent = forms.IntegerField(label=_("Share of projects to cover, %"), min_value=0, max_value=100)
    feedback = forms.ChoiceField(label=_("Results are due"), choices=Feedback.choices)
    starts_on = forms.DateField(label=_("From"), widget=DATE)


class SetLevel(FormPage):
    """Say what holds at a level from a day on."""

    form_class = LevelForm

    @property
    def title(self) -> str:  # type: ignore[override]
        """The level's name."""
        return str(dict(Level.choices)[self.level])

    @property
    def level(self) -> str:
        """The level of the address; 404 for none."""
        if self.kwargs["level"] not in LEVELS:
            raise Missing(_("There is no such level."))
        return str(self.kwargs["level"])

    @cached_property
    def node(self) -> Node:
        """Where it shall hold."""
        return node_of(self.request)

    def allowed(self) -> None:
        """Who plans there."""
        require(self.user, MANAGE_CAMPAIGNS, self.node)

    def back(self) -> str:
        """To the table."""
        return f"{reverse('console:quality:levels')}?at={self.node.pk}"

    def initial(self) -> dict[str, Any]:
        """As it holds today."""
        rule = levels_at(self.node, clock.today())[self.level]
        names = ("weight", "cover_percent", "feedback")
        return {name: getattr(rule, name) for name in names} | {"starts_on": clock.today()}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Say it."""
        set_level(self.node, level=self.level, by=self.user, **data)
        return self.done(_now("Saved."), to=self.back())
