"""Changes of places, zones, teams and posts (spec 01)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.registry import documents, events, policies
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.domains.registry.models import Place, Post, Staff, Team, Zone
from wuyou.domains.registry.queries import children, descendants, parent_of, site_of
from wuyou.domains.registry.rules.naming import place_key
from wuyou.domains.registry.writing import change_fields, check_fields
from wuyou.kernel import clock, trees
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

from .recording import reason_given, record_other, record_place

PLACE_FIELDS = frozenset(
    {"name", "category", "area_m2", "quantity", "material", "note", "x", "y", "latitude", "longitude"}
)
# what may stand below what: a level is never below its own kind of part
ORDER = [PlaceLevel.SITE, PlaceLevel.AREA, PlaceLevel.BUILDING, PlaceLevel.UNIT, PlaceLevel.FLOOR, PlaceLevel.ROOM]


@action
def add_place(
    *, project: Project, parent: Place | None, level: str, code: str, name: str, by: Actor, **fields: Any
) -> Place:
    """Add a place below `parent`, or the site itself when None (spec 01).

    Raises Denied, Conflict when the project has a site or the parent is closed, Invalid for a wrong level, a code or
    a sibling's name in use, or an area that is not greater than zero.
    """
    policies.check_manage_places(by, project)
    root = lock_site(project)
    place = Place(project=project, level=level, code=code.strip(), name=name.strip(), **_allowed(fields))
    _check_position(place, parent, root)
    check_fields(place, {"code", "name", "level", *fields})
    _insert(place, parent)
    record_place("place_added", place, by=by, data={"level": level, "parent": parent.code if parent else ""})
    documents.index_places([place.pk])
    return place


def _allowed(fields: dict[str, Any]) -> dict[str, Any]:
    wrong = set(fields) - PLACE_FIELDS
    if wrong:
        raise Invalid(fields={name: _("This field cannot be given here.") for name in sorted(wrong)})
    return fields


def lock_site(project: Project) -> Place | None:
    """The project's root place, locked: changes of the tree wait for each other."""
    return Place.objects.select_for_update().filter(project=project, level=PlaceLevel.SITE).first()


def _check_position(place: Place, parent: Place | None, root: Place | None) -> None:
    if parent is None:
        if root is not None or place.level != PlaceLevel.SITE:
            raise Conflict(_("A project has one site; everything else stands below it."))
        return
    parent.refresh_from_db()
    if parent.project_id != place.project_id:
        raise Invalid(fields={"parent": _("The place above belongs to another project.")})
    if parent.closed_on:
        raise Conflict(_("“%(name)s” is closed. Reopen it first."), name=parent.name)
    if not fits(place.level, below=parent.level):
        raise Invalid(fields={"level": _("A place of this level cannot stand there.")})
    check_sibling_names(parent, place)


def fits(level: str, *, below: str) -> bool:
    """Whether a place of a level may stand directly below another: spots anywhere, a part only below its whole."""
    if below in {PlaceLevel.ROOM, PlaceLevel.SPOT}:
        return level == below == PlaceLevel.SPOT
    if level == PlaceLevel.SPOT:
        return True
    return ORDER.index(PlaceLevel(level)) > ORDER.index(PlaceLevel(below))


def check_sibling_names(parent: Place, place: Place) -> None:
    """Raise Invalid when an open place beside it has the same name, however written (一单元, 1单元)."""
    beside = children(parent).filter(closed_on__isnull=True).exclude(pk=place.pk).values_list("name", flat=True)
    if place_key(place.name) in {place_key(name) for name in beside}:
        raise Invalid(fields={"name": _("There is a place of this name here already.")})


def _insert(place: Place, parent: Place | None) -> None:
    if parent is None:
        Place.objects.add_root(instance=place)
    else:
        Place.objects.add_child(parent, instance=place)


@action
def change_place(place: Place, *, by: Actor, **fields: Any) -> Place:
    """Change a place's name, kind, area, material, position or note; codes and levels stay.

    Raises Denied or Invalid with the field.
    """
    policies.check_change_place(by, place)
    above = parent_of(place)
    if "name" in fields and above is not None:
        check_sibling_names(above, Place(pk=place.pk, name=fields["name"]))
    diff = change_fields(place, fields, allowed=PLACE_FIELDS)
    if diff:
        record_place("place_changed", place, by=by, data=diff)
        documents.index_places([place.pk])
    return place


@action
def move_place(place: Place, *, to: Place, by: Actor) -> Place:
    """Move a place with everything below it; codes stay, so stickers and records go on (spec 01).

    Raises Denied, Conflict when the target is closed or lies below the place, Invalid for a level that does not fit.
    """
    policies.check_change_place(by, place)
    lock_site(place.project)
    place.refresh_from_db()
    to.refresh_from_db()
    if to.path.startswith(place.path):
        raise Conflict(_("A place cannot be moved below itself."))
    _check_position(place, to, None)
    before = parent_of(place)
    if before is not None and before.pk == to.pk:
        return place
    _carry(place, to)
    record_place("place_moved", place, by=by, data={"from": before.code if before else "", "to": to.code})
    events.place_moved.send(Place, place_id=place.pk, project_id=place.project_id)
    return place


def _carry(place: Place, to: Place) -> None:
    """Rewrite the paths of a subtree in one statement; the numbers of children on both ends follow."""
    old, depth = place.path, place.depth
    step = trees.last_step(Place, children(to).values_list("path", flat=True))
    new = next(trees.child_paths(Place, to.path, after=step))
    Place.objects.filter(path=old[: -Place.steplen]).update(numchild=F("numchild") - 1)
    subtree = Place.objects.filter(path__startswith=old)
    subtree.update(path=Concat(Value(new), Substr("path", len(old) + 1)), depth=F("depth") + to.depth + 1 - depth)
    Place.objects.filter(pk=to.pk).update(numchild=F("numchild") + 1)
    place.refresh_from_db()
    to.refresh_from_db()


@action
def close_place(place: Place, *, by: Actor, reason: str) -> list[int]:
    """Close a place and everything open below it from today; the ids that were closed.

    Raises Denied, Invalid without a reason, Conflict when it is closed already.
    """
    policies.check_change_place(by, place)
    why = reason_given(reason)
    lock_site(place.project)
    place.refresh_from_db()
    today = clock.today()
    if Place.objects.filter(pk=place.pk, closed_on__isnull=True).update(closed_on=today) != 1:
        raise Conflict(_("“%(name)s” is closed already."), name=place.name)
    below = list(descendants(place).filter(closed_on__isnull=True).values_list("pk", flat=True))
    descendants(place).filter(closed_on__isnull=True).update(closed_on=today)
    place.closed_on = today
    record_place("place_closed", place, by=by, data={"reason": why, "below": len(below)})
    events.place_closed.send(Place, place_ids=[place.pk, *below], project_id=place.project_id)
    return [place.pk, *below]


@action
def reopen_place(place: Place, *, by: Actor) -> Place:
    """Open a closed place again, itself only; raises Denied, Conflict when it is open or the place above is closed."""
    policies.check_change_place(by, place)
    above = parent_of(place)
    if above is not None and above.closed_on:
        raise Conflict(_("“%(name)s” is closed. Reopen it first."), name=above.name)
    if Place.objects.filter(pk=place.pk, closed_on__isnull=False).update(closed_on=None) != 1:
        raise Conflict(_("“%(name)s” is open."), name=place.name)
    place.closed_on = None
    record_place("place_reopened", place, by=by)
    events.place_reopened.send(Place, place_id=place.pk, project_id=place.project_id)
    return place


@action
def set_positions(project: Project, *, positions: Iterable[tuple[int, float, float]], by: Actor) -> int:
    """Put places on the plan: (place id, x, y) in metres; the number of places moved on the map.

    Raises Denied, or Invalid when an id is no place of the project.
    """
    policies.check_manage_places(by, project)
    given = {pk: (x, y) for pk, x, y in positions}
    places = list(Place.objects.filter(project=project, pk__in=given))
    if len(places) != len(given):
        raise Invalid(fields={"positions": _("A place is not of this project.")})
    for place in places:
        place.x, place.y = given[place.pk]
    Place.objects.bulk_update(places, ["x", "y"], batch_size=500)
    site = site_of(project)
    if site is not None and places:
        record_place("positions_set", site, by=by, data={"places": len(places)})
    return len(places)


# --- zones, teams, posts


@action
def add_zone(*, project: Project, name: str, by: Actor, owner: Staff | None = None) -> Zone:
    """Add a zone; raises Denied, or Invalid for a name in use or an owner of another project."""
    policies.check_manage_places(by, project)
    zone = Zone(project=project, name=name.strip(), owner=_same_project(owner, project))
    check_fields(zone, {"name"})
    zone.save()
    record_other("zone_added", "zone", zone, where=project, by=by)
    return zone


def _same_project(staff: Staff | None, project: Project) -> Staff | None:
    if staff is not None and staff.project_id != project.pk:
        raise Invalid(fields={"owner": _("This person works at another project.")})
    return staff


@action
def set_zone_owner(zone: Zone, *, owner: Staff | None, by: Actor) -> Zone:
    """Make somebody accountable for a zone, or nobody; raises Denied or Invalid."""
    policies.check_manage_places(by, zone.project)
    before = zone.owner
    zone.owner = _same_project(owner, zone.project)
    zone.save(update_fields=["owner"])
    data = {"from": before.number if before else "", "to": owner.number if owner else ""}
    record_other("zone_owner_set", "zone", zone, where=zone.project, by=by, data=data)
    return zone


@action
def set_zone(places: Iterable[Place], *, zone: Zone | None, by: Actor) -> int:
    """Put places into a zone, or into none; the number of places that changed. Raises Denied or Invalid."""
    rows = list(places)
    projects = {row.project for row in rows}
    for project in projects:
        policies.check_manage_places(by, project)
    if zone is not None and projects - {zone.project}:
        raise Invalid(fields={"zone": _("The zone belongs to another project.")})
    other = Q(zone__isnull=False) if zone is None else ~Q(zone=zone) | Q(zone__isnull=True)
    changed = list(Place.objects.filter(other, pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    Place.objects.filter(pk__in=changed).update(zone=zone)
    for project in sorted(projects, key=lambda one: one.pk) if changed else []:
        ids = [row.pk for row in rows if row.project_id == project.pk and row.pk in set(changed)]
        record_other(
            "zone_set", "project", project, where=project, by=by, data={"zone": str(zone or ""), "places": ids}
        )
        events.zone_changed.send(Place, place_ids=ids, zone_id=zone.pk if zone else None, project_id=project.pk)
    return len(changed)


@action
def add_team(*, project: Project, name: str, by: Actor, contractor_id: int | None = None) -> Team:
    """Add a department of a project; raises Denied, or Invalid for a name in use."""
    policies.check_manage_places(by, project)
    team = Team(project=project, name=name.strip(), contractor_id=contractor_id)
    check_fields(team, {"name", "contractor"})
    team.save()
    record_other("team_added", "team", team, where=project, by=by)
    return team


POST_FIELDS = frozenset({"name", "place", "heads", "hours_per_day", "days_per_week", "qualification"})


@action
def add_post(*, team: Team, name: str, by: Actor, **fields: Any) -> Post:
    """Add a position to be staffed; raises Denied, or Invalid for impossible hours or a name in use."""
    policies.check_manage_places(by, team.project)
    post = Post(project=team.project, team=team, name=name.strip(), **fields)
    _check_post(post, {"name", *fields})
    post.save()
    record_other("post_added", "post", post, where=team.project, by=by, data={"name": post.name})
    return post


def _check_post(post: Post, names: set[str]) -> None:
    check_fields(post, names)
    if not 0 < post.hours_per_day <= 24 or not 1 <= post.days_per_week <= 7 or post.heads < 1:
        raise Invalid(
            fields={"hours_per_day": _("A post has up to 24 hours a day, 1 to 7 days a week, 1 head or more.")}
        )
    if post.place is not None and post.place.project_id != post.project_id:
        raise Invalid(fields={"place": _("The place belongs to another project.")})


@action
def change_post(post: Post, *, by: Actor, **fields: Any) -> Post:
    """Change a post; raises Denied, Conflict when it is closed, Invalid with the field."""
    policies.check_manage_places(by, post.project)
    if post.closed_on:
        raise Conflict(_("This post is closed."))
    diff = change_fields(post, fields, allowed=POST_FIELDS)
    _check_post(post, set(fields))
    if diff:
        record_other("post_changed", "post", post, where=post.project, by=by, data=diff)
    return post


@action
def close_post(post: Post, *, by: Actor) -> Post:
    """Close a post from today; raises Denied, or Conflict when it is closed already."""
    policies.check_manage_places(by, post.project)
    today = clock.today()
    if Post.objects.filter(pk=post.pk, closed_on__isnull=True).update(closed_on=today) != 1:
        raise Conflict(_("This post is closed."))
    post.closed_on = today
    record_other("post_closed", "post", post, where=post.project, by=by, data={"name": post.name})
    return post
