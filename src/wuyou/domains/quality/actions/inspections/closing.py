"""An inspection is submitted, published, or declared void (spec 05)."""

import hashlib
import json

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import User
from wuyou.domains.quality import events
from wuyou.domains.quality.actions.findings import FindingEntry, enter_finding
from wuyou.domains.quality.choices import SourceKind
from wuyou.domains.quality.flows.inspections import INSPECTION_FLOW
from wuyou.domains.quality.models import Inspection, InspectionAnswer
from wuyou.domains.quality.notices import inspections as notices
from wuyou.domains.quality.policies import inspections as policies
from wuyou.domains.quality.queries.inspections import Filled, failed_items, filled_of
from wuyou.domains.sheets.models import Item
from wuyou.domains.sheets.rules.answers import asked_items, check_answers
from wuyou.kernel import clock, flows, search
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid
from wuyou.kernel.transactions import action, lock

from .beginning import MOST_REASON
from .filling import verdict_of
from .scoring import keep_score, tree_of
from .telling import announced, follow, told

MOST_NOTE = 1000
MOST_TEXT = 500
MOST_NAME = 60


@action
def submit_inspection(inspection: Inspection, *, by: Actor, note: str = "", signed_as: str = "") -> Inspection:
    """Sign and submit a complete inspection: every failed item becomes a finding, the score is kept with its tree.

    Without `signed_as` the inspector's own name signs. A self-check without a campaign is published at once. Raises
    Denied, IllegalMove when it is not under way, and Invalid at `answers.<code>` for what is missing: answers, photos
    of what failed.
    """
    policies.check_fill(by, inspection)
    lock(inspection)
    flows.claim(
        inspection, INSPECTION_FLOW, "submit", submitted_at=clock.now(), **_signed(by, note=note, signed_as=signed_as)
    )
    filled = filled_of(inspection)
    check_answers(filled.specs, filled.values, photos=filled.photos).require_valid()
    _settle_verdicts(filled)
    digest = _digest(filled)
    made = 0 if inspection.second_of_id else _enter_findings(inspection, filled, by=by)
    keep_score(inspection, tree_of(inspection, filled))
    follow(inspection)
    told("inspection_submitted", inspection, by=by, answers=digest, findings=made, score=str(inspection.score))
    announced("inspection.submitted", inspection, findings=made)
    if inspection.second_of_id is None:
        events.inspection_submitted.send(Inspection, inspection_id=inspection.pk)
    if inspection.campaign_id is None:
        publish_inspection(inspection, by=by)
    return inspection


def _signed(by: Actor, *, note: str, signed_as: str) -> dict[str, str]:
    name = signed_as.strip() or (by.full_name if isinstance(by, User) else by.actor_label)
    wrong: dict[str, object] = {}
    if len(name) > MOST_NAME:
        wrong["signed_as"] = _("Sign with a name.")
    if len(note.strip()) > MOST_NOTE:
        wrong["note"] = _("This text is too long.")
    if wrong:
        raise Invalid(fields=wrong)
    return {"note": note.strip(), "signed_as": name}


def _settle_verdicts(filled: Filled) -> None:
    """What is not asked has no verdict, whatever was answered before its condition changed."""
    asked = {item.code for item in asked_items(filled.specs, filled.values)}
    changed = []
    for spec in filled.specs:
        row = filled.answers.get(spec.code)
        if row is None:
            continue
        verdict = verdict_of(spec, row.value) if spec.code in asked else ""
        if row.verdict != verdict:
            row.verdict = verdict
            changed.append(row)
    InspectionAnswer.objects.bulk_update(changed, ["verdict"])


def _digest(filled: Filled) -> str:
    """SHA-256 over all answers in canonical JSON: the journal proves what was signed."""
    rows = [[code, filled.answers[code].value, filled.answers[code].note] for code in sorted(filled.answers)]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _enter_findings(inspection: Inspection, filled: Filled, *, by: Actor) -> int:
    """One finding for every failed item; gives how many."""
    failed = failed_items(filled)
    for item in failed:
        entry = _entry(inspection, item, filled.answers[item.code], by)
        enter_finding(project=inspection.project, entry=entry, by=by)
    return len(failed)


def _entry(inspection: Inspection, item: Item, answer: InspectionAnswer, by: Actor) -> FindingEntry:
    return FindingEntry(
        source=SourceKind.INSPECTION,
        source_id=inspection.pk,
        source_label=inspection.number,
        inspection=inspection,
        answer=answer,
        clause=item.clause,
        place=answer.place or inspection.place,
        text=words_of(item, answer)[:MOST_TEXT],
        severity=item.severity,
        found_by=by if isinstance(by, User) else inspection.inspector,
        found_at=inspection.submitted_at,
        is_hidden=inspection.is_hidden,
    )


def words_of(item: Item, answer: InspectionAnswer) -> str:
    """What is wrong: what was asked, what was found instead, and the inspector's own words."""
    reasons = {one["code"]: one["zh"] for one in item.deductions}
    taken = [reasons[code] for code in answer.value.split(",") if code in reasons]
    found = "、".join(taken)
    if not found and answer.number is not None:
        found = f"{answer.value} {item.unit}".strip()
    parts = [item.text_zh, found, answer.note]
    return " · ".join(part for part in parts if part)


@action
def publish_inspection(inspection: Inspection, *, by: Actor) -> Inspection:
    """Show a result to the project it is about; what was hidden is shown from now on.

    Raises Denied, IllegalMove or Conflict when it is not submitted (spec 05).
    """
    policies.check_publish(by, inspection)
    was_hidden = inspection.is_hidden
    flows.claim(inspection, INSPECTION_FLOW, "publish", published_at=clock.now(), is_hidden=False)
    told("inspection_published", inspection, by=by, score=str(inspection.score), was_hidden=was_hidden)
    search.index(
        "quality.inspection",
        inspection.pk,
        project_id=inspection.project_id,
        title=inspection.number,
        subtitle=f"{inspection.project} · {inspection.sheet_version.sheet}",
        url_name="console:quality:inspection",
    )
    if inspection.second_of_id is None:
        events.inspection_published.send(Inspection, inspection_id=inspection.pk)
        notices.tell_of_publication(inspection)
        announced("inspection.published", inspection)
    return inspection


@action
def void_inspection(inspection: Inspection, *, reason: str, by: Actor) -> Inspection:
    """Declare void what should not count; its findings become void, the campaign owes the project again.

    Raises Denied, Invalid without a reason, IllegalMove when it is void already.
    """
    policies.check_void(by, inspection)
    why = reason.strip()
    if not why or len(why) > MOST_REASON:
        raise Invalid(fields={"void_because": _("A reason of at most 300 characters is needed.")})
    before = inspection.score
    flows.claim(inspection, INSPECTION_FLOW, "void", void_because=why, score=None)
    follow(inspection)
    told("inspection_voided", inspection, by=by, reason=why, score=str(before))
    search.remove("quality.inspection", inspection.pk)
    notices.tell_of_voiding(inspection)
    announced("inspection.voided", inspection, reason=why)
    events.inspection_voided.send(
        Inspection, inspection_id=inspection.pk, project_id=inspection.project_id, day=inspection.day
    )
    return inspection
