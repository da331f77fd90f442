"""Background jobs: how many, what runs, what was given up, what comes by the clock (spec 11)."""

from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org import actions
from wuyou.domains.org.policies import MANAGE_SYSTEM, require
from wuyou.faces.console.acting import act
from wuyou.faces.console.machines import job_name
from wuyou.faces.console.registry.looking import row_for
from wuyou.kernel import jobs
from wuyou.kernel.errors import Missing
from wuyou.kernel.jobs import queries
from wuyou.kernel.jobs.choices import CLAIMABLE, State
from wuyou.kernel.jobs.handlers import all_periodic
from wuyou.kernel.jobs.models import Job
from wuyou.kernel.jobs.rules import Daily
from wuyou.kernel.jobs.store import slots
from wuyou.ui import wording
from wuyou.ui.lists import BulkAction, Column, Empty, ListPage, ManyFilter, Preset, cells
from wuyou.ui.pages import Progress, progress_response
from wuyou.ui.visitor import user_of

TONES = {
    State.WAITING: "info",
    State.RUNNING: "accent",
    State.FAILED: "warn",
    State.DONE: "ok",
    State.DEAD: "bad",
    State.CANCELLED: "muted",
}
OUTCOMES = {"done": "done", "dead": "failed", "cancelled": "cancelled", "running": "running"}


class JobFilter(django_filters.FilterSet):
    """Jobs by state and name."""

    state = ManyFilter(label=_("State"), choices=State.choices)
    name = django_filters.CharFilter(label=_("Background job"), lookup_expr="icontains")


def retry_many(page: Any, rows: list[Any], _data: dict[str, Any]) -> object:
    """Start the ticked jobs again."""
    for row in rows:
        actions.retry_job(row.pk, by=page.user)
    return _("%(count)s jobs were started again.") % {"count": len(rows)}


class JobList(ListPage):
    """The queue."""

    code = "system.jobs"
    title = _("Background jobs")
    icon = "stack-2"
    template_name = "console/system/jobs.html"
    filters = JobFilter
    presets = (
        Preset("running", _("Running"), "state=running"),
        Preset("waiting", _("Waiting"), "state=waiting"),
        Preset("failed", _("To be tried again"), "state=failed"),
        Preset("dead", _("Given up"), "state=dead"),
    )
    columns = (
        Column(
            "name", _("Background job"), lambda j: job_name(j.name), always=True, sort="name",
            link=lambda j: reverse("console:system:job", args=[j.pk]),
        ),
        Column(
            "state", _("State"), lambda j: j.get_state_display(), sort="state",
            cell=lambda j, value: cells.badge(value, TONES[State(j.state)]),
        ),
        Column("attempts", _("Attempts"), lambda j: j.attempts, numeric=True, sort="attempts"),
        Column("due", _("Due"), lambda j: j.due_at, cell=cells.moment, sort="due_at"),
        Column("finished", _("Finished"), lambda j: j.finished_at, cell=cells.moment, sort="finished_at"),
        Column("error", _("Error"), lambda j: j.last_error_line[:120]),
        Column("code", _("Code"), lambda j: j.name, cell=cells.mono, shown=False),
        Column("worker", _("Worker"), lambda j: j.worker, shown=False),
        Column("args", _("Arguments"), lambda j: j.args[:120], cell=cells.mono, shown=False),
    )  # fmt: skip
    bulk = (BulkAction("retry", _("Start again"), run=retry_many, icon="refresh"),)

    def allowed(self) -> None:
        """Only who manages the system."""
        require(self.user, MANAGE_SYSTEM)

    def rows(self) -> Any:
        """Every job, newest first."""
        return queries.jobs()

    def context(self) -> dict[str, Any]:
        """Counts, workers, what comes by the clock."""
        counts = queries.counts_by_state()
        tiles = [(State(state), counts[state], TONES[State(state)]) for state in State.values]
        return {"tiles": tiles, "workers": queries.workers_alive(), "periodic": periodic()}

    def empty(self) -> Empty:
        """Nothing was ever asked for."""
        return Empty(_("No jobs yet"), _("Imports, plans and reminders run here."), icon="stack-2")


def periodic() -> list[dict[str, Any]]:
    """Jobs that come by the clock: how often, and when last."""
    last = slots()
    return [
        {"name": job_name(one.name), "code": one.name, "when": rhythm(one.rhythm), "last": last.get(one.name)}
        for one in all_periodic()
    ]


def rhythm(value: Any) -> str:
    """A rhythm in words."""
    if isinstance(value, Daily):
        return str(_("daily at %(time)s") % {"time": value.at.strftime("%H:%M")})
    return str(_("every %(duration)s") % {"duration": wording.duration(value.interval)})


def job_for(request: HttpRequest, pk: int) -> Job:
    """A job, for who manages the system."""
    require(user_of(request), MANAGE_SYSTEM)
    job: Job = row_for(queries.jobs(), pk)
    return job


@require_GET
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One job: state, progress, arguments, error."""
    job = job_for(request, pk)
    context = {
        "job": job,
        "name": job_name(job.name),
        "tone": TONES[State(job.state)],
        "may_cancel": job.state in CLAIMABLE,
        "may_retry": job.state in {State.DEAD, State.CANCELLED},
        "is_running": job.state == State.RUNNING,
    }
    return render(request, "console/system/job.html", context)


@require_GET
def job_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a job is."""
    job = job_for(request, pk)
    told = jobs.progress_of(job.pk)
    return progress_response(request, Progress(told.done, told.total, told.note, OUTCOMES.get(job.state, "waiting")))


@require_POST
def job_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Start a job again, or cancel it."""
    user = user_of(request)
    steps = {
        "retry": (lambda: actions.retry_job(pk, by=user), _("The job was started again.")),
        "cancel": (lambda: actions.cancel_job(pk, by=user), _("The job was cancelled.")),
    }
    if name not in steps:
        raise Missing(_("There is no such step."))
    what, said = steps[name]
    return act(request, what, said=said, to=reverse("console:system:job", args=[pk]))
