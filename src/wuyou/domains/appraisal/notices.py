"""What people are told of appraisals, and whom."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import users_holding
from wuyou.kernel import clock, notify

from .flows import APPROVE
from .models import Consequence, Period, Score

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


def tell_of_rescoring(changed: Sequence[tuple[Period, Score]]) -> int:
    """Tell each party, once for all months, that scores it knows have changed."""
    parties: dict[tuple[int, int | None], list[tuple[Period, Score]]] = {}
    for period, score in changed:
        parties.setdefault((period.project_id, period.enrolment.staff_id), []).append((period, score))
    return sum(_tell_of_rescored(rows) for rows in parties.values())


def _tell_of_rescored(rows: Sequence[tuple[Period, Score]]) -> int:
    people = party_of(rows[0][0])
    if not people:
        return 0
    months = sorted({f"{period.month:%Y-%m}" for period, _ in rows})
    period, score = rows[0]
    context = {"month": ", ".join(months), "subject": period.enrolment.label, "why": score.reason}
    return notify.notify(RESCORED.event, recipients=people, context=context, url=_address(period))


def tell_of_proposals(rows: Sequence[Consequence]) -> int:
    """Tell who approves, once per project, and lead to the first that waits."""
    projects: dict[Project, list[Consequence]] = {}
    for row in rows:
        projects.setdefault(row.project, []).append(row)
    return sum(_tell_of_waiting(project, waiting) for project, waiting in projects.items())


def _tell_of_waiting(project: Project, waiting: Sequence[Consequence]) -> int:
    people = users_holding(APPROVE, project)
    if not people:
        return 0
    context, url = {"count": len(waiting)}, f"appraisal_consequence:{waiting[0].pk}"
    return notify.notify(PROPOSED.event, recipients=people, context=context, url=url)


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
