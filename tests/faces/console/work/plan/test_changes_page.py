"""What a plan changes against the one before."""

import pytest
from django.urls import reverse
from django.utils.translation import override
from factories.work import bound, stair

from wuyou.domains.work.actions.drafting import draft_plan
from wuyou.domains.work.actions.editing import override_line
from wuyou.domains.work.queries.changes import plan_before, plan_changes
from wuyou.kernel.cadence import describe, parse

pytestmark = pytest.mark.django_db


def test_the_first_plan_is_all_new(site, plan):
    found = plan_changes(plan)
    assert (found.before, found.count("added"), found.unchanged) == (None, 6, 0)
    assert found.hours_before == 0


def test_nothing_changed(site, plan, draft):
    found = plan_changes(draft)
    assert plan_before(draft) == plan
    assert (found.lines, found.unchanged) == ((), 6)
    assert found.hours_before == found.hours_after


def test_lines_come_change_and_go(web, site, plan):
    stair(site.root, site.zones[0])
    bound(site, "service_set", sweep="2/1 d")
    draft = draft_plan(site.project, by=site.planner)
    line = draft.lines.filter(activity="wipe", continues__isnull=True).first()
    override_line(line, reason="shared out", by=site.planner, assignee=site.cleaners[1])
    found = plan_changes(draft)
    assert (found.count("added"), found.count("removed")) == (2, 0)
    sweeps = [one for one in found.lines if one.kind == "changed" and one.activity == "sweep"]
    assert {
        (field.name, field.before, field.after) for one in sweeps for field in one.fields if field.name == "cadence"
    } == {("cadence", "1/1 d", "2/1 d")}
    assert found.by_activity[0][0] == "sweep"
    page = web().get(reverse("console:work:plan_changes", args=[draft.pk])).content.decode()
    with override("en"):
        words = describe(parse("2/1 d"))
    assert f"<ins>{words}</ins>" in page


def test_people_and_teams_are_named(site, plan, draft):
    line = draft.lines.filter(activity="sweep").order_by("key").first()
    other = next(one for one in site.cleaners if one.pk != line.assignee_id)
    override_line(line, reason="swap", by=site.planner, assignee=other)
    (change,) = plan_changes(draft).lines
    (field,) = change.fields
    assert (field.name, field.after) == ("assignee_id", other.name)
