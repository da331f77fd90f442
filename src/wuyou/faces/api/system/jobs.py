"""Background work: how far it is, what was given up, trying again (spec 02). For who manages the whole installation."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import User
from wuyou.domains.org.policies import MANAGE_SYSTEM, may
from wuyou.domains.standards.policies import require_at_owner
from wuyou.domains.standards.queries import journal_chain
from wuyou.faces.api.operations import Acts, told
from wuyou.faces.api.questions import ask, ask_of
from wuyou.faces.api.resources import Filter, Resource
from wuyou.faces.api.shapes import extended, shape
from wuyou.faces.api.values import choice, text
from wuyou.kernel import jobs
from wuyou.kernel.errors import Denied
from wuyou.kernel.jobs import actions, queries
from wuyou.kernel.jobs.choices import State
from wuyou.kernel.jobs.models import Job, Worker
from wuyou.ui.visitor import user_of

from . import router


def check_jobs(user: User) -> None:
    """Raise Denied unless the user manages the system at every root: jobs know no projects."""
    if not (user.is_admin or may(require_at_owner, user, MANAGE_SYSTEM, None)):
        raise Denied(_("You are not allowed to do this here."))


def _rows(user: User) -> Any:
    check_jobs(user)
    return queries.jobs()


JOB = shape(
    "Job", Job,
    "id name key state priority run_at attempts max_attempts worker created_at started_at finished_at result done total"
    " note", error="last_error_line",
)  # fmt: skip


def _progress(job: Job) -> dict[str, Any]:
    told_last = jobs.progress_of(job.pk)
    return {"done": told_last.done, "total": told_last.total, "note": told_last.note, "percent": told_last.percent}


PROGRESS = told("Progress", lambda one: one, done=int, total=int, note=str, percent=int | None).model
JOBS = Resource(
    "jobs",
    JOB,
    _rows,
    view=[MANAGE_SYSTEM],
    filters={"state": Filter(choice(State), "state"), "name": Filter(text(100), "name")},
    sorts={"created_at": "created_at", "run_at": "run_at"},
    detail=extended(JOB, "JobDetail", whole_error=(str, "error")),
)


def retry(job: Job, *, by: User) -> Job:
    """Put a job that was given up or cancelled back in the queue with fresh attempts."""
    return actions.retry_job(job.pk, by=by, chain=journal_chain(None))


def cancel(job: Job, *, by: User) -> Job:
    """Cancel a job; one under way is undone when it comes to its end."""
    return actions.cancel_job(job.pk, by=by, chain=journal_chain(None))


JOBS.expose(router)
on_jobs = Acts(router, JOBS, [MANAGE_SYSTEM])
on_jobs.post("retry", retry)
on_jobs.post("cancel", cancel)


def progress(job: Job, request: HttpRequest, given: Any) -> dict[str, Any]:
    """How far a job is, as its worker told last."""
    return _progress(job)


ask_of(router, JOBS, "progress", progress, PROGRESS, [MANAGE_SYSTEM])
WORKER = shape("Worker", Worker, "name started_at seen_at")
QUEUE = told("Queue", lambda one: one, states=dict[str, int], workers=list[WORKER.model]).model  # type: ignore[name-defined]


def queue(request: HttpRequest, given: Any) -> dict[str, Any]:
    """How many jobs are in each state, and the workers seen in the last minute."""
    check_jobs(user_of(request))
    return {"states": queries.counts_by_state(), "workers": WORKER.all(queries.workers_alive())}


ask(router, "/queue", "queue_get", queue, QUEUE, [MANAGE_SYSTEM])
