"""What people are told of appraisals, and whom."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import users_holding
from wuyou.kernel import clock, notify

from .flows import APPROVE
from .models import Consequence, Period

FILE_APPEALS = "quality.file_appeals"

SCORED = notify.declare(
    "appraisal.scored",
    _("Score made known"),
    title=_("%(month)s: the score of %(subject)s is known"),
    body=_("Appeals until %(until)s."),
)
RESCORED = notify.declare(
    "appraisal.rescored",
    _("Scored again"),
    title=_("%(month)s: %(subject)s was scored again"),
    body=_("%(why)s"),
)
PROPOSED = notify.declare(
    "appraisal.proposed",
    _("Consequences to approve"),
    title=_("%(count)s consequences of appraisals wait for approval"),
)
DECIDED = notify.declare(
    "appraisal.decided",
    _("Consequence decided"),
    title=_("%(name)s: %(state)s"),
    body=_("%(subject)s %(month)s"),
)


def party_of(period: Period) -> list[int]:
    """Users who are told of a month and may appeal: the person, else who appeals for the project."""
    staff = period.enrolment.staff
    if staff is not None:
        return [staff.user_id] if staff.user_id else []
    return users_holding(FILE_APPEALS, period.project)


def tell_of_score(period: Period) -> int:
    """Tell the party that its score is known, and until when it may appeal."""
    until = f"{clock.local(period.appeal_until):%Y-%m-%d}" if period.appeal_until else ""
    context = {"month": f"{period.month:%Y-%m}", "subject": period.enrolment.label, "until": until}
    return notify.notify(SCORED.event, recipients=party_of(period), context=context, url=_address(period))


def tell_of_rescoring(period: Period) -> int:
    """Tell the party that a known score has changed."""
    context = {"month": f"{period.month:%Y-%m}", "subject": period.enrolment.label, "why": period.stale_because}
    return notify.notify(RESCORED.event, recipients=party_of(period), context=context, url=_address(period))


def tell_of_proposals(rows: Sequence[Consequence]) -> int:
    """Tell who approves, once per project."""
    projects: dict[Project, int] = {}
    for row in rows:
        projects[row.project] = projects.get(row.project, 0) + 1
    return sum(
        notify.notify(
            PROPOSED.event,
            recipients=users_holding(APPROVE, project),
            context={"count": count},
            url="appraisal_consequences:0",
        )
        for project, count in projects.items()
    )


def tell_of_decision(row: Consequence) -> int:
    """Tell the party what was decided."""
    context = {
        "name": row.name_zh,
        "state": str(row.get_state_display()),
        "subject": row.period.enrolment.label,
        "month": f"{row.period.month:%Y-%m}",
    }
    return notify.notify(DECIDED.event, recipients=party_of(row.period), context=context, url=_address(row.period))


def _address(period: Period) -> str:
    return f"appraisal_period:{period.pk}"
