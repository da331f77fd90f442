"""The ladder a company sets, and which one holds where (spec 05: ladder configurable)."""

import datetime as dt

import pytest
from factories.appeals import appeal, company, holder
from factories.org import NodeFactory, ProjectFactory, UserFactory, user_with

from wuyou.domains.org.choices import NodeKind
from wuyou.domains.org.queries import chain_of
from wuyou.domains.quality.actions.ladders import set_ladder
from wuyou.domains.quality.choices import Step
from wuyou.domains.quality.models import AppealLadder
from wuyou.domains.quality.policies.rights import MANAGE_CAMPAIGNS
from wuyou.domains.quality.queries.appeals import Ladder, deciding_roles, ladder_of, ladders_at
from wuyou.domains.quality.rules.appeals import LADDER, LIMIT_DAYS, Rung
from wuyou.kernel import clock
from wuyou.kernel.errors import Conflict, Denied, Invalid
from wuyou.kernel.journal.queries import entries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]
SHORT = (Rung(Step.GENERAL_MANAGER.value, "region", 2),)
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def firm():
    """The company."""
    return company()


def test_shipped_holds_where_nobody_said_otherwise(firm):
    assert ladder_of(firm.project) == Ladder(LIMIT_DAYS, LADDER, None)


def test_of_the_nearest_node_wins_and_the_latest_from_today_on(firm):
    def put(node, days, starts_on):
        set_ladder(node=node, starts_on=starts_on, days=days, rungs=SHORT, by=firm.quality)

    put(firm.group, 7, TODAY)
    assert ladder_of(firm.project) == Ladder(7, SHORT, firm.group)
    put(firm.region, 3, TODAY)
    put(firm.region, 4, TODAY + dt.timedelta(days=1))
    assert ladder_of(firm.project).days == 3
    with clock.at(clock.now() + dt.timedelta(days=1)):
        assert ladder_of(firm.project).days == 4
    other = ProjectFactory(node=NodeFactory(parent=firm.group, kind=NodeKind.PROJECT))
    assert ladder_of(other).days == 7
    assert [row.days for row in ladders_at(firm.region)] == [4, 3]


def test_an_appeal_keeps_the_ladder_it_was_filed_under(firm):
    one = appeal(firm)
    set_ladder(node=firm.group, starts_on=TODAY, days=7, rungs=SHORT, by=firm.quality)
    one.refresh_from_db()
    assert [step["role"] for step in one.ladder] == ["project_manager", "group_quality", "region"]
    assert [step["role"] for step in appeal(firm, id=2).ladder] == ["region"]


def test_is_set_by_who_plans_inspections_there_and_journaled(firm):
    row = set_ladder(node=firm.region, starts_on=TODAY, days=3, rungs=SHORT, by=firm.head)
    (entry,) = entries([chain_of(firm.region)], verb="quality.appeal_ladder_set")
    assert entry.details == {
        "starts_on": "2026-11-20", "days": 3, "steps": [{"step": "general_manager", "role": "region", "days": 2}],
    }  # fmt: skip
    assert AppealLadder.objects.get() == row


def test_is_denied_to_anybody_else(firm):
    for person in (firm.manager, UserFactory(), user_with(MANAGE_CAMPAIGNS, at=firm.project)):
        with pytest.raises(Denied):
            set_ladder(node=firm.region, starts_on=TODAY, days=3, rungs=SHORT, by=person)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"days": 0}, ["days"]),
        ({"rungs": (Rung("general_manager", "client", 2),)}, ["steps.1.role"]),
        ({"starts_on": TODAY - dt.timedelta(days=1)}, ["starts_on"]),
    ],
)
def test_that_cannot_be_is_refused(firm, given, wrong):
    values = {"starts_on": TODAY, "days": 3, "rungs": SHORT, **given}
    with pytest.raises(Invalid) as caught:
        set_ladder(node=firm.region, by=firm.head, **values)
    assert [one.field for one in caught.value.fields] == wrong


def test_of_the_same_day_twice_is_a_conflict(firm):
    set_ladder(node=firm.region, starts_on=TODAY, days=3, rungs=SHORT, by=firm.head)
    with pytest.raises(Conflict):
        set_ladder(node=firm.region, starts_on=TODAY, days=4, rungs=SHORT, by=firm.head)
    assert AppealLadder.objects.get().days == 3


def test_stands_only_on_roles_that_decide(firm):
    holder("client", firm.project.node)
    assert {role.code for role in deciding_roles()} == {"project_manager", "group_quality", "region"}
