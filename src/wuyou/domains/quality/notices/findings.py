"""What people are told of findings and corrections, and whom. A notice points at its record by `finding:id`."""

from collections.abc import Iterable, Sequence

from django.db.models import Count, Min
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.queries import users_holding, users_in_role
from wuyou.domains.quality.models import Explanation, Extension, Finding, Inspection
from wuyou.domains.quality.policies.findings import answering_for, comes_from_above, correction_of
from wuyou.domains.quality.policies.rights import CORRECT_FINDINGS, DECIDE_EXTENSIONS, VERIFY_CORRECTIONS
from wuyou.domains.quality.rules import findings as rules
from wuyou.kernel import notify
from wuyou.kernel.clocks.events import News, Notice

FINDING_ENTERED = notify.declare(
    "quality.finding_entered",
    _("Finding to correct"),
    title=_("%(number)s at %(place)s"),
    body=_("%(text)s. To be put right by %(deadline)s."),
)
ACTION_GIVEN = notify.declare(
    "quality.action_given",
    _("Corrective action for you"),
    title=_("%(number)s: an action for you"),
    body=_("%(action)s"),
)
PROOF_GIVEN = notify.declare(
    "quality.proof_given",
    _("Correction to verify"),
    title=_("%(number)s waits to be verified"),
    body=_("%(proof)s"),
)
PROOF_REFUSED = notify.declare(
    "quality.proof_refused",
    _("Proof refused"),
    title=_("%(number)s: the proof was refused"),
    body=_("%(why)s. Put it right and prove it again."),
)
FINDING_LATE = notify.declare(
    "quality.finding_late",
    _("Finding overdue"),
    title=_("%(number)s is overdue"),
    body=_("It was to be dealt with by %(at)s."),
)
EXTENSION_ASKED = notify.declare(
    "quality.extension_asked",
    _("Extension asked for"),
    title=_("%(number)s: more time is asked for"),
    body=_("Until %(until)s: %(reason)s"),
)
EXTENSION_DECIDED = notify.declare(
    "quality.extension_decided",
    _("Extension decided"),
    title=_("%(number)s: your wish for more time was decided"),
    body=_("%(answer)s"),
)
EXPLANATION_OWED = notify.declare(
    "quality.explanation_owed",
    _("Explanation owed"),
    title=_("%(inspection)s: %(count)d findings were still open"),
    body=_("Explain them by %(due)s, or they count again."),
)
FINDINGS_MADE = notify.declare(
    "quality.findings_made",
    _("Findings of an inspection"),
    title=_("%(inspection)s: %(count)d findings to put right"),
    body=_("The first is due by %(deadline)s."),
)
EFFECT_DUE = notify.declare(
    "quality.effect_due",
    _("Effect to be checked"),
    title=_("%(number)s: does the correction work?"),
)


def _url(finding: Finding) -> str:
    return f"finding:{finding.pk}"


def _where(finding: Finding) -> str:
    return str(finding.asset or finding.place or finding.project)


def correctors(finding: Finding) -> set[int]:
    """Whom a finding is told to: who answers for it, and who hands out corrections at the project."""
    return {*users_holding(CORRECT_FINDINGS, finding.project), *answering_for(finding)}


def judges(finding: Finding) -> set[int]:
    """Whom a proof is told to: the inspector where a level above found it, else who verifies at the project."""
    inspection = finding.inspection
    people = set(users_holding(VERIFY_CORRECTIONS, finding.project))
    if inspection is not None and comes_from_above(inspection) and inspection.inspector_id in people:
        people = {inspection.inspector_id}
    correction = correction_of(finding)
    return people - ({correction.proved_by_id} if correction and correction.proved_by_id else set())


def tell_of_finding(finding: Finding, *, roles: Iterable[str] = ()) -> int:
    """Tell who has to put it right, and the roles it climbs to at once.

    Who hands out corrections hears of an inspection's findings together (`tell_of_findings`), of a critical one alone.
    """
    people = answering_for(finding)
    if finding.inspection_id is None or finding.severity == rules.CRITICAL or not people:
        people = correctors(finding)
    for role in roles:
        people |= set(users_in_role(role, finding.project))
    return notify.notify(
        FINDING_ENTERED.event,
        recipients=sorted(people - {finding.found_by_id}),
        context={
            "number": finding.number, "place": _where(finding), "text": finding.text, "deadline": finding.deadline,
        },
        url=_url(finding),
        urgent=finding.severity == rules.CRITICAL,
    )  # fmt: skip


def tell_of_action(finding: Finding) -> int:
    """Tell whose action it is."""
    correction = correction_of(finding)
    owner = correction.action_owner if correction else None
    people = [owner.user_id] if owner and owner.user_id else []
    context = {"number": finding.number, "action": correction.action if correction else ""}
    return notify.notify(ACTION_GIVEN.event, recipients=people, context=context, url=_url(finding))


def tell_of_proof(finding: Finding, *, proof: str) -> int:
    """Tell who verifies."""
    context = {"number": finding.number, "proof": proof}
    return notify.notify(PROOF_GIVEN.event, recipients=sorted(judges(finding)), context=context, url=_url(finding))


def tell_of_refusal(finding: Finding, *, proved_by: int | None, why: str) -> int:
    """Tell whose proof was refused, and who answers for the finding."""
    people = answering_for(finding) | ({proved_by} if proved_by else set())
    context = {"number": finding.number, "why": why}
    return notify.notify(PROOF_REFUSED.event, recipients=sorted(people), context=context, url=_url(finding))


def tell_of_time(notice: Notice) -> int:
    """Tell of a missed time: at first those it was for, then at each rung of the ladder the people of that role."""
    finding = Finding.objects.select_related("project__node", "inspection", "owner").get(pk=notice.case_id)
    if notice.news == News.ESCALATED:
        people = set(users_in_role(notice.role, finding.project))
    else:
        people = judges(finding) if notice.kind in {"verify", "effect"} else correctors(finding)
    return notify.notify(
        FINDING_LATE.event,
        recipients=sorted(people),
        context={"number": finding.number, "at": notice.at},
        url=_url(finding),
        urgent=True,
        dedupe=f"clock:{notice.clock_id}:{notice.news}:{notice.level}",
    )


def tell_of_wish(extension: Extension) -> int:
    """Tell who decides on extensions that one is asked for."""
    finding = extension.finding
    people = set(users_holding(DECIDE_EXTENSIONS, finding.project)) - {extension.asked_by_id}
    context = {"number": finding.number, "until": extension.until, "reason": extension.reason}
    return notify.notify(EXTENSION_ASKED.event, recipients=sorted(people), context=context, url=_url(finding))


def tell_of_decision(extension: Extension) -> int:
    """Tell who asked what was said."""
    answer = f"{extension.get_state_display()} {extension.decision_note}".strip()
    context = {"number": extension.finding.number, "answer": answer}
    return notify.notify(
        EXTENSION_DECIDED.event, recipients=[extension.asked_by_id], context=context, url=_url(extension.finding)
    )


def tell_of_debts(inspection: Inspection, owed: Sequence[Explanation]) -> int:
    """Tell who must explain why findings were still open at an inspection: one notice for all of them."""
    people = set().union(*(correctors(one.finding) for one in owed))
    due = min(one.due_at for one in owed)
    context = {"inspection": inspection.number, "count": len(owed), "due": due}
    return notify.notify(
        EXPLANATION_OWED.event, recipients=sorted(people), context=context, url=f"inspection:{inspection.pk}"
    )


def tell_of_findings(inspection: Inspection) -> int:
    """Tell who hands out corrections what an inspection found, once and together; gives how many people."""
    rows = Finding.objects.filter(inspection=inspection, is_hidden=False, state__in=rules.UNCORRECTED)
    found = rows.aggregate(count=Count("pk"), first=Min("deadline"))
    if not found["count"]:
        return 0
    people = set(users_holding(CORRECT_FINDINGS, inspection.project)) - {inspection.inspector_id}
    context = {"inspection": inspection.number, "count": found["count"], "deadline": found["first"]}
    return notify.notify(
        FINDINGS_MADE.event,
        recipients=sorted(people),
        context=context,
        url=f"inspection:{inspection.pk}",
        dedupe=f"findings:{inspection.pk}",
    )


def tell_of_effect(finding: Finding) -> int:
    """Tell who judges that the effect is to be looked at."""
    context = {"number": finding.number}
    return notify.notify(EFFECT_DUE.event, recipients=sorted(judges(finding)), context=context, url=_url(finding))
