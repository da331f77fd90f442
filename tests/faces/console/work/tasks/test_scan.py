"""Scanning a sticker: the place, what is open there for me, the way to report; a replaced sticker says so."""

import pytest
from factories.tasks import MORNING, task

from wuyou.domains.assets.models import Asset
from wuyou.domains.registry.models import Tag
from wuyou.domains.registry.rules.tags import new_code
from wuyou.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def sticker(estate):
    """A code on a thing."""

    def stick(kind, thing, n, **more):
        code = new_code(lambda signs: signs[n])
        return Tag.objects.create(
            project=estate.project, code=code, subject_kind=kind, subject_id=thing.pk, issued_at=clock.now(), **more
        )

    return stick


def test_a_cleaner_sees_what_is_open_there_and_only_theirs(web, estate, sticker):
    tag, mine = sticker("place", estate.places[0], 1), task(estate)
    task(estate, assignee=estate.cleaners[1])
    task(estate, opens=MORNING.replace(hour=8))
    page = web(estate.cleaners[0].user).get(f"/s/{tag.code}/")
    assert [row.pk for row, _look, _proof in page.context["tasks"]] == [mine.pk]
    assert f"/tasks/{mine.pk}/?code={tag.code}" in page.content.decode()


def test_a_device(web, estate, sticker):
    lift = Asset.objects.create(
        project=estate.project, code="L1", system="电梯", category="乘客电梯", name="1号梯", place=estate.places[0]
    )
    row = task(estate, asset=lift, place=0)
    page = web(estate.cleaners[0].user).get(f"/s/{sticker('asset', lift, 2).code}/")
    assert ([one.pk for one, _look, _proof in page.context["tasks"]], "1号梯" in page.content.decode()) == (
        [row.pk],
        True,
    )


def test_a_replaced_sticker_names_the_one_that_follows(web, estate, sticker):
    fresh = sticker("place", estate.places[0], 3)
    old = sticker("place", estate.places[0], 4, revoked_at=clock.now(), replaced_by=fresh)
    page = web(estate.cleaners[0].user).get(f"/s/{old.code}/")
    assert (page.context["is_replaced"], page.context["code"]) == (True, fresh.code)
    assert "This sticker was replaced." in page.content.decode()


@pytest.mark.parametrize("code", ["AAAAAAAA", "x"])
def test_a_mistyped_code_is_said(web, estate, code):
    assert web(estate.lead).get(f"/s/{code}/").status_code == 422


def test_another_projects_sticker_is_not_known(web, estate, stranger, sticker):
    assert web(stranger).get(f"/s/{sticker('place', estate.places[0], 5).code}/").status_code == 404


def test_whoever_only_looks_sees_the_place_without_tasks(web, estate, sticker):
    from factories.org import user_with

    looker = user_with("registry.view_places", at=estate.project)
    page = web(looker).get(f"/s/{sticker('place', estate.places[0], 6).code}/")
    assert (page.status_code, page.context["tasks"]) == (200, [])
