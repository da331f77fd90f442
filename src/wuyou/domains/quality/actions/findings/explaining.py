"""What is still open at the next inspection is explained in time, or it counts again (spec 05, Correction)."""

from django.db.models import F
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import User
from wuyou.domains.quality.choices import Level
from wuyou.domains.quality.models import Explanation, Finding, Inspection
from wuyou.domains.quality.notices import findings as notices
from wuyou.domains.quality.policies import findings as policies
from wuyou.domains.quality.queries.findings import open_at
from wuyou.domains.quality.rules import findings as rules
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor, System
from wuyou.kernel.errors import Conflict
from wuyou.kernel.transactions import action

from .amending import rescore
from .recording import due_after, told, words

BATCH = 500
BY = System("explanations")


@action
def owe_explanations(inspection: Inspection, *, by: Actor) -> int:
    """Note what an inspection of a level above the team found still open; each owes an explanation. Gives how many."""
    if inspection.level == Level.TEAM:
        return 0
    known = set(Explanation.objects.filter(inspection=inspection).values_list("finding_id", flat=True))
    rows = [finding for finding in open_at(inspection) if finding.pk not in known]
    owed = [_owe(finding, inspection, by=by) for finding in rows]
    if owed:
        notices.tell_of_debts(inspection, owed)
    return len(owed)


def _owe(finding: Finding, inspection: Inspection, *, by: Actor) -> Explanation:
    due = due_after(finding, rules.EXPLAIN_DAYS)
    told("explanation_owed", finding, by=by, inspection=inspection.number, due=str(due))
    return Explanation.objects.create(finding=finding, inspection=inspection, due_at=due)


@action
def explain_open(finding: Finding, inspection: Inspection, *, text: str, remedy: str, by: Actor) -> Explanation:
    """Explain why a finding was still open at an inspection, and what will be done.

    Raises Conflict when it was explained before, or has counted again because nobody did in time.
    """
    policies.check_correct(by, finding)
    values = {
        "text": words("text", text),
        "remedy": words("remedy", remedy),
        "by": by if isinstance(by, User) else None,
        "at": clock.now(),
    }
    given = {"finding": finding, "inspection": inspection}
    explanation, _made = Explanation.objects.get_or_create(**given, defaults={"due_at": clock.now()})
    rows = Explanation.objects.filter(pk=explanation.pk, at__isnull=True, counts_again=False)
    if rows.update(**values) != 1:
        raise Conflict(_("This was explained before, or has counted again already."))
    explanation.refresh_from_db()
    told("finding_explained", finding, by=by, inspection=inspection.number)
    return explanation


def count_unexplained() -> int:
    """Count again every finding whose explanation was not given in time, at most 500; gives how many."""
    late = Explanation.objects.filter(counts_again=False, at__isnull=True, due_at__lt=clock.now())
    rows = late.select_related("finding__project__node", "finding__inspection", "inspection").order_by("due_at", "pk")
    return sum(count_again(row, by=BY) for row in rows[:BATCH])


@action
def count_again(explanation: Explanation, *, by: Actor) -> bool:
    """Add one to the weight of an unexplained finding and score its inspection again; False when it was done before."""
    rows = Explanation.objects.filter(pk=explanation.pk, counts_again=False, at__isnull=True)
    if rows.update(counts_again=True) != 1:
        return False
    explanation.counts_again = True
    finding = explanation.finding
    Finding.objects.filter(pk=finding.pk).update(weight=F("weight") + 1)
    finding.refresh_from_db(fields=["weight"])
    told("finding_counts_again", finding, by=by, inspection=explanation.inspection.number, weight=finding.weight)
    reason = _now("%(number)s was still open at %(inspection)s and nobody explained it.") % {
        "number": finding.number, "inspection": explanation.inspection.number,
    }  # fmt: skip
    rescore(finding, reason=reason, cause=("explanation", explanation.pk), by=by)
    return True
