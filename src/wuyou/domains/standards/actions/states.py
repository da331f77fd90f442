"""The way of a version: draft → review → issued → withdrawn."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.standards import policies
from wuyou.domains.standards.events import version_issued, version_withdrawn
from wuyou.domains.standards.flows import VERSION_FLOW
from wuyou.domains.standards.models import StandardVersion
from wuyou.domains.standards.queries import issues_of
from wuyou.domains.standards.writing import claim_draft, record
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid
from wuyou.kernel.flows import claim
from wuyou.kernel.transactions import action


@action
def submit(version: StandardVersion, *, by: Actor) -> StandardVersion:
    """Hand a draft in for review. Raises Denied, IllegalMove, Conflict, and Invalid naming what blocks it."""
    policies.check_edit(by, version.standard)
    VERSION_FLOW.check("submit", version.state)
    claim_draft(version)  # nobody edits what is being checked
    blocking = {issue.code or "version": issue.message for issue in issues_of(version) if issue.is_blocking}
    if blocking:
        raise Invalid(_("The version cannot be reviewed yet."), fields=blocking)
    claim(version, VERSION_FLOW, "submit")
    record("version_submitted", version, by=by)
    return version


@action
def send_back(version: StandardVersion, *, by: Actor, reason: str) -> StandardVersion:
    """Give a version back to its writer. Raises Denied, IllegalMove, Conflict, and Invalid without a reason."""
    policies.check_issue(by, version.standard)
    VERSION_FLOW.transition("send_back").require({"reason": reason.strip()})
    claim(version, VERSION_FLOW, "send_back")
    record("version_sent_back", version, by=by, reason=reason.strip())
    return version


@action
def issue(version: StandardVersion, *, by: Actor) -> StandardVersion:
    """Issue a reviewed version: from now on it never changes. Raises Denied, IllegalMove and Conflict."""
    policies.check_issue(by, version.standard)
    claim(version, VERSION_FLOW, "issue", issued_on=clock.today())
    record("version_issued", version, by=by)
    version_issued.send(StandardVersion, version_id=version.pk)
    return version


@action
def withdraw(version: StandardVersion, *, by: Actor, reason: str) -> StandardVersion:
    """Take an issued version out of use: nobody can be bound to it any more, bindings there are stay readable.

    Raises Denied, IllegalMove, Conflict, and Invalid without a reason.
    """
    policies.check_issue(by, version.standard)
    VERSION_FLOW.transition("withdraw").require({"reason": reason.strip(), "withdrawn_on": True})
    claim(version, VERSION_FLOW, "withdraw", withdrawn_on=clock.today())
    record("version_withdrawn", version, by=by, reason=reason.strip())
    version_withdrawn.send(StandardVersion, version_id=version.pk)
    return version
