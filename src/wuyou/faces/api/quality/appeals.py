"""Appeals: filed, decided step by step, taken further, withdrawn; who decides where (spec 05, 00 rule 3)."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, UploadedFile

from wuyou.domains.org.models import Node, User
from wuyou.domains.org.policies import MANAGE_USERS
from wuyou.domains.quality.actions.appeal_proofs import attach_to_appeal
from wuyou.domains.quality.actions.appeals import (
    appoint_decider,
    decide_stage,
    file_appeal,
    go_further,
    withdraw_appeal,
)
from wuyou.domains.quality.actions.ladders import set_ladder
from wuyou.domains.quality.choices import AppealState, Outcome
from wuyou.domains.quality.models import Appeal, AppealLadder, AppealStage
from wuyou.domains.quality.policies.rights import DECIDE_APPEALS, FILE_APPEALS, MANAGE_CAMPAIGNS
from wuyou.domains.quality.queries import appeals as queries
from wuyou.domains.quality.queries.challenged import challenge
from wuyou.domains.quality.queries.chances import chance_of
from wuyou.domains.quality.queries.subjects import rescorings_of
from wuyou.domains.quality.rules.appeals import LADDER_STEPS, MOST_DAYS, MOST_STEPS, Rung
from wuyou.domains.work.policies import DO_TASKS
from wuyou.faces.api.access import gates
from wuyou.faces.api.answers import done
from wuyou.faces.api.operations import IDEMPOTENCY, Acts, maybe, ref, told
from wuyou.faces.api.org.people import USERS
from wuyou.faces.api.org.tree import NODES
from wuyou.faces.api.questions import ask, ask_of
from wuyou.faces.api.resources import Filter, Resource, ids, needing
from wuyou.faces.api.shapes import extended, shape
from wuyou.faces.api.values import Code, Day, Given, Id, Json, PathId, choice, column, listed, number, one_of
from wuyou.faces.api.work.proof import EVIDENCE, Taken, opened, sent
from wuyou.kernel.errors import Missing
from wuyou.kernel.evidence import served_file
from wuyou.ui.visitor import user_of

from . import router

SEE = [FILE_APPEALS, DECIDE_APPEALS, DO_TASKS, MANAGE_USERS]  # staff see their own, administrators what is stuck
FILE = [FILE_APPEALS, DO_TASKS]  # whom a decision is about may appeal too
DECIDE = [DECIDE_APPEALS]
SET = [MANAGE_CAMPAIGNS]

STAGE = shape(
    "AppealStage", AppealStage,
    "position step role appointee started_at due_at decided_by decided_at lapsed_at is_empty outcome reasons",
)  # fmt: skip
RUNG = shape("AppealRung", None, "", step="step", role="role", days=(int, "days"))
APPEAL = shape(
    "Appeal", Appeal,
    "id project number subject_kind subject_id subject_label decided_at grounds wanted state limit_days filed_by"
    " filed_at stuck_at outcome amended_to closed_at further_until",
)  # fmt: skip


def ladder(appeal: Appeal) -> list[dict[str, Any]]:
    """The steps of the ladder as it stood when the appeal was filed, the lowest first."""
    return RUNG.all(queries.rungs_of(appeal.ladder))


def deciders(appeal: Appeal) -> list[int]:
    """Users who decide the step that waits now; none once its time is over."""
    return sorted(queries.standing(appeal).deciders)


APPEALS = Resource(
    "appeals",
    APPEAL,
    lambda user: queries.appeals_visible_to(user).select_related("project__node").order_by("-pk"),
    view=SEE,
    filters={
        "project_id": ids("project"), "filed_by_id": ids("filed_by"), "subject_id": ids("subject_id"),
        "subject_kind": Filter(Code, "subject_kind"), "number": Filter(Code, "number"),
        "state": Filter(choice(AppealState), "state"), "outcome": Filter(choice(Outcome), "outcome"),
        "is_stuck": Filter(bool, lambda rows, value: rows.filter(stuck_at__isnull=not value)),
    },
    sorts={"filed_at": "filed_at", "closed_at": "closed_at", "number": "number"},
    search=("number", "subject_label"),
    detail=extended(
        APPEAL, "AppealDetail",
        ladder=(list[RUNG.model], ladder), decider_ids=(list[int], deciders),  # type: ignore[name-defined]
        is_lapsed=(bool, lambda row: queries.standing(row).is_lapsed),
        stages=(list[STAGE.model], lambda row: STAGE.all(row.stages.all())),  # type: ignore[name-defined]
    ),
    whole=lambda rows: rows.prefetch_related("stages"),
)  # fmt: skip
APPEALS.expose(router)
on_appeals = Acts(router, APPEALS, DECIDE)


def file(*, by: User, subject_kind: str, subject_id: int, grounds: str, wanted: str) -> Appeal:
    """Appeal against a finding, inspection or score one may see, within the working days the ladder gives."""
    found = challenge(by, subject_kind, subject_id)
    return file_appeal(project=found.project, decision=found.decision, grounds=grounds, wanted=wanted, by=by)


WORDS = {"grounds": column(Appeal, "grounds")}
on_appeals.free(
    "/appeals", "add", file,
    {"subject_kind": Code, "subject_id": Id, **WORDS, "wanted": column(Appeal, "wanted")},
    status=201, needs=FILE,
)  # fmt: skip
on_appeals.post(
    "decide", decide_stage,
    {"outcome": choice(Outcome), "reasons": column(AppealStage, "reasons"), "amended_to": maybe(Json)},
)  # fmt: skip
on_appeals.post("further", go_further, WORDS, needs=FILE)
on_appeals.post("withdraw", withdraw_appeal, needs=FILE)
on_appeals.post("appoint", appoint_decider, {"user": ref(USERS)}, answer=STAGE, needs=[MANAGE_USERS])

RESCORING = shape(
    "Rescoring", None, "", inspection_id=(int, "inspection.pk"), number="inspection.number",
    before=(Decimal | None, "before"), after=(Decimal | None, "after"), at=(dt.datetime, "at"),
)  # fmt: skip


def rescored(appeal: Appeal, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """The inspection scores an appeal changed, each with the score before it."""
    return RESCORING.all(rescorings_of(appeal))


def evidence(appeal: Appeal, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """Photos and documents attached to an appeal."""
    return EVIDENCE.all(queries.proofs_of_appeal(appeal))


def evidence_file(appeal: Appeal, request: HttpRequest, given: Any) -> Any:
    """The copy to look at of a photo or document attached to an appeal."""
    row = next((one for one in queries.proofs_of_appeal(appeal) if one.pk == given.evidence_id), None)
    if row is None:
        raise Missing(_("There is no such photo, or not for you."))
    return sent(opened(served_file, row), row)


ask_of(router, APPEALS, "rescored", rescored, list[RESCORING.model], SEE)  # type: ignore[name-defined]
ask_of(router, APPEALS, "evidence", evidence, list[EVIDENCE.model], SEE)  # type: ignore[name-defined]
ask_of(router, APPEALS, "evidence-file", evidence_file, "application/octet-stream", SEE, evidence_id=PathId)

CHANCE = told("AppealChance", lambda one: one, until=dt.datetime | None).model


def chance(request: HttpRequest, given: Any) -> dict[str, Any]:
    """Until when the asker may appeal against a decision; null when not, or not any more."""
    found = chance_of(user_of(request), given.subject_kind, given.subject_id)
    return {"until": found.until if found else None}


ask(router, "/appeal-chance", "appeal_chance", chance, CHANCE, FILE, subject_kind=Code, subject_id=PathId)


@router.post(
    "/appeals/{int:id}/evidence", operation_id="appeals_attach", summary="Attach evidence to an appeal",
    response={201: EVIDENCE.model}, openapi_extra={"parameters": [IDEMPOTENCY], **needing(SEE)}, auth=gates(SEE),
)  # fmt: skip
def attach(request: HttpRequest, id: PathId, file: File[UploadedFile], given: Form[Taken]) -> HttpResponse:  # noqa: A002
    """Attach a photo or document to an open appeal, as who appealed or who decides it now."""
    by = user_of(request)
    return done(
        request,
        lambda: EVIDENCE.of(attach_to_appeal(APPEALS.subject(request, id), upload=file, by=by, kind=given.kind)),
        status=201,
    )


# --- ladders


class RungGiven(Given):
    """A step: which role decides, within how many working days."""

    step: one_of(LADDER_STEPS)  # type: ignore[valid-type]
    role: Code
    days: number(1, MOST_DAYS)  # type: ignore[valid-type]


LADDERS = Resource(
    "appeal-ladders",
    shape("AppealLadder", AppealLadder, "id node starts_on days", steps=(list[RUNG.model], lambda row: RUNG.all(  # type: ignore[name-defined]
        queries.rungs_of(row.steps)))),
    queries.ladders_visible_to,
    view=SET,
    filters={"node_id": ids("node")},
)  # fmt: skip
LADDERS.expose(router)


def set_steps(*, by: User, node: Node, starts_on: dt.date, days: int, steps: Sequence[RungGiven]) -> AppealLadder:
    """Say how appeals below a node climb from a day on; open appeals keep the ladder they have."""
    rungs = [Rung(str(one.step), one.role, one.days) for one in steps]
    return set_ladder(node=node, starts_on=starts_on, days=days, rungs=rungs, by=by)


Acts(router, LADDERS, SET).add(
    set_steps,
    {"node": ref(NODES), "starts_on": Day, "days": number(1, MOST_DAYS), "steps": listed(RungGiven, MOST_STEPS)},
)
