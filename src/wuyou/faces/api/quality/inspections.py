"""Inspections: begun, filled section by section, signed, published; scores with their arithmetic (spec 05)."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, UploadedFile

from wuyou.domains.org.models import Project, User
from wuyou.domains.quality.actions import inspections as actions
from wuyou.domains.quality.actions.inspections import AnswerIn
from wuyou.domains.quality.choices import InspectionState, Level
from wuyou.domains.quality.flows.inspections import INSPECTION_FLOW
from wuyou.domains.quality.models import Inspection, InspectionAnswer, Score, Target
from wuyou.domains.quality.policies.rights import INSPECT, MANAGE_CAMPAIGNS, VIEW_INSPECTIONS
from wuyou.domains.quality.queries import inspections as queries
from wuyou.domains.quality.queries.inspectors import takers_of
from wuyou.domains.registry.models import Place
from wuyou.domains.sheets.models import SheetVersion
from wuyou.faces.api.access import gates
from wuyou.faces.api.answers import done
from wuyou.faces.api.operations import IDEMPOTENCY, Acts, maybe, possible, ref, steps
from wuyou.faces.api.org.tree import PROJECTS
from wuyou.faces.api.questions import ask_of
from wuyou.faces.api.registry.places import PLACES
from wuyou.faces.api.resources import Filter, Resource, ids, needing
from wuyou.faces.api.shapes import extended, shape
from wuyou.faces.api.sheets import VERSIONS
from wuyou.faces.api.values import Code, Day, Given, Id, PathId, Uuid, choice, listed, number, text
from wuyou.faces.api.work.proof import EVIDENCE, Taken, opened
from wuyou.kernel.errors import Invalid
from wuyou.kernel.evidence import served_file
from wuyou.ui.visitor import user_of

from . import router
from .campaigns import TARGETS

SEE = [VIEW_INSPECTIONS, INSPECT]
MOST_ANSWERS = 500


def _answers(inspection: Inspection) -> list[InspectionAnswer]:
    return list(inspection.answers.select_related("item").order_by("item__position"))


def _missing(inspection: Inspection) -> list[str]:
    """Codes of the items that stand between an inspection under way and its submission."""
    if inspection.state != InspectionState.UNDER_WAY:
        return []
    return [item.code for item, _message in queries.left_to_do(queries.filled_of(inspection))]


INSPECTION = shape(
    "Inspection", Inspection,
    "id project number campaign target level sheet_version second_of inspector place state day started_at submitted_at"
    " published_at note signed_as void_because is_hidden score is_vetoed revision client_id",
    project_name="project.name", inspector_name="inspector.full_name", steps=possible(INSPECTION_FLOW),
)  # fmt: skip
ANSWER = shape(
    "InspectionAnswer", InspectionAnswer, "id value number verdict place note photos revision at",
    code="item.code", section="item.section",
)  # fmt: skip
SCORE = shape("InspectionScore", Score, "id value is_vetoed tree reason cause_kind cause_id at")
INSPECTIONS = Resource(
    "inspections",
    INSPECTION,
    lambda user: queries.for_list(queries.inspections_visible_to(user)),
    view=SEE,
    filters={
        "project_id": ids("project"),
        "campaign_id": ids("campaign"),
        "inspector_id": ids("inspector"),
        "target_id": ids("target"),
        "second_of_id": ids("second_of"),
        "level": Filter(choice(Level), "level"),
        "state": Filter(choice(InspectionState), "state"),
        "is_vetoed": Filter(bool, "is_vetoed"),
        "day_from": Filter(Day, "day__gte"),
        "day_to": Filter(Day, "day__lte"),
    },
    sorts={"day": "day", "number": "number", "score": "score"},
    search=("number", "project__name"),
    detail=extended(
        INSPECTION, "InspectionDetail",
        answers=(list[ANSWER.model], lambda row: ANSWER.all(_answers(row))),  # type: ignore[name-defined]
        missing=(list[str], _missing),
    ),
    whole=lambda rows: rows.select_related("target__campaign", "second_of"),
)  # fmt: skip


class AnswerGiven(Given):
    """What is answered to one item; `value` null or empty takes it back, deductions are codes with commas between."""

    code: text(40, least=1)  # type: ignore[valid-type]
    value: text(300) | None = None  # type: ignore[valid-type]
    note: text(500) = ""  # type: ignore[valid-type]
    place_id: Id | None = None


def begin(
    *,
    by: User,
    project: Project | None = None,
    target: Target | None = None,
    sheet_version: SheetVersion | None = None,
    level: str | None = None,
    second_of: Inspection | None = None,
    place: Place | None = None,
    client_id: uuid.UUID | None = None,
) -> Inspection:
    """Begin an inspection of a target of a campaign, a self-check of a project, or a second one of another."""
    where = target or project
    if second_of is not None:
        where = second_of.target or second_of.project
    if where is None:
        raise Invalid(fields={"target": _("Name a target of a campaign, a project, or the first inspection.")})
    given = {"sheet_version": sheet_version, "level": level, "second_of": second_of, "place": place}
    return actions.start_inspection(where, by=by, client_id=client_id, **given)  # type: ignore[arg-type]


def save_section(
    inspection: Inspection, *, by: User, section: str, answers: list[AnswerGiven], revision: int | None = None
) -> int:
    """Save answers to some items of one section; items that are not named stay as they are.

    With `revision`, the one last seen, an answer somebody else has changed since is refused (409), not overwritten.
    """
    given = {one.code: AnswerIn(one.value, note=one.note, place_id=one.place_id) for one in answers}
    return actions.save_section(inspection, section=section, answers=given, by=by, revision=revision)


def hand_on(inspection: Inspection, *, by: User, to_id: int, reason: str) -> Inspection:
    """Give an inspection under way to another inspector, with all that was answered: the first one has left."""
    to = takers_of(inspection).filter(pk=to_id).first()
    if to is None:
        raise Invalid(fields={"to_id": _("Choose another inspector.")})
    return actions.hand_on_inspection(inspection, to=to, reason=reason, by=by)


INSPECTIONS.expose(router)
on_inspections = Acts(router, INSPECTIONS, [INSPECT])
on_inspections.add(
    begin,
    {
        "project": maybe(ref(PROJECTS)),
        "target": maybe(ref(TARGETS)),
        "sheet_version": maybe(ref(VERSIONS)),
        "level": maybe(choice(Level)),
        "second_of": maybe(ref(INSPECTIONS)),
        "place": maybe(ref(PLACES)),
        "client_id": maybe(Uuid),
    },
)
on_inspections.put(
    "section",
    save_section,
    {"section": text(60), "answers": listed(AnswerGiven, MOST_ANSWERS, 0), "revision": maybe(number())},
)
on_inspections.post("hand-on", hand_on, {"to_id": Id, "reason": text(300)}, needs=[INSPECT, MANAGE_CAMPAIGNS])
steps(
    on_inspections,
    INSPECTION_FLOW,
    {
        "submit": (actions.submit_inspection, {"note": maybe(text(1000)), "signed_as": maybe(text(60))}),
        "publish": (actions.publish_inspection, {}),
        "void": (actions.void_inspection, {"reason": text(300)}),
    },
)


class PhotoOf(Taken):
    """Which item a photo is of, and what the app knows of it."""

    item_code: Code


@router.post(
    "/inspections/{int:id}/photos", operation_id="inspections_attach", summary="Attach a photo to an item",
    response={201: EVIDENCE.model}, openapi_extra={"parameters": [IDEMPOTENCY], **needing([INSPECT])},
    auth=gates([INSPECT]),
)  # fmt: skip
def attach(request: HttpRequest, id: PathId, file: File[UploadedFile], given: Form[PhotoOf]) -> HttpResponse:  # noqa: A002
    """Attach a photo to an item of an inspection under way; the same file twice is kept once."""

    def act() -> dict[str, Any]:
        row = actions.attach_photo(
            INSPECTIONS.subject(request, id), item_code=given.item_code, upload=file, by=user_of(request),
            taken_at=given.taken_at, position=given.position(),  # type: ignore[arg-type]
        )  # fmt: skip
        return EVIDENCE.of(row)

    return done(request, act, status=201)


class PhotoAsked(Given):
    """The photo that was taken by mistake."""

    item_code: Code
    photo_id: Id


@router.post(
    "/inspections/{int:id}/discard-photo", operation_id="inspections_discard_photo", summary="Leave a photo out",
    response=INSPECTIONS.one.model, openapi_extra={"parameters": [IDEMPOTENCY], **needing([INSPECT])},
    auth=gates([INSPECT]),
)  # fmt: skip
def discard(request: HttpRequest, id: PathId, given: PhotoAsked) -> HttpResponse:  # noqa: A002
    """Mark a photo as taken by mistake: it stays, but proves nothing."""

    def act() -> dict[str, Any]:
        inspection = INSPECTIONS.subject(request, id)
        photo = queries.photo_in(inspection, given.photo_id)
        actions.discard_photo(inspection, item_code=given.item_code, photo=photo, by=user_of(request))
        return INSPECTIONS.shown(request, id)

    return done(request, act)


def photos(inspection: Inspection, request: HttpRequest, asked: Any) -> list[dict[str, Any]]:
    """The photos of an inspection; `subject_id` is the answer's id."""
    found = queries.photos_of(_answers(inspection))
    return EVIDENCE.all(row for rows in found.values() for row in rows)


def file(inspection: Inspection, request: HttpRequest, asked: Any) -> HttpResponse:
    """One photo of an inspection: the copy that may be shown, with its watermark."""
    row = queries.photo_in(inspection, asked.photo_id)
    with opened(served_file, row) as stored:
        answer = HttpResponse(stored.read(), content_type="image/jpeg" if row.thumbnail_path else row.content_type)
    answer["Content-Disposition"] = content_disposition_header(True, f"evidence-{row.pk}") or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def scores(inspection: Inspection, request: HttpRequest, asked: Any) -> list[dict[str, Any]]:
    """Every score an inspection had with its whole arithmetic, the one in force first."""
    return SCORE.all(queries.scores_of(inspection))


COMPARED = shape(
    "InspectionAgreement", None, "", code=(str, "code"), first=(str, "first"), second=(str, "second"),
    first_verdict=(str, "first_verdict"), second_verdict=(str, "second_verdict"), is_same=(bool, "is_same"),
)  # fmt: skip


def agreement(inspection: Inspection, request: HttpRequest, asked: Any) -> list[dict[str, Any]]:
    """Two inspectors item by item, once both have submitted; empty before."""
    twin = queries.twin_of(inspection)
    return COMPARED.all(queries.agreement_of(inspection, twin)) if twin else []


ask_of(router, INSPECTIONS, "photos", photos, list[EVIDENCE.model], SEE)  # type: ignore[name-defined]
ask_of(router, INSPECTIONS, "photo", file, "application/octet-stream", SEE, photo_id=PathId)
ask_of(router, INSPECTIONS, "scores", scores, list[SCORE.model], SEE)  # type: ignore[name-defined]
ask_of(router, INSPECTIONS, "agreement", agreement, list[COMPARED.model], SEE)  # type: ignore[name-defined]
