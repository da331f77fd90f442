"""What people are told of appeals: who decides, who appealed, who has to name somebody."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import User
from wuyou.domains.org.policies import MANAGE_USERS
from wuyou.domains.org.queries import users_holding
from wuyou.domains.quality.models import Appeal, AppealStage
from wuyou.kernel import clock, notify

WAITS = notify.declare(
    "quality.appeal_waits",
    _("Appeal to decide"),
    title=_("%(number)s waits for your decision"),
    body=_("%(subject)s, to be decided by %(due)s."),
)
CLIMBED = notify.declare(
    "quality.appeal_climbed",
    _("Appeal climbed"),
    title=_("%(number)s was not answered in time"),
    body=_("It has gone up to: %(step)s."),
)
DECIDED = notify.declare(
    "quality.appeal_decided",
    _("Appeal decided"),
    title=_("%(number)s: %(outcome)s"),
    body=_("%(reasons)s"),
)
STUCK = notify.declare(
    "quality.appeal_stuck",
    _("Appeal without a decider"),
    title=_("%(number)s: nobody is left to decide"),
    body=_("Name somebody who has no part in the case."),
)


def address(appeal: Appeal) -> str:
    """How a notice points at an appeal."""
    return f"appeal:{appeal.pk}"


def tell_of_step(appeal: Appeal, stage: AppealStage, *, people: Collection[int]) -> int:
    """Tell who decides that a step waits for them."""
    due = f"{clock.local(stage.due_at):%Y-%m-%d}"
    context = {"number": appeal.number, "subject": appeal.subject_label, "due": due}
    return notify.notify(WAITS.event, recipients=sorted(people), context=context, url=address(appeal))


def tell_of_climb(appeal: Appeal, stage: AppealStage, *, missed_by: Collection[int]) -> int:
    """Tell who appealed and who did not answer that the appeal went up."""
    context = {"number": appeal.number, "step": str(stage.get_step_display())}
    people = sorted({appeal.filed_by_id, *missed_by})
    return notify.notify(CLIMBED.event, recipients=people, context=context, url=address(appeal))


def tell_of_decision(appeal: Appeal, stage: AppealStage) -> int:
    """Tell who appealed what was decided, and why."""
    context = {
        "number": appeal.number,
        "outcome": str(stage.get_outcome_display()),
        "reasons": stage.reasons,
    }
    return notify.notify(DECIDED.event, recipients=[appeal.filed_by_id], context=context, url=address(appeal))


def tell_of_lack(appeal: Appeal) -> int:
    """Tell who can name a decider, and who appealed, that nobody is left."""
    admins = User.objects.filter(is_admin=True, is_active=True).values_list("pk", flat=True)
    people = sorted({*admins, *users_holding(MANAGE_USERS, appeal.project), appeal.filed_by_id})
    return notify.notify(STUCK.event, recipients=people, context={"number": appeal.number}, url=address(appeal))
