"""Findings and corrections: entered, put right step by step, judged, explained, looked for elsewhere (spec 05)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, UploadedFile

from wuyou.domains.org.models import Project, User
from wuyou.domains.quality.actions import findings as actions
from wuyou.domains.quality.actions.findings import FindingEntry
from wuyou.domains.quality.choices import Cause, ExtensionState, FindingState, Hazard, Remedy, SimilarState, SourceKind
from wuyou.domains.quality.flows.findings import FINDING_FLOW
from wuyou.domains.quality.models import Correction, Explanation, Extension, Finding, SimilarPlace
from wuyou.domains.quality.policies.findings import correction_of
from wuyou.domains.quality.policies.rights import (
    CORRECT_FINDINGS,
    DECIDE_EXTENSIONS,
    INSPECT,
    VERIFY_CORRECTIONS,
    VIEW_FINDINGS,
)
from wuyou.domains.quality.queries import findings as queries
from wuyou.domains.registry.models import Staff
from wuyou.domains.work.choices import Severity
from wuyou.domains.work.policies import DO_TASKS
from wuyou.faces.api.access import gates
from wuyou.faces.api.answers import done
from wuyou.faces.api.assets import ASSETS
from wuyou.faces.api.operations import IDEMPOTENCY, Acts, Fields, maybe, one, possible, ref, refs, steps
from wuyou.faces.api.org.tree import PROJECTS
from wuyou.faces.api.questions import ask_of
from wuyou.faces.api.registry.places import PLACES
from wuyou.faces.api.registry.staff import STAFF
from wuyou.faces.api.resources import Filter, Resource, ids, needing
from wuyou.faces.api.shapes import extended, shape
from wuyou.faces.api.standards.clauses import CLAUSES
from wuyou.faces.api.values import Day, Moment, PathId, choice, column, listed, text
from wuyou.faces.api.work.problems import PROBLEMS
from wuyou.faces.api.work.proof import EVIDENCE, Taken, opened, sent
from wuyou.kernel.errors import Missing
from wuyou.kernel.evidence import served_file
from wuyou.ui.visitor import user_of

from . import router

SEE = [VIEW_FINDINGS, DO_TASKS]  # staff see what they answer for
WORK = [CORRECT_FINDINGS, DO_TASKS]
JUDGE = [VERIFY_CORRECTIONS]

CORRECTION = shape(
    "Correction", Correction,
    "containment cause whys action action_owner action_due proof proved_by proved_at verified_by verified_at"
    " verify_note rejections effect_due is_effective effect_note",
)  # fmt: skip
FINDING = shape(
    "Finding", Finding,
    "id project number source source_id source_label inspection answer clause place asset zone team contractor owner"
    " text severity remedy hazard state deadline weight repeat_of merged_into is_hidden found_by found_at closed_at"
    " void_because",
    place_name=(str | None, "place.name"), asset_name=(str | None, "asset.name"),
    clause_code=(str | None, "clause.code"), owner_name=(str | None, "owner.name"), steps=possible(FINDING_FLOW),
)  # fmt: skip


def correction(finding: Finding) -> dict[str, Any] | None:
    """What was done about a finding."""
    row = correction_of(finding)
    return CORRECTION.of(row) if row else None


FINDINGS = Resource(
    "findings",
    FINDING,
    queries.findings_for_list,
    view=SEE,
    filters={
        "project_id": ids("project"), "clause_id": ids("clause"), "place_id": ids("place"), "asset_id": ids("asset"),
        "zone_id": ids("zone"), "team_id": ids("team"), "owner_id": ids("owner"), "inspection_id": ids("inspection"),
        "repeat_of_id": ids("repeat_of"), "number": Filter(text(40), "number"),
        "state": Filter(choice(FindingState), "state"), "severity": Filter(choice(Severity), "severity"),
        "remedy": Filter(choice(Remedy), "remedy"), "hazard": Filter(choice(Hazard), "hazard"),
        "source": Filter(choice(SourceKind), "source"), "cause": Filter(choice(Cause), "correction__cause"),
        "found_from": Filter(Moment, "found_at__gte"), "found_to": Filter(Moment, "found_at__lt"),
        "deadline_from": Filter(Moment, "deadline__gte"), "deadline_to": Filter(Moment, "deadline__lt"),
        "is_late": Filter(bool, lambda rows, value: _late(rows, value=value)),
    },
    sorts={"deadline": "deadline", "found_at": "found_at", "number": "number", "weight": "weight"},
    search=("number", "text", "source_label"),
    detail=extended(FINDING, "FindingDetail", correction=(CORRECTION.model | None, correction)),
    whole=queries.whole,
)  # fmt: skip
EXTENSIONS = Resource(
    "finding-extensions",
    shape("FindingExtension", Extension, "id finding until reason state asked_by asked_at decided_by decided_at"
          " decision_note"),
    queries.extensions_visible_to,
    view=SEE,
    filters={"finding_id": ids("finding"), "state": Filter(choice(ExtensionState), "state")},
)  # fmt: skip
EXPLANATIONS = Resource(
    "finding-explanations",
    shape("FindingExplanation", Explanation, "id finding inspection text remedy due_at counts_again by at"),
    queries.explanations_visible_to,
    view=SEE,
    filters={"finding_id": ids("finding"), "is_owed": Filter(bool, lambda rows, value: _owed(rows, value=value))},
)  # fmt: skip
SIMILAR = Resource(
    "similar-places",
    shape("SimilarPlace", SimilarPlace, "id finding place state note looked_by looked_at led_to",
          place_name="place.name"),
    queries.similar_visible_to,
    view=SEE,
    filters={"finding_id": ids("finding"), "state": Filter(choice(SimilarState), "state")},
)  # fmt: skip


def _late(rows: Any, *, value: bool) -> Any:
    late = queries.overdue(rows)
    return late if value else rows.exclude(pk__in=late.values("pk"))


def _owed(rows: Any, *, value: bool) -> Any:
    owed = {"at__isnull": True, "counts_again": False}
    return rows.filter(**owed) if value else rows.exclude(**owed)


for resource in (FINDINGS, EXTENSIONS, EXPLANATIONS, SIMILAR):
    resource.expose(router)
on_findings = Acts(router, FINDINGS, WORK)


def enter(*, by: User, project: Project, text: str, severity: str, **given: Any) -> Finding:
    """Enter what is wrong, by hand; deadline, who answers for it and what it repeats follow from the rules."""
    entry = FindingEntry(source=SourceKind.MANUAL, text=text, severity=severity, found_by=by, **given)
    return actions.enter_finding(project=project, entry=entry, by=by)


on_findings.add(
    enter,
    {
        "project": ref(PROJECTS), "text": column(Finding, "text"), "severity": choice(Severity),
        "clause": maybe(ref(CLAUSES, empty=True)), "place": maybe(ref(PLACES, empty=True)),
        "asset": maybe(ref(ASSETS, empty=True)), "remedy": maybe(choice(Remedy) | None),
        "hazard": maybe(column(Finding, "hazard")), "found_at": maybe(Moment | None),
    },
    needs=[INSPECT],
)  # fmt: skip
WHYS = listed(text(500), most=7)
CORRECTING: dict[str, tuple[Callable[..., Any], Fields]] = {
    "contain": (actions.contain, {"containment": column(Correction, "containment")}),
    "clean": (actions.clean, {"proof": column(Correction, "proof")}),
    "analyse": (actions.analyse, {"cause": choice(Cause), "whys": WHYS}),
    "act": (
        actions.act,
        {"action": column(Correction, "action"), "action_owner": ref(STAFF), "action_due": Day},
    ),
    "prove": (actions.prove, {"proof": column(Correction, "proof")}),
}  # fmt: skip
for name, (taken, fields) in CORRECTING.items():
    on_findings.post(name, taken, fields)


def confirm(finding: Finding, *, by: User, effect_note: str) -> Finding:
    """Say that the correction works, after the period: the finding is closed."""
    return actions.check_effect(finding, works=True, effect_note=effect_note, by=by)


def reopen(finding: Finding, *, by: User, effect_note: str) -> Finding:
    """Say that the correction does not work: the finding is open again."""
    return actions.check_effect(finding, works=False, effect_note=effect_note, by=by)


def void(finding: Finding, *, by: User, void_because: str) -> Finding:
    """Declare void what should not have been found; its inspection is scored again."""
    return actions.void_finding(finding, reason=void_because, by=by)


def merge(finding: Finding, *, by: User, into: Finding) -> Finding:
    """Make this one sight of another finding."""
    actions.merge_findings(into, [finding], by=by)
    return finding


EFFECT = {"effect_note": column(Correction, "effect_note")}
steps(
    on_findings,
    FINDING_FLOW,
    {
        "verify": (actions.verify, {"note": maybe(text(500))}),
        "refuse": (actions.refuse_proof, {"verify_note": column(Correction, "verify_note")}),
        "confirm": (confirm, EFFECT),
        "reopen": (reopen, EFFECT),
        "void": (void, {"void_because": column(Finding, "void_because")}),
        "merge": (merge, {"into": ref(FINDINGS)}),
    },
    inner=(*CORRECTING, "carry_on"),
)
on_findings.patch(
    actions.amend_finding, {"severity": maybe(choice(Severity)), "text": maybe(column(Finding, "text"))}, needs=JUDGE
)
on_findings.free(
    "/findings/assign", "assign", actions.assign_owners, {"findings": refs(FINDINGS), "owner": ref(STAFF)},
    needs=[CORRECT_FINDINGS], answer=one("FindingsAssigned", "findings", int),
)  # fmt: skip
on_findings.post(
    "extension", actions.ask_extension, {"until": Moment, "reason": column(Extension, "reason")},
    answer=EXTENSIONS.shape,
)  # fmt: skip


def assign(finding: Finding, *, by: User, owner: Staff) -> Finding:
    """Say who answers for a finding; their team takes it over."""
    return actions.assign_owner(finding, owner=owner, by=by)


on_findings.put("owner", assign, {"owner": ref(STAFF)}, needs=[CORRECT_FINDINGS])
on_extensions = Acts(router, EXTENSIONS, [DECIDE_EXTENSIONS])


def approve(extension: Extension, *, by: User, note: str = "") -> Extension:
    """Give the time asked for."""
    return actions.decide_extension(extension, approve=True, by=by, note=note)


def refuse(extension: Extension, *, by: User, note: str) -> Extension:
    """Refuse the time asked for, and say why."""
    return actions.decide_extension(extension, approve=False, by=by, note=note)


on_extensions.post("approve", approve, {"note": maybe(text(300))})
on_extensions.post("refuse", refuse, {"note": text(300)})


def explain(explanation: Explanation, *, by: User, text: str, remedy: str) -> Explanation:
    """Explain why a finding was still open at an inspection, and what will be done."""
    return actions.explain_open(explanation.finding, explanation.inspection, text=text, remedy=remedy, by=by)


Acts(router, EXPLANATIONS, WORK).post(
    "explain", explain, {"text": column(Explanation, "text"), "remedy": column(Explanation, "remedy")}
)
Acts(router, SIMILAR, WORK).post(
    "look", actions.look_at_similar,
    {"state": choice(SimilarState), "note": maybe(column(SimilarPlace, "note"))},
)  # fmt: skip
Acts(router, PROBLEMS, [INSPECT]).post(
    "finding", actions.make_finding,
    {"severity": maybe(choice(Severity)), "remedy": maybe(choice(Remedy) | None),
     "hazard": maybe(column(Finding, "hazard"))},
    answer=FINDING,
)  # fmt: skip


def duplicates(finding: Finding, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """Other findings not yet put right that could be the same."""
    return FINDING.all(queries.duplicates_of(finding))


def photos(finding: Finding, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """Photos of what was seen (`finding`, `problem`, `inspection_answer`) and of the correction (`correction`)."""
    return EVIDENCE.all([*queries.photos_before(finding), *queries.photos_after(finding)])


def photo(finding: Finding, request: HttpRequest, given: Any) -> Any:
    """The copy to look at of one of its photos."""
    found = [*queries.photos_before(finding), *queries.photos_after(finding)]
    row = next((one for one in found if one.pk == given.photo), None)
    if row is None:
        raise Missing(_("There is no such photo, or not for you."))
    return sent(opened(served_file, row), row)


ask_of(router, FINDINGS, "duplicates", duplicates, list[FINDING.model], SEE)  # type: ignore[name-defined]
ask_of(router, FINDINGS, "photos", photos, list[EVIDENCE.model], SEE)  # type: ignore[name-defined]
ask_of(router, FINDINGS, "photo", photo, "image/jpeg", SEE, photo=PathId)


def _taking(path: str, name: str, attach: Callable[..., Any], what: str) -> None:
    """POST /findings/{id}/<path>: a photo, as a form."""

    def view(request: HttpRequest, id: PathId, file: File[UploadedFile], given: Form[Taken]) -> HttpResponse:  # noqa: A002
        by = user_of(request)
        return done(request, lambda: EVIDENCE.of(attach(FINDINGS.subject(request, id), upload=file, by=by)), status=201)

    router.post(
        f"/findings/{{int:id}}/{path}", operation_id=name, summary=what, description=what,
        response={201: EVIDENCE.model}, openapi_extra={"parameters": [IDEMPOTENCY], **needing(WORK)}, auth=gates(WORK),
    )(view)  # fmt: skip


_taking("evidence", "findings_attach", actions.attach_to_finding, "Attach a photo of what is wrong")
_taking("proof", "findings_attach_proof", actions.attach_proof, "Attach a photo of what was put right")
