"""Sources of months that come from elsewhere: zones, surveys, counts, other schemes, ranks (spec 06)."""

import datetime as dt
from decimal import Decimal

import pytest
from factories.appraised import (
    BY,
    MARCH,
    Site,
    campus_site,
    person_month,
    person_site,
    published,
    site,
    team_enrolment,
)
from factories.org import NodeFactory, ProjectFactory, user_with
from factories.quality import finding, inspection
from factories.registry import PlaceFactory, StaffFactory, TeamFactory, ZoneFactory, place_below

from wuyou.domains.appraisal.actions.consequences import approve_consequence
from wuyou.domains.appraisal.actions.enrolments import Subject, enrol, open_period
from wuyou.domains.appraisal.actions.periods import compute_period, set_places
from wuyou.domains.appraisal.actions.schemes import create_scheme, move_version
from wuyou.domains.appraisal.actions.sources import (
    Counted,
    Origin,
    enter_event,
    enter_score,
    enter_survey,
    enter_veto,
    set_difficulty,
)
from wuyou.domains.appraisal.models import Consequence, Enrolment, Period, Scheme
from wuyou.domains.appraisal.tasks import open_months, sweep
from wuyou.domains.quality.queries.challenged import challenge, kind_of
from wuyou.kernel import clock, jobs
from wuyou.kernel.errors import Conflict, Denied, Invalid, Missing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("april")]


def month(enrolment: Enrolment, at: dt.date = MARCH) -> Period:
    period = open_period(enrolment, month=at, by=BY)
    compute_period(period, by=BY)
    return period


def group_site() -> Site:
    found = site()
    scheme = Scheme.objects.get(code="group_project")
    found.enrolments["group"] = enrol(
        found.project, scheme=scheme, subject=Subject(), starts_on=dt.date(2026, 1, 1), by=BY
    )
    return found


def own_scheme(found: Site, source: dict, *, subject: str = "project") -> Enrolment:
    """A project under a scheme of one component with this source."""
    name = {"zh": "项", "en": "part"}
    data = {
        "code": "one_source", "name": name, "subject": subject,
        "total": {"key": "part", "name": name, "source": source},
        "bands": [{"code": "all", "name": name}],
    }  # fmt: skip
    version = create_scheme(document=data, by=BY)
    move_version(version, step="submit", by=BY)
    move_version(version, step="issue", by=BY)
    return enrol(found.project, scheme=version.scheme, subject=Subject(), starts_on=dt.date(2026, 1, 1), by=BY)


class TestSurveys:
    def test_the_newest_count_is_the_satisfaction(self):
        found = group_site()
        for satisfied in (50, 90):
            enter_survey(
                found.enrolments["group"], component="satisfaction", month=MARCH, counted=Counted(satisfied, 100, 5),
                text="一季度", by=BY,
            )  # fmt: skip
        assert str(month(found.enrolments["group"]).points) == "90.00"

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"component": "letter"}, "component"),
            ({"counted": Counted(-1, 10)}, "answered"),
            ({"counted": Counted(8, 10, 3)}, "answered"),
            ({"text": " "}, "text"),
        ],
    )
    def test_a_wrong_survey(self, given, field):
        found = group_site()
        values = {"component": "satisfaction", "month": MARCH, "counted": Counted(8, 10), "text": "调查", **given}
        with pytest.raises(Invalid) as caught:
            enter_survey(found.enrolments["group"], by=BY, **values)
        assert [error.field for error in caught.value.fields] == [field]

    def test_a_survey_may_be_a_veto_too(self):
        found = site()
        data = Scheme.objects.get(code="campus_monthly").versions.get().document
        data = data | {"code": "with_survey"}
        data["total"]["source"]["parts"][1]["source"] = {"kind": "survey", "gathering": {"method": "share"}}
        version = create_scheme(document=data, by=BY)
        move_version(version, step="submit", by=BY)
        move_version(version, step="issue", by=BY)
        row = enrol(found.project, scheme=version.scheme, subject=Subject(), starts_on=dt.date(2026, 1, 1), by=BY)
        enter_survey(row, component="people", month=MARCH, counted=Counted(55, 100, 41), text="调查", by=BY)
        period = month(row)
        assert (str(period.points), period.band, period.scores.get().vetoes) == ("82.00", "fail", ["dissatisfied"])


class TestScoresByHand:
    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"component": "findings"}, "component"),
            ({"value": Decimal(-1)}, "value"),
            ({"value": Decimal(121)}, "value"),
            ({"reason": ""}, "reason"),
        ],
    )
    def test_a_wrong_score(self, given, field):
        found, _person, _head = person_site()
        values = {"component": "attendance", "month": MARCH, "value": Decimal(90), "reason": "考勤", **given}
        with pytest.raises(Invalid) as caught:
            enter_score(found.enrolments["person"], by=BY, **values)
        assert [error.field for error in caught.value.fields] == [field]

    def test_nobody_scores_himself(self):
        found, person, _head = person_site()
        person.user = found.appraiser
        person.save()
        enrolment = Enrolment.objects.select_related("staff", "project__node").get(staff=person)
        with pytest.raises(Denied, match="his own"):
            enter_score(
                enrolment, component="attendance", month=MARCH, value=Decimal(1), reason="x", by=found.appraiser
            )


class TestZones:
    def test_teams_are_judged_by_their_own_zones_and_their_difficulty(self):
        found = site()
        team, other = TeamFactory(project=found.project), TeamFactory(project=found.project)
        root = PlaceFactory(project=found.project)
        rows = {}
        for one, score in ((team, "70"), (other, "60")):
            zone = ZoneFactory(project=found.project)
            StaffFactory(team=one).zones.add(zone)
            place = place_below(root, zone=zone)
            inspection(
                project=found.project, place=place, level="project", day=dt.date(2026, 3, 9), state="published",
                score=Decimal(score), submitted_at=clock.now(), published_at=clock.now(),
            )  # fmt: skip
            rows[one.pk] = (zone, team_enrolment(found, one))
        set_difficulty(rows[team.pk][0], factor=Decimal("1.5"), reason="老旧小区", starts_on=dt.date(2026, 1, 1), by=BY)
        assert str(month(rows[team.pk][1]).points) == "80.00"  # 100 − 30 / 1.5
        assert str(month(rows[other.pk][1]).points) == "60.00"

    @pytest.mark.parametrize(
        ("factor", "reason", "field"), [("0.4", "x", "factor"), ("3.1", "x", "factor"), ("1", "", "reason")]
    )
    def test_a_wrong_difficulty(self, factor, reason, field):
        zone = ZoneFactory(project=site().project)
        with pytest.raises(Invalid) as caught:
            set_difficulty(zone, factor=Decimal(factor), reason=reason, starts_on=MARCH, by=BY)
        assert [error.field for error in caught.value.fields] == [field]

    def test_one_difficulty_a_day(self):
        zone = ZoneFactory(project=site().project)
        set_difficulty(zone, factor=Decimal(2), reason="x", starts_on=MARCH, by=BY)
        with pytest.raises(Conflict):
            set_difficulty(zone, factor=Decimal(3), reason="x", starts_on=MARCH, by=BY)


class TestOtherSchemes:
    def test_a_person_reads_the_teams_result_and_follows_it(self):
        found, person, _head = person_site()
        team = team_enrolment(found, person.team)
        enter_score(team, component="attendance", month=MARCH, value=Decimal(80), reason="考勤", by=BY)
        team_period = month(team)
        own = month(found.enrolments["person"])
        assert (str(team_period.points), str(own.points)) == ("80.00", "80.00")
        enter_score(team, component="attendance", month=MARCH, value=Decimal(90), reason="更正", by=BY)
        compute_period(team_period, by=BY)
        own.refresh_from_db()
        assert str(own.points) == "90.00"
        assert own.scores.count() == 2


class TestCounts:
    SCORED = {"scoring": {"zero": "10", "full": "0"}}

    @pytest.mark.parametrize("code", ["complaints", "praises"])
    def test_events_of_an_origin(self, code):
        found = site()
        row = own_scheme(found, {"kind": "count", "code": code, **self.SCORED})
        assert str(month(row).points) == "100.00"  # none is a number too

    def test_incidents(self):
        found = campus_site()
        enter_veto(found.enrolments["campus"], rule="criticised", day=MARCH, text="批评", by=BY)
        row = own_scheme(found, {"kind": "count", "code": "incidents", **self.SCORED})
        assert str(month(row).points) == "100.00"  # of another enrolment

    def test_findings_by_their_weight(self):
        found = site()
        row = own_scheme(found, {"kind": "count", "code": "findings", **self.SCORED})
        moment = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
        finding(project=found.project, found_at=moment, weight=2)
        finding(project=found.project, found_at=moment)
        finding(project=found.project, found_at=moment, is_hidden=True)
        finding(project=found.project, found_at=moment, state="void", void_because="x")
        finding(project=ProjectFactory(), found_at=moment)
        assert str(month(row).points) == "70.00"

    def test_a_figure_without_data_is_not_rated(self):
        found = site()
        row = own_scheme(found, {"kind": "metric", "code": "quality.correction_in_time"})
        assert month(row).points is None


class TestPlaces:
    def ranked(self, *points: str, vetoed: int | None = None) -> list[tuple[int | None, bool]]:
        """The places of March of so many projects of a class."""
        site()
        group = NodeFactory()
        scheme = Scheme.objects.get(code="group_project")
        version = scheme.versions.get()
        for index, value in enumerate(points):
            project = ProjectFactory(node=NodeFactory(kind="project", parent=group))
            row = enrol(project, scheme=scheme, subject=Subject(), starts_on=dt.date(2026, 1, 1), by=BY)
            Period.objects.create(
                project=project, enrolment=row, version=version, month=MARCH, state="published", days_present=31,
                days_of=31, points=Decimal(value), band="pass", is_vetoed=index == vetoed, disclosed_at=clock.now(),
                published_at=clock.now(),
            )  # fmt: skip
        set_places({MARCH}, {scheme.pk})
        return list(Period.objects.order_by("pk").values_list("place", "is_last"))

    def test_the_last_three_of_six(self):
        assert self.ranked("95", "90", "85", "80", "75", "70") == [
            (1, False), (2, False), (3, False), (4, True), (5, True), (6, True),
        ]  # fmt: skip

    def test_a_veto_stands_last(self):
        assert self.ranked("95", "90", "85", "80", "75", "70", vetoed=0)[0] == (6, True)

    def test_five_are_too_few(self):
        assert self.ranked("95", "90", "85", "80", "75") == [(None, False)] * 5

    def test_schemes_without_ranks(self):
        found = campus_site()
        period = published(found.enrolments["campus"], 90, 90, 90)
        period.refresh_from_db()
        assert (period.place, period.is_last) == (None, False)


class TestChallenges:
    def test_an_approved_consequence(self):
        found = campus_site()
        published(found.enrolments["campus"], 20, 20, 20)
        row = Consequence.objects.get()
        party = user_with("appraisal.view_scores", "quality.file_appeals", at=found.project)
        with pytest.raises(Conflict, match="in force"):
            challenge(party, "appraisal.consequence", row.pk)
        approve_consequence(row, by=found.appraiser)
        decision = challenge(party, "appraisal.consequence", row.pk).decision
        assert (decision.kind, decision.id, decision.decided_by) == (
            "appraisal.consequence", row.pk, (found.appraiser.pk,),
        )  # fmt: skip
        with pytest.raises(Missing):
            challenge(user_with(at=found.project), "appraisal.consequence", row.pk)

    def test_a_person_is_a_party_to_his_score(self):
        found, person, _head = person_site()
        person.user = user_with(at=ProjectFactory())
        person.save()
        period = person_month(found.enrolments["person"], 90)
        decision = challenge(person.user, "appraisal.score", period.pk).decision
        assert decision.parties == (person.user.pk,)

    def test_a_score_nobody_knows_yet(self):
        found = campus_site()
        period = month(found.enrolments["campus"])
        with pytest.raises(Conflict, match="made known"):
            challenge(found.appraiser, "appraisal.score", period.pk)
        with pytest.raises(Missing):
            challenge(user_with(at=found.project), "appraisal.score", period.pk)

    @pytest.mark.parametrize(
        ("kind", "given", "kept"),
        [
            ("appraisal.score", {"value": "85.50"}, "85.50"),
            ("appraisal.score", {"value": "85.505"}, None),
            ("appraisal.score", {"value": "-1"}, None),
            ("appraisal.score", {"value": "many"}, None),
            ("appraisal.consequence", {"value": "1500"}, "1500"),
            ("appraisal.consequence", {"value": "15.5"}, None),
            ("appraisal.consequence", {"value": "-1"}, None),
        ],
    )
    def test_what_it_may_be_amended_to(self, kind, given, kept):
        if kept is not None:
            assert kind_of(kind).amend(1, given) == {"value": kept}
            return
        with pytest.raises(Invalid) as caught:
            kind_of(kind).amend(1, given)
        assert [error.field for error in caught.value.fields] == ["amended_to"]


class TestJobs:
    def test_the_last_month_opens_by_itself(self):
        campus_site()
        assert open_months() == 1
        assert Period.objects.get().month == MARCH

    def test_what_was_marked_and_not_scored_is_asked_for_again(self):
        found = campus_site()
        event = enter_event(
            found.enrolments["campus"], component="departments", item="repair", day=MARCH, text="x",
            origin=Origin("complaint"), by=BY,
        )  # fmt: skip
        published(found.enrolments["campus"], 90, 90, 90)
        type(event).objects.update(void_because="x")
        Period.objects.update(is_stale=True)
        assert sweep() == 1
        jobs.drain()
        period = Period.objects.get()
        assert (period.is_stale, str(period.points)) == (False, "96.00")
