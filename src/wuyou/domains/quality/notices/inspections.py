"""What people are told of inspections, and whom. A notice points at its record by `inspection:id`."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.queries import users_holding
from wuyou.domains.quality.models import Inspection
from wuyou.domains.quality.policies.rights import CORRECT_FINDINGS
from wuyou.kernel import notify

INSPECTION_PUBLISHED = notify.declare(
    "quality.inspection_published",
    _("Inspection published"),
    title=_("%(number)s: %(score)s points at %(project)s"),
    body=_("%(sheet)s, inspected on %(day)s by %(by)s."),
)
INSPECTION_VOIDED = notify.declare(
    "quality.inspection_voided",
    _("Inspection void"),
    title=_("%(number)s at %(project)s is void"),
    body=_("%(why)s"),
)
INSPECTION_RESCORED = notify.declare(
    "quality.inspection_rescored",
    _("Inspection scored again"),
    title=_("%(number)s: %(before)s became %(after)s"),
    body=_("%(why)s"),
)
INSPECTION_HANDED = notify.declare(
    "quality.inspection_handed",
    _("Inspection handed to you"),
    title=_("%(number)s at %(project)s is yours now"),
    body=_("%(why)s"),
)


def _url(inspection: Inspection) -> str:
    return f"inspection:{inspection.pk}"


def _parties(inspection: Inspection) -> list[int]:
    """Who made it, and, unless it is hidden from them, who answers for the project."""
    people = {inspection.inspector_id}
    if not inspection.is_hidden:
        people |= set(users_holding(CORRECT_FINDINGS, inspection.project))
    return sorted(people)


def tell_of_publication(inspection: Inspection) -> int:
    """Tell the project its result; gives how many."""
    context = {
        "number": inspection.number,
        "score": "–" if inspection.score is None else str(inspection.score),
        "project": inspection.project.name,
        "sheet": inspection.sheet_version.sheet.name_zh,
        "day": str(inspection.day),
        "by": str(inspection.inspector),
    }
    people = sorted(set(users_holding(CORRECT_FINDINGS, inspection.project)) - {inspection.inspector_id})
    return notify.notify(INSPECTION_PUBLISHED.event, recipients=people, context=context, url=_url(inspection))


def tell_of_voiding(inspection: Inspection) -> int:
    """Tell inspector and project that it no longer counts; gives how many."""
    context = {"number": inspection.number, "project": inspection.project.name, "why": inspection.void_because}
    event = INSPECTION_VOIDED.event
    return notify.notify(event, recipients=_parties(inspection), context=context, url=_url(inspection))


def tell_of_rescoring(inspection: Inspection, *, before: object, after: object, why: str) -> int:
    """Tell inspector and project that the score is another one; gives how many."""
    told = {"before": "–" if before is None else str(before), "after": "–" if after is None else str(after)}
    context = {"number": inspection.number, "why": why, **told}
    event = INSPECTION_RESCORED.event
    return notify.notify(event, recipients=_parties(inspection), context=context, url=_url(inspection))


def tell_of_handing_on(inspection: Inspection, *, why: str) -> int:
    """Tell the new inspector; gives how many."""
    context = {"number": inspection.number, "project": inspection.project.name, "why": why}
    people = [inspection.inspector_id]
    return notify.notify(INSPECTION_HANDED.event, recipients=people, context=context, url=_url(inspection))
