"""What the project does about a finding: contain, find the cause, act, prove (spec 05, Correction)."""

import datetime as dt
from collections.abc import Sequence
from typing import BinaryIO

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import User
from wuyou.domains.quality.choices import Cause, Remedy
from wuyou.domains.quality.flows.findings import FINDING_FLOW
from wuyou.domains.quality.models import Finding
from wuyou.domains.quality.notices import findings as notices
from wuyou.domains.quality.policies import findings as policies
from wuyou.domains.quality.queries.findings import photos_after
from wuyou.domains.quality.rules import findings as rules
from wuyou.domains.registry.models import Staff
from wuyou.kernel import clock, evidence, flows
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.evidence.models import Evidence
from wuyou.kernel.transactions import action

from .elsewhere import draw_similar
from .recording import keep, move_deadline, start_verifying, told, words

MOST_WHYS = 7


@action
def contain(finding: Finding, *, containment: str, by: Actor) -> Finding:
    """Say what was done at once so that it gets no worse (ISO 9001, 10.2 a)."""
    policies.check_correct(by, finding)
    said = words("containment", containment)
    flows.claim(finding, FINDING_FLOW, "contain")
    keep(finding, containment=said)
    told("finding_contained", finding, by=by, note=said)
    return finding


@action
def analyse(finding: Finding, *, cause: str, whys: Sequence[str], by: Actor) -> Finding:
    """Say why it happened, by asking why again and again, and of what category the cause is; lists similar places.

    Raises Invalid for an unknown category and for too few whys (one for what is minor, three for the rest).
    """
    policies.check_correct(by, finding)
    if cause not in Cause.values:
        raise Invalid(fields={"cause": _("Choose a category.")})
    asked = [words("whys", why) for why in whys if why.strip()]
    if len(asked) > MOST_WHYS:
        raise Invalid(_("At most %(most)d whys."), fields={"whys": _("Too many whys.")}, most=MOST_WHYS)
    if not rules.is_root_found(asked, severity=finding.severity):
        raise Invalid(fields={"whys": _("Ask why again: one answer is enough only for what is minor, else three.")})
    flows.claim(finding, FINDING_FLOW, "analyse")
    keep(finding, cause=cause, whys=asked)
    told("finding_analysed", finding, by=by, cause=cause, whys=asked)
    draw_similar(finding, by=by)
    return finding


@action
def act(finding: Finding, *, action: str, action_owner: Staff, action_due: dt.date, by: Actor) -> Finding:
    """Decide what is done so that it does not come back, by whom and by when.

    Capital work gets the day of its plan as deadline; other work must be done before the deadline there is. Raises
    Invalid for a day that is past or too late, and for somebody who does not work here.
    """
    policies.check_correct(by, finding)
    said = words("action", action)
    _check_owner(finding, action_owner)
    _check_day(finding, action_due)
    flows.claim(finding, FINDING_FLOW, "act")
    keep(finding, action=said, action_owner=action_owner, action_due=action_due)
    if finding.remedy == Remedy.CAPITAL and _last_moment(action_due) > finding.deadline:
        move_deadline(finding, _last_moment(action_due), reason=said, by=by)
    told("finding_action", finding, by=by, note=said, owner=action_owner.name, due=str(action_due))
    notices.tell_of_action(finding)
    return finding


def _check_owner(finding: Finding, owner: Staff) -> None:
    if owner.project_id != finding.project_id or owner.left_on is not None:
        raise Invalid(fields={"action_owner": _("Choose somebody who works here.")})


def _check_day(finding: Finding, day: dt.date) -> None:
    if day < clock.today():
        raise Invalid(fields={"action_due": _("This day is past.")})
    if finding.remedy == Remedy.CAPITAL:
        if day > clock.today() + dt.timedelta(days=rules.CAPITAL_MOST_DAYS):
            raise Invalid(fields={"action_due": _("Plan capital work within a year.")})
    elif clock.midnight(day) > finding.deadline > clock.now():
        raise Invalid(fields={"action_due": _("This is after the deadline: ask for more time first.")})


def _last_moment(day: dt.date) -> dt.datetime:
    return clock.midnight(day + dt.timedelta(days=1))


@action
def attach_proof(finding: Finding, *, upload: "File[bytes] | BinaryIO", by: Actor) -> Evidence:
    """Attach a photo of what was put right, before proving it; raises as kernel.evidence does."""
    policies.check_correct(by, finding)
    if finding.state not in rules.UNCORRECTED:
        raise Conflict(_("The correction is proved already."))
    where = finding.place or finding.asset or finding.project
    return evidence.receive(
        upload, by=by, project_id=finding.project_id, subject=("correction", finding.pk, finding.number),
        watermark=f"{where}\n{by.actor_label}",
    )  # fmt: skip


@action
def prove(finding: Finding, *, proof: str, by: Actor) -> Finding:
    """Say that it is put right, with at least one photo that nobody has judged yet; somebody else verifies it."""
    policies.check_correct(by, finding)
    return _prove(finding, "prove", proof, by)


@action
def clean(finding: Finding, *, proof: str, by: Actor) -> Finding:
    """Put right at once what is small and new: cause and plan are left out, photo and verification are not.

    Raises Invalid for what is graver, repeats, is a hazard or is not to be put right at once.
    """
    policies.check_correct(by, finding)
    if not may_be_quick(finding):
        raise Invalid(_("Find the cause first: this is not small, or it has happened before."))
    return _prove(finding, "clean", proof, by)


def may_be_quick(finding: Finding) -> bool:
    """Whether cause and plan may be left out."""
    return rules.may_be_quick(
        severity=finding.severity, remedy=finding.remedy, hazard=finding.hazard,
        repeats=finding.repeat_of_id is not None,
    )  # fmt: skip


def _prove(finding: Finding, step: str, proof: str, by: Actor) -> Finding:
    said = words("proof", proof)
    FINDING_FLOW.check(step, finding.state)
    photos = sum(not row.verdict for row in photos_after(finding))  # what was judged before proves nothing new
    if not photos:
        raise Invalid(fields={"photos": _("A photo of what was put right is needed.")})
    flows.claim(finding, FINDING_FLOW, step)
    keep(finding, proof=said, proved_by=by if isinstance(by, User) else None, proved_at=clock.now())
    start_verifying(finding, by=by)
    told("finding_proved", finding, by=by, note=said, photos=photos, deadline=str(finding.deadline))
    notices.tell_of_proof(finding, proof=said)
    return finding


@action
def assign_owner(finding: Finding, *, owner: Staff, by: Actor) -> Finding:
    """Say who answers for a finding; their team takes it over."""
    policies.check_assign(by, finding)
    if owner.project_id != finding.project_id or owner.left_on is not None:
        raise Invalid(fields={"owner": _("Choose somebody who works here.")})
    rows = Finding.objects.filter(pk=finding.pk, state__in=rules.UNCORRECTED)
    if rows.update(owner=owner, team_id=owner.team_id) != 1:
        raise Conflict(_("This finding is put right already."))
    finding.owner, finding.team_id = owner, owner.team_id
    told("finding_assigned", finding, by=by, owner=owner.name)
    notices.tell_of_finding(finding)
    return finding


@action
def release_of(staff: Staff, *, by: Actor) -> int:
    """Take what is not put right from somebody who left; it stays with their team. Gives how many."""
    rows = Finding.objects.filter(owner=staff, state__in=rules.UNCORRECTED).select_related("project__node")
    found = list(rows.order_by("pk"))
    for finding in found:
        Finding.objects.filter(pk=finding.pk).update(owner=None)
        finding.owner = None
        told("finding_released", finding, by=by, of=staff.name)
        if not finding.is_hidden:
            notices.tell_of_finding(finding)
    return len(found)


@action
def assign_owners(findings: Sequence[Finding], *, owner: Staff, by: Actor) -> int:
    """Give several findings to one person; all or none. Gives how many."""
    for finding in findings:
        assign_owner(finding, owner=owner, by=by)
    return len(findings)
