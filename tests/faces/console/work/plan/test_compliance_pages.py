"""Compliance: the numbers, where they lead, one promise, several projects."""

import datetime as dt
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from factories.org import AssignmentFactory, NodeFactory, ProjectFactory, RoleFactory, user_with
from factories.standards import ClauseFactory, VersionFactory
from factories.tasks import MORNING, site, task
from factories.work import layer

from wuyou.domains.work.actions.rollups import rebuild_day
from wuyou.domains.work.actions.tasks import complete_task, skip_task
from wuyou.domains.work.models import Binding, LineClause, Plan, PlanLine, Task
from wuyou.domains.work.queries import compliance as numbers
from wuyou.domains.work.queries.compliance import Scope
from wuyou.domains.work.queries.overview import overview
from wuyou.domains.work.rules.compliance import Counts
from wuyou.domains.work.rules.periods import Period, period_named
from wuyou.faces.console.work.numbers import TaskLinks, change_words, rate_cell, tone_of
from wuyou.kernel import clock

pytestmark = pytest.mark.django_db
TODAY, DAY, HOUR = dt.date(2026, 11, 20), dt.timedelta(days=1), dt.timedelta(hours=1)


def address(name, *args, query=""):
    return reverse(f"console:work:{name}", args=args) + query


@pytest.fixture
def promise(db):
    """An issued version with one clause, swept daily."""
    version, grade = layer("grade", sweep="1/1 d")
    return version, grade, version.clauses.get()


@pytest.fixture
def estate(moment, promise):
    """Yesterday two in time, one late, one not possible; today one open; last week one not done."""
    made = site()
    version, grade, clause = promise
    Binding.objects.create(
        project=made.project, layer="grade", version=version, grade=grade, starts_on=dt.date(2026, 1, 1), bound_by="x"
    )
    me = made.cleaners[0].user
    opens = MORNING - DAY
    with clock.at(opens + HOUR):
        for place in (0, 2):
            complete_task(task(made, place=place, opens=opens, due=opens + 10 * HOUR, clause=clause), by=me)
        skip_task(task(made, place=0, opens=opens, due=opens + 10 * HOUR, clause=clause), by=me, skip_reason="weather")
    with clock.at(opens + 11 * HOUR):
        complete_task(task(made, place=2, opens=opens, due=opens + 10 * HOUR, clause=clause), by=me)
    task(made, clause=clause)
    week = opens - 8 * DAY
    task(made, place=1, opens=week, due=week + 10 * HOUR, clause=clause)
    for day in (TODAY - DAY, TODAY - 9 * DAY):
        rebuild_day(made.project.pk, day)
    AssignmentFactory(user=made.lead, node=made.project.node, role=RoleFactory(permissions=["work.view_plan"]))
    return made


@pytest.fixture
def web(client):
    """A browser of somebody."""

    def open_as(user, language="en"):
        client.force_login(user)
        client.cookies["django_language"] = language
        return client

    return open_as


class TestPage:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    @pytest.mark.parametrize("by", ["clause", "zone", "team", "person", "day", "project"])
    def test_every_dimension(self, web, estate, by, language):
        page = web(estate.lead, language).get(address("compliance", query=f"?by={by}&period=30"))
        assert page.status_code == 200
        assert page.context["total"] == Counts(on_time=2, late=1, not_done=1, skipped=1, waiting=1)

    def test_seven_days_against_the_seven_before(self, web, estate):
        page = web(estate.lead).get(address("compliance"))
        assert (page.context["rate"], page.context["before"]) == ("50.0%", "0.0%")
        assert page.context["moved"] == "+50.0"
        assert str(page.context["trend"].title) == "Up from 0.0% to 50.0%"

    @pytest.mark.parametrize("period", ["today", "7", "30", "month", "last_month", "custom", "nonsense"])
    def test_every_period(self, web, estate, period):
        query = f"?period={period}&from=2026-11-01&to=nonsense"
        assert web(estate.lead).get(address("compliance", query=query)).status_code == 200

    def test_days_of_ones_own(self, web, estate):
        query = "?period=custom&from=2026-11-11&to=2026-11-11"
        page = web(estate.lead).get(address("compliance", query=query))
        assert page.context["total"] == Counts(not_done=1)

    def test_narrowed_to_a_zone(self, web, estate):
        zone = estate.zones[1]
        page = web(estate.lead).get(address("compliance", query=f"?period=30&zone={zone.pk}&by=clause"))
        assert page.context["total"].due == 1
        assert page.context["narrowed"][0][1] == zone.name

    def test_the_name_of_somebody_elses_zone_is_not_told(self, web, estate):
        other = site()
        page = web(estate.lead).get(address("compliance", query=f"?zone={other.zones[0].pk}"))
        assert page.context["narrowed"][0][1] == str(other.zones[0].pk)

    def test_numbers_lead_to_the_tasks_behind_them(self, web, estate, promise):
        page = web(estate.lead).get(address("compliance", query="?by=clause&period=30"))
        links = page.context["list"].links
        asked = parse_qs(urlsplit(links.url("late", clause=promise[2].pk)).query)
        assert asked == {
            "day_after": ["2026-10-22"], "day_before": ["2026-11-20"], "led": [str(promise[2].pk)],
            "timing": ["done_late"],
        }  # fmt: skip

    def test_the_tasks_behind_a_number_are_as_many(self, web, estate, promise):
        browser = web(estate.lead)
        links = browser.get(address("compliance", query="?period=30")).context["list"].links
        total = Counts(on_time=2, late=1, not_done=1, skipped=1)
        for outcome in ("on_time", "late", "not_done", "skipped", "rejected"):
            found = browser.get(links.url(outcome, clause=promise[2].pk)).context["pages"].total
            assert (outcome, found) == (outcome, getattr(total, outcome))

    def test_who_may_not_see_tasks_gets_no_links(self, web, estate):
        client = user_with("work.view_compliance", at=estate.project)
        page = web(client).get(address("compliance", query="?by=clause"))
        assert page.status_code == 200
        assert reverse("console:work:tasks") + "?day" not in page.content.decode()

    def test_nobody_else(self, web, estate):
        colleague = user_with("work.view_plan", at=estate.project)
        assert web(colleague).get(address("compliance")).status_code == 403
        elsewhere = ProjectFactory(node=NodeFactory(kind="project", parent=NodeFactory()))
        stranger = user_with("work.view_compliance", at=elsewhere)
        assert web(stranger).get(address("compliance")).context["total"] == Counts()

    def test_searched_and_exported(self, web, estate, promise):
        browser = web(estate.lead)
        assert browser.get(address("compliance", query="?by=zone&q=nowhere")).context["pages"].total == 0
        export = browser.get(address("compliance", query="?by=zone&export=csv")).content.decode("utf-8-sig")
        assert "A区" in export

    def test_queries(self, web, estate, queries_of):
        browser = web(estate.lead)
        few = queries_of(browser, address("compliance", query="?by=zone&period=30"))
        assert few <= 14
        for number in range(30):
            with clock.at(MORNING + HOUR):
                task(estate, place=number % 4)
        assert queries_of(browser, address("compliance", query="?by=zone&period=30")) == few

    def test_reasons(self, web, estate):
        page = web(estate.lead).get(address("compliance_reasons"))
        assert page.context["chart"].series[0].values == [1]
        none = web(estate.lead).get(address("compliance_reasons", query="?period=today"))
        assert none.context["chart"] is None


class TestClause:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_the_promise_next_to_its_number(self, web, estate, promise, language):
        page = web(estate.lead, language).get(address("compliance_clause", promise[2].pk))
        assert page.context["total"] == Counts(on_time=2, late=1, skipped=1, waiting=1)
        assert page.context["promises"][0][0] == estate.project.name
        assert [name for name, *_rest in page.context["places"]] == ["0号楼道", "2号楼道"]
        assert len(page.context["failures"]) == 2

    def test_what_else_proves_it(self, web, estate, promise):
        version, _grade, clause = promise
        weaker = ClauseFactory(version=version, values={})
        line = PlanLine.objects.create(
            plan=Plan.objects.create(project=estate.project, number=1, drafted_at=MORNING), project=estate.project,
            key="sweep:1", title="x", activity="sweep", clause=clause, cadence="1/1 d", minutes=Decimal(1),
        )  # fmt: skip
        for one, leads in ((clause, True), (weaker, False)):
            LineClause.objects.create(line=line, clause=one, layer="grade", cadence="1/1 d", is_leading=leads)
        first = Task.objects.filter(day=TODAY - DAY, state="done").order_by("pk").first()
        Task.objects.filter(pk=first.pk).update(line=line)
        page = web(estate.lead).get(address("compliance_clause", weaker.pk))
        assert [code for _url, code in page.context["stricter"]] == [clause.code]
        assert page.context["proving"] == Counts(on_time=1)
        today = web(estate.lead).get(address("compliance_clause", weaker.pk, query="?period=today"))
        assert "None" not in today.content.decode()
        other = web(estate.lead).get(address("compliance_clause", clause.pk))
        assert other.context["also"] == [weaker.code]

    def test_a_clause_nobody_here_is_bound_to_does_not_exist(self, web, estate):
        clause = ClauseFactory(version=VersionFactory(issued=True), values={})
        assert web(estate.lead).get(address("compliance_clause", clause.pk)).status_code == 404


class TestOverview:
    def test_the_weakest_first_with_what_waits(self, web, estate):
        other = ProjectFactory(node=NodeFactory(kind="project", parent=NodeFactory()))
        AssignmentFactory(user=estate.lead, node=other.node, role=RoleFactory(permissions=["work.view_compliance"]))
        plan = Plan.objects.create(project=estate.project, number=1, drafted_at=MORNING, state="review")
        rows = overview(estate.lead)
        assert [row.project for row in rows] == [estate.project, other]
        first = rows[0]
        assert (first.now.rate, first.before.rate) == (Decimal("50.0"), Decimal("0.0"))
        assert (first.late, first.rejected, first.plan_in_review) == (1, 0, plan.pk)
        page = web(estate.lead).get(address("overview")).content.decode()
        assert "Plan in review" in page
        assert other.name in page

    def test_more_projects_take_no_more_queries(self, web, estate, queries_of):
        browser = web(estate.lead)
        few = queries_of(browser, address("overview"))
        for _ in range(5):
            one = ProjectFactory(node=NodeFactory(kind="project", parent=NodeFactory()))
            AssignmentFactory(user=estate.lead, node=one.node, role=RoleFactory(permissions=["work.view_compliance"]))
        assert queries_of(browser, address("overview")) == few


class TestNumbers:
    def test_a_report_equals_its_parts(self, estate):
        scope = Scope((estate.project.pk,), TODAY - 29 * DAY, TODAY)
        found = numbers.report(scope, by="zone", since=TODAY - 59 * DAY)
        assert found.total == numbers.compliance_total(scope)
        assert list(found.rows) == numbers.compliance(scope, by="zone")
        assert list(found.days) == numbers.compliance(scope, by="day")
        assert found.before == Counts()

    def test_by_day_is_read_once(self, estate):
        scope = Scope((estate.project.pk,), TODAY - 29 * DAY, TODAY)
        found = numbers.report(scope, by="day", since=TODAY - 29 * DAY)
        assert found.rows == found.days

    @pytest.mark.parametrize(
        ("rate", "tone"),
        [(None, "muted"), ("100", "ok"), ("95", "ok"), ("94.9", "warn"), ("85", "warn"), ("84.9", "bad")],
    )
    def test_tones(self, rate, tone):
        assert tone_of(Decimal(rate) if rate else None) == tone

    def test_a_rate_of_nothing_is_a_dash(self):
        assert "–" in rate_cell(None)

    @pytest.mark.parametrize(
        ("now", "before", "words"),
        [
            (Counts(on_time=1), Counts(on_time=1), "unchanged"),
            (Counts(on_time=1), Counts(), ""),
            (Counts(on_time=1, late=1), Counts(on_time=1), "−50.0"),
        ],
    )
    def test_changes(self, now, before, words):
        assert change_words(now, before)[0] == words

    def test_links_of_a_day(self):
        links = TaskLinks(Scope((1,), TODAY - 6 * DAY, TODAY, zone=3))
        asked = parse_qs(urlsplit(links.url("skipped", day=TODAY - DAY)).query)
        assert asked == {
            "day_after": ["2026-11-19"], "day_before": ["2026-11-19"], "zone": ["3"], "state": ["skipped"],
        }  # fmt: skip
        assert TaskLinks(links.scope, is_allowed=False).url("due") == ""


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("today", TODAY, TODAY),
        ("7", TODAY - 6 * DAY, TODAY),
        ("30", TODAY - 29 * DAY, TODAY),
        ("month", dt.date(2026, 11, 1), TODAY),
        ("last_month", dt.date(2026, 10, 1), dt.date(2026, 10, 31)),
        ("nonsense", TODAY - 6 * DAY, TODAY),
        ("custom", TODAY - 6 * DAY, TODAY),
    ],
)
def test_named_periods(code, first, last):
    found = period_named(code, today=TODAY)
    assert (found.first, found.last) == (first, last)
    assert found.before == Period(first - found.days * DAY, first - DAY)


def test_a_period_of_ones_own_is_put_in_order_and_cut():
    found = period_named("custom", today=TODAY, first=TODAY, last=dt.date(2020, 1, 1))
    assert (found.last, found.days) == (TODAY, 732)
    short = period_named("custom", today=TODAY, first=TODAY, last=TODAY - 2 * DAY)
    assert (short.first, short.last) == (TODAY - 2 * DAY, TODAY)
