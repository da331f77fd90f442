"""The file of one appeal: grounds, evidence, what is challenged, the ladder with its clocks, what followed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.appraisal.queries.appealed import months_rescored_by
from wuyou.domains.org.models import User
from wuyou.domains.org.policies import may
from wuyou.domains.quality.actions.appeal_proofs import attach_to_appeal
from wuyou.domains.quality.actions.appeals import withdraw_appeal
from wuyou.domains.quality.choices import AppealState, Step
from wuyou.domains.quality.models import Appeal, AppealStage
from wuyou.domains.quality.policies import appeals as policies
from wuyou.domains.quality.queries.appeals import (
    Standing,
    appeals_visible_to,
    people_named,
    proofs_of_appeal,
    standing,
)
from wuyou.domains.quality.queries.subjects import rescorings_of
from wuyou.faces.console.history import timeline_of
from wuyou.kernel import clock
from wuyou.kernel.journal.queries import entries_of
from wuyou.ui.visitor import user_of

from .appeal_looks import appeal_url, kind_label, page_url, role_names, stage_words, standing_words
from .proofs import proofs_shown


def appeal_of(request: HttpRequest, pk: int) -> Appeal:
    """A visible appeal, or 404."""
    rows = appeals_visible_to(user_of(request)).select_related("project__node", "filed_by")
    found: Appeal = get_object_or_404(rows.prefetch_related("stages__decided_by", "stages__appointee"), pk=pk)
    return found


@require_GET
def appeal_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One appeal as its two sides and its deciders need it."""
    appeal, user = appeal_of(request, pk), user_of(request)
    stages = list(appeal.stages.all())
    now = standing(appeal, stages=stages)
    proofs = proofs_of_appeal(appeal)
    context = {
        "appeal": appeal,
        "where": standing_words(appeal),
        "kind": kind_label(appeal.subject_kind),
        "subject_url": page_url(appeal.subject_kind, appeal.subject_id),
        "running": now.stage if now.stage and not now.is_lapsed else None,
        "ladder": ladder_rows(appeal, stages, now),
        "changes": changes_of(appeal, user),
        "photos": proofs_shown(proofs),
        "documents": [row for row in proofs if not row.thumbnail_path],
        "entries": timeline_of(reversed(entries_of("appeal", appeal.pk))),
        "back": reverse("console:quality:appeals"),
        **doors(appeal, user, now),
    }
    return render(request, "console/quality/appeal.html", context)


def changes_of(appeal: Appeal, user: User) -> list[dict[str, Any]]:
    """What an appeal scored again, inspections and appraised months: old and new score side by side."""
    if appeal.state != AppealState.DECIDED:
        return []
    inspections = rescorings_of(appeal)
    found: list[dict[str, Any]] = [
        {
            "name": one.inspection.number,
            "url": page_url("inspection", one.inspection.pk),
            "before": one.before,
            "after": one.after,
            "at": one.at,
        }
        for one in inspections
    ]
    months = months_rescored_by(appeal, inspections=[one.inspection.pk for one in inspections], user=user)
    return found + [
        {
            "name": str(one.period),
            "url": page_url("appraisal.score", one.period.pk),
            "before": one.before,
            "after": one.after,
            "at": one.at,
        }
        for one in months
    ]


def doors(appeal: Appeal, user: User, now: Standing) -> dict[str, bool]:
    """What this person may do now: for showing buttons; the actions ask again."""
    is_open = appeal.state == AppealState.FILED
    is_own = may(policies.check_own, user, appeal)
    further = appeal.further_until
    return {
        "may_decide": user.pk in now.deciders,
        "may_withdraw": is_open and is_own,
        "may_further": is_own and further is not None and clock.now() <= further,
        "may_attach": is_open and (is_own or user.pk in now.deciders),
        "may_appoint": is_open and appeal.stuck_at is not None and may(policies.check_appoint, user, appeal),
    }


def ladder_rows(appeal: Appeal, stages: list[AppealStage], now: Standing) -> list[dict[str, Any]]:
    """The steps so far and those above them, each with who decides and how it ended."""
    names, people = role_names(), people_named(now.deciders)
    rows: list[dict[str, Any]] = [
        {
            "stage": stage,
            "step": stage.get_step_display(),
            "role": str(stage.appointee) if stage.appointee else names(stage.role),
            "words": stage_words(stage),
            "people": people if stage == now.stage else [],
        }
        for stage in stages
    ]
    climbed = len([stage for stage in stages if stage.step != Step.APPOINTED])
    above = appeal.ladder[climbed:] if appeal.state == AppealState.FILED or appeal.further_until else []
    return rows + [{"step": Step(rung["step"]).label, "role": names(rung["role"])} for rung in above]


@require_POST
def appeal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an appeal back."""
    appeal = appeal_of(request, pk)
    withdraw_appeal(appeal, by=user_of(request))
    messages.success(request, _now("%(number)s is withdrawn; the decision stands.") % {"number": appeal.number})
    return redirect(appeal_url(appeal))


@require_POST
def appeal_photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Add photos to an appeal."""
    appeal = appeal_of(request, pk)
    for upload in request.FILES.getlist("photos"):
        attach_to_appeal(appeal, upload=upload, by=user_of(request))
    if "HX-Request" not in request.headers:
        return redirect(appeal_url(appeal))
    context = {"photos": proofs_shown(proofs_of_appeal(appeal)), "upload_url": request.path}
    return render(request, "console/work/parts/proof.html", context)
