"""Flows: tables, refusals, the conditional claim, diagrams."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import translation

from wuyou.kernel import flows
from wuyou.kernel.clocks.choices import DayKind
from wuyou.kernel.clocks.models import CalendarDay
from wuyou.kernel.errors import Conflict, IllegalMove, Invalid, Missing
from wuyou.kernel.flows import Flow, Transition


class State(models.TextChoices):
    """States of the flow under test."""

    OPEN = "open", "Open"
    TAKEN = "taken", "Taken: on the way"
    DONE = "done", "Done"


ACCEPT = Transition("accept", (State.OPEN,), State.TAKEN, "Accept", "x.take", needs=("who",), starts=("arrive",))
FINISH = Transition("finish", (State.TAKEN,), State.DONE, "Finish", "x.take", stops=("arrive",), notifies=("x.done",))
RELEASE = Transition("release", (State.TAKEN,), State.OPEN, "Give back", "x.take", tone="warning")
CASE = Flow("case", "Case", State.OPEN, dict(State.choices), (ACCEPT, FINISH, RELEASE))

DAY = Flow(
    "day",
    "Day",
    DayKind.WORKDAY,
    dict(DayKind.choices),
    (
        Transition("declare", (DayKind.WORKDAY,), DayKind.HOLIDAY, "Declare", "x", needs=("name", "proof")),
        Transition("soften", (DayKind.HOLIDAY,), DayKind.REST, "Soften", "x"),
    ),
    field="kind",
)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> dict[str, Flow]:
    """An empty register of flows."""
    known: dict[str, Flow] = {}
    monkeypatch.setattr(flows, "_flows", known)
    return known


def test_members_of_choices_become_plain_texts() -> None:
    assert ACCEPT.sources == ("open",)
    assert [type(code) for code in (*ACCEPT.sources, ACCEPT.target, CASE.initial, *CASE.states)] == [str] * 6


def test_a_single_source_may_be_written_as_text() -> None:
    assert Transition("a", "open", "done", "A", "x").sources == ("open",)  # type: ignore[arg-type]


def test_check_gives_the_transition() -> None:
    assert CASE.check("accept", "open") is ACCEPT


def test_check_names_the_state_and_the_step() -> None:
    with pytest.raises(IllegalMove) as error:
        CASE.check("finish", "open")
    assert str(error.value) == "“Finish” is not possible while the state is “Open”."


def test_a_step_nobody_knows_is_refused() -> None:
    with pytest.raises(IllegalMove) as error:
        CASE.check("explode", "open")
    assert str(error.value) == "There is no step “explode” here."


@pytest.mark.parametrize(
    ("state", "names"), [("open", ["accept"]), ("taken", ["finish", "release"]), ("done", []), ("unknown", [])]
)
def test_steps_from_a_state_come_in_their_order(state: str, names: list[str]) -> None:
    assert [transition.name for transition in CASE.from_state(state)] == names


def test_labels_fall_back_to_the_code() -> None:
    assert (CASE.label_of("done"), CASE.label_of("lost")) == ("Done", "lost")


def test_illegal_moves_are_all_the_others() -> None:
    assert set(flows.illegal_moves(CASE)) == {
        ("open", "finish"),
        ("open", "release"),
        ("taken", "accept"),
        ("done", "accept"),
        ("done", "finish"),
        ("done", "release"),
    }


@pytest.mark.parametrize("given", [{}, {"who": None}, {"who": ""}, {"who": []}])
def test_needs_are_asked_for(given: dict[str, object]) -> None:
    with pytest.raises(Invalid) as error:
        ACCEPT.require(given)
    assert [field.field for field in error.value.fields] == ["who"]


@pytest.mark.parametrize("who", [1, 0, "a", False])
def test_needs_that_are_given_pass(who: object) -> None:
    ACCEPT.require({"who": who})
    FINISH.require({})


def wrong(**changes: object) -> str:
    """What is wrong with the case flow after a change."""
    return "; ".join(flows.problems(replace(CASE, **changes)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, ""),
        (
            {"initial": "gone"},
            (
                "the initial state 'gone' is not among the states; no transition leads to state 'open'; "
                "no transition leads to state 'taken'; no transition leads to state 'done'"
            ),
        ),
        ({"transitions": (ACCEPT, FINISH, RELEASE, ACCEPT)}, "two transitions are called 'accept'"),
        ({"transitions": (ACCEPT, RELEASE)}, "no transition leads to state 'done'"),
        (
            {"transitions": (ACCEPT, FINISH, replace(RELEASE, target="nowhere"))},
            "transition 'release' speaks of an unknown state 'nowhere'",
        ),
        (
            {"transitions": (ACCEPT, FINISH, replace(RELEASE, sources=("limbo",)))},
            "transition 'release' speaks of an unknown state 'limbo'",
        ),
        ({"transitions": (ACCEPT, FINISH, replace(RELEASE, sources=()))}, "transition 'release' starts nowhere"),
    ],
)
def test_malformed_tables_are_described(changes: dict[str, object], problem: str) -> None:
    assert wrong(**changes) == problem


def test_register_gives_the_flow_back_and_lists_it(registry: dict[str, Flow]) -> None:
    assert flows.register(DAY) is DAY
    assert flows.register(CASE) is CASE
    assert flows.all_flows() == [CASE, DAY]


def test_a_name_is_taken_once(registry: dict[str, Flow]) -> None:
    flows.register(CASE)
    with pytest.raises(ValueError, match="flow 'case': a flow of this name is registered already"):
        flows.register(CASE)


def test_a_malformed_flow_is_not_registered(registry: dict[str, Flow]) -> None:
    with pytest.raises(ValueError, match="flow 'case': no transition leads to state 'done'"):
        flows.register(replace(CASE, transitions=(ACCEPT, RELEASE)))
    assert flows.all_flows() == []


DIAGRAM = """stateDiagram-v2
    state "Open" as s_open
    state "Taken  on the way" as s_taken
    state "Done" as s_done
    [*] --> s_open
    s_open --> s_taken: Accept
    s_taken --> s_done: Finish
    s_taken --> s_open: Give back
    s_done --> [*]
"""


def test_the_diagram() -> None:
    assert CASE.mermaid() == DIAGRAM


def test_a_state_that_only_leads_to_itself_is_final() -> None:
    note = Transition("note", ("done",), "done", "Note", "x")
    assert replace(CASE, transitions=(*CASE.transitions, note)).is_final("done")
    assert not CASE.is_final("taken")


def test_the_page_of_all_flows(registry: dict[str, Flow]) -> None:
    flows.register(replace(CASE, transitions=(ACCEPT, FINISH)))
    lines = flows.flow_page().splitlines()
    assert lines[:5] == ["# Flows", "", "## Case (`case`)", "", "```mermaid"]
    assert lines[-4:] == [
        "| step | name | from | to | permission | needs | starts | stops | notifies |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        "| Accept | `accept` | Open | Taken: on the way | `x.take` | who | arrive |  |  |",
        "| Finish | `finish` | Taken: on the way | Done | `x.take` |  |  | arrive | x.done |",
    ]


def test_the_page_is_english_whatever_is_active(registry: dict[str, Flow]) -> None:
    flows.register(DAY)
    with translation.override("zh-hans"):
        assert "Swapped working day" in flows.flow_page()


@pytest.fixture
def day(db: None) -> CalendarDay:
    """A row whose state is its kind."""
    return CalendarDay.objects.create(day=date(2026, 1, 4), kind=DayKind.WORKDAY, name="one", source="test")


def stored(day: CalendarDay) -> tuple[str, str]:
    """Kind and name as the database has them."""
    return CalendarDay.objects.values_list("kind", "name").get(pk=day.pk)


def test_claim_moves_the_row_and_the_object(day: CalendarDay) -> None:
    assert flows.claim(day, DAY, "declare", name="two").target == "holiday"
    assert (day.kind, day.name) == stored(day) == ("holiday", "two")


def test_claim_reads_computed_values_back(day: CalendarDay) -> None:
    flows.claim(day, DAY, "declare", name=Concat(F("name"), Value("!")))
    assert (day.kind, day.name) == stored(day) == ("holiday", "one!")


def test_of_two_claims_one_wins_and_the_other_is_told(day: CalendarDay) -> None:
    late = CalendarDay.objects.get(pk=day.pk)
    flows.claim(day, DAY, "declare")
    with pytest.raises(Conflict) as error:
        flows.claim(late, DAY, "declare")
    assert type(error.value) is Conflict
    assert str(error.value) == "Somebody else was faster: the state is now “Statutory holiday”."


def test_claim_from_the_wrong_state_is_an_illegal_move(day: CalendarDay) -> None:
    with pytest.raises(IllegalMove) as error:
        flows.claim(day, DAY, "soften")
    assert str(error.value) == "“Soften” is not possible while the state is “Swapped working day”."
    assert stored(day) == ("workday", "one")


def test_claim_of_a_row_that_is_gone(day: CalendarDay) -> None:
    CalendarDay.objects.all().delete()
    with pytest.raises(Missing):
        flows.claim(day, DAY, "declare")


def test_claim_of_an_unknown_step(day: CalendarDay) -> None:
    with pytest.raises(IllegalMove):
        flows.claim(day, DAY, "explode")


def test_claim_asks_for_needed_columns(day: CalendarDay) -> None:
    """`proof` is no column: asking for it is the action's own affair."""
    with pytest.raises(Invalid) as error:
        flows.claim(day, DAY, "declare", name="")
    assert [field.field for field in error.value.fields] == ["name"]
    assert stored(day) == ("workday", "one")


@pytest.mark.parametrize(("state", "name"), list(flows.illegal_moves(DAY)))
def test_every_illegal_move_is_refused_and_changes_nothing(day: CalendarDay, state: str, name: str) -> None:
    day.kind = state
    day.save()
    with pytest.raises(IllegalMove):
        flows.claim(day, DAY, name)
    assert stored(day) == (state, "one")
