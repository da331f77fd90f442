"""Today's sample of finished work as a wall of photos; the keyboard is enough: a, r and the arrows (spec 03, 11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wuyou.domains.org.policies import require
from wuyou.domains.work import policies
from wuyou.domains.work.actions.reviewing import accept_evidence, reject_evidence
from wuyou.domains.work.models import Task
from wuyou.domains.work.queries.day import implausible_answers, proofs_of
from wuyou.domains.work.queries.tasks import to_review
from wuyou.kernel.errors import Missing
from wuyou.kernel.evidence.models import Evidence
from wuyou.ui import scope
from wuyou.ui.pages import Photo
from wuyou.ui.visitor import user_of

from .looks import Look, photos_of, state_look
from .task import task_of

QUICK_REASONS = (
    gettext_lazy("The photo is blurred"),
    gettext_lazy("One cannot see where it is"),
    gettext_lazy("The same photo as before"),
    gettext_lazy("It is not clean"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A finished task on the wall."""

    task: Task
    photos: list[Photo]
    look: Look
    flags: list[object]


def shown(task: Task, proofs: list[Evidence], odd: int) -> Shown:
    """A task with its photos and what a reviewer should look at twice."""
    photos = photos_of(proofs)
    flags = [photo.badge for photo in photos if photo.badge]
    if odd:
        flags.append(_("Implausible reading"))
    if task.batch and task.evidence == "photo":
        flags.append(_("One photo for several tasks"))
    return Shown(task, photos, state_look(task), list(dict.fromkeys(map(str, flags))))


def wall(request: HttpRequest) -> HttpResponse:
    """The sample of the last two days, what has photos first."""
    user = user_of(request)
    require(user, policies.REVIEW_TASKS)
    project = scope.of(request).project
    tasks = [task for task in to_review(user) if project is None or task.project_id == project.pk]
    proofs: Mapping[int, list[Evidence]] = proofs_of(tasks)
    odd = implausible_answers(tasks)
    context = {
        "title": _("Evidence review"),
        "items": sorted(
            (shown(task, proofs[task.pk], odd.get(task.pk, 0)) for task in tasks), key=lambda item: not item.photos
        ),
        "reasons": QUICK_REASONS,
        "share": Decimal(10),
    }
    return render(request, "console/work/review.html", context)


@require_POST
def verdict(request: HttpRequest, pk: int, verdict: str) -> HttpResponse:
    """Accept or reject one; gives its card as it stands now, or leads back to the wall without scripts."""
    task, user = task_of(request, pk), user_of(request)
    if verdict not in {"accept", "reject"}:
        raise Missing(_("There is no such step."))
    if verdict == "accept":
        accept_evidence(task, by=user)
    else:
        reject_evidence(task, by=user, review_note=request.POST.get("text", ""))
    if "HX-Request" not in request.headers:
        return redirect("console:work:review")
    item = shown(task, proofs_of([task])[task.pk], 0)
    return render(request, "console/work/parts/reviewed.html", {"item": item, "verdict": verdict})
