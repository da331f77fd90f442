"""The draw ceremony on pages: commit, word, draw, seed; the record to download; what nobody learns too early."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories.campaigns import Company, drafted, opened, target_of
from factories.org import UserFactory
from factories.quality import finding

from wuyou.config import cli
from wuyou.domains.org.models import User
from wuyou.domains.quality.actions.drawing import commit_project_draw, conduct_draw, give_word, reveal_draw
from wuyou.kernel import clock
from wuyou.kernel.draws.models import Draw
from wuyou.kernel.draws.sampling import Method
from wuyou.kernel.journal.models import Entry

Web = Callable[..., Client]


def url(name: str, *args: Any, query: str = "") -> str:
    return reverse(f"console:quality:{name}", args=args) + query


def given(**changes: Any) -> dict[str, Any]:
    values = {"how_many": "count", "number": "2", "confidence": "95", "margin": "10", "needs_word": "on", **changes}
    return {name: value for name, value in values.items() if value is not None}


def committed(at: Company, **method: Any) -> Draw:
    return commit_project_draw(drafted(at), method=Method(2, **method), by=at.quality)


def text(client: Client, draw: Draw) -> str:
    answer = client.get(url("draw", draw.pk))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_whole_ceremony_by_two_people(
    at: Company, web: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    campaign = drafted(at)
    quality, region = web(), web(at.colleague)
    answer = quality.post(url("campaign-draw", campaign.pk), given(strata="on", is_weighted="on"))
    draw = Draw.objects.get()
    assert answer["Location"] == url("draw", draw.pk)
    assert (draw.method["allocation"], draw.method["is_weighted"], draw.needs_word) == ("proportional", True, True)
    step = url("draw-step", draw.pk, "draw")
    assert (draw.commitment in text(quality, draw), step in text(quality, draw)) == (True, False)
    assert url("draw-word", draw.pk) in text(region, draw)
    assert url("draw-word", draw.pk) not in text(quality, draw)
    assert quality.get(url("draw-word", draw.pk)).status_code == 403
    region.post(url("draw-word", draw.pk), {"word": "瑞雪兆丰年"})
    assert "瑞雪兆丰年" in text(quality, draw)
    assert step in text(quality, draw)
    assert step not in text(region, draw)
    quality.post(step)
    assert campaign.targets.count() == 2
    quality.post(url("draw-step", draw.pk, "reveal"))
    page = text(region, draw)
    draw.refresh_from_db()
    assert (draw.sealed_seed in page, "the same list in the same order" in page) == (True, True)
    assert f"wuyou draw verify draw-{draw.pk}.json --commitment {draw.commitment}" in page
    file = region.get(url("draw-record", draw.pk))
    assert file["Content-Disposition"] == f'attachment; filename="draw-{draw.pk}.json"'
    kept = tmp_path / "record.json"
    kept.write_bytes(file.content)
    assert cli.main(["draw", "verify", str(kept), "--commitment", draw.commitment]) == 0
    assert "The same 2 of 4 are drawn again" in capsys.readouterr().out


@pytest.mark.parametrize("step", ["committed", "drawn"])
def test_no_page_and_no_record_gives_the_seed_away(at: Company, web: Web, step: str) -> None:
    draw = committed(at)
    if step == "drawn":
        conduct_draw(draw, by=at.quality)
    record = json.loads(web().get(url("draw-record", draw.pk)).content)
    assert (record["seed"], record["commitment"]) == (None, draw.commitment)
    pages = [url("draw", draw.pk), url("draw-record", draw.pk), url("draws"), url("campaign", draw.case_id)]
    assert [page for page in pages if draw.sealed_seed in web().get(page).content.decode()] == []


def test_asking_for_the_seed_too_early_is_noted(at: Company, web: Web) -> None:
    draw = committed(at)
    client = web()
    client.post(url("draw-step", draw.pk, "reveal"))
    assert "is not possible while" in text(client, draw)
    assert Entry.objects.filter(verb="quality.draw_reveal_refused").count() == 1
    assert Draw.objects.get().state == "committed"
    assert client.post(url("draw-step", draw.pk, "peek")).status_code == 404


def test_a_record_changed_behind_the_page_is_told(at: Company, web: Web) -> None:
    draw = committed(at)
    conduct_draw(draw, by=at.quality)
    reveal_draw(draw, by=at.quality)
    other = [*draw.result[::-1]]
    Draw.objects.filter(pk=draw.pk).update(result=other)
    page = text(web(), draw)
    assert ("does not agree with itself" in page, "/result/0" in page) == (True, True)


def test_a_draw_is_abandoned_for_a_reason(at: Company, web: Web) -> None:
    draw = committed(at)
    assert web().post(url("draw-abandon", draw.pk), {"reason": ""}).status_code == 422
    assert web().get(url("draw-abandon", draw.pk)).status_code == 200
    web().post(url("draw-abandon", draw.pk), {"reason": "a project was missing"})
    assert "a project was missing" in text(web(), draw)
    assert web(at.colleague).get(url("draw-abandon", draw.pk)).status_code == 403


@pytest.mark.parametrize(
    ("changes", "number"),
    [({"number": "3"}, 3), ({"how_many": "size", "number": None, "margin": "5"}, 4), ({"at_least_one": "on"}, 2)],
)
def test_how_many_are_drawn(at: Company, web: Web, changes: dict[str, Any], number: int) -> None:
    web().post(url("campaign-draw", drafted(at).pk), given(**changes))
    assert Draw.objects.get().method["number"] == number


@pytest.mark.parametrize("changes", [{"number": None}, {"number": "5"}, {"number": "1", "at_least_one": "on"}])
def test_what_cannot_be_drawn_is_said_on_the_form(at: Company, web: Web, changes: dict[str, Any]) -> None:
    answer = web().post(url("campaign-draw", drafted(at).pk), given(**changes))
    assert (answer.status_code, Draw.objects.count()) == (422, 0)


def test_things_at_a_project_are_drawn(at: Company, web: Web) -> None:
    target = target_of(opened(at), at.projects[0])
    for _ in range(9):
        finding(project=at.projects[0], state="closed", closed_at=clock.now())
    sized = given(kind="findings", how_many="size", number=None, needs_word=None)
    web().post(url("target-draw", target.pk), sized)
    draw = Draw.objects.get()
    assert (draw.kind, draw.method["number"], draw.needs_word) == ("findings", 9, False)
    web().post(url("draw-step", draw.pk, "draw"))
    page = web().get(url("target", target.pk)).content.decode()
    assert (draw.title in page, draw.frame[0]["label"] in page) == (True, True)
    assert url("target", target.pk) in text(web(), draw)


@pytest.mark.parametrize(
    ("role", "place", "hidden", "sees"),
    [
        ("region", "east", False, True),
        ("project_manager", "A", False, True),
        ("client", "A", False, True),
        ("field_staff", "A", False, False),
        ("region", "east", True, False),  # a hidden draft of the group is the group's own
        ("project_manager", "A", True, False),
    ],
)
def test_who_sees_a_draw(at: Company, web: Web, role: str, place: str, hidden: bool, sees: bool) -> None:
    where: Any = at.regions[0] if place == "east" else at.projects[0]
    person = at.person(role, where)
    campaign = drafted(at, level="special", is_hidden=hidden)
    draw = commit_project_draw(campaign, method=Method(2, needs_word=True), by=at.quality)
    for name in ("draw", "draw-record", "draw-word"):
        assert web(person).get(url(name, draw.pk)).status_code == (200 if sees else 404), name
    for name, args in (("draw-step", (draw.pk, "draw")), ("draw-step", (draw.pk, "reveal"))):
        assert web(person).post(url(name, *args)).status_code == (403 if sees else 404)


def test_the_list_of_draws(at: Company, web: Web) -> None:
    draw = committed(at, needs_word=True)
    give_word(draw, word="雪", by=at.colleague)
    page = web().get(url("draws")).content.decode()
    assert (draw.title in page, draw.commitment[:12] in page) == (True, True)
    assert web(UserFactory()).get(url("draws")).status_code == 403


def test_draws_cost_the_same_for_one_and_many(at: Company, web: Web) -> None:
    def queries(address: str) -> int:
        client = web(User.objects.get(pk=at.quality.pk))
        client.get(url("levels"))  # logs in
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    first = committed(at)
    few = queries(url("draws"))
    for _ in range(9):
        committed(at)
    assert queries(url("draws")) == few <= 12
    assert queries(url("draw", first.pk)) <= 12


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_stage_opens_in_both_languages(at: Company, web: Web, language: str) -> None:
    draw = committed(at, needs_word=True)
    statuses = [web(language=language).get(url("draw", draw.pk)).status_code]
    give_word(draw, word="雪", by=at.colleague)
    conduct_draw(draw, by=at.quality)
    statuses.append(web(language=language).get(url("draw", draw.pk)).status_code)
    reveal_draw(draw, by=at.quality)
    statuses.append(web(language=language).get(url("draw", draw.pk)).status_code)
    assert statuses == [200, 200, 200]


def test_moments_stand_on_the_page(at: Company, web: Web) -> None:
    draw = committed(at)
    with clock.at(clock.now() + dt.timedelta(hours=1)):
        conduct_draw(draw, by=at.quality)
    assert "11:00" in text(web(), draw)
