"""Control charts of quality: which records a point is made of."""

import datetime as dt

import pytest
from factories.inspected import corrected, inspected, sheet
from factories.org import user_with
from factories.quality import finding, inspection

from wuyou.domains.quality.choices import FindingState, InspectionState, Level
from wuyou.domains.quality.queries.statistics import (
    Window,
    finding_rate,
    findings_of,
    inspections_within,
    looked_at,
    pass_rate,
    times,
)
from wuyou.kernel import clock

from .conftest import TODAY, another

DAY = dt.timedelta(days=1)


def shares(charted) -> list[tuple[float, float]]:
    return [(point.value, point.size) for point in charted.chart.points]


def test_the_pass_rate_is_of_what_applied_and_stands(project, viewer, year):
    """Of four items one failed, one does not apply, one failed but was made void."""
    inspected(TODAY - DAY, "pfnv", project=project)
    inspected(TODAY, "pppp", project=project)
    charted = pass_rate(looked_at(inspections_within(viewer, year)))
    assert shares(charted) == [(2 / 3, 3), (1.0, 4)]
    assert charted.chart.centre == pytest.approx(6 / 7)
    assert charted.by == "inspection"
    assert [(spot.first, spot.last) for spot in charted.spots] == [(TODAY - DAY, TODAY - DAY), (TODAY, TODAY)]
    assert charted.signals == []


def test_a_drop_is_a_signal(project, viewer, year):
    version = sheet(20)
    for step in range(9):
        inspected(TODAY - (9 - step) * DAY, "p" * 19 + "f", project=project, sheet_version=version)
    last = inspected(TODAY, "f" * 12 + "p" * 8, project=project, sheet_version=version)
    charted = pass_rate(looked_at(inspections_within(viewer, year)))
    ones = [one for one in charted.signals if one.rule == 1]
    assert [(one.index, one.side) for one in ones] == [(9, -1)]
    assert (charted.spots[9].pk, charted.spots[9].number) == (last.pk, last.number)


def test_many_points_that_vary_more_than_chance_widen_the_limits(project, viewer, year):
    version = sheet(20)
    for step in range(10):
        failed = 2 if step % 2 else 10
        inspected(TODAY - step * DAY, "f" * failed + "p" * (20 - failed), project=project, sheet_version=version)
    charted = pass_rate(looked_at(inspections_within(viewer, year)))
    sigma = (0.7 * 0.3 / 20) ** 0.5
    assert charted.chart.widening == pytest.approx(0.4 / sigma / 1.128)
    assert charted.signals == []


def test_points_may_be_weeks_or_months(project, viewer, year):
    for day in (dt.date(2026, 10, 30), dt.date(2026, 10, 31), dt.date(2026, 11, 2)):
        inspected(day, "pf", project=project)
    rows = looked_at(inspections_within(viewer, year))
    weeks, months = pass_rate(rows, by="week"), pass_rate(rows, by="month")
    assert [(spot.first, spot.last) for spot in weeks.spots] == [
        (dt.date(2026, 10, 26), dt.date(2026, 11, 1)),
        (dt.date(2026, 11, 2), dt.date(2026, 11, 8)),
    ]
    assert [(spot.first, spot.last) for spot in months.spots] == [
        (dt.date(2026, 10, 1), dt.date(2026, 10, 31)),
        (dt.date(2026, 11, 1), dt.date(2026, 11, 30)),
    ]
    assert shares(months) == [(0.5, 4), (0.5, 2)]


def test_december_ends_with_the_year(project, viewer):
    inspected(dt.date(2025, 12, 31), "p", project=project)
    charted = pass_rate(looked_at(inspections_within(viewer, Window(dt.date(2025, 12, 1), TODAY))), by="month")
    assert (charted.spots[0].first, charted.spots[0].last) == (dt.date(2025, 12, 1), dt.date(2025, 12, 31))


@pytest.mark.parametrize(("apart", "expected"), [(1, "week"), (8, "month")])
def test_many_inspections_are_grouped(project, viewer, apart, expected):
    version = sheet(1)
    for step in range(41):
        inspected(TODAY - step * apart * DAY, "p", project=project, sheet_version=version)
    rows = looked_at(inspections_within(viewer, Window(dt.date(2025, 1, 1), TODAY)))
    assert pass_rate(rows).by == expected
    assert len(pass_rate(rows, by="inspection").spots) == 41


def test_findings_per_inspection_leave_out_void_and_merged_ones(project, viewer, year):
    first = inspected(TODAY - DAY, "fv", project=project)
    kept = first.findings.exclude(state=FindingState.VOID).get()
    finding(project=project, inspection=first, state=FindingState.MERGED, merged_into=kept)
    inspected(TODAY, "pp", project=project)
    charted = finding_rate(looked_at(inspections_within(viewer, year)))
    assert shares(charted) == [(1.0, 1), (0.0, 1)]
    assert charted.chart.kind == "u"
    both = finding_rate(looked_at(inspections_within(viewer, year)), by="month")
    assert shares(both) == [(0.5, 2)]


def test_nothing_inspected_is_no_chart(project, viewer, year):
    assert pass_rate(looked_at(inspections_within(viewer, year))) is None
    assert finding_rate(looked_at(inspections_within(viewer, year))) is None
    assert times(findings_of(viewer, year).within, until="proved") is None


def test_the_other_one_of_two_inspectors_is_not_counted_twice(project, viewer, year):
    first = inspected(TODAY, "pf", project=project)
    inspected(TODAY, "ff", project=project, sheet_version=first.sheet_version, second_of=first)
    rows = inspections_within(viewer, year)
    assert rows.count() == 2
    assert shares(pass_rate(looked_at(rows))) == [(0.5, 2)]
    assert shares(finding_rate(looked_at(rows))) == [(1.0, 1)]


def test_a_window_has_its_days_project_and_level(group, project, viewer):
    elsewhere = another(group)
    inspected(TODAY, "p", project=project, level=Level.CITY)
    inspected(TODAY - DAY, "p", project=project, level=Level.REGION)
    inspected(TODAY, "p", project=elsewhere)
    inspected(TODAY - 40 * DAY, "p", project=project)
    inspection(project=project, state=InspectionState.UNDER_WAY)

    def days(**given) -> list[dt.date]:
        window = Window(TODAY - 30 * DAY, TODAY, **given)
        return list(inspections_within(viewer, window).values_list("day", flat=True))

    assert days() == [TODAY - DAY, TODAY, TODAY]
    assert days(project=project.pk) == [TODAY - DAY, TODAY]
    assert days(project=project.pk, level="region") == [TODAY - DAY]


def test_findings_of_a_window(group, project, viewer):
    at = clock.now()
    inspected(TODAY, "f", project=project, level=Level.CITY)
    finding(project=project, found_at=at - 2 * DAY)
    finding(project=project, found_at=at, is_hidden=True)
    finding(project=project, found_at=at, state=FindingState.VOID, void_because="x")
    finding(project=project, found_at=at - 40 * DAY)
    finding(project=another(group), found_at=at)
    window = Window(TODAY - 30 * DAY, TODAY, project=project.pk)
    assert findings_of(viewer, window).within.count() == 2
    assert findings_of(viewer, Window(TODAY - 30 * DAY, TODAY)).within.count() == 3
    assert findings_of(viewer, Window(TODAY - 30 * DAY, TODAY, level="city")).within.count() == 1


def test_a_hidden_visit_is_in_no_figure_before_it_is_published(project, viewer, year):
    inspected(TODAY, "f", project=project, state=InspectionState.SUBMITTED, is_hidden=True)
    assert pass_rate(looked_at(inspections_within(viewer, year))) is None


def test_whoever_may_not_see_inspections_has_no_figures(group, project, year):
    inspected(TODAY, "f", project=project)
    assert pass_rate(looked_at(inspections_within(user_with(at=group), year))) is None
    assert (
        pass_rate(looked_at(inspections_within(user_with("quality.view_inspections", at=another(group)), year))) is None
    )


def test_days_until_proved_and_from_there_until_verified(project, viewer, year):
    at = clock.now() - 20 * DAY
    for step, days in enumerate((2.0, 3.0, 2.5)):
        corrected(at + step * DAY, days=days, verified=1.0 if step else None, project=project)
    finding(project=project, found_at=at)
    single, moving = times(findings_of(viewer, year).within, until="proved")
    assert [point.value for point in single.chart.points] == pytest.approx([2.0, 3.0, 2.5])
    assert [point.value for point in moving.points] == pytest.approx([1.0, 0.5])
    assert single.by == "finding"
    assert [spot.first for spot in single.spots] == [dt.date(2026, 11, 2), dt.date(2026, 11, 4), dt.date(2026, 11, 4)]
    verified, _moving = times(findings_of(viewer, year).within, until="verified")
    assert [point.value for point in verified.chart.points] == pytest.approx([1.0, 1.0])


def test_times_are_the_latest_sixty(project, viewer, year):
    at = clock.now() - 100 * DAY
    for step in range(62):
        corrected(at + step * DAY, days=1.0 if step else 50.0, project=project)
    single, _moving = times(findings_of(viewer, year).within, until="proved")
    assert len(single.spots) == 60
    assert single.spots[-1].number == max(spot.number for spot in single.spots)


def test_each_chart_costs_the_same_for_one_and_for_many(project, viewer, year, django_assert_num_queries):
    version = sheet(3)
    inspected(TODAY - DAY, "ppf", project=project, sheet_version=version)
    for rounds in (1, 20):
        for step in range(rounds):
            inspected(TODAY - step * DAY, "pfp", project=project, sheet_version=version)
        rows = inspections_within(viewer, year)
        with django_assert_num_queries(2):
            looked = looked_at(rows)
            pass_rate(looked)
            finding_rate(looked)
