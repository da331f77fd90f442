"""Findings and the inspections they come from: failed items become findings, a void one is scored anew."""

import datetime as dt
from decimal import Decimal

import pytest
from factories.corrections import BY, Estate, days, proved, role_at
from factories.inspections import done, sheet, specs, target

from wuyou.domains.quality.actions import findings as actions
from wuyou.domains.quality.actions.inspections import publish_inspection, start_inspection, void_inspection
from wuyou.domains.quality.models import Finding, Inspection
from wuyou.domains.quality.queries.findings import findings_visible_to, photos_before
from wuyou.domains.quality.tasks.findings import count_again
from wuyou.kernel import clock

FAILED = {"stairs": "dust"}


@pytest.fixture
def inspected(estate: Estate) -> Inspection:
    """The city company's inspection of the estate: dust on the stairs, one point of ten."""
    return walk(estate)


def walk(estate: Estate, *, code: str = "walk", doubles: bool = False, **given: object) -> Inspection:
    """The second one is made by somebody else: nobody inspects the same estate twice running."""
    version = sheet(specs(estate.clause.pk), code=code, doubles=doubles)
    city = estate.user("city") if code == "walk" else role_at("city", estate.city)
    owed = target(estate, version, inspector=city, **given)
    return done(start_inspection(owed, by=city), FAILED)


def test_a_failed_item_is_a_finding_with_its_photo(estate: Estate, inspected: Inspection) -> None:
    finding = Finding.objects.get()
    assert (finding.inspection, finding.clause, finding.found_by) == (inspected, estate.clause, estate.user("city"))
    assert (finding.source, finding.state, len(photos_before(finding))) == ("inspection", "open", 1)


def test_a_void_finding_is_scored_anew(estate: Estate, inspected: Inspection) -> None:
    before = inspected.score
    finding = Finding.objects.get()
    actions.void_finding(finding, reason="看错了", by=estate.user("city"))
    inspected.refresh_from_db()
    assert before is not None
    assert inspected.score == Decimal(100) > before
    score = inspected.scores.last()
    assert (score.cause_kind, score.cause_id) == ("finding", finding.pk)
    assert finding.number in score.reason


def test_an_appeal_is_named_as_the_cause(estate: Estate, inspected: Inspection) -> None:
    actions.void_finding(Finding.objects.get(), reason="看错了", by=BY, cause=("appeal", 7))
    score = inspected.scores.last()
    assert (score.cause_kind, score.cause_id) == ("appeal", 7)


def test_a_void_inspection_takes_its_findings_with_it(estate: Estate, inspected: Inspection) -> None:
    void_inspection(inspected, reason="走错了小区", by=estate.user("city"))
    assert Finding.objects.get().state == "void"


def test_still_open_at_the_next_and_unexplained_it_counts_again_in_the_score(
    estate: Estate, moment: dt.datetime
) -> None:
    first = walk(estate, doubles=True)
    before = first.score
    with clock.at(moment + days(10)):
        second = walk(estate, code="second")
        owed = Finding.objects.get(inspection=first).explanations.get()
        assert owed.inspection == second
    with clock.at(moment + days(20)):
        assert count_again() == 1
    first.refresh_from_db()
    assert Finding.objects.get(inspection=first).weight == 2
    assert first.score is not None
    assert before is not None
    assert first.score < before


def test_what_came_back_costs_double_where_the_sheet_says_so(estate: Estate, moment: dt.datetime) -> None:
    first = walk(estate, doubles=True)
    finding = Finding.objects.get()
    proved(finding, by=estate.user("department_lead"))
    actions.verify(finding, by=estate.user("city"))
    with clock.at(moment + days(30)):
        second = walk(estate, code="second", doubles=True)
    again = Finding.objects.get(inspection=second)
    assert (again.repeat_of, again.weight) == (finding, 2)
    assert (first.score, second.score) == (Decimal("90.00"), Decimal("85.71"))  # 9 of 10, then 12 of 14 points


def test_a_mystery_visit_is_known_when_it_is_published(estate: Estate) -> None:
    visit = walk(estate, level="special", is_hidden=True)
    finding = Finding.objects.get()
    manager = estate.user("project_manager")
    assert finding.is_hidden
    assert list(findings_visible_to(manager)) == []
    publish_inspection(visit, by=estate.user("group_quality"))
    finding.refresh_from_db()
    assert not finding.is_hidden
    assert list(findings_visible_to(manager)) == [finding]
