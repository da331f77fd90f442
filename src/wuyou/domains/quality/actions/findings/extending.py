"""More time: asked for before the deadline, decided by somebody above (spec 05, Correction)."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import User
from wuyou.domains.quality.choices import ExtensionState
from wuyou.domains.quality.models import Extension, Finding
from wuyou.domains.quality.notices import findings as notices
from wuyou.domains.quality.policies import findings as policies
from wuyou.domains.quality.rules import findings as rules
from wuyou.kernel import clock
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

from .recording import move_deadline, told, words

MOST_DAYS = 366
MOST_NOTE = 300


@action
def ask_extension(finding: Finding, *, until: dt.datetime, reason: str, by: User) -> Extension:
    """Ask for time until a moment, before the deadline and with a reason.

    Raises Invalid for a moment that is no gain, Conflict after the deadline, once the correction is proved, or while
    another wish waits.
    """
    policies.check_correct(by, finding)
    why = words("reason", reason)
    now = clock.now()
    if finding.state not in rules.UNCORRECTED:
        raise Conflict(_("The correction is proved already."))
    if now > finding.deadline:
        raise Conflict(_("The deadline is past: more time had to be asked for before it."))
    if not finding.deadline < until <= now + dt.timedelta(days=MOST_DAYS):
        raise Invalid(fields={"until": _("Choose a moment after the deadline, within a year.")})
    try:
        with transaction.atomic():
            extension = Extension.objects.create(finding=finding, until=until, reason=why, asked_by=by, asked_at=now)
    except IntegrityError as error:
        raise Conflict(_("A wish for more time waits already.")) from error
    told("extension_asked", finding, by=by, until=str(until), reason=why)
    notices.tell_of_wish(extension)
    return extension


@action
def decide_extension(extension: Extension, *, approve: bool, by: User, note: str = "") -> Extension:
    """Approve or refuse; somebody above the project, for a further one somebody one level higher.

    Raises Invalid for a refusal without a note, Conflict when it was decided or the correction is proved meanwhile.
    """
    policies.check_decide_extension(by, extension)
    finding = extension.finding
    if not approve:
        words("decision_note", note, most=MOST_NOTE)
    if approve and finding.state not in rules.UNCORRECTED:
        raise Conflict(_("The correction is proved already."))
    values = {
        "state": ExtensionState.APPROVED if approve else ExtensionState.REFUSED,
        "decided_by": by,
        "decided_at": clock.now(),
        "decision_note": note.strip()[:MOST_NOTE],
    }
    if Extension.objects.filter(pk=extension.pk, state=ExtensionState.ASKED).update(**values) != 1:
        raise Conflict(_("Somebody has decided already."))
    for name, value in values.items():
        setattr(extension, name, value)
    if approve:
        move_deadline(finding, extension.until, reason=extension.reason, by=by)
    told("extension_decided", finding, by=by, approved=approve, note=note.strip(), deadline=str(finding.deadline))
    notices.tell_of_decision(extension)
    return extension
