"""Lots by GB/T 2828.1: plans, results, switching, samples drawn."""

from typing import Any

import pytest
from factories.campaigns import BY, Company, opened, target_of
from factories.registry import PlaceFactory, RoomFactory, place_below

from wuyou.domains.quality.actions.lots import (
    begin_series,
    judge_lot,
    open_lot,
    reduce_series,
    restart_series,
    resume_series,
)
from wuyou.domains.quality.models import Lot, Series
from wuyou.domains.quality.queries.draws import draws_about, owner_of
from wuyou.domains.quality.queries.lots import lots_visible_to, open_lot_of, series_visible_to, standing
from wuyou.kernel.draws import switching
from wuyou.kernel.draws.switching import Severity
from wuyou.kernel.errors import Conflict, Denied, Invalid
from wuyou.kernel.journal.models import Entry


def series(at: Company, **given: Any) -> Series:
    values = {"node": at.group, "name": "楼层保洁", "inspection_level": "II", "aql": "1.5", "by": at.quality}
    return begin_series(**{**values, **given})


def judged(of: Series, found: int = 0, **given: Any) -> Lot:
    lot = open_lot(of, name="批", by=BY, **{"size": 150, **given})
    judge_lot(lot, nonconforming=found, by=BY)
    of.refresh_from_db()
    return lot


def at_severity(at: Company, severity: str) -> Series:
    made = series(at)
    made.state = switching.Series(severity).as_json()
    made.save()
    return made


def test_a_series_begins_under_normal_inspection(at: Company) -> None:
    made = series(at, name=" 楼层保洁 ")
    assert (made.name, standing(made)) == ("楼层保洁", switching.Series())
    with pytest.raises(Conflict):
        series(at)
    assert series(at, node=at.regions[0]).pk != made.pk


@pytest.mark.parametrize(
    ("given", "field"),
    [({"name": ""}, "name"), ({"inspection_level": "IV"}, "inspection_level"), ({"aql": "3"}, "aql")],
)
def test_series_that_cannot_be(at: Company, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        series(at, **given)
    assert [error.field for error in caught.value.fields] == [field]


def test_a_plan_from_the_table(at: Company) -> None:
    lot = open_lot(series(at), name=" 十一月 ", size=150, by=at.quality)
    assert (lot.name, lot.size, lot.letter, lot.sample_size, lot.accept, lot.reject) == ("十一月", 150, "G", 32, 1, 2)
    assert (lot.severity, lot.judged_at, open_lot_of(lot.series)) == (Severity.NORMAL, None, lot)


@pytest.mark.parametrize(("found", "accepted"), [(0, True), (1, True), (2, False), (32, False)])
def test_judging_by_the_plan(at: Company, found: int, accepted: bool) -> None:
    lot = judged(series(at), found)
    assert (lot.is_accepted, lot.nonconforming, lot.judged_at is not None) == (accepted, found, True)
    assert standing(lot.series).score == (2 if accepted else 0)
    with pytest.raises(Conflict):
        judge_lot(lot, nonconforming=0, by=BY)


def test_counts_that_cannot_be(at: Company) -> None:
    lot = open_lot(series(at), name="批", size=150, by=BY)
    for found in (-1, 33):
        with pytest.raises(Invalid):
            judge_lot(lot, nonconforming=found, by=BY)


def test_one_open_lot_at_a_time(at: Company) -> None:
    made = series(at)
    open_lot(made, name="批", size=150, by=BY)
    with pytest.raises(Conflict):
        open_lot(made, name="批", size=150, by=BY)
    with pytest.raises(Conflict):
        reduce_series(made, reason="x", by=BY)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"name": " "}, "name"), ({"size": None}, "size"), ({"size": 1}, "lot")],
)
def test_lots_that_cannot_be(at: Company, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        open_lot(series(at), by=BY, **{"name": "批", "size": 150, **given})
    assert [error.field for error in caught.value.fields] == [field]


def test_two_rejected_lots_tighten_and_numbers_are_entered_then(at: Company) -> None:
    made = series(at)
    for _ in range(2):
        judged(made, 9)
    assert standing(made).severity == Severity.TIGHTENED
    with pytest.raises(Invalid) as caught:
        open_lot(made, name="批", size=150, by=BY)
    assert [error.field for error in caught.value.fields] == ["sample_size", "accept"]
    with pytest.raises(Invalid) as caught:
        open_lot(made, name="批", size=150, sample_size=32, accept=40, by=BY)
    assert [error.field for error in caught.value.fields] == ["accept"]
    lot = open_lot(made, name="批", size=150, sample_size=50, accept=1, by=BY)
    assert (lot.letter, lot.sample_size, lot.accept, lot.reject, lot.severity) == ("", 50, 1, 2, Severity.TIGHTENED)
    judge_lot(lot, nonconforming=1, by=BY)
    made.refresh_from_db()
    for _ in range(4):
        judged(made, 0, sample_size=50, accept=1)
    assert standing(made) == switching.Series()


def test_five_rejected_under_tightened_inspection_stop_it(at: Company) -> None:
    made = at_severity(at, Severity.TIGHTENED)
    for _ in range(5):
        judged(made, 3, sample_size=50, accept=1)
    assert standing(made).severity == Severity.STOPPED
    with pytest.raises(Conflict, match="stopped"):
        open_lot(made, name="批", size=150, sample_size=50, accept=1, by=BY)
    with pytest.raises(Invalid):
        restart_series(made, reason=" ", by=BY)
    restart_series(made, reason="the contractor was trained", by=BY)
    assert standing(made).severity == Severity.TIGHTENED


def test_reduced_inspection_is_approved_and_left(at: Company) -> None:
    made = series(at)
    with pytest.raises(Conflict):
        reduce_series(made, reason="steady", by=BY)
    for _ in range(15):
        judged(made)
    assert standing(made).may_reduce
    reduce_series(made, reason="steady for a year", by=at.quality)
    assert standing(made).severity == Severity.REDUCED
    judged(made, 0, sample_size=13, accept=0)
    resume_series(made, reason="new contractor", by=BY)
    assert standing(made) == switching.Series()
    with pytest.raises(Conflict):
        resume_series(made, reason="again", by=BY)


def test_two_who_switch_at_once(at: Company) -> None:
    made = at_severity(at, Severity.STOPPED)
    twin = Series.objects.get(pk=made.pk)
    restart_series(made, reason="mended", by=BY)
    with pytest.raises(Conflict):
        restart_series(twin, reason="mended", by=BY)


def test_a_lot_s_sample_is_drawn_from_what_is_there(at: Company) -> None:
    root = PlaceFactory(project=at.projects[0])
    for number in range(20):
        RoomFactory(place=place_below(root, "room", code=f"1-{number}"))
    campaign = opened(at)
    target = target_of(campaign, at.projects[0])
    made = series(at, aql="2.5", inspection_level="I")
    lot = open_lot(made, name="入户", target=target, kind="rooms", needs_word=True, by=at.quality)
    draw = draws_about([lot], user=BY).get()
    assert (lot.size, lot.sample_size, draw.method["number"], draw.kind) == (20, 5, 5, "rooms")
    assert (draw.needs_word, owner_of(draw).campaign, owner_of(draw).node) == (True, campaign, at.group)
    elsewhere = target_of(campaign, at.projects[1])
    with pytest.raises(Invalid):
        open_lot(series(at, name="另"), name="入户", target=elsewhere, kind="rooms", by=at.quality)


def test_who_runs_series(at: Company) -> None:
    made = series(at, node=at.regions[0])
    lot = open_lot(made, name="批", size=150, by=BY)
    for person in (at.manager, at.person("region", at.regions[1]), at.person("client", at.projects[0])):
        acts = (
            lambda who=person: series(at, node=at.regions[0], name="x", by=who),
            lambda who=person: open_lot(made, name="x", size=10, by=who),
            lambda who=person: judge_lot(lot, nonconforming=0, by=who),
            lambda who=person: reduce_series(made, reason="x", by=who),
            lambda who=person: resume_series(made, reason="x", by=who),
            lambda who=person: restart_series(made, reason="x", by=who),
        )
        for act in acts:
            with pytest.raises(Denied):
                act()
    assert judge_lot(lot, nonconforming=0, by=at.colleague).is_accepted


def test_who_sees_series_and_lots(at: Company) -> None:
    root = PlaceFactory(project=at.projects[0])
    for number in range(5):
        RoomFactory(place=place_below(root, "room", code=f"1-{number}"))
    here = series(at, node=at.projects[0].node)
    open_lot(here, name="批", size=150, by=BY)
    mystery = opened(at, level="special", theme="mystery", is_hidden=True)
    other = series(at, node=at.projects[0].node, name="另")
    hidden = open_lot(other, name="暗访", target=target_of(mystery, at.projects[0]), kind="rooms", by=at.quality)
    assert set(series_visible_to(at.manager)) == {here, other}
    assert series_visible_to(at.person("region", at.regions[1])).count() == 0
    assert hidden not in lots_visible_to(at.manager)
    told = Entry.objects.filter(chain__key=f"project:{at.projects[0].pk}").values_list("verb", flat=True)
    assert [verb for verb in told if "draw" in verb] == []
    assert Entry.objects.filter(subject_kind="lot", subject_label="暗访").count() == 2
    assert hidden in lots_visible_to(at.quality)
    assert lots_visible_to(at.manager).count() == 1
    assert lots_visible_to(BY).count() == 2
