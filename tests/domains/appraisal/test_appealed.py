"""Which months an appeal scored again (spec 05)."""

import datetime as dt
from decimal import Decimal

import pytest
from factories.appraised import BY, disclosed
from factories.org import UserFactory, user_with

from wuyou.domains.appraisal.models import Score
from wuyou.domains.appraisal.queries.appealed import months_rescored_by
from wuyou.domains.quality.actions.appeals import decide_stage, file_appeal
from wuyou.domains.quality.models import AppealLadder
from wuyou.domains.quality.queries.challenged import challenge
from wuyou.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("april")]


@pytest.fixture
def decided(campus):
    """A month whose score an appeal amended to 95, and the appeal."""
    period = disclosed(campus.enrolments["campus"], 90, 90, 90)
    party = user_with("appraisal.view_scores", "quality.file_appeals", at=campus.project)
    judge = user_with("quality.decide_appeals", at=campus.project)
    role = judge.assignments.get().role.code
    AppealLadder.objects.create(
        node=campus.project.node, starts_on=dt.date(2026, 1, 1), days=5,
        steps=[{"step": "department", "role": role, "days": 3}],
    )  # fmt: skip
    found = challenge(party, "appraisal.score", period.pk)
    appeal = file_appeal(project=found.project, decision=found.decision, grounds="漏计", wanted="95", by=party)
    decide_stage(appeal, outcome="amend", reasons="成立", amended_to={"value": "95"}, by=judge)
    return period, appeal


def keep(period, points, *, cause, at):
    """One more score of a month."""
    return Score.objects.create(
        period=period, points=Decimal(points), tree_text="{}", digest=str(points), cause_kind=cause[0],
        cause_id=cause[1], by_label="test", at=at,
    )  # fmt: skip


def test_says_points_before_and_after(campus, decided):
    period, appeal = decided
    before = period.scores.first().points
    (one,) = months_rescored_by(appeal, inspections=[], user=campus.appraiser)
    assert (one.period, one.before, one.after) == (period, before, Decimal(95))


def test_counts_what_the_appeal_changed_and_only_since_it_was_decided(campus, decided):
    period, appeal = decided
    Score.objects.filter(cause_kind="appeal").update(cause_kind="", cause_id=None)
    keep(period, 70, cause=("inspection", 7), at=clock.now() - dt.timedelta(days=1))
    assert months_rescored_by(appeal, inspections=[7], user=BY) == []
    keep(period, 80, cause=("inspection", 7), at=clock.now())
    keep(period, 85, cause=("inspection", 7), at=clock.now())
    (one,) = months_rescored_by(appeal, inspections=[7], user=BY)
    assert (one.before, one.after) == (Decimal(70), Decimal(80))
    assert months_rescored_by(appeal, inspections=[], user=BY) == []


def test_of_an_open_appeal_there_are_none(decided):
    appeal = decided[1]
    appeal.closed_at = None
    assert months_rescored_by(appeal, inspections=[], user=BY) == []


def test_are_not_shown_to_who_may_not_see_the_month(decided):
    assert months_rescored_by(decided[1], inspections=[], user=UserFactory()) == []
