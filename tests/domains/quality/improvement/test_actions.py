"""Plan, do, check, act: one test per exit (spec 05: PDCA)."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from factories.appeals import company, holder
from factories.org import NodeFactory, ProjectFactory, UserFactory, user_with
from factories.quality import finding
from factories.registry import StaffFactory, TeamFactory
from factories.standards import ClauseFactory, GradeFactory, StandardFactory, VersionFactory

from wuyou.domains.org.choices import NodeKind
from wuyou.domains.quality.actions.improvement import (
    add_measure,
    adjust,
    change_lesson,
    change_plan,
    check,
    close,
    decide_proposal,
    drop,
    finish_measure,
    plan_improvement,
    propose_change,
    standardise,
    start,
    write_lesson,
)
from wuyou.domains.quality.choices import ImprovementState, ProposalState
from wuyou.domains.quality.models import Improvement, Lesson
from wuyou.domains.quality.queries.improvement import (
    chain_at,
    clauses_to_change,
    findings_to_improve,
    improvements_for_list,
    improvements_visible_to,
    lessons_visible_to,
    measures_of,
    measures_visible_to,
    nodes_to_improve,
    owners_at,
    proposals_to_decide,
    staff_at,
    trend_of,
)
from wuyou.domains.quality.rules.improvement import PlanSpec
from wuyou.domains.quality.tasks.improvement import remind_measures
from wuyou.domains.standards.choices import VersionState
from wuyou.domains.standards.models import Clause, StandardVersion
from wuyou.kernel import clock
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid
from wuyou.kernel.journal.queries import entries_of
from wuyou.kernel.notify.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]
TODAY = dt.date(2026, 11, 20)
DAY = dt.timedelta(days=1)
SPEC = PlanSpec(
    name="楼道积灰",
    problem="九月楼道积灰反复出现",
    metric="quality.recurrence",
    target=Decimal(10),
    before_from=dt.date(2026, 8, 1),
    before_to=dt.date(2026, 9, 30),
    ends_on=dt.date(2027, 1, 31),
)
AFTER = {"after_from": dt.date(2026, 10, 1), "after_to": TODAY}


@pytest.fixture
def firm():
    """The company."""
    return company()


@pytest.fixture
def one(firm) -> Improvement:
    """A planned project of the region."""
    return plan_improvement(node=firm.region, spec=SPEC, by=firm.head)


def wrong_fields(caught) -> list[str]:
    """Where it says that something is wrong."""
    return sorted(error.field for error in caught.value.fields)


def verbs(row, kind="improvement") -> list[str]:
    """What the journal tells of it."""
    return [verb.partition("_")[2] for verb in entries_of(kind, row.pk).values_list("verb", flat=True)]


def told(user) -> list[str]:
    """The events a user was told of."""
    return list(Notification.objects.filter(user_id=user.pk).order_by("pk").values_list("event", flat=True))


def found(firm, *, repeats: int, fresh: int, at: dt.date) -> None:
    """So many findings on a day, of which so many repeat."""
    first = finding(project=firm.project, found_at=clock.midnight(dt.date(2026, 1, 5)))
    for number in range(repeats + fresh):
        finding(
            project=firm.project,
            found_at=clock.midnight(at) + dt.timedelta(hours=9),
            repeat_of=first if number < repeats else None,
        )


def worked(firm, one: Improvement, *, before=(40, 60), after=(5, 95)) -> Improvement:
    """A project whose measures are done, with so many repeated and fresh findings before and after."""
    found(firm, repeats=before[0], fresh=before[1], at=dt.date(2026, 9, 1))
    found(firm, repeats=after[0], fresh=after[1], at=dt.date(2026, 10, 20))
    measure = add_measure(one, text="每周两次湿拖", due_on=TODAY, by=firm.head)
    start(one, by=firm.head)
    finish_measure(measure, note="已执行六周", by=firm.head)
    return one


class TestPlanning:
    def test_enters_number_owner_and_findings(self, firm):
        about = finding(project=firm.project)
        planned = plan_improvement(node=firm.region, spec=SPEC, owner=firm.manager, findings=[about], by=firm.head)
        assert planned.number == f"GS-{firm.region.code}-20261120-0001"
        assert (planned.owner, planned.state, planned.target) == (firm.manager, ImprovementState.PLAN, Decimal(10))
        assert list(planned.findings.all()) == [about]
        assert verbs(planned) == ["planned"]

    def test_is_owned_by_who_plans_where_nobody_is_named(self, firm, one):
        assert one.owner == firm.head

    def test_is_for_who_runs_projects_at_the_node(self, firm):
        for person in (firm.manager, holder("department_lead", firm.region), UserFactory(), System("sweep")):
            with pytest.raises(Denied):
                plan_improvement(node=firm.region, spec=SPEC, by=person)
        assert plan_improvement(node=firm.project.node, spec=SPEC, by=firm.manager).node == firm.project.node

    def test_says_every_field_that_is_wrong(self, firm):
        stranger = UserFactory()
        elsewhere = finding(project=ProjectFactory())
        spec = replace(SPEC, name="长" * 121)
        with pytest.raises(Invalid) as caught:
            plan_improvement(node=firm.region, spec=spec, owner=stranger, findings=[elsewhere], by=firm.head)
        assert wrong_fields(caught) == ["findings", "name", "owner"]
        with pytest.raises(Invalid) as caught:
            plan_improvement(node=firm.region, spec=replace(SPEC, metric="work.not_possible"), by=firm.head)
        assert wrong_fields(caught) == ["metric"]

    def test_can_be_changed_until_the_work_begins(self, firm, one):
        about = finding(project=firm.project)
        change_plan(one, spec=replace(SPEC, name="楼道"), owner=firm.manager, findings=[about], by=firm.head)
        assert (one.name, one.owner, list(one.findings.all())) == ("楼道", firm.manager, [about])
        change_plan(one, spec=replace(SPEC, target=Decimal(5)), by=firm.manager)
        assert (one.target, list(one.findings.all())) == (Decimal(5), [about])
        add_measure(one, text="x", due_on=TODAY, by=firm.manager)
        start(one, by=firm.manager)
        with pytest.raises(Conflict):
            change_plan(one, spec=SPEC, by=firm.manager)
        assert verbs(one)[:3] == ["planned", "plan_changed", "plan_changed"]

    def test_is_changed_by_nobody_else(self, firm, one):
        with pytest.raises(Denied):
            change_plan(one, spec=SPEC, by=firm.manager)


class TestMeasures:
    def test_have_who_does_them_and_until_when(self, firm, one):
        person = StaffFactory(team=TeamFactory(project=firm.project))
        measure = add_measure(one, text=" 每周两次湿拖 ", owner=person, due_on=TODAY, by=firm.head)
        assert (measure.text, measure.owner, measure.due_on, measure.done_on) == ("每周两次湿拖", person, TODAY, None)
        assert list(measures_of(one)) == [measure]

    @pytest.mark.parametrize(
        ("given", "wrong"),
        [({"text": " "}, ["text"]), ({"text": "长" * 301}, ["text"]), ({"due_on": TODAY - DAY}, ["due_on"])],
    )
    def test_that_say_too_little_are_refused(self, firm, one, given, wrong):
        with pytest.raises(Invalid) as caught:
            add_measure(one, **{"text": "x", "due_on": TODAY, **given}, by=firm.head)
        assert wrong_fields(caught) == wrong

    def test_are_not_for_people_of_another_company(self, firm, one):
        with pytest.raises(Invalid) as caught:
            add_measure(one, text="x", due_on=TODAY, owner=StaffFactory(), by=firm.head)
        assert wrong_fields(caught) == ["owner"]

    def test_are_finished_once_by_whose_they_are(self, firm, one):
        worker = UserFactory()
        person = StaffFactory(team=TeamFactory(project=firm.project), user=worker)
        measure = add_measure(one, text="x", owner=person, due_on=TODAY, by=firm.head)
        for stranger in (UserFactory(), firm.manager, System("x")):
            if not isinstance(stranger, System):
                with pytest.raises(Denied):
                    finish_measure(measure, note="x", by=stranger)
        with pytest.raises(Invalid):
            finish_measure(measure, note=" ", by=worker)
        finish_measure(measure, note="已换拖把", by=worker)
        assert (measure.done_on, measure.note) == (TODAY, "已换拖把")
        with pytest.raises(Conflict):
            finish_measure(measure, note="x", by=worker)

    def test_end_with_their_project(self, firm, one):
        measure = add_measure(one, text="x", due_on=TODAY, by=firm.head)
        drop(one, reason="项目退出", by=firm.head)
        with pytest.raises(Conflict):
            add_measure(one, text="y", due_on=TODAY, by=firm.head)
        with pytest.raises(Conflict):
            finish_measure(measure, note="x", by=firm.head)

    def test_that_are_due_are_told_once_to_whose_they_are_or_to_the_owner(self, firm, one):
        worker = UserFactory()
        person = StaffFactory(team=TeamFactory(project=firm.project), user=worker)
        add_measure(one, text="自己的", owner=person, due_on=TODAY, by=firm.head)
        add_measure(one, text="没有人的", due_on=TODAY, by=firm.head)
        add_measure(one, text="以后的", due_on=TODAY + DAY, by=firm.head)
        remind_measures()
        remind_measures()
        assert (told(worker), told(firm.head)) == (["quality.measure_due"], ["quality.measure_due"])


class TestDoing:
    def test_begins_with_the_baseline_as_it_is_now(self, firm, one):
        worked(firm, one)
        assert one.state == ImprovementState.DO
        assert one.baseline == {
            "value": "40.0000", "number": 100, "kind": "share", "measured_at": clock.now().isoformat(),
        }  # fmt: skip

    def test_needs_a_measure(self, firm, one):
        with pytest.raises(Conflict):
            start(one, by=firm.head)

    def test_of_a_baseline_without_a_case_says_none(self, firm, one):
        add_measure(one, text="x", due_on=TODAY, by=firm.head)
        assert start(one, by=firm.head).baseline["value"] is None

    def test_twice_is_an_illegal_move(self, firm, one):
        worked(firm, one)
        with pytest.raises(IllegalMove):
            start(one, by=firm.head)


class TestChecking:
    def test_keeps_the_verdict_with_its_numbers(self, firm, one):
        check(worked(firm, one), **AFTER, by=firm.head)
        result = one.result
        assert (one.state, result["before"], result["after"]) == (ImprovementState.CHECK, "40.0000", "5.0000")
        assert (result["before_number"], result["after_number"], result["difference"]) == (100, 100, "-35.0000")
        assert (result["verdict"], result["is_met"], result["confidence"]) == ("better", True, "0.95")
        assert float(result["low"]) < -35 < float(result["high"]) < 0
        assert verbs(one)[-1] == "checked"

    def test_says_worse_and_unclear_as_they_are(self, firm, one):
        check(worked(firm, one, before=(5, 95), after=(40, 60)), **AFTER, by=firm.head)
        assert (one.result["verdict"], one.result["is_met"]) == ("worse", False)

    def test_may_be_done_again_with_another_period(self, firm, one):
        check(worked(firm, one), **AFTER, by=firm.head)
        check(one, after_from=dt.date(2026, 11, 1), after_to=TODAY, by=firm.head)
        assert (one.result["after"], one.result["is_too_few"], one.result["verdict"]) == (None, True, "unclear")

    def test_waits_for_the_measures(self, firm, one):
        worked(firm, one)
        add_measure(one, text="y", due_on=TODAY, by=firm.head)
        with pytest.raises(Conflict):
            check(one, **AFTER, by=firm.head)

    def test_of_the_baseline_itself_is_refused(self, firm, one):
        worked(firm, one)
        with pytest.raises(Invalid) as caught:
            check(one, after_from=SPEC.before_to, after_to=TODAY, by=firm.head)
        assert wrong_fields(caught) == ["after_from"]

    def test_before_the_work_began_is_an_illegal_move(self, firm, one):
        with pytest.raises(IllegalMove):
            check(one, **AFTER, by=firm.head)

    def test_leads_back_to_other_measures(self, firm, one):
        check(worked(firm, one), **AFTER, by=firm.head)
        assert adjust(one, by=firm.head).state == ImprovementState.DO

    def test_reads_a_trend_that_ends_with_what_was_checked(self, firm, one):
        check(worked(firm, one), **AFTER, by=firm.head)
        trend = trend_of(one, months=3)
        assert [(month.month, found.count, found.size) for month, found in trend] == [
            (9, 40, 100), (10, 5, 100), (11, 0, 0),
        ]  # fmt: skip


class TestActing:
    def test_makes_standard_only_what_got_better(self, firm, one):
        check(worked(firm, one, before=(5, 95), after=(5, 95)), **AFTER, by=firm.head)
        with pytest.raises(Conflict):
            standardise(one, by=firm.head)

    def test_closes_with_a_lesson(self, firm, one):
        check(worked(firm, one), **AFTER, by=firm.head)
        standardise(one, by=firm.head)
        with pytest.raises(Conflict):
            close(one, by=firm.head)
        write_lesson(node=firm.group, improvement=one, title="湿拖", text="每周两次湿拖有效", by=firm.head)
        close(one, by=firm.head)
        assert (one.state, one.closed_at) == (ImprovementState.CLOSED, clock.now())
        assert verbs(one)[-2:] == ["step_standardise", "step_close"]

    def test_closes_without_standard_what_did_not_help(self, firm, one):
        check(worked(firm, one, before=(5, 95), after=(40, 60)), **AFTER, by=firm.head)
        write_lesson(node=firm.region, improvement=one, title="无效", text="换清洁剂没有用", by=firm.head)
        assert close(one, by=firm.head).state == ImprovementState.CLOSED

    def test_is_dropped_with_a_reason(self, firm, one):
        with pytest.raises(Invalid):
            drop(one, reason=" ", by=firm.head)
        drop(one, reason="项目退出", by=firm.head)
        assert (one.state, one.dropped_because) == (ImprovementState.DROPPED, "项目退出")
        with pytest.raises(IllegalMove):
            drop(one, reason="x", by=firm.head)

    def test_is_for_who_runs_or_owns_it(self, firm, one):
        steps = [
            lambda by: start(one, by=by),
            lambda by: check(one, **AFTER, by=by),
            lambda by: adjust(one, by=by),
            lambda by: standardise(one, by=by),
            lambda by: close(one, by=by),
            lambda by: drop(one, reason="x", by=by),
            lambda by: add_measure(one, text="x", due_on=TODAY, by=by),
            lambda by: write_lesson(node=firm.region, improvement=one, title="x", text="x", by=by),
        ]
        for step in steps:
            with pytest.raises(Denied):
                step(firm.manager)


class TestProposals:
    @pytest.fixture
    def clause(self, firm) -> Clause:
        """A clause of the company's own standard, issued."""
        version = VersionFactory(standard=StandardFactory(node=firm.group, kind="company"), issued=True)
        GradeFactory(version=version)
        return ClauseFactory(version=version, code="C1", requirement_zh="楼道每日清扫")

    @pytest.fixture
    def proposal(self, firm, one, clause):
        """A proposal to change it."""
        return propose_change(one, clause=clause, text="楼道每日清扫，每周两次湿拖", by=firm.head)

    def test_are_told_to_who_writes_the_standard(self, firm, one, proposal):
        assert (proposal.state, told(firm.quality)) == (ProposalState.PROPOSED, ["quality.proposal_made"])
        assert list(proposals_to_decide(firm.quality)) == [proposal]
        assert verbs(one)[-1] == "proposed"

    def test_accepted_go_into_a_draft_that_notes_why(self, firm, one, clause, proposal):
        decide_proposal(proposal, accept=True, note="", by=firm.quality)
        draft = StandardVersion.objects.get(standard=clause.version.standard, state=VersionState.DRAFT)
        assert (proposal.state, proposal.version, proposal.decided_by) == ("accepted", draft, firm.quality)
        assert draft.clauses.get(code="C1").requirement_zh == "楼道每日清扫，每周两次湿拖"
        assert draft.note.startswith(one.number)
        clause.refresh_from_db()
        assert clause.requirement_zh == "楼道每日清扫"
        assert told(firm.head) == ["quality.proposal_decided"]
        second = propose_change(one, clause=clause, text="另一种说法", by=firm.head)
        assert decide_proposal(second, accept=True, note="", by=firm.quality).version == draft

    def test_accepted_during_a_review_are_kept_for_somebody_to_write(self, firm, clause, proposal):
        VersionFactory(standard=clause.version.standard, state=VersionState.REVIEW)
        decide_proposal(proposal, accept=True, note="", by=firm.quality)
        assert (proposal.state, proposal.version) == ("accepted", None)

    def test_accepted_of_a_clause_the_draft_no_longer_has_are_kept_too(self, firm, clause, proposal):
        VersionFactory(standard=clause.version.standard)
        decide_proposal(proposal, accept=True, note="", by=firm.quality)
        assert (proposal.state, proposal.version) == ("accepted", None)

    def test_about_law_are_recorded_and_rewrite_nothing(self, firm, one):
        shipped = ClauseFactory(version=VersionFactory(issued=True))
        proposal = propose_change(one, clause=shipped, text="更严", by=firm.head)
        decide_proposal(proposal, accept=True, note="写入企业标准", by=firm.quality)
        assert (proposal.state, proposal.version) == ("accepted", None)
        assert StandardVersion.objects.filter(standard=shipped.version.standard).count() == 1

    def test_are_declined_with_a_reason(self, firm, proposal):
        with pytest.raises(Invalid) as caught:
            decide_proposal(proposal, accept=False, note=" ", by=firm.quality)
        assert wrong_fields(caught) == ["note"]
        decide_proposal(proposal, accept=False, note="成本过高", by=firm.quality)
        assert (proposal.state, proposal.note, proposal.version) == ("declined", "成本过高", None)
        with pytest.raises(IllegalMove):
            decide_proposal(proposal, accept=True, note="", by=firm.quality)

    def test_are_decided_by_who_writes_the_standard(self, firm, proposal):
        for person in (firm.head, firm.manager, UserFactory()):
            with pytest.raises(Denied):
                decide_proposal(proposal, accept=True, note="", by=person)

    @pytest.mark.parametrize("text", [" ", "长" * 301, "楼道每日清扫"])
    def test_that_change_nothing_are_refused(self, firm, one, clause, text):
        with pytest.raises(Invalid) as caught:
            propose_change(one, clause=clause, text=text, by=firm.head)
        assert wrong_fields(caught) == ["text"]

    def test_end_with_the_project(self, firm, one, clause):
        drop(one, reason="x", by=firm.head)
        with pytest.raises(Conflict):
            propose_change(one, clause=clause, text="x", by=firm.head)

    def test_are_about_issued_clauses_one_may_read(self, firm, clause):
        ClauseFactory(version=VersionFactory(standard=clause.version.standard))
        assert list(clauses_to_change(firm.head)) == [clause]
        assert list(clauses_to_change(UserFactory())) == []


class TestLessons:
    def test_are_written_without_a_project_too(self, firm):
        lesson = write_lesson(node=firm.region, title="湿拖", text="每周两次", keywords="保洁", by=firm.head)
        assert (lesson.node, lesson.improvement, lesson.made_by) == (firm.region, None, firm.head)
        change_lesson(lesson, title="湿拖两次", text="每周两次", by=firm.head)
        assert (Lesson.objects.get().title, verbs(lesson, "lesson")) == ("湿拖两次", ["written", "changed"])

    @pytest.mark.parametrize(
        ("given", "wrong"),
        [
            ({"title": ""}, ["title"]),
            ({"text": " "}, ["text"]),
            ({"title": "长" * 121, "keywords": "长" * 201}, ["keywords", "title"]),
        ],
    )
    def test_say_something(self, firm, given, wrong):
        with pytest.raises(Invalid) as caught:
            write_lesson(node=firm.region, by=firm.head, **{"title": "x", "text": "x", **given})
        assert wrong_fields(caught) == wrong

    def test_are_written_by_who_runs_projects(self, firm):
        lesson = write_lesson(node=firm.region, title="x", text="x", by=firm.head)
        for person in (firm.manager, UserFactory(), System("sweep")):
            with pytest.raises(Denied):
                write_lesson(node=firm.region, title="x", text="x", by=person)
            with pytest.raises(Denied):
                change_lesson(lesson, title="x", text="x", by=person)

    def test_of_a_project_are_not_written_by_a_machine(self, one, firm):
        with pytest.raises(Denied):
            write_lesson(node=firm.region, improvement=one, title="x", text="x", by=System("sweep"))

    def test_are_found_by_everybody_who_works_in_the_company(self, firm):
        lesson = write_lesson(node=firm.region, title="x", text="x", by=firm.head)
        lead = holder("department_lead", firm.project.node)
        assert [list(lessons_visible_to(who)) for who in (firm.manager, lead, System("s"))] == [[lesson]] * 3
        other = holder("project_manager", ProjectFactory().node)
        for person in (other, holder("client", firm.project.node), UserFactory()):
            assert list(lessons_visible_to(person)) == []


class TestSeeing:
    def test_is_for_who_runs_projects_owns_one_or_has_something_to_do(self, firm, one):
        worker = UserFactory()
        person = StaffFactory(team=TeamFactory(project=firm.project), user=worker)
        measure = add_measure(one, text="x", owner=person, due_on=TODAY, by=firm.head)
        assert [improvements_visible_to(who).exists() for who in (firm.head, firm.quality, worker, System("s"))] == [
            True
        ] * 4
        assert list(measures_visible_to(worker)) == [measure]
        for stranger in (firm.manager, UserFactory(), holder("client", firm.project.node)):
            assert not improvements_visible_to(stranger).exists()
            assert not measures_visible_to(stranger).exists()

    def test_a_list_asks_as_often_for_many_as_for_one(self, firm, one, django_assert_max_num_queries):
        for _ in range(4):
            plan_improvement(node=firm.region, spec=SPEC, by=firm.head)
        with django_assert_max_num_queries(3):
            assert [len(row.measures.all()) for row in improvements_for_list(firm.head)] == [0] * 5

    def test_offers_people_findings_and_nodes_of_the_subtree(self, firm):
        other = ProjectFactory(node=NodeFactory(parent=firm.group, kind=NodeKind.PROJECT))
        near, far = finding(project=firm.project), finding(project=other)
        finding(project=firm.project, state="void")
        person = StaffFactory(team=TeamFactory(project=firm.project))
        StaffFactory(team=TeamFactory(project=other))
        assert list(findings_to_improve(firm.quality, firm.region)) == [near]
        assert set(findings_to_improve(firm.quality, firm.group)) == {near, far}
        assert list(staff_at(firm.region)) == [person]
        assert list(owners_at(firm.region)) == [firm.manager, firm.quality, firm.head]
        assert list(nodes_to_improve(firm.manager)) == [firm.project.node]
        gone = user_with("work.view_tasks", at=firm.project)
        gone.assignments.update(revoked_at=clock.now())
        assert gone not in owners_at(firm.region)

    def test_is_journaled_where_it_belongs(self, firm):
        assert chain_at(firm.project.node) == f"project:{firm.project.pk}"
        assert chain_at(firm.region) == f"node:{firm.group.pk}"
