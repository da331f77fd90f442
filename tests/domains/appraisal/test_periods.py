"""An appraised month from its sources to its being closed (spec 06)."""

import datetime as dt
from decimal import Decimal

import pytest
from explained import value_of as recomputed
from factories.appraised import (
    BY,
    MARCH,
    after_appeals,
    computed,
    disclosed,
    panel,
    published,
    rated,
    site,
)
from factories.org import UserFactory, user_with

from wuyou.domains.appraisal.actions.enrolments import Subject, end_enrolment, enrol, open_month, open_period
from wuyou.domains.appraisal.actions.panels import Candidate, close_panel, draw_panel, plan_panel, rate
from wuyou.domains.appraisal.actions.periods import close_period, compute_period, disclose_period, publish_period
from wuyou.domains.appraisal.actions.sources import Origin, enter_event, enter_veto, void_event, void_veto
from wuyou.domains.appraisal.models import Consequence, DeductionEvent, Period, Scheme, Score
from wuyou.domains.appraisal.queries.periods import year_of
from wuyou.domains.quality.actions.appeals import file_appeal
from wuyou.domains.quality.queries.challenged import challenge
from wuyou.faces.console.leading import address_of
from wuyou.kernel import clock
from wuyou.kernel.clocks.calendars import load_calendar
from wuyou.kernel.draws.queries import record_of
from wuyou.kernel.draws.verification import verify
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid
from wuyou.kernel.journal.queries import entries_of
from wuyou.kernel.notify.models import Notification

pytestmark = pytest.mark.usefixtures("april")


def enter(enrolment, item, *, quantity=1, day=dt.date(2026, 3, 10), origin="", by=BY) -> DeductionEvent:
    return enter_event(
        enrolment, component="departments", item=item, day=day, text=f"{item}!", quantity=Decimal(quantity),
        origin=Origin(origin), by=by,
    )  # fmt: skip


class TestTheExample:
    def test_the_month_of_the_readme(self, campus):
        enrolment = campus.enrolments["campus"]
        enter(enrolment, "public_hygiene", quantity=3)
        enter(enrolment, "repair", quantity=2)
        enter(enrolment, "security")
        enter(enrolment, "repair", origin="complaint")
        period = computed(enrolment, 80, 90, 85, 70, 95)
        assert (str(period.points), period.band, period.state) == ("89.50", "pass", "computed")
        score = period.scores.get()
        assert recomputed(score.tree) == Decimal("89.5")
        links = {(link["kind"]) for node in every(score.tree) for link in node.get("links", [])}
        assert links == {"appraisal_event", "appraisal_sheet"}

    def test_events_of_other_months_do_not_count(self, campus):
        enrolment = campus.enrolments["campus"]
        enter(enrolment, "repair", day=dt.date(2026, 2, 28))
        enter(enrolment, "repair", day=dt.date(2026, 4, 1))
        void_event(enter(enrolment, "repair"), reason="误录", by=BY)
        assert str(computed(enrolment, 90, 90, 90).points) == "96.00"


def every(node):
    yield node
    for child in node.get("inputs", []):
        yield from every(child)


class TestEnrolling:
    def test_twice_at_a_time_is_refused(self, campus):
        scheme = Scheme.objects.get(code="campus_monthly")
        with pytest.raises(Conflict, match="under this scheme already"):
            enrol(campus.project, scheme=scheme, subject=Subject(contract=campus.contract), starts_on=MARCH, by=BY)
        end_enrolment(campus.enrolments["campus"], on=dt.date(2026, 3, 15), by=BY)
        again = enrol(
            campus.project,
            scheme=scheme,
            subject=Subject(contract=campus.contract),
            starts_on=dt.date(2026, 3, 16),
            by=BY,
        )
        before = dt.date(2025, 1, 1)
        enrol(campus.project, scheme=scheme, subject=Subject(), starts_on=before, ends_on=dt.date(2025, 12, 31), by=BY)
        assert again.label == campus.project.name

    @pytest.mark.parametrize("code", ["team_monthly", "person_monthly"])
    def test_a_scheme_appraises_its_kind(self, campus, code):
        with pytest.raises(Invalid) as caught:
            enrol(campus.project, scheme=Scheme.objects.get(code=code), subject=Subject(), starts_on=MARCH, by=BY)
        assert [error.field for error in caught.value.fields] == ["team" if "team" in code else "staff"]

    def test_what_belongs_elsewhere(self, campus):
        other = site()
        with pytest.raises(Invalid, match="another project"):
            enrol(
                campus.project, scheme=Scheme.objects.get(code="group_project"),
                subject=Subject(contract=other.contract), starts_on=MARCH, by=BY,
            )  # fmt: skip

    def test_the_end_before_the_beginning(self, campus):
        scheme = Scheme.objects.get(code="group_project")
        with pytest.raises(Invalid, match="cannot end before"):
            enrol(campus.project, scheme=scheme, subject=Subject(), starts_on=MARCH, ends_on=dt.date(2026, 2, 1), by=BY)
        with pytest.raises(Invalid, match="cannot end before"):
            end_enrolment(campus.enrolments["campus"], on=dt.date(2025, 12, 31), by=BY)

    def test_ending_twice(self, campus):
        end_enrolment(campus.enrolments["campus"], on=dt.date(2026, 3, 15), by=BY)
        with pytest.raises(Conflict, match="ended already"):
            end_enrolment(campus.enrolments["campus"], on=dt.date(2026, 3, 20), by=BY)

    def test_ending_shortens_the_month_under_way(self, campus):
        period = open_period(campus.enrolments["campus"], month=MARCH, by=BY)
        assert (period.days_present, period.days_of) == (31, 31)
        end_enrolment(campus.enrolments["campus"], on=dt.date(2026, 3, 15), by=BY)
        period.refresh_from_db()
        assert (period.days_present, period.days_of) == (15, 31)

    def test_without_an_issued_version(self, campus):
        scheme = Scheme.objects.create(code="mine", name_zh="我的", subject="project")
        with pytest.raises(Conflict, match="no issued version"):
            enrol(campus.project, scheme=scheme, subject=Subject(), starts_on=MARCH, by=BY)


class TestOpening:
    def test_a_month_opens_once_with_the_version_of_now(self, campus):
        enrolment = campus.enrolments["campus"]
        period = open_period(enrolment, month=dt.date(2026, 3, 17), by=BY)
        assert (period.month, period.version.number, period.days_present) == (MARCH, 1, 31)
        assert open_period(enrolment, month=MARCH, by=BY) == period

    @pytest.mark.parametrize(
        ("month", "message"), [(dt.date(2025, 12, 1), "outside the time"), (dt.date(2026, 5, 1), "yet to come")]
    )
    def test_months_that_do_not_open(self, campus, month, message):
        with pytest.raises(Invalid, match=message):
            open_period(campus.enrolments["campus"], month=month, by=BY)

    def test_all_months_open_at_once(self, campus):
        assert open_month(MARCH, by=BY) == 1
        assert open_month(MARCH, by=BY) == 0
        assert open_month(dt.date(2025, 12, 1), by=BY) == 0
        assert Period.objects.count() == 1

    def test_who_joined_in_the_month(self, campus):
        scheme = Scheme.objects.get(code="group_project")
        late = enrol(campus.project, scheme=scheme, subject=Subject(), starts_on=dt.date(2026, 3, 25), by=BY)
        period = open_period(late, month=MARCH, by=BY)
        compute_period(period, by=BY)
        assert (period.days_present, period.points, period.band) == (7, None, "")
        assert period.scores.get().tree["inputs"][0]["note"]["en"] == "Present for 7 days, fewer than 10: not rated"


class TestEntering:
    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"component": "people"}, "component"),
            ({"component": "nothing"}, "component"),
            ({"item": "nothing"}, "item"),
            ({"text": "  "}, "text"),
            ({"quantity": Decimal(0)}, "quantity"),
            ({"quantity": Decimal(-1)}, "quantity"),
            ({"quantity": Decimal(1001)}, "quantity"),
            ({"day": dt.date(2026, 4, 3)}, "day"),
            ({"day": dt.date(2025, 12, 31)}, "day"),
        ],
    )
    def test_a_wrong_event(self, campus, given, field):
        values = {"component": "departments", "item": "repair", "day": MARCH, "text": "漏水", **given}
        with pytest.raises(Invalid) as caught:
            enter_event(campus.enrolments["campus"], by=BY, **values)
        assert [error.field for error in caught.value.fields] == [field]

    def test_a_month_made_known_takes_no_more(self, campus):
        enrolment = campus.enrolments["campus"]
        event = enter(enrolment, "repair")
        disclosed(enrolment, 90, 90, 90)
        for act in (lambda: enter(enrolment, "repair"), lambda: void_event(event, reason="x", by=campus.appraiser)):
            with pytest.raises(Conflict, match="by appeal only"):
                act()

    def test_voiding_needs_a_reason_and_happens_once(self, campus):
        event = enter(campus.enrolments["campus"], "repair")
        with pytest.raises(Invalid, match="Say why"):
            void_event(event, reason=" ", by=BY)
        void_event(event, reason="误录", by=BY)
        with pytest.raises(Conflict, match="void already"):
            void_event(event, reason="误录", by=BY)

    def test_vetoes(self, campus):
        enrolment = campus.enrolments["campus"]
        facts = {"loss_fen": Decimal(1_000_001)}
        veto = enter_veto(enrolment, rule="safety_accident", day=MARCH, text="火灾", facts=facts, by=BY)
        assert computed(enrolment, 90, 90, 90).band == "fail"
        void_veto(veto, reason="已查明", by=BY)
        period = Period.objects.get()
        compute_period(period, by=BY)
        assert (period.band, period.is_vetoed) == ("excellent", False)
        with pytest.raises(Conflict, match="void already"):
            void_veto(veto, reason="已查明", by=BY)
        with pytest.raises(Invalid, match="Say why"):
            void_veto(veto, reason="", by=BY)

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"rule": "nothing"}, "rule"),
            ({"rule": "dissatisfied"}, "rule"),
            ({"facts": {"weather": Decimal(1)}}, "facts.weather"),
            ({"text": ""}, "text"),
            ({"day": dt.date(2026, 4, 3)}, "day"),
        ],
    )
    def test_a_wrong_veto(self, campus, given, field):
        values = {"rule": "safety_accident", "day": MARCH, "text": "火灾", **given}
        with pytest.raises(Invalid) as caught:
            enter_veto(campus.enrolments["campus"], by=BY, **values)
        assert [error.field for error in caught.value.fields] == [field]

    def test_too_many_dissatisfied(self, campus):
        rated(campus.enrolments["campus"], *[90] * 5, dissatisfied=2)
        period = Period.objects.get()
        compute_period(period, by=BY)
        assert (period.band, period.is_vetoed) == ("excellent", False)  # 40 % is not above 40 %

    def test_one_more_is_too_many(self, campus):
        rated(campus.enrolments["campus"], *[90] * 5, dissatisfied=3)
        period = Period.objects.get()
        compute_period(period, by=BY)
        assert (period.band, period.is_vetoed, period.scores.get().vetoes) == ("fail", True, ["dissatisfied"])


class TestPanels:
    def test_the_draw_can_be_checked(self, campus):
        found = panel(campus.enrolments["campus"])
        groups = [member.group for member in found.members.all()]
        assert (groups.count("staff"), groups.count("students"), found.state) == (10, 20, "open")
        assert verify(record_of(found.draw)) == []

    def frame(self, staff=10, students=20):
        return [Candidate("staff", f"T{n}") for n in range(staff)] + [
            Candidate("students", f"X{n}") for n in range(students)
        ]

    def plan(self, campus, frame, **given):
        values = {"component": "people", "month": MARCH, "due_on": dt.date(2026, 3, 31), "by": BY, **given}
        return plan_panel(campus.enrolments["campus"], frame=frame, **values)

    @pytest.mark.parametrize(
        ("frame", "message"),
        [
            ([], "staff: 0 people, 10 are drawn."),
            ([Candidate("staff", "T1"), Candidate("staff", "T1")], "number of their own"),
            ([Candidate("staff", " ")], "number of their own"),
        ],
    )
    def test_a_frame_too_small_or_doubled(self, campus, frame, message):
        with pytest.raises(Invalid, match=message):
            self.plan(campus, frame)

    def test_an_unknown_group_or_component(self, campus):
        with pytest.raises(Invalid, match="no group parents"):
            self.plan(campus, [*self.frame(), Candidate("parents", "E1")])
        with pytest.raises(Invalid, match="no such panel"):
            self.plan(campus, self.frame(), component="departments")

    def test_one_panel_a_month_drawn_once(self, campus):
        found = self.plan(campus, self.frame())
        draw_panel(found, by=BY)
        with pytest.raises(Conflict, match="drawn already"):
            draw_panel(found, by=BY)
        with pytest.raises(Conflict, match="its panel already"):
            self.plan(campus, self.frame())

    def test_sheets_come_once_and_in_range(self, campus):
        found = panel(campus.enrolments["campus"])
        member = found.members.first()
        for points in (Decimal(-1), Decimal("100.01")):
            with pytest.raises(Invalid, match="0 to 100"):
                rate(member, points=points, by=BY)
        rate(member, points=Decimal(80), by=BY)
        with pytest.raises(Conflict, match="came in already"):
            rate(member, points=Decimal(80), by=BY)

    def test_a_closed_panel_rates_no_more(self, campus):
        found = panel(campus.enrolments["campus"])
        close_panel(found, by=BY)
        with pytest.raises(Conflict, match="does not rate now"):
            rate(found.members.select_related("panel").first(), points=Decimal(80), by=BY)
        with pytest.raises(Conflict, match="does not rate now"):
            close_panel(found, by=BY)


class TestTheWay:
    def test_computing_again_supersedes_only_what_changed(self, campus):
        enrolment = campus.enrolments["campus"]
        period = computed(enrolment, 90, 90, 90)
        assert compute_period(period, by=BY) is None
        enter(enrolment, "repair")
        score = compute_period(period, by=BY)
        assert [str(one.points) for one in period.scores.all()] == ["96.00", "95.40"]
        assert (score.points, period.points) == (Decimal("95.40"), Decimal("95.40"))

    def test_made_known_with_five_working_days_for_appeals(self, campus):
        load_calendar(by=BY)
        period = disclosed(campus.enrolments["campus"], 90, 90, 90)
        # 3 April is Friday; 4 to 6 April is Qingming, Saturday to Monday; then 7, 8, 9 and 10 April
        assert clock.local(period.appeal_until).date() == dt.date(2026, 4, 10)
        assert period.state == "disclosed"
        with pytest.raises(IllegalMove):
            compute_period(period, by=BY)

    def test_published_only_after_the_time_for_appeals(self, campus):
        period = disclosed(campus.enrolments["campus"], 90, 90, 90)
        with pytest.raises(Conflict, match="Appeals may still come until 2026-04-09"):
            publish_period(period, by=BY)
        with after_appeals(period):
            publish_period(period, by=BY)
        assert period.state == "published"

    def test_not_while_an_appeal_is_open(self, campus):
        period = disclosed(campus.enrolments["campus"], 90, 90, 90)
        party = user_with("appraisal.view_scores", "quality.file_appeals", at=campus.project)
        user_with("quality.decide_appeals", at=campus.project)
        found = challenge(party, "appraisal.score", period.pk)
        appeal = file_appeal(project=found.project, decision=found.decision, grounds="漏计", wanted="95", by=party)
        with after_appeals(period), pytest.raises(Conflict, match=appeal.number):
            publish_period(period, by=BY)

    def test_not_while_it_is_stale(self, campus):
        period = computed(campus.enrolments["campus"], 90, 90, 90)
        Period.objects.update(is_stale=True)
        period.refresh_from_db()
        with pytest.raises(Conflict, match="compute it again"):
            disclose_period(period, by=BY)
        Period.objects.update(is_stale=False)
        period.refresh_from_db()
        disclose_period(period, by=BY)
        Period.objects.update(is_stale=True)
        period.refresh_from_db()
        with after_appeals(period), pytest.raises(Conflict, match="scored again first"):
            publish_period(period, by=BY)

    def test_published_months_propose_what_follows(self, campus):
        period = published(campus.enrolments["campus"], 90, 90, 90)
        found = Consequence.objects.order_by("rule").values_list("rule", "amount_fen", "state")
        assert list(found) == [("bonus", 200_000, "proposed"), ("preference", None, "proposed")]
        with pytest.raises(Conflict, match="not decided yet"):
            close_period(period, by=BY)

    def test_who_is_told(self, campus):
        party = user_with("quality.file_appeals", at=campus.project)
        period = published(campus.enrolments["campus"], 90, 90, 90)
        waiting = Consequence.objects.order_by("pk").first()
        told = Notification.objects.order_by("pk").values_list("user_id", "event", "url")
        assert list(told) == [
            (party.pk, "appraisal.scored", f"appraisal_period:{period.pk}"),
            (campus.appraiser.pk, "appraisal.proposed", f"appraisal_consequence:{waiting.pk}"),
        ]
        assert [address_of(url) for _user, _event, url in told] == [
            f"/appraisal/months/{period.pk}/", f"/appraisal/consequences/{waiting.pk}/",
        ]  # fmt: skip

    def test_closed_once_nothing_waits(self, campus):
        period = published(campus.enrolments["campus"], 60, 60, 60)  # 84: pass, nothing follows
        close_period(period, by=BY)
        assert period.state == "final"
        with pytest.raises(IllegalMove):
            close_period(period, by=BY)

    def test_an_open_month_is_not_made_known(self, campus):
        period = open_period(campus.enrolments["campus"], month=MARCH, by=BY)
        with pytest.raises(IllegalMove):
            disclose_period(period, by=BY)
        with pytest.raises(IllegalMove):
            publish_period(period, by=BY)

    def test_every_step_is_in_the_journal(self, campus):
        period = published(campus.enrolments["campus"], 60, 60, 60)
        close_period(period, by=BY)
        verbs = [entry.verb for entry in entries_of("appraisal_period", period.pk)]
        assert sorted(verbs) == [
            f"appraisal.period_{step}" for step in ("closed", "computed", "disclosed", "opened", "published")
        ]

    def test_a_year_out_of_its_months(self, campus):
        enrolment = campus.enrolments["campus"]
        for month, people in ((1, 90), (2, 60), (3, 30)):
            computed(enrolment, people, people, people, month=dt.date(2026, month, 1))
        year = year_of(enrolment, list(Period.objects.select_related("version__scheme")), year=2026)
        # 96 + 84 + 72 = 252 / 3 = 84; the year asks for six months
        assert (str(year.quarters[0].value), year.quarters[0].detail["band"]) == ("84.00", "pass")
        assert (year.quarters[1].value, year.whole.value) == (None, None)
        assert year.whole.note.en == "3 rated months, fewer than 6"


RIGHTS = {
    "appraisal.enter_sources": "enter",
    "appraisal.appraise": "appraise",
    "appraisal.view_scores": "",
    "appraisal.appraise_people": "",
}


class TestRights:
    @pytest.mark.parametrize("right", RIGHTS)
    def test_who_enters_and_who_appraises(self, campus, right):
        enrolment = campus.enrolments["campus"]
        period = computed(enrolment, 90, 90, 90)
        user = user_with(right, at=campus.project)
        acts = {
            "enter": lambda: enter(enrolment, "repair", by=user),
            "appraise": lambda: compute_period(period, by=user),
        }
        for name, act in acts.items():
            if RIGHTS[right] == name:
                act()
            else:
                with pytest.raises(Denied):
                    act()

    def test_strangers_do_nothing(self, campus):
        period = computed(campus.enrolments["campus"], 90, 90, 90)
        stranger = UserFactory()
        for act in (compute_period, disclose_period, publish_period, close_period):
            with pytest.raises(Denied):
                act(period, by=stranger)
        assert Score.objects.count() == 1
