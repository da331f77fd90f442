"""An inspection is begun for a campaign, as a self-check, as a second one for comparison; or handed on (spec 05)."""

import uuid

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project, User
from wuyou.domains.quality.choices import CampaignState, InspectionState, Level, TargetState
from wuyou.domains.quality.models import Inspection, Target
from wuyou.domains.quality.notices import inspections as notices
from wuyou.domains.quality.policies import inspections as policies
from wuyou.domains.registry.models import Place
from wuyou.domains.sheets.choices import SheetPurpose, SheetState
from wuyou.domains.sheets.models import SheetVersion
from wuyou.domains.sheets.queries import inspection_sheets_for
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, IllegalMove, Invalid
from wuyou.kernel.numbering import next_number
from wuyou.kernel.transactions import action, lock

from .telling import follow, told

NUMBER_PREFIX = "JC"  # 检查
MOST_REASON = 300


@action
def start_inspection(
    where: Target | Project,
    *,
    by: Actor,
    sheet_version: SheetVersion | None = None,
    level: str | None = None,
    second_of: Inspection | None = None,
    place: Place | None = None,
    client_id: uuid.UUID | None = None,
) -> Inspection:
    """Begin an inspection of a project that a campaign owes, or a self-check of a project.

    A campaign says sheet and level; a self-check names its sheet, and a level of its own (team or project). With
    `second_of` it is a second one of the same, with the same sheet, for comparison only. A `client_id` seen before
    gives the inspection made then. Raises Denied, Invalid, Conflict (spec 05).
    """
    known = Inspection.objects.filter(client_id=client_id).first() if client_id else None
    if known is not None:
        return _same(known, by)
    if second_of is not None:
        inspection = _second(second_of, by=by)
    elif isinstance(where, Target):
        inspection = _of_campaign(where, by=by)
    else:
        inspection = _alone(where, sheet_version=sheet_version, level=level or Level.PROJECT, by=by)
    _put_at(inspection, place)
    inspection.client_id = client_id
    return _written(inspection, by=by)


def _same(known: Inspection, by: Actor) -> Inspection:
    if not isinstance(by, User) or known.inspector_id != by.pk:
        raise Conflict(_("This identifier was used for something else."))
    return known


def _of_campaign(target: Target, *, by: Actor) -> Inspection:
    person = policies.check_begin(by, target)
    campaign = target.campaign
    lock(target)
    target.refresh_from_db(fields=["state"])
    if campaign.state != CampaignState.OPEN or target.state == TargetState.WAIVED:
        raise IllegalMove(_("The campaign is not under way, or does not owe this project."))
    made = Inspection.objects.filter(target=target, second_of__isnull=True).exclude(state=InspectionState.VOID)
    if made.exists():
        raise Conflict(_("This inspection was begun already."))
    return Inspection(
        project=target.project,
        campaign=campaign,
        target=target,
        level=campaign.level,
        sheet_version=campaign.sheet_version,
        inspector=person,
        is_hidden=campaign.is_hidden,
    )


def _alone(project: Project, *, sheet_version: SheetVersion | None, level: str, by: Actor) -> Inspection:
    person = policies.check_begin_alone(by, project)
    wrong: dict[str, object] = {}
    if level not in policies.SELF_CHECKS:
        wrong["level"] = _("Without a campaign only a team or a project checks itself.")
    if sheet_version is None:
        wrong["sheet_version"] = _("Choose a sheet.")
    elif not _is_usable(sheet_version, project):
        wrong["sheet_version"] = _("This sheet is not issued for inspections here.")
    if wrong or sheet_version is None:
        raise Invalid(fields=wrong)
    return Inspection(project=project, level=level, sheet_version=sheet_version, inspector=person)


def _is_usable(version: SheetVersion, project: Project) -> bool:
    """Whether a sheet may be begun with; one that is withdrawn later stays with those that were begun."""
    if version.state != SheetState.ISSUED or version.sheet.purpose != SheetPurpose.INSPECTION:
        return False
    return version.sheet_id in {one.sheet_id for one in inspection_sheets_for(project)}


def _second(first: Inspection, *, by: Actor) -> Inspection:
    person = policies.check_begin_second(by, first)
    if first.second_of_id is not None:
        raise Invalid(fields={"second_of": _("This is a second inspection itself.")})
    lock(first)
    first.refresh_from_db(fields=["state"])
    if first.state not in {InspectionState.UNDER_WAY, InspectionState.SUBMITTED}:
        raise IllegalMove(_("A second inspection is begun before the first one is published."))
    if first.seconds.exclude(state=InspectionState.VOID).exists():
        raise Conflict(_("There is a second inspection already."))
    return Inspection(
        project=first.project,
        campaign=first.campaign,
        target=first.target,
        level=first.level,
        sheet_version=first.sheet_version,
        second_of=first,
        inspector=person,
        place=first.place,
        is_hidden=first.is_hidden,
    )


def _put_at(inspection: Inspection, place: Place | None) -> None:
    if place is None:
        return
    if place.project_id != inspection.project_id:
        raise Invalid(fields={"place": _("This belongs to another project.")})
    inspection.place = place


def _written(inspection: Inspection, *, by: Actor) -> Inspection:
    inspection.number = next_number(NUMBER_PREFIX, inspection.project.code, clock.today())
    inspection.day = clock.today()
    inspection.started_at = clock.now()
    inspection.save(force_insert=True)
    follow(inspection)
    second = {"second_of": inspection.second_of.number} if inspection.second_of else {}
    told("inspection_started", inspection, by=by, level=inspection.level, sheet=str(inspection.sheet_version), **second)
    return inspection


@action
def hand_on_inspection(inspection: Inspection, *, to: User, reason: str, by: Actor) -> Inspection:
    """Give an inspection under way to another inspector, with all that was answered: the first one has left.

    Raises Denied (also when the new one is not independent), Invalid without a reason, IllegalMove once submitted.
    """
    policies.check_hand_on(by, inspection)
    why = reason.strip()
    if not why or len(why) > MOST_REASON:
        raise Invalid(fields={"reason": _("A reason of at most 300 characters is needed.")})
    _check_taker(inspection, to)
    rows = Inspection.objects.filter(pk=inspection.pk, state=InspectionState.UNDER_WAY)
    if rows.update(inspector=to) != 1:
        raise IllegalMove(_("Only an inspection under way is handed on."))
    before = inspection.inspector_id
    inspection.inspector = to
    if inspection.target is not None and inspection.second_of_id is None:
        Target.objects.filter(pk=inspection.target.pk, state=TargetState.UNDER_WAY).update(inspector=to)
    told("inspection_handed_on", inspection, by=by, reason=why, before=before, after=to.pk)
    notices.tell_of_handing_on(inspection, why=why)
    return inspection


def _check_taker(inspection: Inspection, to: User) -> None:
    """The taker must be able to make it; of a pair it must not be the other inspector."""
    pair = {inspection.second_of.inspector_id} if inspection.second_of else set()
    pair |= set(inspection.seconds.exclude(state=InspectionState.VOID).values_list("inspector_id", flat=True))
    if to.pk == inspection.inspector_id or to.pk in pair or not to.is_active:
        raise Invalid(fields={"to": _("Choose another inspector.")})
    if inspection.target is not None:
        policies.check_independent(to, inspection.target)
    else:
        policies.check_begin_alone(to, inspection.project)
