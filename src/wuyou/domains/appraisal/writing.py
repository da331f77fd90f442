"""What the actions of appraisal share in writing: the journal's entry of a month or of what belongs to it."""

from wuyou.domains.org.models import Project, User
from wuyou.domains.org.queries import chain_of
from wuyou.kernel import journal
from wuyou.kernel.actors import Actor

from .models import Period


def record(verb: str, project: Project, subject: tuple[str, object, object], *, by: Actor, **data: object) -> None:
    """Enter what happened in the project's chain."""
    journal.record(f"appraisal.{verb}", chain=chain_of(project), by=by, subject=subject, data=data)


def case_of(period: Period) -> tuple[str, int, str]:
    """A month as the journal names it."""
    return ("appraisal_period", period.pk, str(period))


def person_or_none(by: Actor) -> User | None:
    """The user who acts; None for a machine."""
    return by if isinstance(by, User) else None
