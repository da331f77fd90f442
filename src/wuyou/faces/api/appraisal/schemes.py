"""Appraisal schemes and their versions; documents as in docs/reference/schemes.md (spec 06)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from django.http import HttpRequest
from pydantic import Field

from wuyou.domains.appraisal.actions import schemes as actions
from wuyou.domains.appraisal.choices import SubjectKind, VersionState
from wuyou.domains.appraisal.flows import EDIT_SCHEMES, SCHEME_FLOW
from wuyou.domains.appraisal.models import Scheme, SchemeVersion
from wuyou.domains.appraisal.policies import VIEW, VIEW_PEOPLE
from wuyou.domains.appraisal.queries.schemes import known_now, schemes_visible_to, value_of, versions_visible_to
from wuyou.domains.appraisal.rules.validation import validate
from wuyou.domains.org.models import User
from wuyou.faces.api.operations import Acts, Step, maybe, possible, ref, steps
from wuyou.faces.api.org.tree import NODES
from wuyou.faces.api.questions import ask_of
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import extended, shape
from wuyou.faces.api.values import choice, number, text
from wuyou.kernel.errors import FieldError, Invalid

from . import router

SEE = [VIEW, VIEW_PEOPLE]
SCHEMES = Resource(
    "appraisal-schemes",
    shape("AppraisalScheme", Scheme, "id code name_zh name_en subject node"),
    lambda user: schemes_visible_to(user).order_by("code"),
    view=SEE,
    filters={"subject": Filter(choice(SubjectKind), "subject"), "code": Filter(text(40), "code")},
    sorts={"code": "code"},
    search=("name_zh", "name_en", "code"),
)
VERSION = shape(
    "SchemeVersion", SchemeVersion, "id scheme number state note drafted_by issued_on withdrawn_on revision",
    scheme_code=(str, "scheme.code"), steps=possible(SCHEME_FLOW),
)  # fmt: skip
VERSIONS = Resource(
    "appraisal-versions",
    VERSION,
    lambda user: versions_visible_to(user).order_by("scheme__code", "-number"),
    view=SEE,
    filters={"scheme_id": ids("scheme"), "state": Filter(choice(VersionState), "state")},
    detail=extended(VERSION, "SchemeVersionWhole", document=(dict[str, Any], "document")),
)
Document = Annotated[dict[str, Any], Field(max_length=100)]
NOTE = text(300)

SCHEMES.expose(router)
VERSIONS.expose(router)
on_schemes = Acts(router, SCHEMES, [EDIT_SCHEMES])
on_versions = Acts(router, VERSIONS, [EDIT_SCHEMES])


@contextmanager
def _inside_document() -> Iterator[None]:
    """Errors of a document point into the body's `document`."""
    try:
        yield
    except Invalid as error:
        error.fields = [
            FieldError(f"document{one.field.rstrip('/')}".replace("/", "."), one.message)
            if one.field.startswith("/")
            else one
            for one in error.fields
        ]
        raise


def create(*, document: dict[str, Any], by: User, node: Any = None, note: str = "") -> Scheme:
    """Begin a scheme with its first draft; errors of the document are named by JSON pointers."""
    with _inside_document():
        return actions.create_scheme(document=document, node=node, note=note, by=by).scheme


def change(version: SchemeVersion, *, document: dict[str, Any], revision: int, by: User, note: str = "") -> None:
    """Write a draft anew; `revision` is the one that was read. Errors are named by JSON pointers."""
    with _inside_document():
        actions.change_version(version, document=document, revision=revision, note=note, by=by)


on_schemes.add(create, {"document": Document, "node": maybe(ref(NODES)), "note": maybe(NOTE)})
on_schemes.post("versions", actions.new_version, {"note": maybe(NOTE)}, answer=VERSION)


def load(*, by: User) -> list[str]:
    """Load the schemes the product ships; the same ones load once."""
    return actions.load_shipped_schemes(by=by)


on_schemes.free("/appraisal-schemes/load-shipped", "load_shipped", load, {}, answer=None)
on_versions.put("document", change, {"document": Document, "revision": number(), "note": maybe(NOTE)})


def _move(step: str) -> Step:
    def move(version: SchemeVersion, *, by: User) -> None:
        with _inside_document():
            actions.move_version(version, step=step, by=by)

    move.__doc__ = f"Take the version along its flow: {step}."
    return move, {}


steps(on_versions, SCHEME_FLOW, {step.name: _move(step.name) for step in SCHEME_FLOW.transitions})
PROBLEM = shape("SchemeProblem", None, "", pointer="pointer", message=(str, lambda one: str(one.message)),
                is_warning=(bool, "is_warning"))  # fmt: skip


def problems(version: SchemeVersion, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """What is wrong with a version, by JSON pointer; warnings do not keep it from being issued."""
    return PROBLEM.all(validate(value_of(version), known_now()))


ask_of(router, VERSIONS, "problems", problems, list[PROBLEM.model], SEE)  # type: ignore[name-defined]
