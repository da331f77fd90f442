"""What people are told of improvement projects: a measure is due, a proposal waits or was decided."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node
from wuyou.domains.org.queries import users_holding
from wuyou.domains.quality.models import Measure, Proposal
from wuyou.domains.standards.policies import EDIT_STANDARDS
from wuyou.kernel import notify

MEASURE_DUE = notify.declare(
    "quality.measure_due",
    _("Measure due"),
    title=_("A measure is due on %(day)s"),
    body=_("%(measure)s (%(project)s)"),
)
PROPOSAL_MADE = notify.declare(
    "quality.proposal_made",
    _("Proposal to change a standard"),
    title=_("%(standard)s, clause %(code)s: a change is proposed"),
    body=_("%(text)s"),
)
PROPOSAL_DECIDED = notify.declare(
    "quality.proposal_decided",
    _("Proposal decided"),
    title=_("Clause %(code)s: %(outcome)s"),
    body=_("%(note)s"),
)


def tell_of_measure(measure: Measure) -> int:
    """Tell whose measure is due, or who owns the project when nobody is named; once."""
    person = measure.owner.user_id if measure.owner and measure.owner.user_id else measure.improvement.owner_id
    context = {"day": measure.due_on, "measure": measure.text, "project": measure.improvement.name}
    return notify.notify(
        MEASURE_DUE.event,
        recipients=[person],
        context=context,
        url=f"improvement:{measure.improvement_id}",
        dedupe=f"measure:{measure.pk}:{measure.due_on}",
    )


def tell_of_proposal(proposal: Proposal) -> int:
    """Tell who writes the standard that somebody proposes a change."""
    standard = proposal.clause.version.standard
    roots = [standard.node] if standard.node else list(Node.objects.filter(depth=1))
    people = {user for node in roots for user in users_holding(EDIT_STANDARDS, node)}
    context = {"standard": str(standard), "code": proposal.clause.code, "text": proposal.text}
    url = f"improvement:{proposal.improvement_id}"
    return notify.notify(PROPOSAL_MADE.event, recipients=sorted(people), context=context, url=url)


def tell_of_proposal_decided(proposal: Proposal) -> int:
    """Tell who owns the project what became of its proposal."""
    context = {"code": proposal.clause.code, "outcome": str(proposal.get_state_display()), "note": proposal.note or "–"}
    url = f"improvement:{proposal.improvement_id}"
    return notify.notify(PROPOSAL_DECIDED.event, recipients=[proposal.improvement.owner_id], context=context, url=url)
