"""Problems found at work: the list, and one case with its clocks, steps and history (spec 03, 11)."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.actions import add_comment
from wuyou.domains.org.models import User
from wuyou.domains.org.policies import may
from wuyou.domains.org.queries import comments_on, has_permission
from wuyou.domains.quality.policies.findings import check_enter
from wuyou.domains.quality.queries.findings import finding_of, findings_visible_to
from wuyou.domains.registry.models import Place
from wuyou.domains.work import policies
from wuyou.domains.work.actions.problems import Found, move_problem
from wuyou.domains.work.actions.spotting import attach_to_problem, report_problem
from wuyou.domains.work.choices import ProblemState, Severity
from wuyou.domains.work.flows.tasks import PROBLEM_FLOW
from wuyou.domains.work.models import Problem
from wuyou.domains.work.queries.day import assets_to_report, places_to_report, proofs_of_problem
from wuyou.domains.work.queries.tasks import problems_visible_to
from wuyou.kernel import clock
from wuyou.kernel.clocks.choices import Status
from wuyou.kernel.clocks.models import Clock
from wuyou.kernel.clocks.queries import clocks_of
from wuyou.kernel.journal.queries import entries_of
from wuyou.ui import scope
from wuyou.ui.forms import FormPage
from wuyou.ui.lists import Column, ListPage, Preset, cells
from wuyou.ui.lists.filters import DateRangeFilter, ManyFilter
from wuyou.ui.pages import Button, Empty
from wuyou.ui.visitor import user_of

from .forms import CommentForm, FoundForm
from .looks import PROBLEM_TONES, SEVERITY_TONES, STEP_TONES, entry_of, photos_of

CLOCKS = {"acknowledge": _("To be looked at"), "resolve": _("To be solved")}
CLOCK_TONES = {
    Status.RUNNING: "info", Status.WARNED: "warn", Status.PAUSED: "muted", Status.MET: "ok", Status.MISSED: "bad",
    Status.LATE: "warn",
}  # fmt: skip


class ProblemFilter(django_filters.FilterSet):
    """What problems may be looked for by."""

    state = ManyFilter(label=_("State"), choices=ProblemState.choices)
    severity = ManyFilter(label=_("Severity"), choices=Severity.choices)
    reported_at = DateRangeFilter(label=_("Reported at"))


def problem_url(row: Problem) -> str:
    """A problem's page."""
    return reverse("console:work:problem", args=[row.pk])


COLUMNS = (
    Column("number", _("Number"), lambda p: p.number, cell=cells.mono, link=problem_url, sort="number", always=True),
    Column("text", _("What is wrong"), lambda p: p.text),
    Column("severity", _("Severity"), lambda p: p.get_severity_display(), sort="severity",
           cell=lambda p, v: cells.badge(v, SEVERITY_TONES[p.severity])),
    Column("state", _("State"), lambda p: p.get_state_display(), sort="state",
           cell=lambda p, v: cells.badge(v, PROBLEM_TONES[p.state])),
    Column("where", _("Where"), lambda p: str(p.asset or p.place or "")),
    Column("by", _("Reported by"), lambda p: str(p.reported_by or ""), shown=False),
    Column("at", _("Reported at"), lambda p: p.reported_at, cell=cells.moment, sort="reported_at"),
    Column("project", _("Project"), lambda p: p.project.name, sort="project__name", shown=False),
)  # fmt: skip


class ProblemList(ListPage):
    """Problems, the newest first."""

    code = "work.problems"
    title = _("Problems")
    icon = "alert-triangle"
    columns = COLUMNS
    filters = ProblemFilter
    presets = (
        Preset("open", _("Not closed"), "state=reported&state=acknowledged&state=resolved"),
        Preset("new", _("Nobody has looked yet"), "state=reported"),
        Preset("all", _("All"), ""),
    )

    def rows(self) -> QuerySet[Problem]:
        """Visible problems of the project looked at."""
        return scope.of(self.request).narrow(problems_visible_to(self.user))

    def search(self, rows: QuerySet[Problem], text: str) -> QuerySet[Problem]:
        """By number and by words."""
        return rows.filter(Q(number__icontains=text) | Q(text__icontains=text))

    def empty(self) -> Empty:
        """They come from work."""
        text = _now("Staff report what they find wrong while doing a task or by scanning a sticker.")
        return Empty(_now("No problems"), text, icon="mood-smile")


def problem_of(request: HttpRequest, pk: int) -> Problem:
    """A visible problem, or 404."""
    rows = problems_visible_to(user_of(request)).select_related(
        "project__node", "task", "place", "asset", "reported_by"
    )
    found: Problem = get_object_or_404(rows, pk=pk)
    return found


def problem_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One problem: where it stands, its clocks, what I may do, what happened."""
    problem, user = problem_of(request, pk), user_of(request)
    now = clock.now()
    clocks = clocks_of("problem", [problem.pk]).get(problem.pk, [])
    running = next((one for one in clocks if one.stopped_at is None), None)
    steps = [
        one
        for one in PROBLEM_FLOW.from_state(problem.state)
        if may(policies.check_problem, user, problem, one.permission)
    ]
    sees_places = has_permission(user, "registry.view_places", problem.project.node)
    context = {
        "problem": problem,
        "tone": PROBLEM_TONES[problem.state],
        "severity_tone": SEVERITY_TONES[problem.severity],
        "running": running,
        "clocks": [clock_row(one, one.status(now)) for one in clocks],
        "steps": [
            (one, "plain" if place else STEP_TONES.get(one.tone, "plain"))  # one button stands out
            for place, one in enumerate(steps)
        ],
        **_finding(user, problem),
        "photos": photos_of(proofs_of_problem(problem)),
        "entries": [entry_of(row) for row in reversed(entries_of("problem", problem.pk))],
        "comments": comments_on("problem", problem.pk) if sees_places else None,
        "comment_form": CommentForm() if sees_places else None,
    }
    return render(request, "console/work/problem.html", context)


def _finding(user: User, problem: Problem) -> dict[str, Any]:
    """The finding that was made of it, or the way to make one."""
    made = finding_of(problem)
    seen = made is not None and findings_visible_to(user).filter(pk=made.pk).exists()
    return {"finding": made if seen else None, "may_find": made is None and may(check_enter, user, problem.project)}


def clock_row(one: Clock, status: Status) -> dict[str, Any]:
    """A clock as the page shows it."""
    return {"label": CLOCKS.get(one.kind, one.kind), "clock": one, "status": status.label, "tone": CLOCK_TONES[status]}


@require_POST
def problem_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take a problem a step further."""
    problem = problem_of(request, pk)
    moved = PROBLEM_FLOW.check(step, problem.state)
    moved.require({"remedy": request.POST.get("remedy", "").strip()} if "remedy" in moved.needs else {})
    move_problem(problem, step=step, by=user_of(request), remedy=request.POST.get("remedy", ""))
    messages.success(request, _now("%(number)s: %(state)s") % {
        "number": problem.number, "state": problem.get_state_display(),
    })  # fmt: skip
    return redirect(problem_url(problem))


@require_POST
def problem_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Remark on a problem."""
    problem = problem_of(request, pk)
    subject = ("problem", problem.pk, problem.number)
    add_comment(project=problem.project, subject=subject, text=request.POST.get("text", ""), by=user_of(request))
    return redirect(problem_url(problem) + "#comments")


@require_POST
def problem_photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Add photos to a problem."""
    problem = problem_of(request, pk)
    for upload in request.FILES.getlist("photos"):
        attach_to_problem(problem, upload=upload, by=user_of(request))
    if "HX-Request" not in request.headers:
        return redirect(problem_url(problem))
    context = {"photos": photos_of(proofs_of_problem(problem)), "upload_url": request.path}
    return render(request, "console/work/parts/proof.html", context)


class ReportProblem(FormPage):
    """Something is wrong at a place or with a device: words, how grave, photos."""

    title = _("Report a problem")
    form_class = FoundForm
    submit = _("Report")
    draft = "work.problem.new"
    is_touch = True

    def where(self) -> Place | Asset:
        """The place or device of the address, if the person may report there; 404 otherwise."""
        kind, pk = self.kwargs["kind"], self.kwargs["pk"]
        if kind == "asset":
            return get_object_or_404(assets_to_report(self.user), pk=pk)
        return get_object_or_404(places_to_report(self.user), pk=pk)

    def context(self) -> dict[str, Any]:
        """Says where."""
        return {"intro": str(self.where())}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Enter it, then attach the photos."""
        problem = report_problem(self.where(), found=Found(data["text"], data["severity"]), by=self.user)
        for upload in data["photos"]:
            attach_to_problem(problem, upload=upload, by=self.user)
        return self.done(_now("Reported as %(number)s.") % {"number": problem.number}, to=problem_url(problem))


def report_buttons(kind: str, pk: int) -> Button:
    """The way to report something at a place or device."""
    url = reverse("console:work:problem-new", args=[kind, pk])
    return Button(_("Report a problem"), url, icon="alert-triangle", drawer=True)
