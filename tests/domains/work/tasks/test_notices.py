"""Who is told of what: the right people, the right page, once."""

import datetime as dt

import pytest
from factories.org import AssignmentFactory, RoleFactory, UserFactory
from factories.tasks import MORNING, site, task

from wuyou.domains.org.models import WebhookDelivery, WebhookEndpoint
from wuyou.domains.work.actions.problems import Found, move_problem
from wuyou.domains.work.actions.reviewing import reject_evidence
from wuyou.domains.work.actions.tasks import Completion, complete_task
from wuyou.domains.work.models import Problem
from wuyou.kernel import clock
from wuyou.kernel.clocks.actions import escalate_due
from wuyou.kernel.notify.models import Notification

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def estate():
    with clock.at(MORNING + HOUR):
        yield site()


def found(estate, severity="minor"):
    complete_task(task(estate), by=estate.cleaners[0].user, with_=Completion(found=Found("井盖松动", severity)))
    return Problem.objects.get()


def told(event):
    return dict(Notification.objects.filter(event=event).values_list("user_id", "url"))


def test_a_problem_reaches_who_assigns_work_and_not_the_finder(estate):
    problem = found(estate)
    assert told("work.problem_reported") == {estate.lead.pk: f"problem:{problem.pk}"}
    assert not Notification.objects.get().urgent


def test_a_critical_problem_is_urgent(estate):
    found(estate, "critical")
    assert Notification.objects.get().urgent


def test_a_rejection_reaches_whoever_did_it(estate):
    row = complete_task(task(estate), by=estate.cleaners[0].user)
    reject_evidence(row, by=estate.lead, review_note="照片模糊")
    assert told("work.evidence_rejected") == {estate.cleaners[0].user.pk: f"task:{row.pk}"}


def test_a_missed_time_climbs_to_the_manager(estate):
    manager = UserFactory()
    role = RoleFactory(code="project_manager", permissions=[])
    AssignmentFactory(user=manager, node=estate.project.node, role=role)
    problem = found(estate, "critical")
    with clock.at(MORNING + 2 * HOUR):
        escalate_due()
        escalate_due()
    assert told("work.time_missed") == {estate.lead.pk: f"problem:{problem.pk}"}
    with clock.at(MORNING + 4 * HOUR):
        escalate_due()
    assert manager.pk in told("work.time_missed")


def test_solved_in_time_nobody_is_told_again(estate):
    problem = found(estate, "critical")
    move_problem(problem, step="resolve", by=estate.lead, remedy="已复位")
    with clock.at(MORNING + 4 * HOUR):
        escalate_due()
    assert told("work.time_missed") == {}


def test_other_systems_hear_of_it(estate):
    WebhookEndpoint.objects.create(
        node=estate.project.node, url="https://example.com/", events=["problem.reported", "task.done"], secret="s",
        made_by="x", made_at=clock.now(),
    )  # fmt: skip
    found(estate)
    assert set(WebhookDelivery.objects.values_list("event", flat=True)) == {"problem.reported", "task.done"}
