"""Places, people and staff for tests."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from factories.org import NodeFactory, ProjectFactory
from wuyou.domains.registry.actions.people import number_columns
from wuyou.domains.registry.choices import OccupancyRole, PlaceLevel, RoomState, RoomUse
from wuyou.domains.registry.models import (
    Building,
    Contractor,
    Occupancy,
    Person,
    Place,
    Post,
    Qualification,
    QualificationKind,
    Room,
    Staff,
    Tag,
    Team,
    Vehicle,
    Zone,
)  # fmt: skip


class PlaceFactory(DjangoModelFactory):
    """The site of a new project by default; `parent=` puts a spot (or `level=`) below another place."""

    class Meta:
        model = Place

    parent = None
    project = factory.SubFactory(ProjectFactory)
    level = PlaceLevel.SITE
    code = factory.Sequence(lambda n: f"L{n}")
    name = factory.Sequence(lambda n: f"位置{n}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        parent = kwargs.pop("parent", None)
        if parent is None:
            return model_class.objects.add_root(create_kwargs=kwargs)
        parent.refresh_from_db()
        return model_class.objects.add_child(parent, create_kwargs={**kwargs, "project": parent.project})


def place_below(parent: Place, level: str = PlaceLevel.SPOT, **fields: object) -> Place:
    """A place below another one, a public spot unless said otherwise."""
    return PlaceFactory(parent=parent, project=parent.project, level=level, **fields)


class BuildingFactory(DjangoModelFactory):
    """A six-storey building of four units."""

    class Meta:
        model = Building

    place = factory.SubFactory(PlaceFactory, level=PlaceLevel.BUILDING)
    floors = 6
    units = 4


class RoomFactory(DjangoModelFactory):
    """A dwelling that is lived in, below `parent`."""

    class Meta:
        model = Room

    class Params:
        parent = None

    place = factory.LazyAttribute(lambda o: place_below(o.parent or PlaceFactory(), PlaceLevel.ROOM))
    use = RoomUse.DWELLING
    state = RoomState.OCCUPIED


class PersonFactory(DjangoModelFactory):
    """Somebody with a telephone number of their own."""

    class Meta:
        model = Person

    node = factory.SubFactory(NodeFactory)
    name = factory.Sequence(lambda n: f"张{n}")
    phone = factory.Sequence(lambda n: f"138{n:08d}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        numbers = number_columns("phone", kwargs.pop("phone")) | number_columns(
            "identity_number", kwargs.pop("identity_number", "")
        )
        return super()._create(model_class, *args, **{**numbers, **kwargs})


class OccupancyFactory(DjangoModelFactory):
    """An owner of a room."""

    class Meta:
        model = Occupancy

    room = factory.SubFactory(RoomFactory)
    person = factory.SubFactory(PersonFactory)
    role = OccupancyRole.OWNER


class ContractorFactory(DjangoModelFactory):
    """A company without papers."""

    class Meta:
        model = Contractor

    node = factory.SubFactory(NodeFactory)
    name = factory.Sequence(lambda n: f"合作单位{n}")


class TeamFactory(DjangoModelFactory):
    """A team of a project."""

    class Meta:
        model = Team

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda n: f"班组{n}")


class ZoneFactory(DjangoModelFactory):
    """A zone nobody is accountable for."""

    class Meta:
        model = Zone

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda n: f"片区{n}")


class PostFactory(DjangoModelFactory):
    """A post staffed day and night."""

    class Meta:
        model = Post

    team = factory.SubFactory(TeamFactory)
    project = factory.SelfAttribute("team.project")
    name = factory.Sequence(lambda n: f"岗位{n}")
    hours_per_day = 24


class StaffFactory(DjangoModelFactory):
    """Own staff of a team, hired in 2025."""

    class Meta:
        model = Staff

    team = factory.SubFactory(TeamFactory)
    project = factory.SelfAttribute("team.project")
    person = factory.SubFactory(PersonFactory, node=factory.SelfAttribute("..project.node"))
    number = factory.Sequence(lambda n: f"S{n:03d}")
    name = factory.SelfAttribute("person.name")
    job = "保安员"
    hired_on = dt.date(2025, 1, 1)


class QualificationKindFactory(DjangoModelFactory):
    """A kind of licence of the company's own."""

    class Meta:
        model = QualificationKind

    code = factory.Sequence(lambda n: f"licence-{n}")
    name_zh = factory.Sequence(lambda n: f"证书{n}")


class QualificationFactory(DjangoModelFactory):
    """A licence without an end."""

    class Meta:
        model = Qualification

    staff = factory.SubFactory(StaffFactory)
    kind = factory.SubFactory(QualificationKindFactory)


class VehicleFactory(DjangoModelFactory):
    """A car that came in 2025."""

    class Meta:
        model = Vehicle

    project = factory.SubFactory(ProjectFactory)
    person = factory.SubFactory(PersonFactory)
    plate = factory.Sequence(lambda n: f"吉A{n:05d}")
    starts_on = dt.date(2025, 1, 1)


class TagFactory(DjangoModelFactory):
    """A code in force on a place."""

    class Meta:
        model = Tag

    project = factory.SubFactory(ProjectFactory)
    code = factory.Sequence(lambda n: f"2345{n:04d}")
    subject_kind = "place"
    subject_id = factory.Sequence(lambda n: n)
    issued_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
