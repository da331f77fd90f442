"""What a person does with the kernel's machines: the permission is checked here, the rest is theirs (spec 11)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org import policies
from wuyou.domains.org.models import Node
from wuyou.domains.org.queries import chain_of
from wuyou.kernel import journal, notify
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict
from wuyou.kernel.jobs import actions as jobs
from wuyou.kernel.jobs.models import Job
from wuyou.kernel.notify import OutboxMessage
from wuyou.kernel.transactions import action


@action
def retry_job(job_id: int, *, by: Actor) -> Job:
    """Start a job again that was given up or cancelled; raises Denied, Missing or Conflict."""
    policies.require(by, policies.MANAGE_SYSTEM)
    return jobs.retry_job(job_id, by=by, chain=_chain())


@action
def cancel_job(job_id: int, *, by: Actor) -> Job:
    """Cancel a job that is not over; raises Denied, Missing or Conflict."""
    policies.require(by, policies.MANAGE_SYSTEM)
    return jobs.cancel_job(job_id, by=by, chain=_chain())


@action
def send_again(message: OutboxMessage, *, by: Actor) -> None:
    """Queue a message that failed once more; raises Denied, or Conflict when it waits or went out already."""
    policies.require(by, policies.MANAGE_SYSTEM)
    if not notify.send_again(message):
        raise Conflict(_("This message waits already, or went out."))
    subject = ("notify.message", message.pk, message.event)
    journal.record("org.message_sent_again", chain=_chain(), by=by, subject=subject)


def _chain() -> str:
    """The chain of the first root: machines belong to the whole installation."""
    root = Node.objects.filter(depth=1).order_by("path").first()
    return chain_of(root) if root else "installation"
