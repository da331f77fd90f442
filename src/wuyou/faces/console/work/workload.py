"""Hours and heads a plan needs against who is there, in plain sentences (spec 03 Plan, 13 §5 and §7)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from wuyou.domains.org.policies import may
from wuyou.domains.registry.queries import staff_visible_to
from wuyou.domains.work.actions.editing import set_workload
from wuyou.domains.work.models import Plan
from wuyou.domains.work.policies import check_edit_plan
from wuyou.domains.work.queries.workload import Workload, assumptions_of, overfull_days, workload
from wuyou.domains.work.rules.workload import ROUND_THE_CLOCK, CrewLoad
from wuyou.domains.work.tables import activity_label
from wuyou.kernel import clock
from wuyou.ui import wording
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.pictures import Chart, Series
from wuyou.ui.visitor import user_of

from .plan_looks import plan_for, plan_head

AHEAD = dt.timedelta(days=28)
MOST_DAYS = 10
VERDICTS = {
    "below": (_("below what is customary"), "warn"),
    "within": (_("within what is customary"), "ok"),
    "above": (_("above what is customary"), "info"),
}
Sentence = tuple[str, str, str]  # icon, tone, words


@require_GET
def plan_workload(request: HttpRequest, pk: int) -> HttpResponse:
    """Crews, posts, customary ratios, impossible days."""
    plan = plan_for(request, pk)
    load = workload(plan)
    context = plan_head(request, plan, "plan_workload") | {
        "load": load,
        "needed": sum((crew.needed for crew in load.crews), Decimal(0)).quantize(Decimal("0.1")),
        "present": sum(crew.present for crew in load.crews),
        "short": sum((crew.short_by for crew in load.crews), Decimal(0)).quantize(Decimal("0.1")),
        "hours": sum((crew.hours for crew in load.crews), Decimal(0)),
        "crews": [(crew, crew_name(crew.crew)) for crew in load.crews],
        "posts": [(post, activity_label(post.post.activity)) for post in load.posts],
        "customary": [(row, *VERDICTS[row.verdict]) for row in load.customary],
        "sentences": [*crew_sentences(load), *post_sentences(load)],
        "chart": heads_chart(load) if load.crews else None,
        "overfull": _overfull(request, plan),
        "can_set": may(check_edit_plan, user_of(request), plan.project),
        "net_hours": load.assumptions.net_hours.quantize(Decimal(1)),
    }
    return render(request, "console/work/plan_workload.html", context)


def crew_name(crew: str) -> str:
    """`team/job` as people say it."""
    return crew.replace("/", " · ") or _now("Without a team")


def heads_chart(load: Workload) -> Chart:
    """Heads needed and present by crew."""
    crews = [crew for crew in load.crews if crew.needed or crew.present]
    worst = crews[0]
    words = {"crew": crew_name(worst.crew), "short": worst.short_by.quantize(Decimal("0.1"))}
    title = (
        _now("%(crew)s lacks %(short)s heads") % words if worst.short_by else _now("Every crew has the heads it needs")
    )
    series = [
        Series(_now("Needed"), [crew.needed for crew in crews], tone="accent"),
        Series(_now("Present"), [crew.present for crew in crews], tone="muted"),
    ]
    return Chart("barh", title, [crew_name(crew.crew) for crew in crews], series)


def crew_sentences(load: Workload) -> list[Sentence]:
    """What each crew that lacks people lacks."""
    return [("alert-triangle", "bad", _lacks(crew)) for crew in load.crews if crew.short_by >= Decimal("0.5")]


def _lacks(crew: CrewLoad) -> str:
    words = {
        "crew": crew_name(crew.crew),
        "hours": wording.number(round(crew.hours)),
        "needed": crew.needed,
        "present": crew.present,
        "short": crew.short_by.quantize(Decimal("0.1")),
    }
    return (
        _now("%(crew)s: %(hours)s hours a year need %(needed)s heads; %(present)s are there, %(short)s are missing.")
        % words
    )


def post_sentences(load: Workload) -> list[Sentence]:
    """Posts staffed round the clock against the guards there are."""
    full = [post for post in load.posts if post.post.hours_per_day == ROUND_THE_CLOCK]
    if not full:
        return []
    heads = sum(post.post.heads for post in full)
    bare = sum((post.bare for post in full), Decimal(0))
    needed = sum((post.needed for post in full), Decimal(0))
    each = (bare / heads).quantize(Decimal("0.01"))
    found: list[Sentence] = [
        (
            "clock",
            "info",
            _now("One post staffed for 24 hours needs %(each)s heads: 8,760 hours against %(year)s a head.")
            % {"each": each, "year": wording.number(round(load.assumptions.yearly_hours))},
        ),
        (
            "shield",
            "bad" if load.guards < needed else "ok",
            _now(
                "The standards ask for %(posts)s such positions: %(needed)s heads with leave and absence. "
                "There are %(guards)s guards, enough for %(covered)s."
            )
            % {"posts": heads, "needed": needed, "guards": load.guards, "covered": load.round_the_clock_posts},
        ),
    ]
    return found


def _overfull(request: HttpRequest, plan: Plan) -> list[tuple[str, str, int, int]]:
    today = clock.today()
    days = overfull_days(plan, start=today, end=today + AHEAD)[:MOST_DAYS]
    names = {
        row.pk: row.name for row in staff_visible_to(user_of(request)).filter(pk__in={day.staff_id for day in days})
    }
    return [
        (names.get(day.staff_id, _now("Somebody")), wording.day(day.day), round(day.minutes), round(day.limit))
        for day in days
    ]


class WorkloadForm(forms.Form):
    """What a head works in a year here."""

    yearly_hours = forms.IntegerField(label=_("Standard hours a year"), min_value=1, max_value=8760)
    leave_days = forms.IntegerField(label=_("Days of leave a year"), min_value=0, max_value=60)
    absence_percent = forms.DecimalField(label=_("Other absence (%)"), min_value=0, max_digits=4, decimal_places=1)
    day_minutes = forms.IntegerField(label=_("Minutes of a shift"), min_value=1, max_value=1440)
    layout = (Section("", ("yearly_hours", "leave_days"), ("absence_percent", "day_minutes")),)


class Assumptions(FormPage):
    """Change what a head works in a year."""

    title = _("What a head works in a year")
    form_class = WorkloadForm
    intro = _("The law: 248 working days of 8 hours. Leave grows with years of work: 5, 10 or 15 days.")

    def allowed(self) -> None:
        """Only who drafts plans here."""
        check_edit_plan(self.user, plan_for(self.request, self.kwargs["pk"]).project)

    def back(self) -> str:
        """To the workload."""
        return reverse("console:work:plan_workload", args=[self.kwargs["pk"]])

    def initial(self) -> dict[str, Any]:
        """What counts now."""
        now = assumptions_of(plan_for(self.request, self.kwargs["pk"]).project)
        return {
            "yearly_hours": round(now.yearly_hours),
            "leave_days": round(now.leave_days),
            "absence_percent": (now.absence_share * 100).quantize(Decimal("0.1")),
            "day_minutes": round(now.day_minutes),
        }

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Keep it."""
        set_workload(plan_for(self.request, self.kwargs["pk"]).project, by=self.user, **data)
        return self.done(_("Saved."), to=self.back())
