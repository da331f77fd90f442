"""The equipment ledger is changed by its actions only."""

import datetime as dt

import pytest
from factories.assets import AssetFactory
from factories.org import user_with
from factories.registry import PlaceFactory, ZoneFactory, place_below

from wuyou.domains.assets import actions, events
from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project, User
from wuyou.domains.registry.models import Place
from wuyou.kernel import search
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Place:
    """The root of a project's places."""
    return PlaceFactory()


@pytest.fixture
def project(site: Place) -> Project:
    """Its project."""
    return site.project


@pytest.fixture
def keeper(project: Project) -> User:
    """Somebody who keeps the ledger."""
    return user_with("assets.manage_assets", at=project)


@pytest.fixture
def heard() -> list[int]:
    """Ids of devices announced as changed."""
    ids: list[int] = []

    def listener(asset_id: int, **_more: object) -> None:
        ids.append(asset_id)

    events.asset_changed.connect(listener)
    yield ids
    events.asset_changed.disconnect(listener)


def add(project: Project, by: User, **given: object) -> Asset:
    """A lamp, changed by field."""
    fields = {"code": "L1", "category": "路灯", "name": "路灯1", **given}
    return actions.add_asset(project=project, by=by, **fields)


def test_a_device_is_entered(site: Place, project: Project, keeper: User) -> None:
    zone = ZoneFactory(project=project)
    gate = place_below(site, zone=zone, name="东门")
    asset = add(project, keeper, place=gate, quantity=2, in_service_on=dt.date(2020, 1, 1))
    asset.refresh_from_db()
    assert (asset.place, asset.zone, asset.system, asset.quantity, asset.state) == (gate, zone, "路灯", 2, "in_service")
    entry = Entry.objects.get(verb="assets.asset_added")
    assert (entry.actor_id, entry.subject_id) == (keeper.actor_id, str(asset.pk))
    assert [hit.title for hit in search.find("L1", project_ids=[project.pk])] == ["路灯1"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"category": ""}, "category"),
        ({"colour": "red"}, "colour"),
        ({"name": "n" * 81}, "name"),
    ],
)
def test_a_wrong_field_is_named(project: Project, keeper: User, given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as raised:
        add(project, keeper, **given)
    assert field in [error.field for error in raised.value.fields]
    assert Asset.objects.count() == 0


def test_a_number_is_given_once(project: Project, keeper: User) -> None:
    add(project, keeper)
    with pytest.raises(Invalid):
        add(project, keeper)


def test_a_place_must_be_open_and_of_the_project(site: Place, project: Project, keeper: User) -> None:
    with pytest.raises(Invalid):
        add(project, keeper, place=PlaceFactory())
    with pytest.raises(Conflict):
        add(project, keeper, place=place_below(site, closed_on=dt.date(2026, 1, 1)))


def test_a_device_is_changed(project: Project, keeper: User, heard: list[int]) -> None:
    asset = AssetFactory(project=project)
    actions.change_asset(asset, by=keeper, name="路灯甲", life_years=8)
    asset.refresh_from_db()
    assert (asset.name, asset.life_years, heard) == ("路灯甲", 8, [asset.pk])
    actions.change_asset(asset, by=keeper, name="路灯甲")
    assert Entry.objects.filter(verb="assets.asset_changed").count() == 1
    with pytest.raises(Invalid):
        actions.change_asset(asset, by=keeper, state="scrapped")


def test_a_device_is_moved_and_its_zone_follows(site: Place, project: Project, keeper: User, heard: list[int]) -> None:
    one, other = ZoneFactory(project=project), ZoneFactory(project=project)
    area = place_below(site, "area", zone=one)
    asset = AssetFactory(project=project)
    actions.move_asset(asset, to=place_below(area), by=keeper)
    asset.refresh_from_db()
    assert (asset.zone, heard) == (one, [asset.pk])
    actions.move_asset(asset, to=asset.place, by=keeper, zone=other)
    assert Asset.objects.get().zone == other
    actions.move_asset(asset, to=None, by=keeper)
    assert (Asset.objects.get().place, Asset.objects.get().zone) == (None, None)
    with pytest.raises(Invalid):
        actions.move_asset(asset, to=PlaceFactory(), by=keeper)


def test_a_device_goes_through_its_states(project: Project, keeper: User, heard: list[int]) -> None:
    asset = AssetFactory(project=project)
    actions.set_state(asset, "report_fault", by=keeper, reason="不亮")
    actions.set_state(asset, "put_in_service", by=keeper)
    assert (Asset.objects.get().state, heard) == ("in_service", [asset.pk, asset.pk])
    with pytest.raises(Invalid) as raised:
        actions.set_state(asset, "scrap", by=keeper, reason=" ")
    assert [error.field for error in raised.value.fields] == ["reason"]
    actions.set_state(asset, "scrap", by=keeper, reason="超过年限")
    with pytest.raises(IllegalMove):
        actions.set_state(asset, "put_in_service", by=keeper)
    with pytest.raises(Conflict):
        actions.change_asset(asset, by=keeper, name="x")
    with pytest.raises(Conflict):
        actions.move_asset(asset, to=None, by=keeper)


def test_of_two_one_is_faster(project: Project, keeper: User) -> None:
    asset = AssetFactory(project=project)
    mine, theirs = Asset.objects.get(pk=asset.pk), Asset.objects.get(pk=asset.pk)
    actions.set_state(theirs, "scrap", by=keeper, reason="a")
    with pytest.raises(Conflict):
        actions.set_state(mine, "report_fault", by=keeper, reason="b")


@pytest.mark.parametrize("permissions", [(), ("assets.view_assets",)])
def test_nobody_else_may(site: Place, project: Project, permissions: tuple[str, ...]) -> None:
    other = user_with(*permissions, at=project)
    stranger = user_with("assets.manage_assets", at=PlaceFactory().project)
    asset = AssetFactory(project=project)
    for by in (other, stranger):
        for act in (
            lambda by: add(project, by),
            lambda by: actions.change_asset(asset, by=by, name="x"),
            lambda by: actions.move_asset(asset, to=site, by=by),
            lambda by: actions.set_state(asset, "scrap", by=by, reason="x"),
        ):
            with pytest.raises(Denied):
                act(by)
