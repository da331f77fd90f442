"""More time, asked before the deadline and decided above; what stays open is explained or counts again."""

import datetime as dt

import pytest
from factories.corrections import BY, Estate, days, enter, proved, role_at
from factories.quality import inspection
from factories.sheets import ItemFactory, SheetVersionFactory
from factories.standards import ClauseFactory

from wuyou.domains.org.models import User
from wuyou.domains.quality import events
from wuyou.domains.quality.actions import findings as actions
from wuyou.domains.quality.models import Explanation, Extension, Finding, Inspection
from wuyou.domains.quality.queries.findings import open_at
from wuyou.domains.quality.tasks.findings import count_again
from wuyou.kernel import clock
from wuyou.kernel.clocks.queries import open_clock
from wuyou.kernel.errors import Conflict, Denied, Invalid
from wuyou.kernel.notify.models import Notification

UNTIL = dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC)  # 18:00 on Tuesday


def asked(estate: Estate, finding: Finding, until: dt.datetime = UNTIL, by: User | None = None) -> Extension:
    by = by or estate.user("project_manager")
    return actions.ask_extension(finding, until=until, reason="等配件", by=by)


class TestAsking:
    def test_who_decides_is_told(self, estate: Estate) -> None:
        asked(estate, enter(estate))
        told = Notification.objects.filter(event="quality.extension_asked").values_list("user_id", flat=True)
        assert set(told) == {estate.user(role).pk for role in ("group_quality", "region", "city")}

    def test_not_after_the_deadline(self, estate: Estate, moment: dt.datetime) -> None:
        finding = enter(estate)
        with clock.at(moment + days(1) + dt.timedelta(seconds=1)), pytest.raises(Conflict):
            asked(estate, finding)
        with clock.at(moment + days(1)):
            assert asked(estate, finding).state == "asked"

    def test_not_when_it_is_proved_nor_twice_at_once(self, estate: Estate) -> None:
        finding = enter(estate)
        asked(estate, finding)
        with pytest.raises(Conflict):
            asked(estate, finding, UNTIL + days(1))
        done = proved(enter(estate, stair=1), by=estate.user("department_lead"))
        with pytest.raises(Conflict):
            asked(estate, done)

    @pytest.mark.parametrize("until", [-1, 0, 367])
    def test_it_has_to_be_a_gain_within_a_year(self, estate: Estate, until: int) -> None:
        finding = enter(estate)
        with pytest.raises(Invalid) as refused:
            asked(estate, finding, finding.deadline + days(until))
        assert refused.value.fields[0].field == "until"

    def test_a_reason_and_a_right_are_needed(self, estate: Estate) -> None:
        finding = enter(estate)
        with pytest.raises(Invalid):
            actions.ask_extension(finding, until=UNTIL, reason=" ", by=estate.user("project_manager"))
        with pytest.raises(Denied):
            asked(estate, finding, by=estate.user("front_desk"))


class TestDeciding:
    def test_approved_the_deadline_and_its_clock_move(self, estate: Estate) -> None:
        finding = enter(estate, severity="major")  # service hours
        extension = actions.decide_extension(asked(estate, finding), approve=True, by=estate.user("city"), note="可以")
        assert (extension.state, extension.decided_by) == ("approved", estate.user("city"))
        assert finding.deadline == UNTIL
        assert open_clock("finding", finding.pk, "correct").due_at == UNTIL
        told = Notification.objects.filter(event="quality.extension_decided").values_list("user_id", flat=True)
        assert list(told) == [estate.user("project_manager").pk]

    def test_refused_nothing_moves_and_a_reason_is_given(self, estate: Estate) -> None:
        finding = enter(estate)
        before = finding.deadline
        with pytest.raises(Invalid):
            actions.decide_extension(asked(estate, finding), approve=False, by=estate.user("city"))
        extension = Extension.objects.get()
        actions.decide_extension(extension, approve=False, by=estate.user("city"), note="不是理由")
        assert Finding.objects.get().deadline == before
        with pytest.raises(Conflict):
            actions.decide_extension(extension, approve=True, by=estate.user("region"))

    @pytest.mark.parametrize(
        ("role", "first", "second", "third"),
        [("project_manager", False, False, False), ("department_lead", False, False, False),
         ("city", True, False, False), ("region", True, True, False), ("group_quality", True, True, True)],
    )  # fmt: skip
    def test_each_further_one_is_decided_a_level_higher(
        self, estate: Estate, role: str, first: bool, second: bool, third: bool
    ) -> None:
        finding = enter(estate)
        for number, may in enumerate((first, second, third)):
            extension = asked(estate, finding, UNTIL + days(number))
            by = estate.user(role)
            if not may:
                with pytest.raises(Denied):
                    actions.decide_extension(extension, approve=True, by=by)
                by = estate.user("group_quality")
            actions.decide_extension(extension, approve=True, by=by)
        assert finding.deadline == UNTIL + days(2)

    def test_nobody_decides_their_own_wish(self, estate: Estate) -> None:
        city = estate.user("city")
        other = role_at("project_manager", estate.city)
        finding = enter(estate)
        extension = asked(estate, finding, by=other)
        Extension.objects.filter(pk=extension.pk).update(asked_by=city)
        extension.refresh_from_db()
        with pytest.raises(Denied):
            actions.decide_extension(extension, approve=True, by=city)

    def test_asked_in_time_it_may_be_approved_after_the_deadline(self, estate: Estate, moment: dt.datetime) -> None:
        finding = enter(estate)
        extension = asked(estate, finding)
        with clock.at(moment + days(2)):
            actions.decide_extension(extension, approve=True, by=estate.user("city"))
        assert finding.deadline == UNTIL

    def test_proved_meanwhile_it_is_moot(self, estate: Estate) -> None:
        finding = enter(estate)
        extension = asked(estate, finding)
        proved(finding, by=estate.user("department_lead"))
        extension.refresh_from_db()
        with pytest.raises(Conflict):
            actions.decide_extension(extension, approve=True, by=estate.user("city"))
        assert (
            actions.decide_extension(extension, approve=False, note="已整改", by=estate.user("city")).state == "refused"
        )

    def test_no_more_service_hours_is_no_more_time(self, estate: Estate) -> None:
        finding = enter(estate, severity="major", remedy="repair")
        estate.project.refresh_from_db()
        extension = asked(estate, finding, finding.deadline + dt.timedelta(hours=1))
        running = open_clock("finding", finding.pk, "correct")
        running.target_seconds += 3600
        running.save()
        with pytest.raises(Invalid):
            actions.decide_extension(extension, approve=True, by=estate.user("city"))


def looking(estate: Estate, *clauses: object, **given: object) -> Inspection:
    """An inspection under way tomorrow whose sheet asks for these clauses."""
    version = SheetVersionFactory()
    for position, clause in enumerate(clauses, start=1):
        ItemFactory(version=version, clause=clause, position=position)
    started = clock.now() + days(1)
    return inspection(project=estate.project, sheet_version=version, started_at=started, **given)


class TestStillOpenAtTheNext:
    def test_only_what_the_inspection_looks_at_and_is_not_put_right(self, estate: Estate) -> None:
        finding = enter(estate)
        proved(enter(estate, stair=1), by=estate.user("department_lead"))
        enter(estate, clause=ClauseFactory())
        enter(estate, stair=2, is_hidden=True)
        visit = looking(estate, estate.clause)
        assert [row.pk for row in open_at(visit)] == [finding.pk]
        assert list(open_at(looking(estate))) == []

    def test_an_inspection_of_one_place_looks_only_there(self, estate: Estate) -> None:
        enter(estate)
        second = enter(estate, stair=1)
        visit = looking(estate, estate.clause, place=estate.stairs[1])
        assert [row.pk for row in open_at(visit)] == [second.pk]

    def test_what_it_found_itself_is_not_still_open(self, estate: Estate) -> None:
        visit = looking(estate, estate.clause)
        enter(estate, source="inspection", inspection=visit)
        assert list(open_at(visit)) == []

    def test_an_explanation_is_owed_within_three_service_days(self, estate: Estate) -> None:
        finding = enter(estate)
        visit = looking(estate, estate.clause)
        events.inspection_submitted.send(Inspection, inspection_id=visit.pk)
        events.inspection_submitted.send(Inspection, inspection_id=visit.pk)
        (row,) = Explanation.objects.all()
        assert (row.finding, row.inspection, row.due_at, row.counts_again) == (
            finding, visit, dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC), False,
        )  # fmt: skip
        told = Notification.objects.filter(event="quality.explanation_owed").values_list("user_id", flat=True)
        assert estate.user("project_manager").pk in set(told)

    def test_a_teams_daily_check_asks_for_none(self, estate: Estate) -> None:
        enter(estate)
        assert actions.owe_explanations(looking(estate, estate.clause, level="team"), by=BY) == 0

    def test_what_a_hidden_one_saw_is_asked_for_when_it_is_published(self, estate: Estate) -> None:
        enter(estate)
        visit = looking(estate, estate.clause, is_hidden=True, level="special")
        events.inspection_submitted.send(Inspection, inspection_id=visit.pk)
        assert Explanation.objects.count() == 0
        events.inspection_published.send(Inspection, inspection_id=visit.pk)
        assert Explanation.objects.count() == 1

    def test_explained_in_time_it_does_not_count_again(self, estate: Estate, moment: dt.datetime) -> None:
        finding = enter(estate)
        visit = looking(estate, estate.clause)
        actions.owe_explanations(visit, by=BY)
        lead = estate.user("department_lead")
        row = actions.explain_open(finding, visit, text="等配件", remedy="周五前换好", by=lead)
        assert (row.by, row.at, row.remedy) == (lead, moment, "周五前换好")
        with clock.at(moment + days(9)):
            assert count_again() == 0
        finding.refresh_from_db()
        assert finding.weight == 1
        with pytest.raises(Conflict):
            actions.explain_open(finding, visit, text="又", remedy="又", by=lead)

    def test_unexplained_it_counts_again_once_and_that_is_seen(self, estate: Estate, moment: dt.datetime) -> None:
        finding = enter(estate)
        visit = looking(estate, estate.clause)
        actions.owe_explanations(visit, by=BY)
        with clock.at(moment + days(4)):
            assert count_again() == 1
            assert count_again() == 0
            with pytest.raises(Conflict):
                actions.explain_open(finding, visit, text="忘了", remedy="补", by=estate.user("department_lead"))
        finding.refresh_from_db()
        assert (finding.weight, finding.explanations.get().counts_again) == (2, True)

    def test_it_may_be_explained_while_the_inspection_is_under_way(self, estate: Estate) -> None:
        finding = enter(estate)
        visit = looking(estate, estate.clause)
        actions.explain_open(finding, visit, text="等配件", remedy="周五前换好", by=estate.user("department_lead"))
        assert actions.owe_explanations(visit, by=BY) == 0

    @pytest.mark.parametrize("given", [{"text": ""}, {"remedy": " "}])
    def test_both_words_are_needed(self, estate: Estate, given: dict[str, str]) -> None:
        finding, visit = enter(estate), looking(estate, estate.clause)
        words = {"text": "等配件", "remedy": "周五前换好"} | given
        with pytest.raises(Invalid):
            actions.explain_open(finding, visit, by=estate.user("department_lead"), **words)
        with pytest.raises(Denied):
            actions.explain_open(finding, visit, text="a", remedy="b", by=estate.user("front_desk"))
