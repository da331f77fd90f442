"""Projects, inspectors and findings compared."""

import datetime as dt
from decimal import Decimal

import pytest
from factories.inspected import corrected, inspected, sheet
from factories.org import UserFactory
from factories.quality import finding
from factories.standards import ClauseFactory

from wuyou.domains.quality.choices import Cause, FindingState, InspectionState
from wuyou.domains.quality.models import Correction
from wuyou.domains.quality.queries.statistics import (
    ages,
    doubles,
    findings_of,
    handled,
    inspections_within,
    judgements,
    looked_at,
    pareto_by_cause,
    pareto_by_clause,
    pass_funnel,
    ranking,
    score_funnel,
    scores_of,
    severities,
)
from wuyou.kernel import clock

from .conftest import TODAY, another

DAY = dt.timedelta(days=1)


def scored(project, *scores: int, **given):
    for step, score in enumerate(scores):
        inspected(TODAY - step * DAY, "p", project=project, score=Decimal(score), **given)


class TestFunnel:
    def test_pass_rates_around_the_rate_of_all(self, group, project, viewer, year):
        version = sheet(40)
        bad, good = another(group, name="乙"), another(group, name="甲")
        inspected(TODAY, "f" * 20 + "p" * 20, project=bad, sheet_version=version)
        inspected(TODAY, "f" * 2 + "p" * 38, project=good, sheet_version=version)
        inspected(TODAY, "f" * 2 + "p" * 38, project=project, sheet_version=version)
        funnel = pass_funnel(looked_at(inspections_within(viewer, year)))
        assert funnel.target == pytest.approx(0.8)
        assert {one.name: (one.size, one.value, one.standing) for one in funnel.placed} == {
            "乙": (40, 0.5, "alarm"),
            "甲": (40, 0.95, "warning"),
            "九台校区": (40, 0.95, "warning"),
        }
        assert funnel.dispersion == 1.0
        assert funnel.sizes == [40]

    def test_limits_are_drawn_from_the_smallest_to_the_largest(self, group, project, viewer, year):
        inspected(TODAY, "pf", project=project)
        inspected(TODAY, "p" * 30 + "f" * 10, project=another(group))
        funnel = pass_funnel(looked_at(inspections_within(viewer, year)))
        assert (funnel.sizes[0], funnel.sizes[-1]) == (2, 40)
        widths = [one.high - one.low for one in funnel.warning]
        assert widths[0] > widths[-1]
        assert all(out.low <= one.low for one, out in zip(funnel.warning, funnel.alarm, strict=True))

    def test_one_project_is_no_comparison(self, project, viewer, year):
        inspected(TODAY, "pf", project=project)
        assert pass_funnel(looked_at(inspections_within(viewer, year))) is None
        assert score_funnel(scores_of(looked_at(inspections_within(viewer, year)))) is None

    def test_what_applied_nowhere_is_no_rate(self, group, project, viewer, year):
        inspected(TODAY, "pf", project=project)
        inspected(TODAY, "nn", project=another(group))
        looked = looked_at(inspections_within(viewer, year))
        assert [(one.checked, one.passed, one.found) for one in looked] == [(2, 1, 1), (0, 0, 0)]
        assert pass_funnel(looked) is None

    def test_all_passed_everywhere_is_inside(self, group, project, viewer, year):
        inspected(TODAY, "ppp", project=project)
        inspected(TODAY, "ppp", project=another(group))
        assert [one.standing for one in pass_funnel(looked_at(inspections_within(viewer, year))).placed] == [
            "inside"
        ] * 2

    def test_many_projects_that_differ_widen_the_limits(self, group, viewer, year):
        version = sheet(20)
        for step in range(10):
            failed = 2 if step % 2 else 14
            inspected(TODAY, "f" * failed + "p" * (20 - failed), project=another(group), sheet_version=version)
        funnel = pass_funnel(looked_at(inspections_within(viewer, year)))
        assert funnel.dispersion == pytest.approx(0.09 / (0.24 / 20))
        assert {one.standing for one in funnel.placed} == {"inside"}

    def test_mean_scores_over_the_number_of_inspections(self, group, project, viewer, year):
        """Within projects scores scatter by √2 points; 70 lies far outside for two inspections, 91 does not."""
        low = another(group, name="低")
        scored(project, 90, 92)
        scored(another(group, name="乙"), 90, 92)
        scored(low, 70, 72)
        funnel = score_funnel(scores_of(looked_at(inspections_within(viewer, year))))
        assert funnel.target == pytest.approx((182 * 2 + 142) / 6)
        assert {one.name: one.standing for one in funnel.placed}["低"] == "alarm"
        assert [one.size for one in funnel.placed] == [2, 2, 2]

    def test_without_any_repetition_there_is_no_spread_to_judge_by(self, group, project, viewer, year):
        scored(project, 90)
        scored(another(group), 60)
        assert score_funnel(scores_of(looked_at(inspections_within(viewer, year)))) is None

    def test_a_score_lost_to_a_red_line_is_left_out(self, group, project, viewer, year):
        scored(project, 90, 92)
        scored(another(group), 80, 82)
        inspected(TODAY, "p", project=project, score=Decimal(0), is_vetoed=True)
        assert [one.size for one in score_funnel(scores_of(looked_at(inspections_within(viewer, year)))).placed] == [
            2,
            2,
        ]

    def test_limits_of_scores_stay_between_nought_and_a_hundred(self, group, project, viewer, year):
        scored(project, 99, 40)
        scored(another(group), 98, 45)
        funnel = score_funnel(scores_of(looked_at(inspections_within(viewer, year))))
        assert (funnel.alarm[0].low, funnel.alarm[0].high) == (0.0, 100.0)


class TestRanking:
    def test_small_projects_are_drawn_to_the_mean_and_have_no_rank(self, group, project, viewer, year):
        scored(project, 90, 92, 88)
        for name, scores in (("乙", (80, 82, 78)), ("丙", (70, 72, 68)), ("丁", (100,))):
            scored(another(group, name=name), *scores)
        found = ranking(scores_of(looked_at(inspections_within(viewer, year))))
        assert [one.name for one in found] == ["九台校区", "乙", "丙", "丁"]
        last = found[3].shrunk
        assert not last.is_rankable
        assert last.observed == 100
        assert last.value < 99.9
        assert last.weight > found[0].shrunk.weight
        assert [(one.shrunk.best, one.shrunk.worst) for one in found[:3]] == [(2, 2), (3, 3), (4, 4)]

    def test_fewer_than_four_projects_are_not_ranked(self, group, project, viewer, year):
        for place in (project, another(group), another(group)):
            scored(place, 90, 80, 70)
        assert ranking(scores_of(looked_at(inspections_within(viewer, year)))) == []

    def test_without_any_repetition_nobody_is_ranked(self, group, viewer, year):
        for score in (90, 80, 70, 60):
            scored(another(group), score)
        assert ranking(scores_of(looked_at(inspections_within(viewer, year)))) == []


class TestInspectors:
    def test_the_strict_one_is_told_from_the_one_with_bad_sites(self, group, project, viewer, year):
        kind, fair, strict = (UserFactory(full_name=name) for name in ("宽", "中", "严"))
        bad, worse = another(group), another(group)
        version = sheet(1)
        for place, judge, score in (
            (project, kind, 90), (project, fair, 86), (bad, kind, 74), (bad, fair, 70), (worse, fair, 60),
            (worse, strict, 58),
        ):  # fmt: skip
            scored(place, score, inspector=judge, sheet_version=version)
        found = severities(judgements(inspections_within(viewer, year)))
        assert [(one.name, round(one.severity.effect, 2)) for one in found] == [
            ("严", -2.67), ("中", -0.67), ("宽", 3.33),
        ]  # fmt: skip

    def test_another_sheet_is_another_matter(self, project, viewer, year):
        scored(project, 90, inspector=UserFactory())
        scored(project, 60, inspector=UserFactory())
        assert severities(judgements(inspections_within(viewer, year))) == []

    def test_a_red_line_is_not_strictness(self, project, viewer, year):
        version = sheet(1)
        scored(project, 90, inspector=UserFactory(), sheet_version=version)
        scored(project, 0, inspector=UserFactory(), sheet_version=version, is_vetoed=True)
        assert severities(judgements(inspections_within(viewer, year))) == []

    def test_two_on_the_same_agree_beyond_chance(self, project, viewer, year):
        version = sheet(10)
        names = [UserFactory(full_name="宋"), UserFactory(full_name="石")]
        one = inspected(TODAY, "pppppppffn", project=project, sheet_version=version, inspector=names[0])
        two = inspected(TODAY, "ppppppfffn", project=project, sheet_version=version, inspector=names[1], second_of=one)
        found = doubles(judgements(inspections_within(viewer, year)))
        (pair,) = found.pairs
        assert (pair.first, pair.second, pair.number, pair.names) == (one.pk, two.pk, one.number, ("宋", "石"))
        assert (pair.items, pair.same) == (10, 9)
        expected = 0.7 * 0.6 + 0.2 * 0.3 + 0.1 * 0.1
        assert pair.kappa.value == pytest.approx((0.9 - expected) / (1 - expected))
        assert (found.items, found.same, found.kappa) == (10, 9, pair.kappa)

    def test_all_passed_by_both_tells_nothing_of_agreement(self, project, viewer, year):
        one = inspected(TODAY, "pp", project=project)
        inspected(TODAY, "pp", project=project, sheet_version=one.sheet_version, second_of=one)
        found = doubles(judgements(inspections_within(viewer, year)))
        assert (found.pairs[0].same, found.pairs[0].kappa, found.kappa) == (2, None, None)

    def test_a_single_difference_tells_nothing_either(self, project, viewer, year):
        """Kappa of 24 passes and one difference would be 0, though they agree on 24 of 25."""
        one = inspected(TODAY, "p" * 25, project=project)
        inspected(TODAY, "p" * 24 + "f", project=project, sheet_version=one.sheet_version, second_of=one)
        found = doubles(judgements(inspections_within(viewer, year)))
        assert (found.pairs[0].same, found.pairs[0].kappa) == (24, None)

    def test_one_whose_twin_is_not_published_is_no_pair(self, project, viewer, year):
        one = inspected(TODAY, "pp", project=project, state=InspectionState.SUBMITTED)
        inspected(TODAY, "pf", project=project, sheet_version=one.sheet_version, second_of=one)
        found = doubles(judgements(inspections_within(viewer, year)))
        assert (list(found.pairs), found.items, found.kappa) == ([], 0, None)

    def test_pairs_cost_the_same_for_one_and_for_many(self, project, viewer, year, django_assert_num_queries):
        version = sheet(3)
        for rounds in (1, 6):
            for _round in range(rounds):
                one = inspected(TODAY, "pfp", project=project, sheet_version=version)
                inspected(TODAY, "pff", project=project, sheet_version=version, second_of=one)
            rows = inspections_within(viewer, year)
            with django_assert_num_queries(3):
                judged = judgements(rows)
                found = doubles(judged)
                severities(judged)
        assert len(found.pairs) == 7


class TestFindings:
    def test_pareto_by_clause_counts_those_without_one(self, project, viewer, year):
        first, second = ClauseFactory(), ClauseFactory()
        for clause in (first, second, second, None):
            finding(project=project, clause=clause)
        found = pareto_by_clause(findings_of(viewer, year).within)
        assert [(one.key.pk if one.key else None, one.count) for one in found] == [
            (second.pk, 2),
            (first.pk, 1),
            (None, 1),
        ]
        assert found[-1].cumulative == pytest.approx(1)

    def test_pareto_by_cause_is_of_those_whose_cause_is_known(self, project, viewer, year):
        for cause in (Cause.METHOD, Cause.PEOPLE, Cause.PEOPLE, ""):
            Correction.objects.create(finding=finding(project=project), cause=cause)
        finding(project=project)
        found = pareto_by_cause(findings_of(viewer, year).within)
        assert [(one.key, one.count) for one in found] == [("people", 2), ("method", 1)]

    def test_ages_of_what_is_not_put_right(self, project, viewer, year):
        now = clock.now()
        for days in (0.1, 0.5, 2, 2.3, 3, 40, 400):
            finding(project=project, found_at=now - days * DAY)
        corrected(now - 5 * DAY, days=1, project=project)
        found = ages(findings_of(viewer, year).still_open, today=TODAY)
        assert [one.count for one in found] == [1, 3, 1, 0, 0, 2]

    def test_closure_in_time_and_recurrence(self, project, viewer, year):
        now = clock.now()
        kept = corrected(now - 10 * DAY, days=1, project=project)
        corrected(now - 10 * DAY, days=5, project=project)
        finding(project=project, found_at=now - 10 * DAY, deadline=now - 7 * DAY, repeat_of=kept)
        finding(project=project, found_at=now, deadline=now + DAY)
        refused = corrected(now - 10 * DAY, days=1, project=project)
        refused.state = FindingState.ACTING
        refused.save()
        found = handled(findings_of(viewer, year).within, now=now)
        assert (found.found, found.due, found.kept, found.repeats) == (5, 4, 1, 1)
        assert found.in_time.estimate == 0.25
        assert found.repeated.estimate == 0.2
        assert found.in_time.low < 0.25 < found.in_time.high

    def test_nothing_found_has_no_shares(self, project, viewer, year):
        found = handled(findings_of(viewer, year).within, now=clock.now())
        assert (found.found, found.in_time, found.repeated) == (0, None, None)
        assert pareto_by_clause(findings_of(viewer, year).within) == []
