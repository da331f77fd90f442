"""Values of work's metrics, by hand."""

import datetime as dt
from decimal import Decimal

import pytest
from factories.standards import ClauseFactory
from factories.tasks import MORNING, plan_line, site, task

from wuyou.domains.work import metrics
from wuyou.domains.work.models import LineClause
from wuyou.domains.work.queries.compliance import Scope
from wuyou.domains.work.queries.figures import figures
from wuyou.kernel import clock
from wuyou.kernel.metrics import all_metrics

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def estate():
    with clock.at(MORNING + dt.timedelta(hours=11)):
        yield site()


def scope(estate):
    return Scope(projects=(estate.project.pk,), first=TODAY, last=TODAY)


def test_nothing_due_is_no_figure(estate):
    assert set(figures(scope(estate)).values()) == {None}


def test_every_metric_of_work_has_a_value(estate):
    declared = {metric for metric in all_metrics() if metric.code.startswith("work.")}
    assert set(figures(scope(estate))) == declared


def test_by_hand(estate):
    in_time, late = MORNING, MORNING + dt.timedelta(hours=10)
    for state, done_at in [("done", in_time)] * 5 + [
        ("done", late),
        ("skipped", late),
        ("rejected", in_time),
        ("open", None),
    ]:
        task(estate, state=state, done_at=done_at)
    task(estate, state="withdrawn")
    found = figures(scope(estate))
    assert found[metrics.TASK_COMPLIANCE] == Decimal("55.6")  # 5 of 9
    assert found[metrics.TASKS_DONE] == Decimal("66.7")
    assert found[metrics.EVIDENCE_REJECTED] == Decimal("11.1")
    assert found[metrics.NOT_POSSIBLE] == Decimal("11.1")
    assert found[metrics.STATUTORY_IN_DATE] is None


def test_statutory_duties_count_once_whatever_else_they_prove(estate):
    line = plan_line(estate)
    for layer in ("statutory", "statutory", "contract"):
        LineClause.objects.create(line=line, clause=ClauseFactory(), layer=layer, cadence="1/1 d")
    for seq, done_at in enumerate((MORNING, MORNING, MORNING + dt.timedelta(hours=10)), 1):
        task(estate, line=line, seq=seq, state="done", done_at=done_at)
    task(estate, state="open")  # not statutory
    assert figures(scope(estate))[metrics.STATUTORY_IN_DATE] == Decimal("66.7")
