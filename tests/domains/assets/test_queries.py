"""What somebody sees of the equipment, and the facts duties depend on."""

# ruff: noqa: E501 - one case a line

import datetime as dt
from decimal import Decimal

import pytest
from factories.assets import AssetFactory
from factories.org import ProjectFactory, user_with
from factories.registry import PlaceFactory, place_below

from wuyou.domains.assets import queries
from wuyou.domains.org.models import Project
from wuyou.domains.registry.actions import print_labels, resolve_tag
from wuyou.domains.registry.models import Tag
from wuyou.domains.registry.tagging import tagged
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Missing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]


@pytest.fixture
def project() -> Project:
    """A project without equipment."""
    return ProjectFactory()


def test_a_list_starts_from_what_is_visible(project: Project) -> None:
    mine = AssetFactory(project=project)
    AssetFactory()
    viewer = user_with("assets.view_assets", at=project)
    assert list(queries.assets_visible_to(viewer)) == [mine]
    assert list(queries.assets_visible_to(user_with("registry.view_places", at=project))) == []
    assert queries.assets_visible_to(System("x")).count() == 2


def test_without_equipment_no_duty_follows(project: Project) -> None:
    assert queries.facts_of(project) == {
        "lift": False, "lift&age>15y": False, "age": [], "extinguisher": False, "extinguisher_dry": False,
        "hydrant": False, "tank": False, "transformer": False, "cctv": False, "control_room": False, "lifts": 0,
        "extinguishers": 0, "tanks": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "facts"),
    [
        ({"category": "乘客电梯", "quantity": 2, "accepted_on": dt.date(2015, 6, 1)}, {"lift": True, "lifts": 2, "lift&age>15y": False, "age": [Decimal("11.47")]}),
        ({"category": "乘客电梯", "in_service_on": dt.date(2011, 6, 1)}, {"lift&age>15y": True, "age": [Decimal("15.47")]}),
        ({"category": "乘客电梯", "state": "scrapped", "accepted_on": dt.date(2000, 6, 1)}, {"lift": False, "lift&age>15y": False, "lifts": 0}),
        ({"category": "灭火器", "model": "MFZ/ABC4", "quantity": 4}, {"extinguisher": True, "extinguisher_dry": True, "extinguishers": 4}),
        ({"category": "灭火器", "model": "MT3"}, {"extinguisher": True, "extinguisher_dry": False}),
        ({"category": "室外消火栓"}, {"hydrant": True}),
        ({"category": "二次供水水箱"}, {"tank": True, "tanks": 1}),
        ({"category": "变配电设备"}, {"transformer": True}),
        ({"category": "监控摄像机"}, {"cctv": True}),
        ({"category": "火灾自动报警控制器"}, {"control_room": False}),
    ],
)  # fmt: skip
def test_equipment_tells_facts(project: Project, given: dict[str, object], facts: dict[str, object]) -> None:
    AssetFactory(project=project, **given)
    found = queries.facts_of(project)
    assert {name: found[name] for name in facts} == facts


def test_a_control_room_has_its_panel() -> None:
    site = PlaceFactory()
    room = place_below(site, category="监控室")
    AssetFactory(project=site.project, category="火灾自动报警控制器", place=room)
    assert queries.facts_of(site.project)["control_room"] is True


def test_equipment_at_and_below_a_place() -> None:
    site = PlaceFactory()
    area = place_below(site, "area")
    lamp = AssetFactory(project=site.project, place=place_below(area))
    AssetFactory(project=site.project, place=site)
    assert list(queries.assets_at(area)) == [lamp]


def test_kinds_and_order(project: Project) -> None:
    assert queries.assets_in_order(project) is None
    AssetFactory(project=project, quantity=3)
    AssetFactory(project=project, state="faulty")
    AssetFactory(project=project, state="scrapped", category="灭火器")
    assert queries.categories(project) == {"路灯": 2}
    assert queries.assets_in_order(project) == Decimal("75.0")


def test_devices_carry_stickers() -> None:
    site = PlaceFactory()
    lamp = AssetFactory(project=site.project, place=place_below(site, name="东门"), name="路灯1", code="D1")
    gone = AssetFactory(project=site.project, state="scrapped")
    found = tagged("asset", project_id=site.project.pk, ids=[lamp.pk, gone.pk])
    assert {pk: (one.name, one.where) for pk, one in found.items()} == {lamp.pk: ("路灯1", "东门 D1")}
    pdf = print_labels(site.project, items=[("asset", lamp.pk)], layout="2x5", by=System("x"))
    assert pdf.startswith(b"%PDF")
    assert resolve_tag(Tag.objects.get().code, by=System("x")).id == lamp.pk
    with pytest.raises(Missing):
        print_labels(site.project, items=[("asset", gone.pk)], layout="2x5", by=System("x"))
