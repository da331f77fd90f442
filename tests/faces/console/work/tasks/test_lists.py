"""Tasks, problems, absences and ledgers as lists; the board; many tasks at once."""

import datetime as dt
from decimal import Decimal

import pytest
from factories.tasks import MORNING, plan_line, task

from wuyou.domains.work.actions.problems import Found, open_problem
from wuyou.domains.work.actions.tasks import complete_task
from wuyou.domains.work.models import Absence, DisinfectionEntry, RefuseEntry, Task
from wuyou.kernel import clock

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def lead(estate, web):
    return web(estate.lead)


def shown(browser, query):
    """Ids of the tasks a query shows."""
    return {row.pk for row in browser.get(f"/tasks/?{query}").context["pages"].items}


class TestTasks:
    def test_today_is_shown_first(self, lead):
        answer = lead.get("/tasks/")
        assert (answer.status_code, answer["Location"]) == (302, "/tasks/?when=today")

    @pytest.fixture
    def rows(self, estate):
        one = {
            "late": task(estate, due=MORNING + HOUR),
            "soon": task(estate, due=MORNING + HOUR + dt.timedelta(minutes=30)),
            "now": task(estate),
            "not_yet": task(estate, opens=MORNING + 3 * HOUR),
            "in_time": complete_task(task(estate), by=estate.cleaners[0].user),
            "too_late": complete_task(task(estate, due=MORNING + HOUR), by=estate.cleaners[0].user),
            "rejected": task(estate, state="rejected"),
            "tomorrow": task(estate, opens=MORNING + 24 * HOUR),
            "nobody": task(estate, assignee=None, place=1),
        }
        return {name: row.pk for name, row in one.items()}

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("timing=late", {"late"}),
            ("timing=due_soon", {"soon"}),
            ("timing=now", {"soon", "now", "nobody"}),
            ("timing=not_yet", {"not_yet", "tomorrow"}),
            ("timing=done_in_time", {"in_time"}),
            ("timing=done_late", {"too_late"}),
            ("state=rejected", {"rejected"}),
            ("when=tomorrow", {"tomorrow"}),
            ("person=nobody", {"nobody"}),
            ("day_after=2026-11-21&day_before=2026-11-21", {"tomorrow"}),
            ("review=none&state=done", {"in_time", "too_late"}),
            ("activity=sweep&when=tomorrow", {"tomorrow"}),
            ("q=1号楼道&when=all", {"nobody"}),
            ("q=S1&when=all", {"nobody"}),
        ],
    )
    def test_filters(self, lead, rows, query, names):
        assert shown(lead, query) == {rows[name] for name in names}

    def test_all_and_the_week(self, lead, rows):
        assert shown(lead, "when=all") == shown(lead, "when=week") == set(rows.values())

    def test_of_a_zone_and_of_a_person(self, lead, estate, rows):
        assert shown(lead, f"zone={estate.zones[1].pk}") == {rows["nobody"]}
        assert shown(lead, f"person={estate.cleaners[0].pk}&team={estate.team.pk}") == set(rows.values()) - {
            rows["nobody"]
        }

    def test_the_same_queries_for_one_and_for_fifty(self, lead, estate, queries_of):
        counts = []
        for number in (1, 50):
            for _extra in range(number):
                task(estate)
            counts.append(queries_of(lead, "/tasks/?when=today"))
        assert counts[0] == counts[1] <= 12

    def test_many_are_handed_over(self, lead, estate):
        ids = [task(estate).pk for _number in range(3)]
        other = estate.cleaners[2]
        asked = lead.post("/tasks/?when=today", {"bulk": "hand_over", "id": ids})
        assert asked.status_code == 200
        given = {"bulk": "hand_over", "confirmed": "1", "id": ids, "to": other.pk, "reason": "换班"}
        lead.post("/tasks/?when=today", given)
        assert set(Task.objects.values_list("assignee", flat=True)) == {other.pk}

    def test_many_are_withdrawn(self, lead, estate):
        ids = [task(estate).pk for _number in range(2)]
        lead.post("/tasks/?when=today", {"bulk": "withdraw", "confirmed": "1", "id": ids, "reason": "停工"})
        assert set(Task.objects.values_list("state", flat=True)) == {"withdrawn"}

    def test_who_only_works_has_no_bulk_actions(self, web, estate):
        task(estate)
        answer = web(estate.cleaners[0].user).get("/tasks/?when=today")
        assert (list(answer.context["bulk"]), len(answer.context["pages"].items)) == ([], 1)

    def test_the_list_goes_into_a_file(self, lead, estate):
        task(estate)
        answer = lead.get("/tasks/?when=today&export=csv")
        assert "0号楼道 清扫" in b"".join(answer).decode("utf-8-sig")


class TestBoard:
    def test_people_with_their_day(self, lead, estate):
        complete_task(task(estate), by=estate.cleaners[0].user)
        task(estate, due=MORNING + HOUR)
        task(estate, minutes=Decimal(600), place=1)
        task(estate, assignee=None)
        Absence.objects.create(staff=estate.cleaners[1], kind="sick", starts_on=clock.today(), ends_on=clock.today())
        (team,) = lead.get("/board/").context["teams"]
        lines = {line.row.staff.name if line.row.staff else "": line for line in team.lines}
        assert (team.total, team.done, team.late, team.impossible) == (4, 1, 1, 1)
        assert (lines["员工C1"].row.is_absent, lines["员工C1"].tone, lines["员工C1"].load_percent) == (True, "bad", 100)
        assert [person.name for person in team.idle] == ["员工C2"]
        assert team.lines[0].row.staff is None  # what nobody is named for stands first

    def test_a_line_leads_to_the_tasks_behind_it(self, lead, estate):
        row = task(estate, assignee=None)
        (team,) = lead.get("/board/").context["teams"]
        assert [one.pk for one in lead.get(team.lines[0].url).context["pages"].items] == [row.pk]

    @pytest.mark.parametrize(("asked", "day"), [("2026-11-21", 21), ("nonsense", 20), ("2026-13-40", 20)])
    def test_other_days(self, lead, asked, day):
        assert lead.get(f"/board/?day={asked}").context["day"].day == day


class TestReview:
    def test_the_sample_shrinks_as_it_is_judged(self, lead, estate):
        rows = [complete_task(task(estate, note="ok"), by=estate.cleaners[0].user) for _number in range(3)]
        assert len(lead.get("/review/").context["items"]) == 3
        part = lead.post(f"/review/{rows[0].pk}/accept/", headers={"HX-Request": "true"})
        assert "Accepted" in part.content.decode()
        lead.post(f"/review/{rows[1].pk}/reject/", {"text": "模糊"})
        assert [item.task.pk for item in lead.get("/review/").context["items"]] == [rows[2].pk]
        assert dict(Task.objects.values_list("pk", "review")) == {
            rows[0].pk: "accepted", rows[1].pk: "rejected", rows[2].pk: "",
        }  # fmt: skip

    def test_rejecting_wants_a_reason(self, lead, estate):
        row = complete_task(task(estate), by=estate.cleaners[0].user)
        assert lead.post(f"/review/{row.pk}/reject/", {"text": ""}).status_code == 422

    def test_there_are_two_verdicts(self, lead, estate):
        row = complete_task(task(estate), by=estate.cleaners[0].user)
        assert lead.post(f"/review/{row.pk}/burn/").status_code == 404

    def test_nobody_judges_their_own_work(self, lead, estate):
        row = complete_task(task(estate), by=estate.lead)
        assert lead.post(f"/review/{row.pk}/accept/").status_code == 403

    def test_the_same_queries_for_one_and_for_ten(self, lead, estate, queries_of):
        counts = []
        for number in (1, 9):
            for _extra in range(number):
                complete_task(task(estate), by=estate.cleaners[0].user)
            counts.append(queries_of(lead, "/review/"))
        assert counts[0] == counts[1] <= 12


class TestProblems:
    @pytest.fixture
    def problem(self, estate):
        return open_problem(task(estate), found=Found("漏水", "critical"), by=estate.cleaners[0].user)

    def test_the_life_of_a_problem(self, lead, problem):
        address = f"/problems/{problem.pk}/"
        steps = [
            ("acknowledge", {}, "acknowledged"), ("resolve", {"remedy": "换管"}, "resolved"),
            ("reopen", {}, "acknowledged"), ("resolve", {"remedy": "再换"}, "resolved"), ("close", {}, "closed"),
        ]  # fmt: skip
        for step, given, state in steps:
            assert lead.post(f"{address}step/{step}/", given).status_code == 302
            problem.refresh_from_db()
            assert problem.state == state
        page = lead.get(address)
        assert (page.context["steps"], "再换" in page.content.decode()) == ([], True)

    def test_solving_wants_words_and_steps_their_order(self, lead, problem):
        assert lead.post(f"/problems/{problem.pk}/step/resolve/", {"remedy": ""}).status_code == 422
        assert lead.post(f"/problems/{problem.pk}/step/close/").status_code == 409

    def test_its_clock_runs(self, lead, problem):
        page = lead.get(f"/problems/{problem.pk}/")
        assert [str(one["label"]) for one in page.context["clocks"]] == ["To be looked at"]

    def test_the_finder_sees_it_and_may_add_photos(self, web, estate, problem):
        from factories.tasks import photo

        browser = web(estate.cleaners[0].user)
        assert browser.get(f"/problems/{problem.pk}/").status_code == 200
        part = browser.post(f"/problems/{problem.pk}/photos/", {"photos": photo()}, headers={"HX-Request": "true"})
        assert part.content.decode().count("<img") == 1

    def test_seen_in_passing(self, web, estate):
        browser = web(estate.cleaners[0].user)
        address = f"/problems/new/place/{estate.places[3].pk}/"
        assert browser.post(address, {"severity": "minor"}).status_code == 422
        answer = browser.post(address, {"text": "灯不亮", "severity": "minor"})
        assert browser.get(answer["Location"]).context["problem"].place == estate.places[3]

    def test_the_list_counts_alike(self, lead, estate, queries_of):
        counts = []
        for number in (1, 20):
            for _extra in range(number):
                open_problem(task(estate), found=Found("漏水"), by=estate.cleaners[0].user)
            counts.append(queries_of(lead, "/problems/?q=漏"))
        assert counts[0] == counts[1] <= 12


class TestAbsence:
    def given(self, estate, **other):
        today = clock.today().isoformat()
        return {"staff": estate.cleaners[0].pk, "kind": "sick", "starts_on": today, "ends_on": today} | other

    def test_first_a_look_then_the_record(self, lead, estate):
        for _number in range(3):
            task(estate)
        look = lead.post("/absence/new/", self.given(estate))
        share = {person.name: count for person, count in look.context["share"].items()}
        assert (share, Absence.objects.count()) == ({"员工C2": 3}, 0)
        lead.post("/absence/new/", self.given(estate, confirmed="1"))
        assert set(Task.objects.values_list("assignee__name", flat=True)) == {"员工C2"}
        assert len(lead.get("/absence/?away=true").context["pages"].items) == 1

    def test_wrong_days_are_said_at_their_field(self, lead, estate):
        answer = lead.post("/absence/new/", self.given(estate, ends_on="2026-11-19"))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["ends_on"])

    def test_the_same_days_twice_are_refused(self, lead, estate):
        lead.post("/absence/new/", self.given(estate, confirmed="1"))
        assert lead.post("/absence/new/", self.given(estate, confirmed="1")).status_code == 422

    def test_cancelling(self, lead, estate):
        lead.post("/absence/new/", self.given(estate, confirmed="1"))
        row = Absence.objects.get()
        assert lead.post(f"/absence/{row.pk}/cancel/").status_code == 302
        assert lead.post(f"/absence/{row.pk}/cancel/").status_code == 409
        assert "Cancelled" in lead.get(f"/absence/{row.pk}/").content.decode()


class TestLedgers:
    def disinfection(self, estate, **other):
        return {
            "place": estate.places[0].name, "at": "2026-11-20T08:30", "agent": "含氯消毒剂", "area_m2": "120",
            "concentration_mg_l": "500",
        } | other  # fmt: skip

    def test_a_disinfection_is_entered(self, lead, estate):
        lead.post("/ledgers/disinfection/new/", self.disinfection(estate))
        row = DisinfectionEntry.objects.get()
        assert (row.place, row.agent, clock.local(row.at).hour) == (estate.places[0], "含氯消毒剂", 8)
        assert "含氯消毒剂" in lead.get("/ledgers/").content.decode()

    def test_a_place_nobody_knows_is_said_at_its_field(self, lead, estate):
        answer = lead.post("/ledgers/disinfection/new/", self.disinfection(estate, place="月球"))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["place"])

    def test_rules_of_the_ledger_come_back_to_their_fields(self, lead, estate):
        answer = lead.post("/ledgers/disinfection/new/", self.disinfection(estate, area_m2="0"))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["area_m2"])

    def test_a_wrong_entry_is_corrected_once(self, lead, estate):
        lead.post("/ledgers/disinfection/new/", self.disinfection(estate))
        first = DisinfectionEntry.objects.get()
        address = f"/ledgers/disinfection/{first.pk}/"
        assert lead.get(address).context["form"]["place"].value() == estate.places[0].name
        lead.post(address, self.disinfection(estate, area_m2="130"))
        assert DisinfectionEntry.objects.get(corrects=first).area_m2 == 130
        assert lead.post(address, self.disinfection(estate)).status_code == 422

    def test_refuse_is_entered_and_corrected(self, lead, estate):
        given = {"place": "S1", "at": "2026-11-20T07:00", "sort": "kitchen", "weight_kg": "88.5"}
        lead.post("/ledgers/refuse/new/", given)
        row = RefuseEntry.objects.get()
        assert (row.place, row.weight_kg) == (estate.places[1], Decimal("88.5"))
        lead.post(f"/ledgers/refuse/{row.pk}/", given | {"weight_kg": "90", "is_overflowing": "on"})
        assert RefuseEntry.objects.get(corrects=row).is_overflowing
        assert len(lead.get("/ledgers/refuse/?sort=kitchen&is_overflowing=true").context["pages"].items) == 1


def test_tasks_of_a_clause_count_where_it_leads_and_where_it_is_covered(lead, estate):
    from factories.standards import ClauseFactory

    from wuyou.domains.work.models import LineClause

    clause, line = ClauseFactory(), plan_line(estate)
    covered = task(estate, line=line)
    LineClause.objects.create(line=line, clause=clause, layer="grade", cadence="1/1 d")
    leading = task(estate, clause=clause)
    task(estate)
    rows = lead.get(f"/tasks/?clause={clause.pk}")
    assert rows.status_code == 200
    assert {covered.pk, leading.pk} <= {row.pk for row in rows.context["pages"].items}
