"""What the demo is made from: the same seed gives the same, another gives another, and it passes the importers."""

import itertools
from random import Random

import pytest
from factories.org import NodeFactory
from PIL import Image

from wuyou.config.demo import books
from wuyou.config.demo.company import NODES, PEOPLE
from wuyou.config.demo.estates import ESTATES, open_estate
from wuyou.config.demo.photos import photo
from wuyou.config.demo.progress import Bar
from wuyou.domains.assets.models import Asset
from wuyou.domains.org.roles import STANDARD_ROLES
from wuyou.domains.registry.models import Room, Staff
from wuyou.kernel.evidence.pictures import perceptual_hash
from wuyou.kernel.evidence.rules import is_near

ACTIVITIES = ("sweep_mop", "mow", "road", "plant_patrol", "refuse_collect", "something")


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_photos_differ_and_repeat(activity):
    assert photo(activity, "1").getvalue() == photo(activity, "1").getvalue()
    hashes = [perceptual_hash(Image.open(photo(activity, str(number)))) for number in range(12)]
    alike = [pair for pair in itertools.combinations(hashes, 2) if None not in pair and is_near(*pair)]
    assert len(alike) <= 1


def test_the_same_dice_give_the_same_estate():
    homes = books.buildings(("东区",), count=2, floors=6, units=2, has_lift=True)
    one, same = (books.rooms(homes, per_floor=2, phone=1, chance=Random("x")) for _ in range(2))
    other = books.rooms(homes, per_floor=2, phone=1, chance=Random("y"))
    assert one == same != other
    assert len(one) == 2 * 6 * 2 * 2


def test_ten_people_of_known_roles_at_known_places():
    assert len(PEOPLE) == 10
    assert {person.role for person in PEOPLE} <= {role.code for role in STANDARD_ROLES}
    known = {code for code, *_rest in NODES} | {estate.code for estate in ESTATES}
    assert {person.node for person in PEOPLE} <= known
    assert {estate.node for estate in ESTATES} <= known


@pytest.mark.django_db
@pytest.mark.parametrize("estate", [estate for estate in ESTATES if estate.code != "JT"], ids=lambda one: one.code)
def test_small_estates_pass_the_importers(estate):
    done = []
    nodes = {estate.node: NodeFactory(kind="city")}
    project = open_estate(estate, nodes, lambda **figures: done.append(figures["done"]))
    assert done == [1, 2, 3, 4, 5]
    assert Room.objects.filter(place__project=project).count() == estate.count * estate.units * estate.floors * 2
    assert Staff.objects.filter(project=project).count() == 16
    lifts = Asset.objects.filter(project=project, category="乘客电梯").count()
    assert lifts == (estate.count * estate.units if estate.has_lift else 0)


def test_the_bar_says_each_step(capsys):
    bar = Bar(steps=[("one", 1), ("two", 3)])
    assert bar.run(lambda report: report(done=1, total=2) or "a") == "a"
    assert bar.run(lambda report: "b") == "b"
    bar.close()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines[:3]] == ["one", "two", "done"]
    assert "25%" in lines[1]
