"""Problems seen outside any task, photos of problems, and handing out originals (spec 02 Evidence, 03 Tasks)."""

from typing import BinaryIO

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project, User
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import chain_of
from wuyou.domains.registry.models import Place
from wuyou.domains.work import policies
from wuyou.domains.work.flows.tasks import PROBLEM_FLOW
from wuyou.domains.work.models import Problem
from wuyou.kernel import evidence, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Denied, Invalid
from wuyou.kernel.evidence.models import Evidence
from wuyou.kernel.transactions import action

from .problems import Found, enter_problem


@action
def report_problem(where: Place | Asset, *, found: Found, by: Actor) -> Problem:
    """Enter a problem seen in passing at a place or on a device, without a task; raises Denied, Invalid."""
    require(by, policies.DO_TASKS, where.project)
    place, asset = (where, None) if isinstance(where, Place) else (where.place, where)
    return enter_problem(project=where.project, place=place, asset=asset, found=found, by=by)


@action
def attach_to_problem(problem: Problem, *, upload: "File[bytes] | BinaryIO", by: Actor) -> Evidence:
    """Attach a photo to a problem that is not closed; the finder and those who do tasks here may."""
    if not (isinstance(by, User) and problem.reported_by_id == by.pk):
        require(by, policies.DO_TASKS, problem.project)
    if PROBLEM_FLOW.is_final(problem.state):
        raise Conflict(_("This problem is closed."))
    where = problem.place.name if problem.place else problem.project.name
    return evidence.receive(
        upload, by=by, project_id=problem.project_id, subject=("problem", problem.pk, problem.number),
        watermark=f"{where}\n{by.actor_label}",
    )  # fmt: skip


@action
def open_original(row: Evidence, *, project: Project, by: Actor, reason: str) -> "File[bytes]":
    """The file as it came, for somebody who reviews here and says why; who, what and why is journaled."""
    require(by, policies.REVIEW_TASKS, project)
    if row.project_id != project.pk:
        raise Denied(_("You are not allowed to do this here."))
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say why you need the original.")})
    subject = (row.subject_kind, row.subject_id, row.subject_label)
    data = {"evidence": row.pk, "reason": reason.strip()}
    journal.record("work.original_asked", chain=chain_of(project), by=by, subject=subject, data=data)
    return evidence.open_original(row, by=by)
