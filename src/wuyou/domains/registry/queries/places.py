"""Places, rooms, zones, posts and codes somebody may see (spec 01)."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.domains.registry.models import Building, Place, Post, Room, Tag, Team, Zone
from wuyou.domains.registry.policies import VIEW_PLACES
from wuyou.kernel.actors import Actor

CONTROL_ROOM = "监控室"


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A place with a position on the plan, in metres or degrees."""

    id: int
    name: str
    level: str
    category: str
    x: float | None
    y: float | None
    latitude: float | None
    longitude: float | None
    zone: str


def places_visible_to(user: Actor, permission: str = VIEW_PLACES) -> QuerySet[Place]:
    """Places of the projects where `user` holds the permission, in the order of the tree."""
    return Place.objects.filter(project__in=projects_visible_to(user, permission)).order_by("path")


def rooms_visible_to(user: Actor) -> QuerySet[Room]:
    """Rooms with their place, in the order of the tree."""
    rooms = Room.objects.filter(place__project__in=projects_visible_to(user, VIEW_PLACES))
    return rooms.select_related("place", "place__zone").order_by("place__path")


def buildings_visible_to(user: Actor) -> QuerySet[Building]:
    """Buildings with their place, in the order of the tree."""
    rows = Building.objects.filter(place__project__in=projects_visible_to(user, VIEW_PLACES))
    return rows.select_related("place", "place__zone").order_by("place__path")


def zones_visible_to(user: Actor) -> QuerySet[Zone]:
    """Zones with the person accountable for them."""
    rows = Zone.objects.filter(project__in=projects_visible_to(user, VIEW_PLACES))
    return rows.select_related("owner", "project").order_by("project_id", "name")


def teams_visible_to(user: Actor) -> QuerySet[Team]:
    """Teams of visible projects."""
    return Team.objects.filter(project__in=projects_visible_to(user, VIEW_PLACES)).order_by("project_id", "name")


def posts_visible_to(user: Actor) -> QuerySet[Post]:
    """Posts that are staffed, with team, place and licence asked for."""
    rows = Post.objects.filter(project__in=projects_visible_to(user, VIEW_PLACES), closed_on__isnull=True)
    return rows.select_related("team", "place", "qualification").order_by("project_id", "name")


def tags_visible_to(user: Actor, permission: str = VIEW_PLACES) -> QuerySet[Tag]:
    """Codes in force and replaced ones, newest first."""
    return Tag.objects.filter(project__in=projects_visible_to(user, permission)).order_by("-id")


def children(place: Place) -> QuerySet[Place]:
    """The places directly below, in the order of the tree."""
    return Place.objects.filter(path__startswith=place.path, depth=place.depth + 1).order_by("path")


def descendants(place: Place) -> QuerySet[Place]:
    """Everything below a place, itself excluded."""
    return Place.objects.filter(path__startswith=place.path, depth__gt=place.depth).order_by("path")


def ancestors(place: Place) -> QuerySet[Place]:
    """From the site down to the parent."""
    step = Place.steplen
    paths = [place.path[:end] for end in range(step, len(place.path), step)]
    return Place.objects.filter(path__in=paths).order_by("path")


def parent_of(place: Place) -> Place | None:
    """The place directly above; None for a site."""
    return Place.objects.filter(path=place.path[: -Place.steplen]).first() if place.depth > 1 else None


def site_of(project: Project) -> Place | None:
    """The root of the project's places; None before the first place is there."""
    return Place.objects.filter(project=project, level=PlaceLevel.SITE).first()


def zone_over(place: Place) -> Zone | None:
    """The place's zone, else that of the nearest place above that has one."""
    rows = Place.objects.filter(Q(pk=place.pk) | Q(pk__in=ancestors(place)), zone__isnull=False)
    nearest = rows.select_related("zone").order_by("-depth").first()
    return nearest.zone if nearest else None


def map_points(project: Project) -> list[MapPoint]:
    """Open places of a project with a position, for the map."""
    rows = Place.objects.filter(project=project, closed_on__isnull=True)
    rows = rows.filter(Q(x__isnull=False, y__isnull=False) | Q(latitude__isnull=False, longitude__isnull=False))
    return [
        MapPoint(
            row.pk, row.name, row.level, row.category, row.x, row.y, row.latitude, row.longitude,
            row.zone.name if row.zone else "",
        )
        for row in rows.select_related("zone").order_by("path")
    ]  # fmt: skip


def level_counts(project: Project) -> dict[str, int]:
    """Open places of a project by level."""
    rows = Place.objects.filter(project=project, closed_on__isnull=True).order_by()
    return dict(rows.values_list("level").annotate(count=Count("pk")))


def place_categories(user: Actor) -> list[str]:
    """The kinds of public spots there are among visible places."""
    rows = places_visible_to(user).exclude(category="").order_by("category")
    return list(rows.values_list("category", flat=True).distinct())


def category_counts(project: Project) -> dict[str, int]:
    """Open public spots of a project by kind."""
    rows = Place.objects.filter(project=project, closed_on__isnull=True).exclude(category="").order_by("category")
    return dict(rows.values_list("category").annotate(count=Count("pk")))


def teams_with_heads(user: Actor) -> QuerySet[Team]:
    """Visible teams with the number of people present (`heads`)."""
    present = Count("staff", filter=Q(staff__left_on__isnull=True))
    return teams_visible_to(user).annotate(heads=present)
