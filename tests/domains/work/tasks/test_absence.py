"""Absence: the work of those days goes to colleagues who may do it, evenly, the rest to the team."""

import datetime as dt

import pytest
from factories.tasks import MORNING, site, task

from wuyou.domains.registry.models import Qualification, QualificationKind
from wuyou.domains.work.actions.absence import cancel_absence, record_absence
from wuyou.domains.work.models import Absence, Task
from wuyou.domains.work.queries.tasks import absent_ids
from wuyou.kernel import clock
from wuyou.kernel.errors import Conflict, Denied, Invalid

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)
DAY = dt.timedelta(days=1)


@pytest.fixture
def estate():
    with clock.at(MORNING):
        yield site()


def away(estate, who=0, **given):
    values = {"kind": "sick", "starts_on": TODAY, "ends_on": TODAY, "by": estate.lead} | given
    return record_absence(estate.cleaners[who], **values)


def test_the_zone_s_colleague_takes_over(estate):
    rows = [task(estate), task(estate, place=2)]  # zone A: cleaners 0 and 2
    result = away(estate)
    assert result.taken == {estate.cleaners[2]: 2}
    assert result.left_open == 0
    assert set(Task.objects.filter(pk__in=[row.pk for row in rows]).values_list("assignee", flat=True)) == {
        estate.cleaners[2].pk
    }


def test_without_a_zone_colleague_the_team_shares(estate):
    for number in (1, 3):
        task(estate, place=number)  # zone B: only cleaner 1
    result = away(estate, who=1)
    assert result.taken == {estate.cleaners[0]: 1, estate.cleaners[2]: 1}


def test_who_is_away_too_takes_nothing(estate):
    away(estate, who=2)
    task(estate)
    assert away(estate).taken == {estate.cleaners[1]: 1}


def test_nobody_licensed_means_the_team_s_queue(estate):
    row = task(estate, qualification="电工证")
    result = away(estate)
    assert (result.taken, result.left_open) == ({}, 1)
    assert Task.objects.get(pk=row.pk).assignee is None


def test_the_licensed_take_it(estate):
    kind = QualificationKind.objects.get(code="electrician_lv")
    Qualification.objects.create(staff=estate.cleaners[1], kind=kind, valid_to=TODAY + DAY)
    task(estate, qualification="电工证")
    assert away(estate).taken == {estate.cleaners[1]: 1}


def test_only_open_tasks_of_those_days(estate):
    task(estate, state="done", done_at=MORNING)
    task(estate, day=TODAY + DAY, opens=MORNING + DAY, due=MORNING + DAY * 1.5)
    assert away(estate).taken == {}


def test_bad_absences(estate):
    with pytest.raises(Invalid):
        away(estate, ends_on=TODAY - DAY)
    with pytest.raises(Invalid):
        away(estate, kind="holiday on mars")
    with pytest.raises(Denied):
        away(estate, by=estate.cleaners[1].user)
    away(estate)
    with pytest.raises(Conflict):
        away(estate, starts_on=TODAY - DAY)
    assert Absence.objects.count() == 1


def test_coming_after_all(estate):
    absence = away(estate).absence
    assert absent_ids(estate.project.pk, TODAY) == {estate.cleaners[0].pk}
    cancel_absence(absence, by=estate.lead)
    assert absent_ids(estate.project.pk, TODAY) == set()
    with pytest.raises(Conflict):
        cancel_absence(absence, by=estate.lead)
