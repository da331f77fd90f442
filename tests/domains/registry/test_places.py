"""Places, zones, teams and posts are changed by their actions only."""

import datetime as dt
from collections.abc import Iterator

import pytest
from factories.org import user_with
from factories.registry import PlaceFactory, PostFactory, StaffFactory, TeamFactory, ZoneFactory, place_below

from wuyou.domains.org.models import User
from wuyou.domains.registry import actions, events
from wuyou.domains.registry.actions.places import fits
from wuyou.domains.registry.models import Place, Post, Team, Zone
from wuyou.kernel import search
from wuyou.kernel.errors import Conflict, Denied, Invalid
from wuyou.kernel.journal.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def site() -> Place:
    """The root of a project's places."""
    return PlaceFactory()


@pytest.fixture
def keeper(site: Place) -> User:
    """Somebody who keeps the places of the project."""
    return user_with("registry.manage_places", at=site.project)


@pytest.fixture
def heard() -> Iterator[list[tuple[str, object]]]:
    """What was announced: the event and its ids."""
    told: list[tuple[str, object]] = []
    names = ("place_moved", "place_closed", "place_reopened", "zone_changed")

    def listen(name: str):
        def listener(**given: object) -> None:
            told.append((name, given.get("place_ids", given.get("place_id"))))

        return listener

    listeners = {name: listen(name) for name in names}
    for name, listener in listeners.items():
        getattr(events, name).connect(listener)
    yield told
    for name, listener in listeners.items():
        getattr(events, name).disconnect(listener)


def add(site: Place, by: User, parent: Place | None = None, **given: object) -> Place:
    """A spot below the site, changed by field."""
    fields = {"level": "spot", "code": "P1", "name": "东门", **given}
    return actions.add_place(project=site.project, parent=parent or site, by=by, **fields)


def verbs() -> list[str]:
    """What the journal says happened, in order."""
    return list(Entry.objects.order_by("id").values_list("verb", flat=True))


def test_a_place_is_added(site: Place, keeper: User) -> None:
    gate = add(site, keeper, area_m2="60", category="出入口")
    gate.refresh_from_db()
    assert (gate.depth, gate.category, gate.project) == (2, "出入口", site.project)
    assert verbs() == ["registry.place_added"]
    assert [hit.title for hit in search.find("东门", project_ids=[site.project_id])] == ["东门"]
    assert Place.objects.find_problems() == ([], [], [], [], [])


def test_a_project_has_one_site(keeper: User, site: Place) -> None:
    with pytest.raises(Conflict):
        actions.add_place(project=site.project, parent=None, level="site", code="S2", name="x", by=keeper)
    with pytest.raises(Conflict):
        actions.add_place(project=site.project, parent=None, level="area", code="S2", name="x", by=keeper)


def test_the_first_place_is_the_site() -> None:
    project = TeamFactory().project
    keeper = user_with("registry.manage_places", at=project)
    site = actions.add_place(project=project, parent=None, level="site", code="S", name="小区", by=keeper)
    assert (site.depth, Place.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"area_m2": "0"}, "area_m2"),
        ({"area_m2": "-1"}, "area_m2"),
        ({"name": ""}, "name"),
        ({"name": "一门"}, "name"),  # 1门 stands there
        ({"code": "G1"}, "code"),
        ({"level": "site"}, "level"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_field_is_named(site: Place, keeper: User, given: dict[str, object], field: str) -> None:
    place_below(site, code="G1", name="一门")
    with pytest.raises(Invalid) as raised:
        add(site, keeper, **given)
    assert field in [error.field for error in raised.value.fields]
    assert Place.objects.count() == 2


def test_two_units_of_one_name_are_refused_however_written(site: Place, keeper: User) -> None:
    building = place_below(site, "building", name="1号楼")
    add(site, keeper, building, level="unit", code="U1", name="1单元")
    with pytest.raises(Invalid) as raised:
        add(site, keeper, building, level="unit", code="U2", name="一单元")
    assert [error.field for error in raised.value.fields] == ["name"]
    other = place_below(site, "building", name="2号楼")
    add(site, keeper, other, level="unit", code="U3", name="1单元")


@pytest.mark.parametrize(
    ("level", "below", "expected"),
    [
        ("area", "site", True), ("building", "area", True), ("room", "building", True), ("room", "floor", True),
        ("spot", "unit", True), ("spot", "spot", True), ("building", "unit", False), ("unit", "unit", False),
        ("site", "area", False), ("room", "spot", False), ("spot", "room", False), ("room", "room", False),
    ],
)  # fmt: skip
def test_what_may_stand_below_what(level: str, below: str, *, expected: bool) -> None:
    assert fits(level, below=below) is expected


def test_nothing_is_added_below_a_closed_place_or_another_project(site: Place, keeper: User) -> None:
    with pytest.raises(Conflict):
        add(site, keeper, place_below(site, "area", closed_on=TODAY))
    with pytest.raises(Invalid):
        add(site, keeper, PlaceFactory())


def test_a_place_is_changed(site: Place, keeper: User) -> None:
    gate = place_below(site, name="东门")
    actions.change_place(gate, by=keeper, name="东大门", material="石材")
    gate.refresh_from_db()
    assert (gate.name, gate.material) == ("东大门", "石材")
    actions.change_place(gate, by=keeper, material="石材")
    assert verbs() == ["registry.place_changed"]
    actions.change_place(site, by=keeper, name="小区")
    place_below(site, name="西门")
    with pytest.raises(Invalid):
        actions.change_place(gate, by=keeper, name="西 门")
    with pytest.raises(Invalid):
        actions.change_place(gate, by=keeper, code="X")


def test_a_place_moves_with_everything_below_it(site: Place, keeper: User, heard: list[tuple[str, object]]) -> None:
    one, two = place_below(site, "area", name="A区"), place_below(site, "area", name="B区")
    building = place_below(one, "building", name="1号楼", code="1号楼")
    room = place_below(place_below(building, "unit", name="1单元"), "room", name="101", code="1-1-101")
    place_below(two, "building", name="2号楼")
    actions.move_place(building, to=two, by=keeper)
    for place in (one, two, building, room):
        place.refresh_from_db()
    assert (one.numchild, two.numchild) == (0, 2)
    assert building.path.startswith(two.path)
    assert room.path.startswith(building.path)
    assert (building.code, room.code, room.depth) == ("1号楼", "1-1-101", 5)
    assert Place.objects.find_problems() == ([], [], [], [], [])
    assert heard == [("place_moved", building.pk)]
    assert Entry.objects.get().verb == "registry.place_moved"
    actions.move_place(building, to=two, by=keeper)
    assert len(heard) == 1


def test_a_place_does_not_move_just_anywhere(site: Place, keeper: User) -> None:
    area = place_below(site, "area", name="A区")
    building = place_below(area, "building", name="1号楼")
    with pytest.raises(Conflict):
        actions.move_place(area, to=building, by=keeper)
    with pytest.raises(Conflict):
        actions.move_place(building, to=place_below(site, "area", closed_on=TODAY), by=keeper)
    with pytest.raises(Invalid):
        actions.move_place(area, to=place_below(site, "building", name="2号楼"), by=keeper)
    twin = place_below(site, "area", name="B区")
    place_below(twin, "building", name="1栋")
    with pytest.raises(Invalid):
        actions.move_place(building, to=twin, by=keeper)


def test_closing_takes_what_is_below_along(site: Place, keeper: User, heard: list[tuple[str, object]]) -> None:
    area = place_below(site, "area")
    spot, earlier = place_below(area), place_below(area, closed_on=dt.date(2026, 1, 1))
    assert actions.close_place(area, by=keeper, reason="拆除") == [area.pk, spot.pk]
    closed = dict(Place.objects.values_list("pk", "closed_on"))
    assert closed == {site.pk: None, area.pk: TODAY, spot.pk: TODAY, earlier.pk: dt.date(2026, 1, 1)}
    assert heard == [("place_closed", [area.pk, spot.pk])]
    with pytest.raises(Conflict):
        actions.close_place(area, by=keeper, reason="again")
    with pytest.raises(Invalid):
        actions.close_place(site, by=keeper, reason=" ")
    with pytest.raises(Conflict):
        actions.reopen_place(Place.objects.get(pk=spot.pk), by=keeper)
    actions.reopen_place(area, by=keeper)
    actions.reopen_place(Place.objects.get(pk=spot.pk), by=keeper)
    assert Place.objects.get(pk=spot.pk).closed_on is None
    with pytest.raises(Conflict):
        actions.reopen_place(area, by=keeper)
    assert [name for name, _ids in heard] == ["place_closed", "place_reopened", "place_reopened"]


def test_positions_on_the_plan(site: Place, keeper: User) -> None:
    gate, lawn = place_below(site), place_below(site)
    assert actions.set_positions(site.project, positions=[(gate.pk, 1.5, 2.5), (lawn.pk, 3, 4)], by=keeper) == 2
    gate.refresh_from_db()
    assert (gate.x, gate.y, verbs()) == (1.5, 2.5, ["registry.positions_set"])
    with pytest.raises(Invalid):
        actions.set_positions(site.project, positions=[(PlaceFactory().pk, 1, 1)], by=keeper)
    assert actions.set_positions(site.project, positions=[], by=keeper) == 0


def test_zones_and_who_answers_for_them(site: Place, keeper: User, heard: list[tuple[str, object]]) -> None:
    project = site.project
    leader = StaffFactory(team__project=project)
    zone = actions.add_zone(project=project, name="A区", by=keeper, owner=leader)
    gate, lawn = place_below(site), place_below(site, zone=zone)
    assert actions.set_zone([gate, lawn], zone=zone, by=keeper) == 1
    assert heard == [("zone_changed", [gate.pk])]
    assert actions.set_zone([gate, lawn], zone=zone, by=keeper) == 0
    assert actions.set_zone([gate], zone=None, by=keeper) == 1
    assert set(Place.objects.filter(zone=zone)) == {lawn}
    assert actions.set_zone_owner(zone, owner=None, by=keeper).owner is None
    with pytest.raises(Invalid):
        actions.set_zone_owner(zone, owner=StaffFactory(), by=keeper)
    with pytest.raises(Invalid):
        actions.set_zone([gate], zone=ZoneFactory(), by=keeper)
    with pytest.raises(Invalid) as raised:
        actions.add_zone(project=project, name="A区", by=keeper)
    assert [error.field for error in raised.value.fields] == ["name"]
    assert Zone.objects.filter(project=project).count() == 1


def test_teams_have_names_of_their_own(site: Place, keeper: User) -> None:
    actions.add_team(project=site.project, name="环境", by=keeper)
    with pytest.raises(Invalid):
        actions.add_team(project=site.project, name="环境 ", by=keeper)
    assert Team.objects.count() == 1


def test_posts_are_added_changed_and_closed(site: Place, keeper: User) -> None:
    team = TeamFactory(project=site.project)
    post = actions.add_post(team=team, name="东门岗", by=keeper, hours_per_day=24, heads=1)
    actions.change_post(post, by=keeper, heads=2, place=place_below(site))
    post.refresh_from_db()
    assert (post.heads, post.hours_per_day, post.place is None) == (2, 24, False)
    actions.close_post(post, by=keeper)
    assert Post.objects.get().closed_on == TODAY
    with pytest.raises(Conflict):
        actions.close_post(post, by=keeper)
    with pytest.raises(Conflict):
        actions.change_post(post, by=keeper, heads=1)
    assert verbs() == ["registry.post_added", "registry.post_changed", "registry.post_closed"]


@pytest.mark.parametrize("given", [{"hours_per_day": 25}, {"hours_per_day": 0}, {"days_per_week": 8}, {"heads": 0}])
def test_impossible_hours_are_refused(site: Place, keeper: User, given: dict[str, object]) -> None:
    team = TeamFactory(project=site.project)
    with pytest.raises(Invalid):
        actions.add_post(team=team, name="岗", by=keeper, **{"hours_per_day": 8, **given})
    post = PostFactory(team=team)
    with pytest.raises(Invalid):
        actions.change_post(post, by=keeper, **given)
    assert Post.objects.count() == 1


def test_a_post_stands_in_its_own_project(site: Place, keeper: User) -> None:
    with pytest.raises(Invalid) as raised:
        actions.add_post(
            team=TeamFactory(project=site.project), name="岗", by=keeper, hours_per_day=8, place=PlaceFactory()
        )
    assert [error.field for error in raised.value.fields] == ["place"]


@pytest.mark.parametrize("permissions", [(), ("registry.view_places", "registry.manage_staff")])
def test_nobody_else_may(site: Place, permissions: tuple[str, ...]) -> None:
    colleague = user_with(*permissions, at=site.project)
    stranger = user_with("registry.manage_places", at=PlaceFactory().project)
    gate, zone, team = place_below(site), ZoneFactory(project=site.project), TeamFactory(project=site.project)
    post = PostFactory(team=team)
    acts = [
        lambda by: add(site, by),
        lambda by: actions.change_place(gate, by=by, name="x"),
        lambda by: actions.move_place(gate, to=site, by=by),
        lambda by: actions.close_place(gate, by=by, reason="x"),
        lambda by: actions.reopen_place(gate, by=by),
        lambda by: actions.set_positions(site.project, positions=[], by=by),
        lambda by: actions.add_zone(project=site.project, name="x", by=by),
        lambda by: actions.set_zone_owner(zone, owner=None, by=by),
        lambda by: actions.set_zone([gate], zone=zone, by=by),
        lambda by: actions.add_team(project=site.project, name="x", by=by),
        lambda by: actions.add_post(team=team, name="x", by=by, hours_per_day=8),
        lambda by: actions.change_post(post, by=by, heads=3),
        lambda by: actions.close_post(post, by=by),
    ]
    for by in (colleague, stranger):
        for act in acts:
            with pytest.raises(Denied):
                act(by)
    assert verbs() == []
