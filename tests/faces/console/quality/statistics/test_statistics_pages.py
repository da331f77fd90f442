"""Statistics of quality on the console: what each says, where it leads, what it costs."""

from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories.inspected import corrected, inspected, sheet
from factories.org import UserFactory, user_with
from factories.quality import finding
from factories.standards import ClauseFactory

from wuyou.domains.quality.models import Correction
from wuyou.domains.quality.queries.statistics import Placed
from wuyou.faces.console.quality.statistics_projects import _tone
from wuyou.kernel import clock

from .conftest import DAY, TODAY, another, some

PAGES = ("statistics", "statistics_times", "statistics_projects", "statistics_inspectors", "statistics_causes")
MOST = 12


def address(page: str, query: str = "") -> str:
    return reverse(f"console:quality:{page}") + query


def asked(browser, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as found:
        assert browser.get(url).status_code == 200
    return [one["sql"][:240] for one in found.captured_queries]


@pytest.mark.parametrize("page", PAGES)
def test_rows_cost_no_queries(group, viewer, web, page):
    some(group, 4, 2)
    browser = web(viewer)
    asked(browser, address(page))
    few = asked(browser, address(page))
    some(group, 6, 3)
    many = asked(browser, address(page))
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= MOST, "\n".join(many)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_in_both_languages(group, viewer, web, page, language):
    some(group, 5, 3)
    answer = web(viewer, language).get(address(page))
    assert answer.status_code == 200
    assert answer.context["days"] in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_without_anything_published_every_page_says_so(viewer, web, page):
    body = web(viewer).get(address(page)).content.decode()
    assert "data-chart" not in body
    assert "Statistics" in body


@pytest.mark.parametrize("page", PAGES)
def test_whoever_lacks_the_right_is_refused(group, web, page):
    assert web(user_with("work.view_tasks", at=group)).get(address(page)).status_code == 403


def test_tabs_are_those_one_may_open(group, web):
    page = web(user_with("quality.view_inspections", "work.view_tasks", at=group)).get(address("statistics"))
    assert [str(tab.label) for tab in page.context["tabs"]] == ["Is it stable", "Projects compared"]


class TestStability:
    def test_charts_say_what_they_show_and_lead_to_inspections(self, project, viewer, web):
        version = sheet(20)
        for step in range(9):
            inspected(TODAY - (9 - step) * DAY, "p" * 19 + "f", project=project, sheet_version=version)
        last = inspected(TODAY, "f" * 12 + "p" * 8, project=project, sheet_version=version)
        page = web(viewer).get(address("statistics"))
        rate, found = page.context["charts"]
        assert rate.title == f"20 Nov {last.number} stands out below the limits: 40.0, usual is 89.5%"
        assert rate.series[0].marks == [7, 8, 9]  # with so low a last one, eight in a row lie above the mean
        assert [str(value) for value in rate.series[0].values] == ["95.0"] * 9 + ["40.0"]
        assert found.title == f"20 Nov {last.number} stands out above the limits: 12.0, usual is 2.1"
        assert rate.series[0].urls[9] == reverse("console:quality:inspection", args=[last.pk])
        assert "Lower limit" in page.content.decode()

    def test_points_by_month_lead_to_the_inspections_of_the_month(self, project, viewer, web):
        inspected(TODAY, "pf", project=project, level="city")
        page = web(viewer).get(address("statistics", "?by=month&level=city&months=3"))
        (url,) = page.context["charts"][0].series[0].urls
        assert parse_qs(urlsplit(url).query) == {
            "day_after": ["2026-11-01"], "day_before": ["2026-11-30"], "level": ["city"], "state": ["published"],
        }  # fmt: skip
        assert page.context["days"] == "Fri 21 Aug – Fri 20 Nov"

    def test_a_level_and_a_project_narrow(self, group, project, viewer, web):
        inspected(TODAY, "pf", project=project, level="city")
        inspected(TODAY, "pp", project=another(group, "别处"), level="region")

        def sizes(query: str) -> list[str]:
            found = web(viewer).get(address("statistics", query)).context["charts"]
            return [str(value) for value in found[0].series[0].values]

        assert sorted(sizes("?project=all")) == ["100.0", "50.0"]
        assert sizes("?project=all&level=region") == ["100.0"]
        assert sizes(f"?project={project.code}") == ["50.0"]

    @pytest.mark.parametrize("query", ["?months=7", "?months=x", "?level=nonsense", "?by=year", "?months="])
    def test_nonsense_is_as_if_it_were_not_there(self, project, viewer, web, query):
        inspected(TODAY, "pf", project=project)
        page = web(viewer).get(address("statistics", query))
        assert (page.context["asked"].months, page.context["asked"].window.level) == ("12", "")
        assert len(page.context["charts"]) == 2

    def test_wide_limits_say_why(self, project, viewer, web):
        version = sheet(20)
        for step in range(10):
            failed = 2 if step % 2 else 10
            inspected(TODAY - step * DAY, "f" * failed + "p" * (20 - failed), project=project, sheet_version=version)
        rate = web(viewer).get(address("statistics")).context["charts"][0]
        assert rate.title == "Steady around 70.0%: nothing but the usual ups and downs"
        assert rate.note.endswith("limits 3.5 times as wide, for the points vary more than chance alone explains")

    def test_a_hidden_visit_stays_hidden(self, project, viewer, web):
        inspected(TODAY, "pf", project=project, state="submitted", is_hidden=True)
        assert web(viewer).get(address("statistics")).context["charts"] == []


class TestTimes:
    def test_days_until_proved_and_verified(self, project, viewer, web):
        at = clock.now() - 30 * DAY
        rows = [corrected(at + step * DAY, days=2.0, verified=1.0, project=project) for step in range(9)]
        slow = corrected(at + 9 * DAY, days=12.0, verified=1.0, project=project)
        page = web(viewer).get(address("statistics_times"))
        proved, jumps, verified, calm = page.context["charts"]
        assert proved.title == f"11 Nov {slow.number} stands out above the limits: 12.0, usual is 3.0 days"
        assert proved.series[0].urls[0] == reverse("console:quality:finding", args=[rows[0].pk])
        assert jumps.title == "From one to the next the times jump more than usual in 1 place"
        assert verified.title == "Steady around 1.0 days: nothing but the usual ups and downs"
        assert calm.title == "From one to the next the times vary as usual"
        assert all(value >= 0 for value in proved.limits[1].values)


class TestProjects:
    def test_funnels_and_ranks(self, group, viewer, web):
        version = sheet(40)
        for number, (failed, score) in enumerate([(2, 94), (2, 93), (3, 92), (20, 60)]):
            site = another(group, f"小区{number}")
            for step in range(3):
                inspected(TODAY - step * DAY, "f" * failed + "p" * (40 - failed), project=site, sheet_version=version,
                          score=Decimal(score + step))  # fmt: skip
        page = web(viewer).get(address("statistics_projects"))
        rates, scores = page.context["pictures"]
        assert rates.title == "Worse than chance explains: 小区3"
        assert {dot.label: dot.tone for dot in rates.dots}["小区3"] == "bad"
        assert [curve.label for curve in rates.curves] == [
            "All projects", "95% limits", "95% limits", "99.8% limits", "99.8% limits",
        ]  # fmt: skip
        assert "小区3" in scores.title
        assert page.context["ranking_says"].startswith("1 of 4 projects has a certain rank")
        last = page.context["ranking"][-1]
        assert (last["name"], last["place"], str(last["observed"]), last["count"]) == ("小区3", "4", "61.0", 3)
        assert last["url"].startswith(reverse("console:quality:statistics") + "?months=12&project=")

    def test_much_spread_widens_the_limits_and_says_so(self, group, viewer, web):
        version = sheet(20)
        for number in range(10):
            failed = 2 if number % 2 else 14
            inspected(TODAY, "f" * failed + "p" * (20 - failed), project=another(group, f"小区{number}"),
                      sheet_version=version)  # fmt: skip
        (rates,) = web(viewer).get(address("statistics_projects")).context["pictures"]
        assert rates.title == "No project differs from the others by more than chance"
        assert "7.5 times as much" in rates.note

    def test_better_and_perhaps_worse_have_tones_of_their_own(self):
        tones = {
            name: _tone(Placed(1, "P", "x", 10, value, standing), 80.0)
            for name, value, standing in (
                ("in", 80, "inside"), ("worse", 60, "alarm"), ("perhaps", 70, "warning"), ("better", 99, "alarm"),
            )
        }  # fmt: skip
        assert tones == {"in": "accent", "worse": "bad", "perhaps": "warn", "better": "ok"}

    def test_too_few_inspections_have_no_rank(self, group, viewer, web):
        for number in range(4):
            site = another(group, f"小区{number}")
            for step in range(3 if number else 1):
                inspected(TODAY, "p", project=site, score=Decimal(90 - number - step))
        page = web(viewer).get(address("statistics_projects"))
        assert page.context["ranking"][-1]["place"] == "too few to rank"


class TestInspectors:
    def test_who_is_strict_and_who_agrees(self, group, viewer, web):
        strict, kind, version = UserFactory(full_name="严"), UserFactory(full_name="宽"), sheet(4)
        for number in range(4):
            site = another(group, f"小区{number}")
            one = inspected(
                TODAY, "pppf", project=site, sheet_version=version, inspector=kind, score=Decimal(90 + number)
            )
            two = inspected(TODAY, "ppff", project=site, sheet_version=version, inspector=strict,
                            score=Decimal(80 + number + number % 2), second_of=one)  # fmt: skip
        page = web(viewer).get(address("statistics_inspectors"))
        assert page.context["severity"].title == "严 scores 4.8 points stricter than others at the same projects"
        assert [(line["name"], line["effect"], line["state"]) for line in page.context["judged"]] == [
            ("严", "−4.8", "strict"), ("宽", "+4.8", "lenient"),
        ]  # fmt: skip
        assert page.context["agreement"]["says"] == (
            "Agreement beyond chance is moderate: 12 of 16 items were judged alike"
        )
        assert page.context["pairs"][0]["url"] == reverse("console:quality:inspection", args=[two.pk])
        assert page.context["pairs"][0]["names"] == "宽 · 严"

    def test_one_judgement_each_has_no_interval(self, project, viewer, web):
        version = sheet(1)
        for score in (90, 84):
            inspected(TODAY, "p", project=project, sheet_version=version, score=Decimal(score))
        page = web(viewer).get(address("statistics_inspectors"))
        assert [line["range"] for line in page.context["judged"]] == ["–", "–"]
        assert page.context["judged"][0]["state"] == "not to be told from the others"
        assert page.context["agreement"] is None

    def test_one_verdict_throughout_is_no_agreement_beyond_chance(self, project, viewer, web):
        one = inspected(TODAY, "pp", project=project)
        inspected(TODAY, "pp", project=project, sheet_version=one.sheet_version, second_of=one)
        page = web(viewer).get(address("statistics_inspectors"))
        assert page.context["agreement"]["kappa"] is None
        assert page.context["pairs"][0]["word"] == "nothing to compare"


class TestCauses:
    def test_shares_and_links(self, project, viewer, web):
        now, clause = clock.now(), ClauseFactory(code="5.2.1")
        for _step in range(4):
            corrected(now - 10 * DAY, days=1, project=project, clause=clause)
        late = finding(project=project, found_at=now - 40 * DAY, deadline=now - 30 * DAY)
        Correction.objects.create(finding=finding(project=project, repeat_of=late), cause="people")
        page = web(viewer).get(address("statistics_causes"))
        handled = page.context["handled"]
        assert (handled["found"], handled["in_time"], handled["repeated"]) == (6, "80.0%", "16.7%")
        assert page.context["clauses"].title.startswith("2 of 2 make four fifths of the findings, most of all: 5.2.1")
        assert parse_qs(urlsplit(page.context["clause_rows"][0]["url"]).query) == {
            "found_at_after": ["2025-11-21"], "found_at_before": ["2026-11-20"], "clause": [str(clause.pk)],
        }  # fmt: skip
        assert page.context["clause_rows"][1]["url"] == ""
        assert page.context["causes"].title == "Most often it is People: 1 of 1 whose cause is known"
        ages = page.context["ages"]
        assert ages.title == "2 not put right yet, 1 of them for more than 15 days"
        assert list(ages.labels) == [
            "today", "1–2 d", "3–6 d", "7–14 d", "15–29 d", "30 d or more",
        ]  # fmt: skip
        asked_for = parse_qs(urlsplit(ages.series[0].urls[1]).query)
        assert (asked_for["found_at_after"], asked_for["found_at_before"]) == (["2026-11-18"], ["2026-11-19"])
        oldest = parse_qs(urlsplit(ages.series[0].urls[5]).query)
        assert ("found_at_after" in oldest, oldest["found_at_before"]) == (False, ["2026-10-21"])

    def test_links_lead_to_lists_that_open(self, project, viewer, web):
        finding(project=project, clause=ClauseFactory())
        page = web(viewer).get(address("statistics_causes"))
        handled, ages = page.context["handled"], page.context["ages"]
        urls = [
            handled["found_url"],
            handled["repeats_url"],
            page.context["clause_rows"][0]["url"],
            *ages.series[0].urls,
        ]
        assert {web(viewer).get(url).status_code for url in urls} == {200}

    def test_of_a_level_there_is_no_list_to_lead_to(self, project, viewer, web):
        inspected(TODAY, "f", project=project, level="city")
        page = web(viewer).get(address("statistics_causes", "?level=city"))
        assert page.context["handled"]["found"] == 1
        assert page.context["handled"]["found_url"] == ""
        assert set(page.context["ages"].series[0].urls) == {""}
