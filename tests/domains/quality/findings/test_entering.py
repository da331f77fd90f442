"""Findings come in: what the rules decide, what repeats, what is only another sight, who is told."""

import datetime as dt

import pytest
from django.core import mail
from factories.assets import AssetFactory
from factories.corrections import BY, Estate, days, enter, entry, role_at, verified
from factories.org import ProjectFactory, UserFactory
from factories.quality import inspection
from factories.registry import ContractorFactory, PlaceFactory, TeamFactory
from factories.standards import ClauseFactory, SubjectFactory
from factories.tasks import photo

from wuyou.domains.quality import events
from wuyou.domains.quality.actions import findings as actions
from wuyou.domains.quality.models import Finding, Inspection
from wuyou.domains.work.actions.problems import Found
from wuyou.domains.work.actions.spotting import report_problem
from wuyou.kernel import clock, search
from wuyou.kernel.clocks.queries import clocks_of
from wuyou.kernel.errors import Conflict, Denied, Invalid
from wuyou.kernel.journal.models import Entry
from wuyou.kernel.notify.models import Notification


def told_of(event: str) -> set[int]:
    return set(Notification.objects.filter(event=event).values_list("user_id", flat=True))


def test_a_small_finding_is_to_be_cleaned_within_a_day_by_whoever_owns_the_zone(
    estate: Estate, moment: dt.datetime
) -> None:
    finding = enter(estate, found_by=estate.user("city"))
    assert (finding.number, finding.state, finding.remedy) == (f"BHG-{estate.project.code}-20261120-0001", "open",
                                                               "at_once")  # fmt: skip
    assert (finding.team, finding.owner, finding.zone) == (estate.team, estate.cleaner, estate.zone)
    assert finding.deadline == moment + days(1)
    assert (finding.weight, finding.repeat_of, finding.contractor) == (1, None, None)
    assert finding.found_at == moment


def test_its_clock_climbs_from_the_supervisor_to_the_region(estate: Estate) -> None:
    finding = enter(estate, severity="major")
    (running,) = clocks_of("finding", [finding.pk])[finding.pk]
    assert (running.kind, running.hours, running.due_at) == ("correct", "service", finding.deadline)
    assert [rung.role for rung in running.rungs] == ["department_lead", "project_manager", "city", "region"]
    assert finding.deadline == dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)  # three days of ten hours, every day open


def test_who_has_to_put_it_right_is_told_and_the_finder_is_not(estate: Estate) -> None:
    lead = estate.user("department_lead")
    enter(estate, found_by=lead, by=lead)
    assert told_of("quality.finding_entered") == {estate.user("project_manager").pk, estate.user("field_staff").pk}
    assert mail.outbox == []


def test_it_is_found_by_number_and_words_and_is_in_the_journal(estate: Estate) -> None:
    finding = enter(estate)
    (hit,) = search.find("积灰", project_ids=[estate.project.pk])
    assert (hit.title, hit.kind) == (finding.number, "quality.finding")
    verbs = set(Entry.objects.filter(subject_kind="finding").values_list("verb", flat=True))
    assert "quality.finding_entered" in verbs


def test_a_contractors_team_makes_the_contractor_answer(estate: Estate) -> None:
    company = ContractorFactory(node=estate.project.node)
    estate.team.contractor = company
    estate.team.save()
    assert enter(estate).contractor == company


def test_a_device_brings_its_place_zone_and_contractor(estate: Estate) -> None:
    company = ContractorFactory(node=estate.project.node)
    device = AssetFactory(project=estate.project, place=estate.stairs[1], contractor=company)
    finding = enter(estate, place=None, asset=device, clause=None)
    assert (finding.place, finding.zone, finding.contractor) == (estate.stairs[1], estate.zone, company)


def test_a_clause_of_another_team_leaves_the_zones_owner_out(estate: Estate) -> None:
    SubjectFactory(name="照明", team="工程")
    engineers = TeamFactory(project=estate.project, name="工程")
    finding = enter(estate, clause=ClauseFactory(subject_name="照明"))
    assert (finding.team, finding.owner, finding.remedy) == (engineers, None, "repair")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "长" * 501}, "text"),
        ({"severity": "odd"}, "severity"),
        ({"remedy": "odd"}, "remedy"),
        ({"hazard": "odd"}, "hazard"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(estate: Estate, given: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        enter(estate, **given)
    assert [wrong.field for wrong in refused.value.fields] == [field]
    assert Finding.objects.count() == 0


def test_a_place_of_another_project_is_refused(estate: Estate) -> None:
    with pytest.raises(Invalid) as refused:
        enter(estate, place=PlaceFactory(), asset=AssetFactory(project=ProjectFactory()))
    assert {wrong.field for wrong in refused.value.fields} == {"place", "asset"}


@pytest.mark.parametrize(
    ("role", "may"),
    [("group_quality", True), ("region", True), ("city", True), ("project_manager", True), ("department_lead", True),
     ("front_desk", False), ("field_staff", False), ("client", False), ("owners_committee", False)],
)  # fmt: skip
def test_who_may_enter_one_by_hand(estate: Estate, role: str, may: bool) -> None:
    if may:
        assert enter(estate, by=estate.user(role)).state == "open"
        return
    with pytest.raises(Denied):
        enter(estate, by=estate.user(role))


def test_an_outside_inspector_enters_what_their_inspection_found(estate: Estate) -> None:
    stranger = UserFactory()
    visit = inspection(project=estate.project, inspector=stranger, level="outside")
    assert enter(estate, by=stranger, source="inspection", inspection=visit).inspection == visit
    with pytest.raises(Denied):
        enter(estate, by=UserFactory(), source="inspection", inspection=visit)


class TestRepeats:
    def test_the_same_within_six_months_doubles_and_climbs_a_step(self, estate: Estate, moment: dt.datetime) -> None:
        manager, city = estate.user("project_manager"), estate.user("city")
        first = verified(enter(estate, severity="major"), by=city, doer=manager)
        Notification.objects.all().delete()
        with clock.at(moment + days(20)):
            second = enter(estate, severity="major")
        assert (second.repeat_of, second.weight, second.state) == (first, 2, "open")
        (running,) = clocks_of("finding", [second.pk])[second.pk]
        assert [rung.role for rung in running.rungs] == ["project_manager", "city", "region"]
        assert manager.pk in told_of("quality.finding_entered")

    def test_a_third_time_weighs_four_and_the_city_hears_of_it_at_once(
        self, estate: Estate, moment: dt.datetime
    ) -> None:
        manager, city = estate.user("project_manager"), estate.user("city")
        for number in range(2):
            with clock.at(moment + days(10 * number)):
                verified(enter(estate), by=city, doer=manager)
        Notification.objects.all().delete()
        with clock.at(moment + days(30)):
            third = enter(estate)
        assert third.weight == 4
        assert city.pk in told_of("quality.finding_entered")

    def test_another_place_or_seven_months_later_is_new(self, estate: Estate, moment: dt.datetime) -> None:
        verified(enter(estate), by=estate.user("city"), doer=estate.user("project_manager"))
        assert enter(estate, stair=1).weight == 1
        with clock.at(moment + days(220)):
            assert enter(estate).weight == 1

    def test_a_new_edition_of_the_standard_is_the_same_clause(self, estate: Estate) -> None:
        verified(enter(estate), by=estate.user("city"), doer=estate.user("project_manager"))
        version = estate.clause.version
        newer = ClauseFactory(
            code=estate.clause.code, version=type(version).objects.create(standard=version.standard, number=9)
        )
        assert enter(estate, clause=newer).weight == 2

    def test_a_hidden_one_is_no_ground_for_what_the_project_sees(self, estate: Estate) -> None:
        hidden = enter(estate, is_hidden=True)
        Finding.objects.filter(pk=hidden.pk).update(state="verified")
        assert enter(estate).repeat_of is None
        assert enter(estate, is_hidden=True).repeat_of == hidden


class TestDuplicates:
    def test_a_second_sight_is_merged_into_the_first(self, estate: Estate) -> None:
        first = enter(estate)
        second = enter(estate, severity="major")
        first.refresh_from_db()
        assert (second.state, second.merged_into, first.severity) == ("merged", first, "major")
        assert clocks_of("finding", [second.pk]) == {}

    def test_two_items_of_one_inspection_stay_two(self, estate: Estate) -> None:
        visit = inspection(project=estate.project)
        found = [enter(estate, source="inspection", inspection=visit) for _ in range(2)]
        assert [finding.state for finding in found] == ["open", "open"]

    def test_without_a_place_nothing_is_merged(self, estate: Estate) -> None:
        found = [enter(estate, place=None) for _ in range(2)]
        assert [finding.state for finding in found] == ["open", "open"]

    def test_hidden_and_open_ones_stay_apart(self, estate: Estate) -> None:
        assert [enter(estate).state, enter(estate, is_hidden=True).state] == ["open", "open"]


class TestHazards:
    def test_a_major_hazard_is_critical_and_climbs_to_the_city(self, estate: Estate, moment: dt.datetime) -> None:
        finding = enter(estate, hazard="major")
        assert (finding.severity, finding.remedy, finding.deadline) == ("critical", "at_once", moment + days(1))
        assert estate.user("city").pk in told_of("quality.finding_entered")
        assert Notification.objects.filter(event="quality.finding_entered", urgent=False).count() == 0


class TestSimilarPlaces:
    def test_a_grave_finding_lists_similar_places_at_once(self, estate: Estate) -> None:
        finding = enter(estate, severity="major")
        assert [row.place for row in finding.similar.order_by("pk")] == estate.stairs[1:]

    def test_a_small_one_does_not(self, estate: Estate) -> None:
        assert enter(estate).similar.count() == 0

    def test_the_same_elsewhere_becomes_a_finding_of_its_own(self, estate: Estate) -> None:
        first = enter(estate, severity="major")
        here, there = first.similar.order_by("pk")
        lead = estate.user("department_lead")
        assert actions.look_at_similar(here, state="fine", by=lead).led_to is None
        looked = actions.look_at_similar(there, state="same", note="三楼也有", by=lead)
        assert looked.led_to is not None
        assert (looked.led_to.place, looked.led_to.text, looked.led_to.source_label) == (
            there.place, "三楼也有", first.number,
        )  # fmt: skip
        with pytest.raises(Conflict):
            actions.look_at_similar(there, state="fine", by=lead)

    def test_an_answer_is_fine_or_the_same(self, estate: Estate) -> None:
        row = enter(estate, severity="major").similar.first()
        for given in ({"state": "owed"}, {"state": "fine", "note": "长" * 301}):
            with pytest.raises(Invalid):
                actions.look_at_similar(row, by=estate.user("department_lead"), **given)
        with pytest.raises(Denied):
            actions.look_at_similar(row, state="fine", by=estate.user("front_desk"))


class TestHidden:
    def test_nobody_at_the_project_hears_of_it_until_it_is_published(self, estate: Estate, moment: dt.datetime) -> None:
        visit = inspection(project=estate.project, is_hidden=True, level="special")
        finding = enter(estate, source="inspection", inspection=visit, is_hidden=True, severity="major")
        assert Notification.objects.count() == 0
        assert clocks_of("finding", [finding.pk]) == {}
        assert search.find("积灰", project_ids=[estate.project.pk]) == []
        assert set(Entry.objects.filter(subject_kind="finding").values_list("chain__key", flat=True)) == {
            f"node:{estate.group.pk}"
        }
        with clock.at(moment + days(10)):
            for _ in range(2):
                events.inspection_published.send(Inspection, inspection_id=visit.pk)
        finding.refresh_from_db()
        assert (finding.is_hidden, finding.deadline) == (False, moment + days(13))
        assert told_of("quality.finding_entered") == {estate.user("field_staff").pk}
        assert told_of("quality.findings_made") == {estate.user(r).pk for r in ("project_manager", "department_lead")}
        assert Notification.objects.count() == 3
        assert actions.reveal_findings(visit, by=BY) == 0


class TestProblems:
    def report(self, estate: Estate, severity: str) -> object:
        return report_problem(estate.stairs[0], found=Found("扶手松动", severity), by=estate.user("field_staff"))

    def test_a_grave_problem_is_a_finding_at_once(self, estate: Estate) -> None:
        problem = self.report(estate, "major")
        finding = Finding.objects.get()
        assert (finding.source, finding.source_id, finding.source_label) == ("problem", problem.pk, problem.number)
        assert (finding.text, finding.place, finding.found_by) == ("扶手松动", estate.stairs[0], problem.reported_by)
        problem.refresh_from_db()
        assert problem.state == "reported"  # it goes its own way on

    def test_a_small_one_becomes_one_when_a_lead_says_so(self, estate: Estate) -> None:
        problem = self.report(estate, "minor")
        assert Finding.objects.count() == 0
        with pytest.raises(Denied):
            actions.make_finding(problem, by=estate.user("front_desk"))
        finding = actions.make_finding(problem, by=estate.user("department_lead"), remedy="repair")
        assert (finding.severity, finding.remedy) == ("minor", "repair")
        with pytest.raises(Conflict):
            actions.make_finding(problem, by=estate.user("department_lead"))

    def test_a_lead_may_judge_it_graver(self, estate: Estate) -> None:
        problem = self.report(estate, "minor")
        lead = estate.user("department_lead")
        assert actions.make_finding(problem, by=lead, severity="major").severity == "major"


class TestPhotos:
    def test_the_finder_and_who_corrects_attach_photos_of_what_is_wrong(self, estate: Estate) -> None:
        finding = enter(estate, found_by=estate.user("city"))
        for role in ("city", "department_lead", "field_staff"):
            row = actions.attach_to_finding(finding, upload=photo(), by=estate.user(role))
            assert (row.subject_kind, row.subject_id) == ("finding", str(finding.pk))
        with pytest.raises(Denied):
            actions.attach_to_finding(finding, upload=photo(), by=estate.user("front_desk"))

    def test_not_after_it_was_put_right(self, estate: Estate) -> None:
        manager = estate.user("project_manager")
        finding = verified(enter(estate), by=estate.user("city"), doer=manager)
        with pytest.raises(Conflict):
            actions.attach_to_finding(finding, upload=photo(), by=manager)


def test_another_companys_people_hear_nothing(estate: Estate) -> None:
    other = role_at("project_manager", ProjectFactory().node)
    enter(estate)
    assert other.pk not in told_of("quality.finding_entered")


def test_an_entry_names_its_source(estate: Estate) -> None:
    assert entry(estate).source == "manual"
