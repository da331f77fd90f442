"""Draws for campaigns: frames from what is known, the ceremony, and what becomes of what was drawn."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from factories.assets import AssetFactory
from factories.campaigns import BY, Company, drafted, opened, target_of
from factories.org import UserFactory
from factories.quality import finding, inspection
from factories.registry import PlaceFactory, RoomFactory, place_below

from wuyou.domains.assets.choices import AssetState
from wuyou.domains.org.models import Project, User
from wuyou.domains.quality.actions.campaigns import cancel_campaign, open_campaign
from wuyou.domains.quality.actions.drawing import (
    abandon_draw,
    commit_project_draw,
    commit_site_draw,
    conduct_draw,
    give_word,
    reveal_draw,
)
from wuyou.domains.quality.actions.targets import assign_inspector, waive_target
from wuyou.domains.quality.models import Campaign, Target
from wuyou.domains.quality.queries.draws import drawn_ids, draws_about, draws_visible_to, owner_of
from wuyou.domains.quality.queries.frames import SITE_FRAMES, project_units
from wuyou.domains.work.choices import Review
from wuyou.domains.work.models import Task
from wuyou.kernel import clock
from wuyou.kernel.draws.actions import commit
from wuyou.kernel.draws.choices import State
from wuyou.kernel.draws.models import Draw
from wuyou.kernel.draws.queries import record_of
from wuyou.kernel.draws.sampling import Method, Unit
from wuyou.kernel.draws.verification import verify
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid, Missing
from wuyou.kernel.journal.models import Entry

DAY = dt.date(2026, 11, 20)
TWO = Method(2)
WORDED = Method(2, needs_word=True)


def committed(at: Company, campaign: Campaign | None = None, method: Method = TWO) -> Draw:
    return commit_project_draw(campaign or drafted(at), method=method, by=at.quality)


def owed(campaign: Campaign) -> dict[int, tuple[str, str]]:
    return {row.project_id: (row.state, row.why) for row in campaign.targets.all()}


def entries(verb: str) -> list[Entry]:
    return list(Entry.objects.filter(verb=f"quality.{verb}").order_by("pk"))


# --- what is drawn from


def test_projects_with_their_region_and_risk(at: Company) -> None:
    a, b, c, _d = at.projects
    inspection(project=a, state="published", submitted_at=clock.now(), score=Decimal(71), day=DAY)
    inspection(project=a, state="published", submitted_at=clock.now(), score=Decimal(99), level="project", day=DAY)
    inspection(project=b, state="submitted", submitted_at=clock.now(), day=DAY - dt.timedelta(days=95))
    finding(project=b)
    finding(project=b, state="closed", closed_at=clock.now())
    inspection(project=c, state="under_way")
    units = {unit.label: (unit.stratum, unit.weight) for unit in project_units(drafted(at), user=at.quality)}
    assert units == {
        "A A园": ("东区", 1 + 2),  # 29 points missing, inspected today
        "B B园": ("东区", 1 + 1 + 3),  # one open finding, three months ago, no score
        "C C园": ("东区", 13),  # never
        "D D园": ("西区", 13),
    }


def test_only_projects_below_the_node_and_in_service(at: Company) -> None:
    gone = at.projects[0]
    gone.closed_on = DAY - dt.timedelta(days=1)
    gone.save()
    labels = [unit.label for unit in project_units(drafted(at, node=at.regions[0]), user=at.quality)]
    assert labels == ["B B园", "C C园"]


def site(project: Project) -> dict[str, Any]:
    """Two buildings with rooms, spots, devices, work and findings at a project."""
    root = PlaceFactory(project=project)
    area = place_below(root, "area", name="一区")
    one = place_below(area, "building", code="B1", name="1号楼")
    other = place_below(root, "building", code="B2", name="2号楼")
    rooms = [RoomFactory(place=place_below(one, "room", code=f"1-{n}", name=f"{n}室")) for n in (101, 102)]
    spot = place_below(one, category="楼道楼梯", code="S1", name="楼道")
    place_below(one, category="楼道楼梯", code="S2", name="旧楼道", closed_on=DAY)
    lift = AssetFactory(project=project, category="乘客电梯", code="L1", name="电梯")
    AssetFactory(project=project, category="乘客电梯", code="L2", state=AssetState.SCRAPPED)
    finding(project=project, place=rooms[0].place)
    finding(project=project, place=spot, found_at=clock.now() - dt.timedelta(days=400))
    finding(project=project, asset=lift, severity="critical", state="closed", closed_at=clock.now(), weight=2)
    return {"one": one, "other": other, "rooms": rooms, "spot": spot, "lift": lift}


def units_of(kind: str, project: Project) -> dict[str, tuple[str, int]]:
    return {unit.label: (unit.stratum, unit.weight) for unit in SITE_FRAMES[kind][1](project, BY)}


def test_places_and_devices_with_the_findings_of_a_year(at: Company) -> None:
    site(at.projects[0])
    site(at.projects[1])
    assert units_of("buildings", at.projects[0]) == {"B1 1号楼": ("一区", 3), "B2 2号楼": ("", 1)}
    assert units_of("rooms", at.projects[0]) == {"1-101 101室": ("1号楼", 3), "1-102 102室": ("1号楼", 1)}
    assert units_of("spots", at.projects[0]) == {"S1 楼道": ("楼道楼梯", 1)}
    assert units_of("devices", at.projects[0]) == {"L1 电梯": ("乘客电梯", 3)}


def work(project: Project, **given: Any) -> Task:
    return Task.objects.create(project=project, minutes=Decimal(5), **given)


def test_records_of_work_and_corrected_findings(at: Company) -> None:
    project, due = at.projects[0], clock.now() - dt.timedelta(hours=2)
    given = {"state": "done", "day": DAY, "due": due, "opens": due - dt.timedelta(hours=1)}
    work(project, title="准时", done_at=due, activity="sweep", **given)
    work(project, title="迟到", done_at=clock.now(), activity="mop", rejections=1, review=Review.ACCEPTED, **given)
    work(project, title="很久以前", done_at=due, activity="mop", **{**given, "day": DAY - dt.timedelta(days=40)})
    work(project, title="未做", activity="mop", **{**given, "state": "open"})
    assert units_of("tasks", project) == {"准时 2026-11-20": ("sweep", 1), "迟到 2026-11-20": ("mop", 6)}
    corrected = finding(project=project, severity="major", state="verified", weight=2)
    finding(project=project)
    assert units_of("findings", project) == {f"{corrected.number} {corrected.text}": ("major", 4)}


# --- the ceremony


def test_the_whole_ceremony(at: Company) -> None:
    campaign = drafted(at)
    draw = committed(at, campaign, Method(3, "proportional", at_least_one=True, is_weighted=True, needs_word=True))
    assert (draw.case_kind, draw.case_id, draw.kind) == ("campaign", campaign.pk, "projects")
    assert draw.title == "城市月检: Projects"
    with pytest.raises(Conflict):
        conduct_draw(draw, by=at.quality)
    give_word(draw, word="冬至", by=at.manager)
    conduct_draw(draw, by=at.quality)
    assert [owed(campaign)[pk] for pk in drawn_ids(draw)] == [
        ("owed", f"drawn, place {place} #{draw.pk}") for place in (1, 2, 3)
    ]
    reveal_draw(draw, by=at.quality)
    record = json.loads(json.dumps(record_of(Draw.objects.get(pk=draw.pk))))
    assert verify(record, commitment=draw.commitment) == []
    assert [unit["stratum"] for unit in record["result"]].count("西区") == 1
    verbs = ["draw_committed", "draw_word_given", "draw_conducted", "draw_revealed"]
    assert [len(entries(verb)) for verb in verbs] == [1, 1, 1, 1]
    assert open_campaign(campaign, by=at.quality).targets.count() == 3


def test_the_journal_learns_the_seed_when_it_is_published(at: Company) -> None:
    draw = committed(at)
    seed = draw.sealed_seed
    conduct_draw(draw, by=at.quality)
    assert not Entry.objects.filter(data__contains=seed).exists()
    assert json.loads(entries("draw_committed")[0].data)["commitment"] == draw.commitment
    reveal_draw(draw, by=at.quality)
    assert json.loads(entries("draw_revealed")[0].data)["seed"] == seed


def test_a_seed_asked_for_early_is_refused_and_noted(at: Company) -> None:
    draw = committed(at)
    with pytest.raises(IllegalMove):
        reveal_draw(draw, by=at.quality)
    noted = entries("draw_reveal_refused")
    assert [(entry.subject_id, entry.actor_id) for entry in noted] == [(str(draw.pk), at.quality.actor_id)]
    assert Draw.objects.get(pk=draw.pk).state == State.COMMITTED
    with pytest.raises(Denied):
        reveal_draw(draw, by=at.manager)
    assert len(entries("draw_reveal_refused")) == 1


def test_it_is_drawn_once_or_given_up_for_a_reason(at: Company) -> None:
    campaign = drafted(at)
    first = committed(at, campaign)
    with pytest.raises(Conflict, match="drawn already"):
        committed(at, campaign)
    conduct_draw(first, by=at.quality)
    brought = drawn_ids(first)
    with pytest.raises(Invalid):
        abandon_draw(first, reason=" ", by=at.quality)
    abandon_draw(first, reason="a project was missing", by=at.quality)
    assert {pk: state for pk, (state, _why) in owed(campaign).items()} == dict.fromkeys(brought, "waived")
    assert campaign.targets.first().waived_because == "The draw was abandoned: a project was missing"
    second = committed(at, campaign, Method(4))
    conduct_draw(second, by=at.quality)
    assert {state for state, _why in owed(campaign).values()} == {"owed"}
    assert all(why.endswith(f"#{second.pk}") for _state, why in owed(campaign).values())
    assert [draw.state for draw in draws_about([campaign], user=BY)] == [State.ABANDONED, State.DRAWN]


def test_a_project_asked_for_and_drawn_is_owed_once(at: Company) -> None:
    campaign = drafted(at, projects=tuple(at.projects))
    waive_target(target_of(campaign, at.projects[0]), reason="flood", by=BY)
    conduct_draw(committed(at, campaign, Method(4)), by=at.quality)
    assert Target.objects.filter(campaign=campaign).count() == 4
    assert target_of(campaign, at.projects[0]).state == "owed"


def test_projects_are_drawn_before_it_begins(at: Company) -> None:
    campaign = drafted(at, projects=tuple(at.projects[:1]))
    draw = committed(at, campaign)
    open_campaign(campaign, by=BY)
    with pytest.raises(Conflict, match="before a campaign begins"):
        conduct_draw(draw, by=at.quality)
    with pytest.raises(Conflict, match="before a campaign begins"):
        committed(at, campaign)
    abandon_draw(draw, reason="it began without", by=at.quality)
    drawn = drafted(at)
    other = committed(at, drawn)
    conduct_draw(other, by=at.quality)
    open_campaign(drawn, by=BY)
    with pytest.raises(Conflict, match="has begun with what was drawn"):
        abandon_draw(other, reason="it does not suit", by=at.quality)


def test_a_project_that_changed_after_the_commitment_changes_nothing(at: Company) -> None:
    """The frame was fixed: a project renamed meanwhile is drawn under the name it was committed with."""
    draw = committed(at, method=Method(4))
    Project.objects.update(name="改名")
    assert {one["label"] for one in conduct_draw(draw, by=at.quality).result} == {"A A园", "B B园", "C C园", "D D园"}


def test_things_at_a_project_are_drawn(at: Company) -> None:
    made, campaign = site(at.projects[0]), opened(at)
    target = target_of(campaign, at.projects[0])
    draw = commit_site_draw(target, kind="rooms", method=Method(2), by=at.quality)
    conduct_draw(draw, by=at.quality)
    assert sorted(drawn_ids(draw)) == sorted(room.pk for room in made["rooms"])
    assert (draw.case_kind, draw.case_label) == ("target", f"{campaign.number} A园")
    assert owner_of(draw).campaign == campaign
    with pytest.raises(Conflict):
        commit_site_draw(target, kind="rooms", method=Method(1), by=at.quality)
    assert commit_site_draw(target, kind="devices", method=Method(1), by=at.quality).kind == "devices"
    abandon_draw(draw, reason="a room is empty", by=at.quality)
    assert owed(campaign)[at.projects[0].pk][0] == "owed"
    with pytest.raises(Invalid):
        commit_site_draw(target, kind="people", method=Method(1), by=at.quality)
    with pytest.raises(Invalid, match="nothing to draw from"):
        commit_site_draw(target, kind="tasks", method=Method(1), by=at.quality)
    with pytest.raises(Invalid, match="only 2"):
        commit_site_draw(target_of(campaign, at.projects[0]), kind="buildings", method=Method(3), by=at.quality)


def test_nothing_is_drawn_where_nothing_is_inspected(at: Company) -> None:
    site(at.projects[0])
    campaign = opened(at)
    target = waive_target(target_of(campaign, at.projects[0]), reason="x", by=BY)
    with pytest.raises(Conflict):
        commit_site_draw(target, kind="rooms", method=Method(1), by=at.quality)
    cancel_campaign(campaign, reason="x", by=BY)
    with pytest.raises(Conflict):
        commit_site_draw(target_of(campaign, at.projects[1]), kind="rooms", method=Method(1), by=at.quality)


def test_a_project_learns_what_is_drawn_there_when_it_is_inspected(at: Company) -> None:
    site(at.projects[0])
    campaign, manager = opened(at), at.manager
    target = target_of(campaign, at.projects[0])
    assign_inspector(target, inspector=at.colleague, by=at.quality)
    draw = commit_site_draw(target, kind="rooms", method=Method(1, needs_word=True), by=at.quality)

    def sees(user: User) -> bool:
        return draws_visible_to(user).filter(pk=draw.pk).exists() and bool(draws_about([target], user=user))

    assert [sees(user) for user in (at.quality, at.colleague, manager)] == [True, True, False]
    with pytest.raises(Denied):
        give_word(draw, word="雪", by=manager)
    Target.objects.filter(pk=target.pk).update(state="inspected")
    assert sees(manager)


def test_a_project_that_checks_itself_knows_what_is_drawn(at: Company) -> None:
    site(at.projects[0])
    target = target_of(opened(at, level="project"), at.projects[0])
    draw = commit_site_draw(target, kind="rooms", method=Method(1), by=at.quality)
    assert list(draws_visible_to(at.manager)) == [draw]


# --- who


def test_who_conducts_a_draw(at: Company) -> None:
    site(at.projects[0])
    campaign = drafted(at, projects=tuple(at.projects[:1]))
    draw = committed(at, campaign)
    target = target_of(campaign, at.projects[0])
    for person in (at.colleague, at.manager, at.person("client", at.projects[0]), UserFactory()):
        acts = (
            lambda who=person: commit_project_draw(drafted(at), method=TWO, by=who),
            lambda who=person: commit_site_draw(target, kind="rooms", method=TWO, by=who),
            lambda who=person: conduct_draw(draw, by=who),
            lambda who=person: reveal_draw(draw, by=who),
            lambda who=person: abandon_draw(draw, reason="x", by=who),
        )
        for act in acts:
            with pytest.raises(Denied):
                act()


@pytest.mark.parametrize(
    ("role", "may"),
    [("region", True), ("city", True), ("project_manager", True), ("client", True), ("field_staff", False)],
)
def test_who_gives_the_word(at: Company, role: str, may: bool) -> None:
    draw = committed(at, method=WORDED)
    person = at.person(role, at.regions[0] if role in {"region", "city"} else at.projects[0])
    if may:
        assert give_word(draw, word="雪", by=person).word == "雪"
        assert json.loads(entries("draw_word_given")[0].data)["word"] == "雪"
    else:
        with pytest.raises(Denied):
            give_word(draw, word="雪", by=person)


def test_neither_who_committed_nor_a_machine_gives_the_word(at: Company) -> None:
    draw = committed(at, method=WORDED)
    for by in (at.quality, BY):
        with pytest.raises(Denied):
            give_word(draw, word="雪", by=by)


def test_the_project_of_a_mystery_visit_gives_no_word(at: Company) -> None:
    hidden = drafted(at, level="special", theme="mystery", is_hidden=True)
    draw = commit_project_draw(hidden, method=WORDED, by=at.quality)
    with pytest.raises(Denied):
        give_word(draw, word="雪", by=at.manager)


def test_a_draw_of_something_else_is_none_of_ours(at: Company) -> None:
    other = commit(("panel", 1, "x"), kind="people", title="x", frame=[Unit("1", "x")], method=Method(1), by=BY)
    with pytest.raises(Missing):
        owner_of(other)
