"""Who may begin, fill, publish, hand on and void inspections; inspectors are independent (spec 05)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project, User
from wuyou.domains.org.policies import require
from wuyou.domains.quality.choices import Level
from wuyou.domains.quality.models import Inspection, Target
from wuyou.domains.quality.queries.inspectors import obstacle_for
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor, System
from wuyou.kernel.errors import Denied

from .findings import holds_above
from .rights import INSPECT, MANAGE_CAMPAIGNS, PUBLISH_CAMPAIGNS

SELF_CHECKS = (Level.TEAM, Level.PROJECT)


def check_begin(by: Actor, target: Target) -> User:
    """Raise Denied unless `by` is the inspector named for a project of a campaign, or its guest, and independent.

    Where nobody is named anybody independent may begin. Gives the person: an inspection has an inspector.
    """
    person = _person(by)
    if target.inspector_id not in {None, person.pk} and not is_guest(person, target):
        raise Denied(_("Somebody else is to make this inspection."))
    check_independent(person, target)
    return person


def check_begin_alone(by: Actor, project: Project) -> User:
    """Raise Denied unless `by` inspects at the project: a self-check needs no independence."""
    person = _person(by)
    require(person, INSPECT, project)
    return person


def check_begin_second(by: Actor, first: Inspection) -> User:
    """Raise Denied unless `by` may inspect here, is independent, and is not who made the first one."""
    person = _person(by)
    if person.pk == first.inspector_id:
        raise Denied(_("The second inspector is somebody else."))
    if first.target is None:
        require(person, INSPECT, first.project)
    else:
        check_independent(person, first.target)
    return person


def check_second(by: Actor, first: Inspection) -> None:
    """The same as check_begin_second, for a button."""
    check_begin_second(by, first)


def check_independent(person: User, target: Target) -> None:
    """Raise Denied, with the reason, unless the person may inspect the target and nothing ties them to it."""
    reason = obstacle_for(person, target)
    if reason is not None:
        raise Denied(reason)


def is_guest(person: User, target: Target | None) -> bool:
    """Whether somebody from outside was asked to take part in this inspection and still may today."""
    return target is not None and target.guests.filter(user=person, ends_on__gte=clock.today()).exists()


def _person(by: Actor) -> User:
    if not isinstance(by, User):
        raise Denied(_("An inspection is made by a person."))
    return by


def check_fill(by: Actor, inspection: Inspection) -> None:
    """Raise Denied unless `by` is its inspector, and still may inspect here."""
    person = _person(by)
    if inspection.inspector_id != person.pk:
        raise Denied(_("Somebody else makes this inspection."))
    if not is_guest(person, inspection.target):
        require(person, INSPECT, inspection.project)


def check_publish(by: Actor, inspection: Inspection) -> None:
    """Raise Denied unless `by` publishes results from above the project; a self-check is the inspector's own."""
    if isinstance(by, User) and inspection.campaign_id is None and inspection.inspector_id == by.pk:
        return
    require(by, PUBLISH_CAMPAIGNS, inspection.project)


def check_void(by: Actor, inspection: Inspection) -> None:
    """Raise Denied unless `by` publishes results above the project, or drops an own self-check that is under way."""
    if isinstance(by, System):
        return
    own = isinstance(by, User) and inspection.inspector_id == by.pk
    if own and inspection.campaign_id is None and inspection.submitted_at is None:
        return
    if not holds_above(by, PUBLISH_CAMPAIGNS, inspection.project):
        raise Denied(_("Only a level above the project declares an inspection void."))


def check_hand_on(by: Actor, inspection: Inspection) -> None:
    """Raise Denied unless `by` plans inspections here, or hands on an own one."""
    if isinstance(by, User) and inspection.inspector_id == by.pk:
        return
    require(by, MANAGE_CAMPAIGNS, inspection.project)
