"""The places of a project as an import sees them."""

# ruff: noqa: E501 - one case a line
import pytest
from factories.registry import PlaceFactory, place_below

from wuyou.domains.registry.importers import PlaceTree, Spot
from wuyou.domains.registry.importers.book import Known
from wuyou.domains.registry.models import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Place:
    """A site with one building of one unit."""
    root = PlaceFactory(name="小区", code="S")
    unit = place_below(
        place_below(place_below(root, "area", name="A区"), "building", name="1号楼"), "unit", name="1单元"
    )
    place_below(unit, name="楼道", code="楼道")
    return root


def names(found: list[Spot]) -> list[str]:
    """Labels of places."""
    return [spot.label() for spot in found]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("楼道", ["A区 1号楼 1单元 楼道"]), ("A区", ["A区"]), ("1栋", ["A区 1号楼"]), ("1号楼一单元", ["A区 1号楼 1单元"]),
        ("A区1号楼", ["A区 1号楼"]), ("B区1号楼", []), ("1号楼9单元", []), ("1号楼1单元电梯", []), ("小区", ["小区"]),
        ("哪里", []),
    ],
)  # fmt: skip
def test_places_are_found_by_what_a_cell_says(site: Place, said: str, expected: list[str]) -> None:
    assert names(PlaceTree(site.project_id).find(said)) == expected


def test_a_place_is_added_once_and_its_code_is_free(site: Place) -> None:
    tree = PlaceTree(site.project_id)
    first = tree.ensure(tree.site, level="spot", name="楼道")
    assert tree.ensure(tree.site, level="spot", name="楼 道") is first
    assert first.code == "小区-楼道"
    second = tree.ensure(first, level="spot", name="楼道", code="小区-楼道")
    assert second.code == "楼道-小区-楼道"
    rows = tree.insert()
    assert [(row.code, row.depth) for row in rows] == [("小区-楼道", 2), ("楼道-小区-楼道", 3)]
    assert tree.insert() == []
    assert Place.objects.find_problems() == ([], [], [], [], [])


def test_a_code_is_never_too_long(site: Place) -> None:
    tree = PlaceTree(site.project_id)
    long = "长" * 60
    codes = [tree.ensure(tree.site, level="spot", name=f"n{at}", code=long).code for at in range(3)]
    assert codes == [long, "长" * 50 + "-2", "长" * 50 + "-3"]


def test_what_is_not_written_has_no_id(site: Place) -> None:
    tree = PlaceTree(site.project_id)
    with pytest.raises(RuntimeError):
        tree.ensure(tree.site, level="spot", name="新").pk  # noqa: B018
    with pytest.raises(RuntimeError):
        Known("新", "", "").pk  # noqa: B018


def test_somebody_adds_while_an_import_is_under_way(site: Place) -> None:
    tree = PlaceTree(site.project_id)
    tree.ensure(tree.site, level="spot", name="东门")
    place_below(site, name="西门")
    tree.insert()
    assert Place.objects.find_problems() == ([], [], [], [], [])
