"""Pages of plans: coverage, lines, time, changes, the way to publication."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from factories.org import user_with
from factories.standards import SubjectFactory
from factories.work import bound, clause, stair

from wuyou.domains.standards.models import Clause
from wuyou.domains.work.actions.drafting import draft_plan
from wuyou.domains.work.actions.plan import submit_plan
from wuyou.domains.work.models import Binding, Plan, PlanLine, WorkloadSetting

pytestmark = pytest.mark.django_db

PAGES = (
    "plan_version", "plan_lines", "plan_workload", "plan_calendar", "plan_year", "plan_matrix", "plan_changes",
)  # fmt: skip


def address(name, *args, query=""):
    return reverse(f"console:work:{name}", args=args) + query


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_plan_opens(web, plan, name, language):
    answer = web(language=language).get(address(name, plan.pk))
    assert answer.status_code == 200
    assert plan.project.name in answer.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_plans_of_other_projects_do_not_exist(web, plan, stranger, colleague, name):
    assert web(stranger).get(address(name, plan.pk)).status_code == 404
    assert web(colleague).get(address(name, plan.pk)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_pages_take_few_queries(web, plan, queries_of, name):
    assert queries_of(web(), address(name, plan.pk)) <= 20


def test_coverage_names_what_is_amiss(web, site):
    bound(site, "service_set", dig="1/1 w")
    dig = site.bindings["service_set"].version.clauses.get()
    Clause.objects.filter(pk=dig.pk).update(subject_name="nothing known")
    plan = draft_plan(site.project, by=site.planner)
    page = web().get(address("plan_version", plan.pk)).content.decode()
    assert "The subject is not in the table of subjects" in page
    shown = web().get(address("plan_version", plan.pk, query="?show=open")).content.decode()
    assert dig.code in shown
    proven = site.bindings["grade"].version.clauses.first()
    assert f"</span>{proven.subject_name}" not in shown


def test_lines_are_filtered_searched_and_exported(web, plan, site):
    browser = web()
    everything = browser.get(address("plan_lines", plan.pk))
    assert everything.context["pages"].total == 6
    sweep = browser.get(address("plan_lines", plan.pk, query="?activity=sweep"))
    assert sweep.context["pages"].total == 3
    one = browser.get(address("plan_lines", plan.pk, query=f"?zone={site.zones[1].pk}"))
    assert one.context["pages"].total == 2
    clause = plan.lines.filter(activity="wipe").first().clause_id
    assert browser.get(address("plan_lines", plan.pk, query=f"?clause={clause}")).context["pages"].total == 3
    assert browser.get(address("plan_lines", plan.pk, query="?q=nowhere")).context["pages"].total == 0
    assert browser.get(address("plan_lines", plan.pk, query="?by_hand=true")).context["pages"].total == 0
    export = browser.get(address("plan_lines", plan.pk, query="?export=csv"))
    assert export.status_code == 200
    assert len(export.content.decode("utf-8-sig").strip().splitlines()) >= 7


def test_more_lines_take_no_more_queries(web, site, queries_of):
    small = draft_plan(site.project, by=site.planner)
    browser = web()
    few = queries_of(browser, address("plan_lines", small.pk))
    for _ in range(20):
        stair(site.root, site.zones[0])
    large = draft_plan(site.project, by=site.planner)
    assert large.lines.count() > 40
    assert queries_of(browser, address("plan_lines", large.pk)) == few


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_line_says_what_it_proves(web, plan, language):
    line = plan.lines.filter(activity="sweep").first()
    page = web(language=language).get(address("plan_line", line.pk))
    assert page.status_code == 200
    assert page.context["proofs"][0][0].is_leading
    assert len(page.context["times"]) == 6


def test_a_line_of_another_project_does_not_exist(web, plan, stranger):
    assert web(stranger).get(address("plan_line", plan.lines.first().pk)).status_code == 404


class TestByHand:
    def form(self, line, **changes):
        given = {
            "cadence": line.cadence, "minutes": str(line.minutes), "team": line.team_id or "",
            "assignee": line.assignee_id or "", "reason": "measured",
        }  # fmt: skip
        return given | changes

    def test_minutes_are_changed_with_a_reason(self, web, draft):
        line = draft.lines.filter(activity="sweep").first()
        url = address("plan_line_change", line.pk)
        assert web().get(url).status_code == 200
        assert web().post(url, self.form(line, minutes="9.5")).status_code == 302
        line.refresh_from_db()
        assert (line.minutes, line.override_reason) == (Decimal("9.5"), "measured")
        assert set(line.overrides) == {"minutes"}
        shown = web().get(address("plan_line", line.pk)).content.decode()
        assert "measured" in shown

    def test_a_looser_frequency_is_refused_at_its_field(self, web, draft):
        line = draft.lines.filter(activity="sweep").first()
        answer = web().post(address("plan_line_change", line.pk), self.form(line, cadence="1/1 y"))
        assert answer.status_code == 422
        assert answer.context["form"].errors["cadence"]

    def test_nothing_changed_is_said(self, web, draft):
        line = draft.lines.first()
        assert web().post(address("plan_line_change", line.pk), self.form(line)).status_code == 422

    def test_a_plan_in_force_is_not_changed(self, web, plan):
        line = plan.lines.first()
        answer = web().post(address("plan_line_change", line.pk), self.form(line, minutes="1"))
        assert answer.status_code == 422
        line.refresh_from_db()
        assert line.minutes != 1

    def test_a_reader_changes_nothing(self, web, site, draft):
        reader = user_with("work.view_plan", at=site.project)
        url = address("plan_line_change", draft.lines.first().pk)
        assert web(reader).get(url).status_code == 403

    def test_a_line_without_a_clause_is_added_and_removed(self, web, site, draft):
        browser, url = web(), address("plan_line_new", draft.pk)
        assert browser.get(url).status_code == 200
        given = {
            "title": "Oil the gate", "activity": "sweep", "cadence": "1/1 m", "minutes": "5", "team": site.team.pk,
            "evidence": "photo", "place_code": "", "asset_code": "",
        }  # fmt: skip
        assert browser.post(url, given).status_code == 302
        line = draft.lines.get(is_custom=True)
        assert line.title == "Oil the gate"
        assert browser.post(address("plan_line_remove", line.pk)).status_code == 302
        assert not PlanLine.objects.filter(pk=line.pk).exists()

    def test_a_code_of_nothing_is_refused(self, web, site, draft):
        given = {
            "title": "x", "activity": "sweep", "cadence": "1/1 m", "minutes": "5", "team": site.team.pk,
            "evidence": "", "place_code": "NO-SUCH", "asset_code": "",
        }  # fmt: skip
        answer = web().post(address("plan_line_new", draft.pk), given)
        assert answer.status_code == 422
        assert answer.context["form"].errors["place_code"]


class TestWay:
    def test_a_plan_is_drafted_submitted_and_published(self, web, site):
        browser = web()
        answer = browser.post(address("plan_draft", site.project.pk))
        assert answer.status_code == 302
        plan = Plan.objects.get()
        assert browser.get(address("plan_of", site.project.pk)).headers["Location"] == address("plan_version", plan.pk)
        browser.post(address("plan_step", plan.pk, "submit"))
        plan.refresh_from_db()
        assert plan.state == "review"
        assert browser.get(address("plan_publish", plan.pk)).status_code == 200
        given = {"effective_from": "2026-11-20"}
        assert browser.post(address("plan_publish", plan.pk), given).status_code == 302
        plan.refresh_from_db()
        assert (plan.state, plan.effective_from) == ("published", dt.date(2026, 11, 20))

    def test_a_day_that_is_too_early_is_refused_at_its_field(self, web, site, draft):
        submit_plan(draft, by=site.planner)
        answer = web().post(address("plan_publish", draft.pk), {"effective_from": "2026-11-20"})
        assert answer.status_code == 422
        assert answer.context["form"].errors["effective_from"]

    def test_a_plan_is_sent_back_with_a_remark(self, web, site, draft):
        submit_plan(draft, by=site.planner)
        assert web().post(address("plan_send_back", draft.pk), {"remark": ""}).status_code == 422
        assert web().post(address("plan_send_back", draft.pk), {"remark": "too few"}).status_code == 302
        draft.refresh_from_db()
        assert (draft.state, draft.remark) == ("draft", "too few")
        assert "too few" in web().get(address("plan_version", draft.pk)).content.decode()

    def test_a_draft_is_laid_aside(self, web, draft):
        web().post(address("plan_step", draft.pk, "discard"))
        draft.refresh_from_db()
        assert draft.state == "discarded"

    def test_an_unknown_step_does_not_exist(self, web, draft):
        assert web().post(address("plan_step", draft.pk, "burn")).status_code == 404

    def test_a_reader_publishes_nothing(self, web, site, draft):
        reader = user_with("work.view_plan", at=site.project)
        assert web(reader).post(address("plan_step", draft.pk, "submit")).status_code == 403
        assert web(reader).post(address("plan_draft", site.project.pk)).status_code == 403

    def test_drafting_without_a_binding_says_why(self, web, site):
        Binding.objects.update(starts_on=dt.date(2027, 1, 1))
        answer = web().post(address("plan_draft", site.project.pk), follow=True)
        assert "Bind the project to a standard first." in answer.content.decode()


class TestList:
    def test_versions_are_listed(self, web, draft):
        page = web().get(address("plan"))
        assert page.context["pages"].total == 2
        assert web().get(address("plan", query="?state=draft")).context["pages"].total == 1

    def test_nobody_else_sees_it(self, web, plan, stranger, colleague):
        assert web(stranger).get(address("plan")).context["pages"].total == 0
        assert web(colleague).get(address("plan")).status_code == 403

    def test_workload_in_the_menu_leads_to_the_plan_in_force(self, web, plan, stranger):
        assert web().get(address("workload")).headers["Location"] == address("plan_workload", plan.pk)
        assert web(stranger).get(address("workload")).headers["Location"] == address("plan")

    def test_a_project_without_a_plan_leads_to_the_list(self, web, site):
        assert web().get(address("plan_of", site.project.pk)).headers["Location"] == address("plan")


class TestTimes:
    def test_the_month_counts_what_falls_due(self, web, plan):
        page = web().get(address("plan_calendar", plan.pk, query="?month=2026-11"))
        assert page.context["tasks"] == 3 * 30 + 3
        assert page.context["occasions"] == [(dt.date(2026, 11, 30), "Wipe × 3")]

    @pytest.mark.parametrize("month", ["", "nonsense", "2026-13"])
    def test_nonsense_is_this_month(self, web, plan, month):
        page = web().get(address("plan_calendar", plan.pk, query=f"?month={month}"))
        assert (page.context["picture"].year, page.context["picture"].month) == (2026, 11)

    def test_rare_work_alone(self, web, plan):
        everything = web().get(address("plan_year", plan.pk)).context["picture"]
        assert sorted(row.label for row in everything.rows) == ["Sweep", "Wipe"]
        rare = web().get(address("plan_year", plan.pk, query="?show=rare&year=2027")).context["picture"]
        assert (len(rare.rows), rare.year) == (1, 2027)
        assert len(rare.rows[0].bars) == 1  # every month: one bar

    def test_zone_by_clause(self, web, plan):
        picture = web().get(address("plan_matrix", plan.pk)).context["picture"]
        assert [cell.value for cell in picture.rows[0].cells] == [2, 1]
        often = web().get(address("plan_matrix", plan.pk, query="?show=often")).context["picture"]
        assert often.rows[0].cells[0].text == "730"


class TestWorkload:
    def test_assumptions_are_changed(self, web, plan):
        url = address("plan_assumptions", plan.pk)
        assert web().get(url).status_code == 200
        given = {"yearly_hours": 2000, "leave_days": 10, "absence_percent": "3", "day_minutes": 450}
        assert web().post(url, given).status_code == 302
        assert WorkloadSetting.objects.get().yearly_hours == 2000

    def test_what_leaves_nothing_is_refused(self, web, plan):
        given = {"yearly_hours": 100, "leave_days": 50, "absence_percent": "3", "day_minutes": 450}
        assert web().post(address("plan_assumptions", plan.pk), given).status_code == 422

    def test_a_gate_for_a_day_needs_four_and_a_half(self, web, site):
        bound(site, "contract")
        version = site.bindings["contract"].version
        clause(version, "门岗", "24", kind="hours_per_day")
        SubjectFactory(name="门岗", activity="gate_guard", team="秩序", unit="post", matches_place=[])
        plan = draft_plan(site.project, by=site.planner)
        page = web().get(address("plan_workload", plan.pk)).content.decode()
        assert "needs 4.42 heads" in page
        assert "There are 0 guards, enough for 0." in page
