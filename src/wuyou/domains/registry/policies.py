"""Who may see and change places, people and staff (spec 01; least knowledge: spec 00 rule 4)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, Project
from wuyou.domains.org.permissions import declare
from wuyou.domains.org.policies import require
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Denied

from .models import Person, Place, Staff

VIEW_PLACES = declare("registry.view_places", _("See places, zones and posts"))
MANAGE_PLACES = declare("registry.manage_places", _("Change places, zones, posts and teams"))
VIEW_PEOPLE = declare("registry.view_people", _("See residents, personal data masked"))
REVEAL_PEOPLE = declare("registry.reveal_people", _("Read full phone and identity numbers, with a reason"))
MANAGE_PEOPLE = declare("registry.manage_people", _("Change residents, households and vehicles"))
EXPORT_PEOPLE = declare("registry.export_people", _("Export everything held about a person"))
ERASE_PEOPLE = declare("registry.erase_people", _("Erase or restrict a person's data"))
VIEW_STAFF = declare("registry.view_staff", _("See staff and qualifications"))
MANAGE_STAFF = declare("registry.manage_staff", _("Change staff, qualifications and contractors"))
IMPORT_DATA = declare("registry.import_data", _("Import registers from workbooks"))
PRINT_LABELS = declare("registry.print_labels", _("Issue codes and print label sheets"))


def check_view_places(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` may see the project's places."""
    require(by, VIEW_PLACES, project)


def check_manage_places(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` may change the project's places, zones, posts and teams."""
    require(by, MANAGE_PLACES, project)


def check_change_place(by: Actor, place: Place) -> None:
    """Raise Denied unless `by` may change this place."""
    check_manage_places(by, place.project)


def check_print_labels(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` may issue codes and print labels of the project."""
    require(by, PRINT_LABELS, project)


def check_import_data(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` may import registers of the project."""
    require(by, IMPORT_DATA, project)


def check_add_person(by: Actor, node: Node) -> None:
    """Raise Denied unless `by` may add people to the register of this node."""
    require(by, MANAGE_PEOPLE, node)


def check_manage_household(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` may move people in and out at the project."""
    require(by, MANAGE_PEOPLE, project)


def check_view_person(by: Actor, person: Person) -> None:
    """Raise Denied unless `by` may see this person, masked."""
    _require_for(by, VIEW_PEOPLE, person)


def check_change_person(by: Actor, person: Person) -> None:
    """Raise Denied unless `by` may change this person's record."""
    _require_for(by, MANAGE_PEOPLE, person)


def check_reveal_person(by: Actor, person: Person) -> None:
    """Raise Denied unless `by` may read this person's full values."""
    _require_for(by, REVEAL_PEOPLE, person)


def check_export_person(by: Actor, person: Person) -> None:
    """Raise Denied unless `by` may export what is held about this person."""
    _require_for(by, EXPORT_PEOPLE, person)


def check_erase_person(by: Actor, person: Person) -> None:
    """Raise Denied unless `by` may erase or restrict this person's data."""
    _require_for(by, ERASE_PEOPLE, person)


def check_manage_staff(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` may change the project's staff."""
    require(by, MANAGE_STAFF, project)


def check_change_staff(by: Actor, staff: Staff) -> None:
    """Raise Denied unless `by` may change this member of staff."""
    check_manage_staff(by, staff.project)


def check_manage_contractors(by: Actor, node: Node) -> None:
    """Raise Denied unless `by` may change contractors of this node."""
    require(by, MANAGE_STAFF, node)


def _require_for(by: Actor, permission: str, person: Person) -> None:
    from .queries.people import persons_visible_to  # noqa: PLC0415 - queries start from the permissions above

    kept = person
    while kept.merged_into is not None:  # whoever may act on the kept record may act on what was merged into it
        kept = kept.merged_into
    if not persons_visible_to(by, permission).filter(pk=kept.pk).exists():
        raise Denied(_("You are not allowed to do this here."))
