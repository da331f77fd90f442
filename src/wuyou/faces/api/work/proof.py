"""Evidence: photos and documents sent in, shown, opened as they came (spec 02, Evidence)."""

import uuid
from collections.abc import Callable
from typing import Annotated, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, UploadedFile
from pydantic import Field

from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.work.actions.attaching import attach_evidence, attach_to_batch
from wuyou.domains.work.actions.spotting import attach_to_problem, open_original
from wuyou.domains.work.models import Task
from wuyou.domains.work.policies import DO_TASKS, REVIEW_TASKS
from wuyou.domains.work.queries.day import proof_visible_to, proofs_of
from wuyou.faces.api.access import gates
from wuyou.faces.api.answers import done
from wuyou.faces.api.operations import IDEMPOTENCY, body
from wuyou.faces.api.questions import answered, ask_of
from wuyou.faces.api.resources import needing
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Given, Moment, PathId, choice, text
from wuyou.kernel.errors import Invalid, Missing
from wuyou.kernel.evidence import Kind, served_file, thumbnail_file
from wuyou.kernel.evidence.models import Evidence
from wuyou.ui.visitor import user_of

from . import router
from .problems import PROBLEMS
from .tasks import SEE, TASKS

EVIDENCE = shape(
    "Evidence", Evidence,
    "id project_id subject_kind subject_id subject_label kind content_type size width height sha256 taken_at"
    " received_at latitude longitude accuracy by_label duplicate_of_id duplicate_kind verdict verdict_reason",
)  # fmt: skip
ANY_FILE = {
    "responses": {200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}
}
Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class Taken(Given):
    """What the app knows of a file: kind, moment, position (degrees, metres)."""

    kind: choice(Kind) = Kind.PHOTO.value  # type: ignore[valid-type]
    taken_at: Moment | None = None
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    longitude: Degrees | None = None
    accuracy: Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)] | None = None

    def position(self) -> tuple[float, ...] | None:
        """Latitude, longitude and perhaps accuracy; raises Invalid for half a position."""
        if (self.latitude is None) != (self.longitude is None):
            raise Invalid(fields={"longitude": _("A position has a latitude and a longitude.")})
        if self.latitude is None or self.longitude is None:
            return None
        parts = (self.latitude, self.longitude)
        return parts if self.accuracy is None else (*parts, self.accuracy)


def _about(needs: list[str]) -> dict[str, Any]:
    return {"openapi_extra": {"parameters": [IDEMPOTENCY], **needing(needs)}, "auth": gates(needs)}


@router.post(
    "/tasks/{int:id}/evidence", operation_id="tasks_attach", summary="Attach evidence",
    response={201: EVIDENCE.model}, **_about([DO_TASKS]),
)  # fmt: skip
def attach(request: HttpRequest, id: PathId, file: File[UploadedFile], given: Form[Taken]) -> HttpResponse:  # noqa: A002
    """Attach a photo, document or recording to a task before finishing it."""

    def act() -> dict[str, Any]:
        row = attach_evidence(
            TASKS.subject(request, id), upload=file, by=user_of(request), kind=given.kind, taken_at=given.taken_at,
            position=given.position(),  # type: ignore[arg-type]
        )  # fmt: skip
        return EVIDENCE.of(row)

    return done(request, act, status=201)


class BatchGiven(Given):
    """The tasks a photo is to prove together."""

    task_ids: Annotated[list[PathId], Field(min_length=1, max_length=500)]
    taken_at: Moment | None = None


@router.post(
    "/batches/{uuid:batch}/evidence", operation_id="batches_attach", summary="Attach evidence to a batch",
    response={201: EVIDENCE.model}, **_about([DO_TASKS]),
)  # fmt: skip
def attach_batch(
    request: HttpRequest, batch: uuid.UUID, file: File[UploadedFile], given: Form[BatchGiven]
) -> HttpResponse:
    """Attach a photo to a batch before finishing it; the client chooses the batch's id."""

    def act() -> dict[str, Any]:
        tasks = TASKS.several(request, given.task_ids, at="task_ids")
        return EVIDENCE.of(
            attach_to_batch(tasks, batch=batch, upload=file, by=user_of(request), taken_at=given.taken_at)
        )

    return done(request, act, status=201)


@router.post(
    "/problems/{int:id}/evidence", operation_id="problems_attach", summary="Attach evidence to a problem",
    response={201: EVIDENCE.model}, **_about(SEE),
)  # fmt: skip
def attach_problem(request: HttpRequest, id: PathId, file: File[UploadedFile]) -> HttpResponse:  # noqa: A002
    """Attach a photo to a problem that is not closed."""
    by = user_of(request)
    return done(
        request,
        lambda: EVIDENCE.of(attach_to_problem(PROBLEMS.subject(request, id), upload=file, by=by)),
        status=201,
    )


def evidence(task: Task, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """The proof of a task, that of its batch included."""
    return EVIDENCE.all(proofs_of([task])[task.pk])


ask_of(router, TASKS, "evidence", evidence, list[EVIDENCE.model], SEE)  # type: ignore[name-defined]


@router.get(
    "/evidence/{int:id}", operation_id="evidence_get", summary="One of evidence", response=EVIDENCE.model,
    openapi_extra=needing(SEE), auth=gates(SEE),
)  # fmt: skip
def one(request: HttpRequest, id: PathId) -> HttpResponse:  # noqa: A002
    """What is known of a photo or document."""
    return answered(request, EVIDENCE.of(proof_visible_to(user_of(request), id)))


@router.get(
    "/evidence/{int:id}/file", operation_id="evidence_file", summary="The copy that is shown", response=None,
    openapi_extra={**needing(SEE), **ANY_FILE},
    auth=gates(SEE),
)  # fmt: skip
def file(request: HttpRequest, id: PathId) -> Any:  # noqa: A002
    """The copy that may be shown: re-encoded, without metadata, with its watermark."""
    row = proof_visible_to(user_of(request), id)
    return sent(opened(served_file, row), row)


@router.get(
    "/evidence/{int:id}/thumbnail", operation_id="evidence_thumbnail", summary="The small copy", response=None,
    openapi_extra={**needing(SEE), **ANY_FILE},
    auth=gates(SEE),
)  # fmt: skip
def thumbnail(request: HttpRequest, id: PathId) -> Any:  # noqa: A002
    """The small copy of a picture."""
    row = proof_visible_to(user_of(request), id)
    small = opened(thumbnail_file, row)
    if small is None:
        raise Missing(_("This is not a picture."))
    return sent(small, row, content_type="image/jpeg")


OriginalGiven: Any = body("EvidenceOriginal", {"reason": text(300)})


@router.post(
    "/evidence/{int:id}/original", operation_id="evidence_original", summary="The file as it came", response=None,
    openapi_extra={**needing([REVIEW_TASKS]), **ANY_FILE},
    auth=gates([REVIEW_TASKS]),
)  # fmt: skip
def original(request: HttpRequest, id: PathId, given: OriginalGiven) -> Any:  # noqa: A002
    """The file as it came, for somebody who reviews here and says why; who, what and why is journaled."""
    by = user_of(request)
    row = proof_visible_to(by, id)
    project = projects_visible_to(by, REVIEW_TASKS).filter(pk=row.project_id).first()
    if project is None:
        raise Missing(_("There is no such photo, or not for you."))
    whole = opened(lambda one: open_original(one, project=project, by=by, reason=given.reason), row)
    return sent(whole, row)


def opened(read: Callable[[Evidence], Any], row: Evidence) -> Any:
    """A stored copy, open; raises Missing when the storage does not have it any more."""
    try:
        return read(row)
    except FileNotFoundError as error:
        raise Missing(_("The file is not in the storage any more.")) from error


def sent(stored: Any, row: Evidence, *, content_type: str = "") -> FileResponse:
    """A stored file as a download that no browser runs."""
    response = FileResponse(stored, content_type=content_type or row.content_type)
    response["Content-Disposition"] = content_disposition_header(True, f"evidence-{row.pk}") or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
