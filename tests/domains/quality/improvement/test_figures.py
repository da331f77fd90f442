"""The metrics of quality over projects and days, by hand (spec 12)."""

import datetime as dt
from decimal import Decimal

import pytest
from factories.org import ProjectFactory
from factories.quality import finding, inspection
from factories.sheets import ItemFactory, SheetVersionFactory
from factories.tasks import MORNING, site, task

from wuyou.domains.quality.choices import FindingState, InspectionState
from wuyou.domains.quality.models import Correction, InspectionAnswer
from wuyou.domains.quality.queries.figures import FIGURES, Over, measurable, measure, monthly, points_of
from wuyou.kernel import clock
from wuyou.kernel.errors import Invalid
from wuyou.kernel.metrics import all_metrics

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]
TODAY = dt.date(2026, 11, 20)
DAY = dt.timedelta(days=1)


@pytest.fixture
def project():
    """An estate."""
    return ProjectFactory()


def over(project, *, first=TODAY - 30 * DAY, last=TODAY) -> Over:
    """The last month of a project."""
    return Over([project.pk], first, last)


def published(project, *, day=TODAY, score="90.00", answers=(), **given):
    """A published inspection whose items were judged so: pairs of verdict and the state of its finding, if any."""
    version = SheetVersionFactory(issued=True)
    one = inspection(
        project=project, day=day, sheet_version=version, state=InspectionState.PUBLISHED, submitted_at=clock.now(),
        published_at=clock.now(), score=score and Decimal(score), **given,
    )  # fmt: skip
    for verdict, state in answers:
        item = ItemFactory(version=version)
        answer = InspectionAnswer.objects.create(inspection=one, item=item, verdict=verdict, at=clock.now())
        if state:
            finding(project=project, inspection=one, answer=answer, state=state, source="inspection")
    return one


class TestInspections:
    def test_the_pass_rate_counts_items_that_could_fail_and_applied(self, project):
        published(
            project, answers=[("pass", ""), ("fail", "open"), ("fail", "void"), ("fail", ""), ("na", ""), ("", "")]
        )
        published(project, answers=[("pass", ""), ("pass", "")])
        found = measure("quality.inspection_pass_rate", over(project))
        assert (found.count, found.size, found.value) == (4, 6, Decimal("66.6667"))

    def test_the_score_is_of_what_was_published(self, project):
        published(project, score="90.00")
        published(project, score="85.50")
        published(project, score=None)
        published(project, day=TODAY - 40 * DAY, score="10.00")
        inspection(project=project, score=Decimal(20))
        published(ProjectFactory(), score="30.00")
        found = measure("quality.inspection_score", over(project))
        assert (found.number, found.value) == (2, Decimal("87.7500"))

    def test_density_is_the_weight_per_hundred_items_of_each_inspection(self, project):
        one = published(project, answers=[("pass", ""), ("fail", "open"), ("fail", "void"), ("pass", "")])
        finding(project=project, inspection=one, weight=2)
        published(project, answers=[("pass", ""), ("pass", "")])
        published(project, answers=[])
        found = measure("quality.finding_density", over(project))
        assert sorted(found.values) == [0.0, 75.0]


class TestFindings:
    def test_corrections_in_time_are_of_those_due_by_now(self, project):
        def due(days, proved=None, state=FindingState.PROVED, **given):
            row = finding(project=project, deadline=clock.now() + days * DAY, state=state, **given)
            at = None if proved is None else clock.now() + proved * DAY
            Correction.objects.create(finding=row, proved_at=at)

        due(-2, proved=-3)
        due(-2, proved=-1)
        due(-2, state=FindingState.OPEN)
        due(-2, proved=-3, state=FindingState.ACTING)  # refused
        due(-2, proved=-3, state=FindingState.VERIFIED)
        due(3, proved=-1)  # not due yet
        due(-2, proved=-3, state=FindingState.VOID)
        due(-2, proved=-3, is_hidden=True)
        found = measure("quality.correction_in_time", over(project))
        assert (found.count, found.size) == (2, 5)

    def test_recurrence_counts_what_repeats(self, project):
        first = finding(project=project)
        finding(project=project, repeat_of=first, weight=2)
        finding(project=project, repeat_of=first, state=FindingState.VOID)
        finding(project=project, repeat_of=first, is_hidden=True)
        finding(project=project, found_at=clock.now() - 60 * DAY)
        found = measure("quality.recurrence", over(project))
        assert (found.count, found.size, found.value) == (1, 2, Decimal("50.0000"))

    def test_closing_days_go_from_found_to_proved(self, project):
        for days in (1, 3):
            row = finding(project=project, found_at=clock.now() - days * DAY - DAY, state=FindingState.VERIFIED)
            Correction.objects.create(finding=row, proved_at=clock.now() - DAY, verified_at=clock.now())
        Correction.objects.create(finding=finding(project=project), proved_at=clock.now())
        found = measure("quality.closing_days", over(project))
        assert (found.number, found.value) == (2, Decimal("2.0000"))


class TestWork:
    def test_compliance_is_of_tasks_due(self):
        with clock.at(MORNING + dt.timedelta(hours=11)):
            estate = site()
            task(estate, state="done", done_at=MORNING)
            task(estate, place=1)
            found = measure("work.task_compliance", over(estate.project))
        assert (found.count, found.size, found.value) == (1, 2, Decimal("50.0000"))


class TestReading:
    def test_every_figure_is_in_the_registry(self):
        codes = {metric.code for metric in all_metrics()}
        assert set(FIGURES) <= codes
        assert [metric.code for metric in measurable()] == list(FIGURES)

    def test_another_metric_cannot_be_measured(self, project):
        with pytest.raises(Invalid):
            points_of("work.not_possible", over(project))

    @pytest.mark.parametrize("code", FIGURES)
    def test_of_an_empty_project_there_is_no_value(self, project, code, django_assert_max_num_queries):
        with django_assert_max_num_queries(4):
            assert measure(code, over(project)).value is None

    def test_month_by_month_reads_at_once(self, project, django_assert_max_num_queries):
        published(project, score="90.00")
        published(project, score="80.00", day=dt.date(2026, 9, 30))
        with django_assert_max_num_queries(1):
            found = monthly("quality.inspection_score", projects=[project.pk], last=TODAY, months=3)
        assert [(month.month, one.value) for month, one in found] == [
            (9, Decimal("80.0000")), (10, None), (11, Decimal("90.0000")),
        ]  # fmt: skip

    def test_days_are_days_of_shanghai(self, project):
        finding(project=project, found_at=dt.datetime(2026, 11, 19, 16, 30, tzinfo=dt.UTC))
        kind, points = points_of("quality.recurrence", over(project, first=TODAY))
        assert (kind, [point.day for point in points]) == ("share", [TODAY])
