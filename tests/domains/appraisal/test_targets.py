"""Target letters as records (spec 06)."""

import datetime as dt
from decimal import Decimal

import pytest
from factories.appraised import BY, MARCH, site
from factories.org import user_with

from wuyou.domains.appraisal.actions.enrolments import Subject, enrol, open_period
from wuyou.domains.appraisal.actions.periods import compute_period
from wuyou.domains.appraisal.actions.targets import (
    KpiSpec,
    change_letter,
    draft_letter,
    enter_kpi,
    measure_kpis,
    move_letter,
)
from wuyou.domains.appraisal.models import KpiMonth, Period, Scheme
from wuyou.domains.appraisal.queries.targets import letter_nodes, letters_visible_to, points_of, progress_of
from wuyou.kernel import jobs
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("april")]


def kpi(key: str = "rate", **more) -> KpiSpec:
    return KpiSpec(**{
        "key": key, "name_zh": "达成率", "baseline": Decimal(80), "target": Decimal(90), "weight": Decimal(100), **more,
    })  # fmt: skip


@pytest.fixture
def found():
    return site()


@pytest.fixture
def letter(found):
    made = draft_letter(found.project, year=2026, title="2026 责任书", owner=found.appraiser, kpis=[kpi()], by=BY)
    move_letter(made, step="issue", by=BY)
    return made


class TestWriting:
    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"title": " "}, "title"),
            ({"year": 1999}, "year"),
            ({"kpis": []}, "kpis"),
            ({"kpis": [kpi(name_zh=" ")]}, "kpis.1.name_zh"),
            ({"kpis": [kpi(method="guess")]}, "kpis.1.method"),
            ({"kpis": [kpi(metric="no.such")]}, "kpis.1.metric"),
            ({"kpis": [kpi(target=Decimal(10) ** 9)]}, "kpis.1.target"),
            ({"kpis": [kpi(weight=Decimal(90))]}, "kpis"),
            ({"kpis": [kpi(target=Decimal(80))]}, "kpis.1.target"),
        ],
    )
    def test_a_wrong_letter(self, found, given, field):
        values = {"year": 2026, "title": "责任书", "owner": found.appraiser, "kpis": [kpi()], **given}
        with pytest.raises(Invalid) as caught:
            draft_letter(found.project, by=BY, **values)
        assert field in [error.field for error in caught.value.fields]

    def test_a_draft_is_written_anew_and_an_issued_one_is_not(self, found):
        made = draft_letter(found.project, year=2026, title="草", owner=found.appraiser, kpis=[kpi()], by=BY)
        two = [kpi("a", weight=Decimal(40)), kpi("b", weight=Decimal(60))]
        change_letter(made, title="新", kpis=two, by=BY)
        assert (made.title, list(made.kpis.values_list("key", flat=True))) == ("新", ["a", "b"])
        move_letter(made, step="issue", by=BY)
        with pytest.raises(Conflict, match="does not change"):
            change_letter(made, title="再", kpis=two, by=BY)
        with pytest.raises(IllegalMove):
            move_letter(made, step="issue", by=BY)

    def test_one_letter_a_year_is_in_force(self, found, letter):
        second = draft_letter(found.project, year=2026, title="另", owner=found.appraiser, kpis=[kpi()], by=BY)
        with pytest.raises(Conflict, match="in force"):
            move_letter(second, step="issue", by=BY)
        move_letter(letter, step="close", by=BY)
        move_letter(second, step="issue", by=BY)
        assert second.state == "issued"

    def test_who_writes(self, found, letter):
        reader = user_with("appraisal.view_scores", at=found.project)
        with pytest.raises(Denied):
            draft_letter(found.project, year=2027, title="x", owner=reader, kpis=[kpi()], by=reader)
        with pytest.raises(Denied):
            enter_kpi(letter.kpis.get(), month=MARCH, value=Decimal(1), by=reader)
        assert list(letters_visible_to(reader)) == [letter]
        assert list(letters_visible_to(user_with("appraisal.view_money", at=found.project))) == []


class TestFollowing:
    @pytest.mark.parametrize(
        ("month", "value", "field"),
        [
            (dt.date(2025, 12, 1), Decimal(1), "month"),
            (dt.date(2026, 5, 1), Decimal(1), "month"),
            (MARCH, Decimal(10) ** 9, "value"),
        ],
    )
    def test_a_wrong_month(self, letter, month, value, field):
        with pytest.raises(Invalid) as caught:
            enter_kpi(letter.kpis.get(), month=month, value=value, by=BY)
        assert [error.field for error in caught.value.fields] == [field]

    def test_a_draft_is_not_followed(self, found):
        made = draft_letter(found.project, year=2026, title="草", owner=found.appraiser, kpis=[kpi()], by=BY)
        for act in (
            lambda: enter_kpi(made.kpis.get(), month=MARCH, value=Decimal(1), by=BY),
            lambda: measure_kpis(made, month=MARCH, by=BY),
        ):
            with pytest.raises(Conflict, match="issued"):
                act()
        assert points_of(made, until=MARCH) is None

    def test_the_newest_value_of_a_month_counts(self, letter):
        row = letter.kpis.get()
        for value in ("70", "84", "86"):
            enter_kpi(row, month=MARCH, value=Decimal(value), by=BY)
        enter_kpi(row, month=dt.date(2026, 1, 9), value=Decimal(84), by=BY)
        [progress] = progress_of(letter)
        assert (progress.value, list(progress.months.values())) == (Decimal(85), [Decimal(84), Decimal(86)])
        assert points_of(letter, until=MARCH).value == Decimal(50)
        assert points_of(letter, until=dt.date(2026, 2, 1)).value == Decimal(40)

    def test_a_figure_nobody_has_is_no_value(self, found, letter):
        move_letter(letter, step="close", by=BY)
        spec = kpi(metric="work.task_compliance")
        made = draft_letter(found.project, year=2026, title="数", owner=found.appraiser, kpis=[spec], by=BY)
        move_letter(made, step="issue", by=BY)
        assert (measure_kpis(made, month=MARCH, by=BY), KpiMonth.objects.count()) == (0, 0)

    def test_a_new_value_reaches_the_months_that_used_the_letter(self, found, letter):
        scheme = Scheme.objects.get(code="group_project")
        row = enrol(found.project, scheme=scheme, subject=Subject(), starts_on=dt.date(2026, 1, 1), by=BY)
        enter_kpi(letter.kpis.get(), month=MARCH, value=Decimal(85), by=BY)
        period = open_period(row, month=MARCH, by=BY)
        compute_period(period, by=BY)
        assert str(period.points) == "50.00"
        enter_kpi(letter.kpis.get(), month=MARCH, value=Decimal(89), by=BY)
        jobs.drain()
        assert str(Period.objects.get().points) == "90.00"

    def test_many_letters_in_few_queries(self, found, letter, django_assert_num_queries):
        enter_kpi(letter.kpis.get(), month=MARCH, value=Decimal(85), by=BY)
        months = {(found.project.pk, dt.date(2026, number, 1)) for number in range(1, 13)}
        with django_assert_num_queries(2):
            assert len(letter_nodes(months)) == 12
        assert letter_nodes({(0, MARCH)}) == {}
