"""Binding a project and deviating, through the actions."""

import datetime as dt
from typing import Any

import pytest
from factories.org import UserFactory
from factories.standards import ClauseFactory, VersionFactory
from factories.work import LONG_AGO, Estate, bound, clause, estate, layer, subject

from wuyou.domains.standards.choices import VersionState
from wuyou.domains.standards.models import StandardVersion
from wuyou.domains.work import events
from wuyou.domains.work.actions.binding import bind, deviate, end_binding, end_deviation
from wuyou.domains.work.models import Binding, Deviation
from wuyou.domains.work.queries.plan import bindings_visible_to
from wuyou.domains.work.queries.site import bindings_in_force, collect_facts, demands_of
from wuyou.kernel.errors import Conflict, Denied, Invalid
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(moment: dt.datetime) -> Estate:
    return estate()


def wrong(error: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [one.field for one in error.value.fields]


def verbs() -> list[str]:
    return list(Entry.objects.order_by("seq").values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("grade", "grade"), ("company", "service_set"), ("statutory", "statutory"), ("contract", "contract")],
)
def test_the_layer_follows_from_the_kind_of_standard(site: Estate, kind: str, expected: str) -> None:
    heard: list[int] = []
    receiver = lambda binding_id, **_given: heard.append(binding_id)  # noqa: E731
    events.project_bound.connect(receiver)
    binding = bound(site, kind, sweep="1/1 d")
    assert (binding.layer, binding.bound_by, heard) == (expected, site.planner.full_name, [binding.pk])
    assert verbs() == ["work.project_bound"]
    assert list(bindings_in_force(site.project)) == [binding] == list(bindings_visible_to(site.planner))


def test_a_layer_may_be_chosen(site: Estate) -> None:
    version, grade = layer("company", sweep="1/1 d")
    assert bind(site.project, version, grade, starts_on=LONG_AGO, by=site.planner, layer="maker").layer == "maker"


@pytest.mark.parametrize(("kind", "chosen"), [("grade", "nonsense"), ("statutory", "grade")])
def test_a_layer_that_cannot_be(site: Estate, kind: str, chosen: str) -> None:
    version, grade = layer(kind, sweep="1/1 d")
    with pytest.raises(Invalid) as error:
        bind(site.project, version, grade, starts_on=LONG_AGO, by=site.planner, layer=chosen)
    assert wrong(error) == ["layer"]


def test_binding_needs_the_right(site: Estate) -> None:
    version, grade = layer("grade", sweep="1/1 d")
    with pytest.raises(Denied):
        bind(site.project, version, grade, starts_on=LONG_AGO, by=UserFactory())
    assert not Binding.objects.exists()


def test_only_issued_versions_with_a_grade_of_their_own(site: Estate) -> None:
    version, _grade = layer("grade", sweep="1/1 d")
    _other, foreign = layer("grade", sweep="1/1 d")
    with pytest.raises(Invalid) as error:
        bind(site.project, version, foreign, starts_on=LONG_AGO, by=site.planner)
    assert wrong(error) == ["grade"]
    StandardVersion.objects.filter(pk=version.pk).update(state=VersionState.DRAFT)
    with pytest.raises(Invalid) as error:
        bind(site.project, version, version.grades.get(), starts_on=LONG_AGO, by=site.planner)
    assert wrong(error) == ["version"]


def test_versions_of_one_standard_follow_each_other_without_overlap(site: Estate) -> None:
    binding = bound(site, sweep="1/1 d")
    newer = VersionFactory(issued=True, standard=binding.version.standard)
    clause(newer, "sweep", "2/1 d")
    grade = newer.grades.get()
    with pytest.raises(Invalid) as error:
        bind(site.project, newer, grade, starts_on=dt.date(2026, 12, 1), by=site.planner)
    assert wrong(error) == ["starts_on"]
    end_binding(binding, ends_on=dt.date(2026, 11, 30), reason="新版", by=site.planner)
    bind(site.project, newer, grade, starts_on=dt.date(2026, 12, 1), by=site.planner)
    assert [one.version.number for one in bindings_in_force(site.project, on=dt.date(2026, 11, 30))] == [1]
    assert [one.version.number for one in bindings_in_force(site.project, on=dt.date(2026, 12, 1))] == [2]
    assert verbs() == ["work.project_bound", "work.binding_ended", "work.project_bound"]


def test_a_binding_ends_once_with_a_reason_and_not_before_it_starts(site: Estate) -> None:
    binding = bound(site, sweep="1/1 d")
    for given, field in (({"reason": " "}, "reason"), ({"ends_on": dt.date(2025, 1, 1)}, "ends_on")):
        values: dict[str, Any] = {"ends_on": dt.date(2026, 12, 1), "reason": "到期"}
        with pytest.raises(Invalid) as error:
            end_binding(binding, **(values | given), by=site.planner)
        assert wrong(error) == [field]
    with pytest.raises(Denied):
        end_binding(binding, ends_on=dt.date(2026, 12, 1), reason="到期", by=UserFactory())
    end_binding(binding, ends_on=dt.date(2026, 12, 1), reason="到期", by=site.planner)
    with pytest.raises(Conflict):
        end_binding(binding, ends_on=dt.date(2026, 12, 2), reason="到期", by=site.planner)
    assert Binding.objects.get().ends_on == dt.date(2026, 12, 1)


def test_statutory_duties_end_only_for_a_newer_version(site: Estate) -> None:
    binding = bound(site, "statutory", sweep="1/1 d")
    with pytest.raises(Invalid) as error:
        end_binding(binding, ends_on=dt.date(2026, 12, 1), reason="不想做", by=site.planner)
    assert wrong(error) == ["ends_on"]
    VersionFactory(issued=True, standard=binding.version.standard)
    assert end_binding(binding, ends_on=dt.date(2026, 12, 1), reason="新版", by=site.planner).ends_on is not None


def demanded(site: Estate) -> dict[str, str]:
    found = demands_of(site.project, facts=collect_facts(site.project))
    return {one.subject: one.value for one in found.demands}


def test_a_deviation_replaces_the_value_until_it_ends(site: Estate) -> None:
    binding = bound(site, sweep="1/1 d", mop="1/1 w")
    sweep = binding.version.clauses.get(subject_name="sweep")
    deviate(binding, sweep, value="2/1 d", reason="合同另有约定", by=site.planner)
    second = deviate(binding, sweep, value="3/1 d", reason="补充协议", by=site.planner)
    assert demanded(site) == {"sweep": "3/1 d", "mop": "1/1 w"}
    assert [(row.value, row.ended_at is None) for row in Deviation.objects.order_by("id")] == [
        ("2/1 d", False),
        ("3/1 d", True),
    ]
    end_deviation(second, reason="到期", by=site.planner)
    assert demanded(site)["sweep"] == "1/1 d"
    with pytest.raises(Conflict):
        end_deviation(second, reason="到期", by=site.planner)
    with pytest.raises(Invalid):
        end_deviation(second, reason=" ", by=site.planner)
    with pytest.raises(Denied):
        end_deviation(second, reason="到期", by=UserFactory())
    assert verbs()[1:] == ["work.deviated", "work.deviated", "work.deviation_ended"]


def test_a_clause_without_a_duty_at_this_grade_can_be_promised(site: Estate) -> None:
    binding = bound(site, sweep="1/1 d")
    extra = ClauseFactory(version=binding.version, subject_name="mop")
    subject("mop")
    deviate(binding, extra, value="1/1 w", reason="合同承诺", by=site.planner)
    assert demanded(site) == {"sweep": "1/1 d", "mop": "1/1 w"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"value": "sometimes"}, "value"),
        ({"value": "1/1 d"}, "value"),
        ({"reason": ""}, "reason"),
        ({"value": "1/0 d"}, "value"),
    ],
)
def test_a_deviation_that_cannot_be(site: Estate, given: dict[str, str], field: str) -> None:
    binding = bound(site, sweep="1/1 d")
    values = {"value": "2/1 d", "reason": "合同"} | given
    with pytest.raises(Invalid) as error:
        deviate(binding, binding.version.clauses.get(), **values, by=site.planner)
    assert wrong(error) == [field]
    assert not Deviation.objects.exists()


def test_a_deviation_belongs_to_the_bound_version_and_to_who_may_bind(site: Estate) -> None:
    binding = bound(site, sweep="1/1 d")
    with pytest.raises(Invalid) as error:
        deviate(binding, ClauseFactory(), value="2/1 d", reason="合同", by=site.planner)
    assert wrong(error) == ["clause"]
    with pytest.raises(Denied):
        deviate(binding, binding.version.clauses.get(), value="2/1 d", reason="合同", by=UserFactory())


def test_a_statutory_duty_may_be_made_stricter_or_left_to_somebody_by_name(site: Estate) -> None:
    binding = bound(site, "statutory", sweep="1/1 w")
    sweep = binding.version.clauses.get()
    with pytest.raises(Invalid) as error:
        deviate(binding, sweep, value="1/1 m", reason="人手不足", by=site.planner)
    assert wrong(error) == ["value"]
    with pytest.raises(Invalid) as error:
        deviate(binding, sweep, value="-", reason="人手不足", by=site.planner)
    assert wrong(error) == ["done_by"]
    deviate(binding, sweep, value="1/1 d", reason="加强", by=site.planner)
    assert demanded(site) == {"sweep": "1/1 d"}
    deviate(binding, sweep, value="-", reason="业主自聘", done_by="某公司", by=site.planner)
    found = demands_of(site.project, facts=collect_facts(site.project))
    assert [(gap.why, gap.detail) for gap in found.gaps] == [("left_out", "某公司")]


def test_a_withdrawn_standard_stays_bound_and_shows_as_a_gap(site: Estate) -> None:
    binding = bound(site, sweep="1/1 d")
    StandardVersion.objects.filter(pk=binding.version_id).update(
        state=VersionState.WITHDRAWN, withdrawn_on=dt.date(2026, 11, 19)
    )
    found = demands_of(site.project, facts=collect_facts(site.project))
    assert len(found.demands) == 1
    assert [gap.why for gap in found.gaps] == ["withdrawn"]
