"""An inspection is scored, and scored again when something it used is decided otherwise; nothing is overwritten."""

from collections.abc import Mapping
from decimal import Decimal

from wuyou.domains.quality import events
from wuyou.domains.quality.choices import FindingState, InspectionState
from wuyou.domains.quality.models import Finding, Inspection, InspectionAnswer, Score
from wuyou.domains.quality.notices import inspections as notices
from wuyou.domains.quality.queries.inspections import (
    EVIDENCE_KIND,
    Filled,
    answered_findings,
    filled_of,
    score_in_force,
)
from wuyou.domains.sheets.choices import Scoring
from wuyou.domains.sheets.rules.scoring import Ruling, score
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import IllegalMove
from wuyou.kernel.explain import Link, Node, Words, to_json
from wuyou.kernel.transactions import action

from .telling import announced, told

VETO = "veto"


def tree_of(inspection: Inspection, filled: Filled) -> Node | None:
    """The score of a filled sheet with its arithmetic; None for a sheet that is not scored."""
    version = inspection.sheet_version
    if version.scoring == Scoring.NONE:
        return None
    findings = {} if inspection.second_of_id else answered_findings(inspection)
    return score(
        filled.specs,
        filled.values,
        mode=version.scoring,
        links=_links(filled.answers),
        rulings=_rulings(findings, doubles=version.doubles_repeats),
    )


def _links(answers: Mapping[str, InspectionAnswer]) -> dict[str, Link]:
    return {code: Link(EVIDENCE_KIND, str(row.pk), code) for code, row in answers.items() if row.value}


def _rulings(findings: Mapping[str, Finding], *, doubles: bool) -> dict[str, Ruling]:
    """What was decided about failed items: void findings, and repetitions where the sheet counts them double."""
    found = {}
    for code, finding in findings.items():
        link = Link("finding", str(finding.pk), finding.number)
        if finding.state == FindingState.VOID:
            why = Words(f"{finding.number} 已作废:{finding.void_because}", f"{finding.number} is void")
            found[code] = Ruling(why, link, is_excused=True)
        elif doubles and finding.weight > 1:
            why = Words(f"{finding.number} 重复发生", f"{finding.number} repeats an earlier finding")
            found[code] = Ruling(why, link, factor=Decimal(finding.weight))
    return found


def keep_score(
    inspection: Inspection, tree: Node | None, *, reason: str = "", cause: tuple[str, int] | None = None
) -> Score | None:
    """Add a score row that is in force from now on; nothing for a sheet that is not scored. For actions."""
    if tree is None:
        return None
    kept = Score.objects.create(
        inspection=inspection,
        value=tree.value,
        is_vetoed=tree.op == VETO,
        tree=to_json(tree),
        reason=reason,
        cause_kind=cause[0] if cause else "",
        cause_id=cause[1] if cause else None,
        at=clock.now(),
    )
    inspection.score, inspection.is_vetoed = kept.value, kept.is_vetoed
    inspection.save(update_fields=["score", "is_vetoed"])
    return kept


@action
def rescore_inspection(inspection: Inspection, *, reason: str, cause: tuple[str, int], by: Actor) -> Score | None:
    """Score a submitted inspection again, because a finding was voided, amended or counts again (spec 05, Appeal).

    The new score stands beside the old ones with `reason` and `cause` (kind, id); None where nothing changed. The
    caller has decided that it may. Raises IllegalMove for one under way or void.
    """
    if inspection.state not in {InspectionState.SUBMITTED, InspectionState.PUBLISHED}:
        raise IllegalMove("Only a submitted inspection is scored again.")
    before = score_in_force(inspection)
    tree = tree_of(inspection, filled_of(inspection))
    if tree is None or (before is not None and before.tree == to_json(tree)):
        return None
    kept = keep_score(inspection, tree, reason=reason, cause=cause)
    was, now = before.value if before else None, tree.value
    told("inspection_rescored", inspection, by=by, before=str(was), after=str(now), reason=reason, cause=list(cause))
    if was != now:
        notices.tell_of_rescoring(inspection, before=was, after=now, why=reason)
    announced("inspection.rescored", inspection, reason=reason)
    events.inspection_rescored.send(
        Inspection, inspection_id=inspection.pk, project_id=inspection.project_id, day=inspection.day
    )
    return kept
