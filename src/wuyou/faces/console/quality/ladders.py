"""Who decides appeals in which order, node by node (spec 05: ladder configurable)."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from wuyou.domains.org.models import Node
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import nodes_visible_to
from wuyou.domains.quality.actions.ladders import set_ladder
from wuyou.domains.quality.choices import Step
from wuyou.domains.quality.policies.rights import MANAGE_CAMPAIGNS
from wuyou.domains.quality.queries.appeals import deciding_roles, ladders_at, ladders_below, rungs_of
from wuyou.domains.quality.rules.appeals import LADDER, LADDER_STEPS, LIMIT_DAYS, MOST_DAYS, Rung
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.visitor import user_of

from .appeal_looks import role_names


def ladder_nodes(user: Actor) -> QuerySet[Node]:
    """Nodes where the person may say how appeals climb, from the top down."""
    return nodes_visible_to(user, MANAGE_CAMPAIGNS).order_by("path")


@require_GET
def ladders_page(request: HttpRequest) -> HttpResponse:
    """The ladders that were set, by node, and the one that holds where none was."""
    user = user_of(request)
    require(user, MANAGE_CAMPAIGNS)
    names = role_names()
    nodes = list(ladder_nodes(user))
    rows = ladders_below(nodes)
    context = {
        "shipped": {"days": LIMIT_DAYS, "steps": _steps(LADDER, names)},
        "ladders": [{"row": row, "steps": _steps(rungs_of(row.steps), names)} for row in rows],
        "nodes": [node for node in nodes if node.kind != "project"],
        "back": reverse("console:quality:appeals"),
    }
    return render(request, "console/quality/ladders.html", context)


def _steps(rungs: tuple[Rung, ...], names: Any) -> list[dict[str, object]]:
    return [{"step": Step(rung.step).label, "role": names(rung.role), "days": rung.days} for rung in rungs]


DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LadderForm(forms.Form):
    """From when, how long to appeal, and for each step which role decides within how many days (no role: no step)."""

    starts_on = forms.DateField(label=_("From"), widget=DATE)
    days = forms.IntegerField(label=_("Working days to appeal within"), min_value=1, max_value=MOST_DAYS)

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        """Add a role and a number of days for each step."""
        super().__init__(*args, **kwargs)
        for step in LADDER_STEPS:
            choices = [("", _now("No such step")), *roles]
            self.fields[f"{step}_role"] = forms.ChoiceField(label=step.label, choices=choices, required=False)
            self.fields[f"{step}_days"] = forms.IntegerField(
                label=_("Working days to decide"), min_value=1, max_value=MOST_DAYS, required=False
            )

    layout = (
        Section("", ("starts_on", "days")),
        Section(_("Steps, the lowest first"), *((f"{step}_role", f"{step}_days") for step in LADDER_STEPS)),
    )


def rungs_in(data: dict[str, Any]) -> list[Rung]:
    """The steps of a filled form that have a role."""
    return [
        Rung(step.value, data[f"{step}_role"], data[f"{step}_days"] or 0)
        for step in LADDER_STEPS
        if data[f"{step}_role"]
    ]


class SetLadder(FormPage):
    """Say how appeals below a node climb."""

    title = _("Who decides appeals")
    form_class = LadderForm
    intro = _("Appeals that are filed from that day on follow it; those that are open keep the ladder they have.")

    def node(self) -> Node:
        """The node of the address, if the person sets ladders there; 404 otherwise."""
        found: Node = get_object_or_404(ladder_nodes(self.user), pk=self.kwargs["pk"])
        return found

    def form_arguments(self) -> dict[str, Any]:
        """Roles that decide appeals."""
        names = role_names()
        return {"roles": [(role.code, names(role.code)) for role in deciding_roles()]}

    def initial(self) -> dict[str, Any]:
        """What holds there now."""
        row = ladders_at(self.node()).first()
        rungs = rungs_of(row.steps) if row else LADDER
        found: dict[str, Any] = {"starts_on": clock.today(), "days": row.days if row else LIMIT_DAYS}
        for rung in rungs:
            found |= {f"{rung.step}_role": rung.role, f"{rung.step}_days": rung.days}
        return found

    def back(self) -> str:
        """To the ladders."""
        return reverse("console:quality:ladders")

    def context(self) -> dict[str, Any]:
        """Says where."""
        return {"title": f"{self.title} · {self.node()}"}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Set it."""
        node, rungs = self.node(), rungs_in(data)
        set_ladder(node=node, starts_on=data["starts_on"], days=data["days"], rungs=rungs, by=self.user)
        return self.done(_now("The ladder is set."), to=self.back())
