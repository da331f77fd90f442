"""The flow of findings: every illegal move is refused and changes nothing; who may take which step in which state."""

import datetime as dt
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from factories.corrections import BY, Estate, days, enter, proved, verified
from factories.quality import finding as bare_finding
from factories.quality import inspection
from factories.tasks import photo

from wuyou.domains.org.models import User
from wuyou.domains.quality.actions import findings as actions
from wuyou.domains.quality.choices import FindingState
from wuyou.domains.quality.flows.findings import FINDING_FLOW
from wuyou.domains.quality.models import Finding
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.clocks.models import Clock
from wuyou.kernel.clocks.queries import open_clocks
from wuyou.kernel.errors import Conflict, Denied, Invalid, WuyouError
from wuyou.kernel.flows import illegal_moves
from wuyou.kernel.journal.models import Entry

Take = Callable[[Estate, Finding, Actor], Any]
STEPS: dict[str, Take] = {
    "contain": lambda at, row, by: actions.contain(row, containment="围起来", by=by),
    "clean": lambda at, row, by: actions.clean(row, proof="扫了", by=by),
    "analyse": lambda at, row, by: actions.analyse(row, cause="method", whys=["没人扫"], by=by),
    "act": lambda at, row, by: actions.act(
        row, action="排班", action_owner=at.cleaner, action_due=clock.today(), by=by
    ),
    "prove": lambda at, row, by: actions.prove(row, proof="扫了", by=by),
    "verify": lambda at, row, by: actions.verify(row, by=by),
    "refuse": lambda at, row, by: actions.refuse_proof(row, verify_note="没扫", by=by),
    "confirm": lambda at, row, by: actions.check_effect(row, works=True, effect_note="好", by=by),
    "reopen": lambda at, row, by: actions.check_effect(row, works=False, effect_note="又脏", by=by),
    "merge": lambda at, row, by: actions.merge_findings(bare_finding(project=at.project), [row], by=by),
    "void": lambda at, row, by: actions.void_finding(row, reason="看错了", by=by),
}
ILLEGAL = [(state, step) for state, step in illegal_moves(FINDING_FLOW) if step in STEPS]
LEGAL = [(one.name, source) for one in FINDING_FLOW.transitions if one.name in STEPS for source in one.sources]


def standing(estate: Estate, state: str) -> Finding:
    """A small finding in a state, with a photo nobody has judged and a place to merge into."""
    over = {"merged": {"merged_into": bare_finding(project=estate.project)}, "closed": {"closed_at": clock.now()}}
    row = bare_finding(project=estate.project, state=state, owner=estate.cleaner, **over.get(state, {}))
    if state in {"open", "acting"}:
        actions.attach_proof(row, upload=photo(), by=BY)
    return row


def test_every_step_but_the_machines_own_is_here() -> None:
    assert {one.name for one in FINDING_FLOW.transitions} - set(STEPS) == {"carry_on"}


@pytest.mark.parametrize(("state", "step"), ILLEGAL)
def test_an_illegal_move_is_refused_and_changes_nothing(estate: Estate, state: str, step: str) -> None:
    finding = standing(estate, state)
    entries, clocks = Entry.objects.count(), Clock.objects.count()
    with pytest.raises(Conflict):
        STEPS[step](estate, finding, BY)
    assert Finding.objects.get(pk=finding.pk).state == state
    assert (Entry.objects.count(), Clock.objects.count()) == (entries, clocks)


@pytest.mark.parametrize(("step", "state"), LEGAL)
def test_a_legal_move_leads_where_the_table_says(estate: Estate, step: str, state: str) -> None:
    finding = standing(estate, state)
    STEPS[step](estate, finding, BY)
    assert Finding.objects.get(pk=finding.pk).state == FINDING_FLOW.transition(step).target


@pytest.mark.parametrize("step", ["clean", "prove"])
def test_without_a_photo_nothing_is_proved(estate: Estate, step: str) -> None:
    state = "open" if step == "clean" else "acting"
    finding = bare_finding(project=estate.project, state=state)
    with pytest.raises(Invalid):
        STEPS[step](estate, finding, BY)
    assert Finding.objects.get(pk=finding.pk).state == state


ABOVE, SITE = ("group_quality", "region", "city"), ("project_manager", "department_lead")
EVERYBODY = (*ABOVE, *SITE, "front_desk", "field_staff", "client", "owners_committee")
# state → step → who may take it; the field staff answer for the finding, the lead has done what was done
MAY: dict[str, dict[str, set[str]]] = {
    "open": {
        "contain": {*SITE, "field_staff"}, "clean": {*SITE, "field_staff"}, "analyse": {*SITE, "field_staff"},
        "merge": {*ABOVE, *SITE}, "void": {*ABOVE, *SITE},
    },
    "proved": {
        "verify": {*ABOVE, "project_manager"}, "refuse": {*ABOVE, "project_manager"}, "void": {*ABOVE, *SITE},
    },
    "verified": {"reopen": {*ABOVE, "project_manager"}, "void": {*ABOVE, *SITE}},
}  # fmt: skip
MATRIX = [(state, step, role) for state, steps in MAY.items() for step in steps for role in EVERYBODY]


def brought_to(estate: Estate, state: str, **given: Any) -> Finding:
    """A finding that the lead has brought to a state."""
    finding = bare_finding(project=estate.project, owner=estate.cleaner, **given)
    lead = estate.user("department_lead")
    if state == "open":
        actions.attach_proof(finding, upload=photo(), by=lead)
    if state == "proved":
        proved(finding, by=lead)
    if state == "verified":
        verified(finding, by=estate.user("group_quality"), doer=lead)
    return finding


def taken(estate: Estate, finding: Finding, step: str, by: User) -> bool:
    """Whether somebody was let take a step."""
    try:
        STEPS[step](estate, finding, by)
    except Denied:
        return False
    return True


@pytest.mark.parametrize(("state", "step", "role"), MATRIX)
def test_who_may_take_a_step_in_a_state(estate: Estate, state: str, step: str, role: str) -> None:
    finding = brought_to(estate, state)
    assert taken(estate, finding, step, estate.user(role)) is (role in MAY[state][step])


@pytest.mark.parametrize("step", ["verify", "refuse", "void"])
@pytest.mark.parametrize("role", EVERYBODY)
def test_what_the_region_found_is_judged_above(estate: Estate, step: str, role: str) -> None:
    visit = inspection(project=estate.project, level="region", inspector=estate.user("region"))
    finding = brought_to(estate, "proved", inspection=visit, source="inspection")
    assert taken(estate, finding, step, estate.user(role)) is (role in ABOVE)


@pytest.mark.parametrize("state", FindingState.values)
def test_who_only_looks_takes_no_step_at_all(estate: Estate, state: str) -> None:
    finding = standing(estate, state)
    for step, take in STEPS.items():
        for role in ("front_desk", "client", "owners_committee"):
            with pytest.raises(WuyouError) as refused:
                take(estate, finding, estate.user(role))
            assert isinstance(refused.value, Denied), step
    assert Finding.objects.get(pk=finding.pk).state == state


def test_the_order_of_a_refusal_is_right_first_then_state(estate: Estate, moment: dt.datetime) -> None:
    """Somebody who may not is not told where the case stands."""
    finding = standing(estate, "closed")
    with pytest.raises(Denied):
        actions.contain(finding, containment="围起来", by=estate.user("client"))


RUNNING = {"open", "contained", "analysed", "acting"}


@pytest.mark.parametrize("seed", range(12))
def test_whatever_way_it_takes_its_clocks_say_whose_turn_it_is(estate: Estate, moment: dt.datetime, seed: int) -> None:
    """A walk of legal steps: the doer's clock runs, stands or is over as the state says; so does the verifier's."""
    chance, finding = Random(seed), enter(estate, text=f"第{seed}项")
    for number in range(10):
        steps = [one.name for one in FINDING_FLOW.from_state(finding.state) if one.name in STEPS]
        if not steps:
            break
        with clock.at(moment + days(31 * (number + 1))):
            _take_one(estate, finding, chance.choice(steps))
        running = {one.kind: one.paused_at is None for one in open_clocks("finding", finding.pk)}
        assert running.get("correct") is (
            True if finding.state in RUNNING else False if finding.state == "proved" else None
        )
        assert running.get("verify") is (True if finding.state == "proved" else None)
        if finding.state in RUNNING:
            assert Clock.objects.get(case_id=finding.pk, kind="correct", stopped_at=None).due_at == finding.deadline


def _take_one(estate: Estate, finding: Finding, step: str) -> None:
    if step in {"clean", "prove"}:
        actions.attach_proof(finding, upload=photo(), by=BY)
    STEPS[step](estate, finding, BY)
