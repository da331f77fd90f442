"""An estate with one of everything, somebody who may do all there, and a neighbour who may do all elsewhere."""

from dataclasses import dataclass
from functools import cached_property

from django.test import Client
from factories.assets import AssetFactory
from factories.org import AssignmentFactory, NodeFactory, ProjectFactory, RoleFactory, UserFactory
from factories.registry import (
    BuildingFactory,
    OccupancyFactory,
    PersonFactory,
    PlaceFactory,
    RoomFactory,
    StaffFactory,
    TeamFactory,
    ZoneFactory,
    place_below,
)

from wuyou.domains.org.models import Node, User
from wuyou.domains.org.permissions import all_permissions
from wuyou.domains.registry.choices import PlaceLevel


def lord_of(node: Node) -> User:
    """A user who holds every permission at a node."""
    user = UserFactory()
    role = RoleFactory(permissions=[one.code for one in all_permissions()])
    AssignmentFactory(user=user, role=role, node=node)
    return user


def browser_of(user: User | None, *, language: str = "en") -> Client:
    """A browser somebody is logged in with; None for a stranger."""
    client = Client()
    if user is not None:
        client.force_login(user)
    client.cookies["django_language"] = language
    return client


@dataclass
class Estate:
    """Rows of a project, made when first asked for."""

    code: str = "JT"

    @cached_property
    def root(self):
        return NodeFactory(name="集团", code=f"ROOT-{self.code}")

    @cached_property
    def project(self):
        node = NodeFactory(parent=self.root, kind="project", code=f"N-{self.code}")
        return ProjectFactory(node=node, code=self.code, name="久泰家园")

    @cached_property
    def site(self):
        return PlaceFactory(project=self.project, name="久泰家园", code=self.code)

    @cached_property
    def building(self):
        place = place_below(self.site, PlaceLevel.BUILDING, name="1号楼", code="1", x=60.0, y=60.0)
        return BuildingFactory(place=place)

    @cached_property
    def spot(self):
        return place_below(self.site, name="北门", code="北门", category="出入口", x=10.0, y=20.0)

    @cached_property
    def room(self):
        return RoomFactory(place=place_below(self.building.place, PlaceLevel.ROOM, name="101", code="1-1-101"))

    @cached_property
    def person(self):
        person = PersonFactory(node=self.root, name="戴云明", phone="13800001111")
        OccupancyFactory(room=self.room, person=person)
        return person

    @cached_property
    def team(self):
        return TeamFactory(project=self.project, name="秩序")

    @cached_property
    def zone(self):
        return ZoneFactory(project=self.project, name="A区")

    @cached_property
    def staff(self):
        return StaffFactory(team=self.team, number="JT001", person=PersonFactory(node=self.root, name="宋平思"))

    @cached_property
    def asset(self):
        return AssetFactory(project=self.project, place=self.spot, code="D1", name="路灯1", x=5.0, y=5.0)

    @cached_property
    def lord(self) -> User:
        return lord_of(self.root)

    @cached_property
    def web(self) -> Client:
        """The browser of who may do all."""
        return browser_of(self.lord)
