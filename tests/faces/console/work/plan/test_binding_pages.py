"""Binding: the list, what it would change, deviations."""

import pytest
from django.urls import reverse
from factories.org import AssignmentFactory, RoleFactory, user_with
from factories.standards import VersionFactory
from factories.work import bound, layer

from wuyou.domains.org.queries import forget_held
from wuyou.domains.work.actions.binding import deviate
from wuyou.domains.work.actions.preview import preview_binding
from wuyou.domains.work.models import Binding, Deviation
from wuyou.domains.work.queries.binding import binding_clauses
from wuyou.kernel import clock
from wuyou.kernel.errors import Denied

pytestmark = pytest.mark.django_db


def address(name, *args, query=""):
    return reverse(f"console:work:{name}", args=args) + query


@pytest.fixture
def binding(site):
    """The grade the estate is bound to."""
    return site.bindings["grade"]


@pytest.fixture
def clause(binding):
    """Its daily sweep."""
    return binding.version.clauses.get(subject_name="sweep")


def deviation(site, binding, clause):
    """Swept twice a week only."""
    return deviate(binding, clause, value="2/1 w", reason="few people", by=site.planner)


class TestList:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_layers_with_their_deviations(self, web, site, binding, clause, language):
        deviation(site, binding, clause)
        page = web(language=language).get(address("bindings"))
        assert [(row.pk, row.deviations_count) for row in page.context["pages"].items] == [(binding.pk, 1)]
        assert web().get(address("bindings", query="?now=true")).context["pages"].total == 1
        assert web().get(address("bindings", query="?layer=statutory")).context["pages"].total == 0

    def test_others_see_nothing(self, web, site, stranger, colleague):
        assert web(stranger).get(address("bindings")).context["pages"].total == 0
        assert web(colleague).get(address("bindings")).status_code == 403

    def test_more_layers_take_no_more_queries(self, web, site, queries_of):
        browser = web()
        few = queries_of(browser, address("bindings"))
        for _ in range(10):
            bound(site, "maker", sweep="1/1 w")
        assert queries_of(browser, address("bindings")) == few


class TestPage:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_clauses_with_what_holds_instead(self, web, site, binding, clause, language):
        deviation(site, binding, clause)
        page = web(language=language).get(address("binding", binding.pk))
        assert (page.context["all"], page.context["deviating"]) == (2, 1)
        assert "few people" in page.content.decode()
        only = web(language=language).get(address("binding", binding.pk, query="?show=deviations"))
        assert [row["clause"] for row in only.context["rows"]] == [clause]

    def test_other_projects_do_not_exist(self, web, binding, stranger):
        assert web(stranger).get(address("binding", binding.pk)).status_code == 404

    def test_a_reader_has_no_buttons(self, web, site, binding):
        reader = user_with("work.view_plan", at=site.project)
        assert not web(reader).get(address("binding", binding.pk)).context["can_bind"]

    def test_a_clause_without_a_duty_is_left_out(self, site, binding, clause):
        clause.values.all().delete()
        assert clause not in [row.clause for row in binding_clauses(binding)]


class TestBind:
    @pytest.fixture(autouse=True)
    def _reads_the_library(self, site):
        role = RoleFactory(permissions=["standards.view_standards"])
        AssignmentFactory(user=site.planner, node=site.project.node, role=role)
        forget_held(site.planner)

    def test_first_it_is_shown_what_would_change(self, web, site):
        version, grade = layer("service_set", sweep="2/1 d", dust="1/1 w")
        url = address("binding_new", site.project.pk, query=f"?grade={grade.pk}&starts_on=2026-11-20")
        page = web().get(url)
        found = page.context["preview"]
        assert (len(found.added), len(found.changed), len(found.removed), found.unchanged) == (3, 3, 0, 3)
        assert found.hours_after > found.hours_before
        assert not Binding.objects.filter(version=version).exists()

    def test_then_bound(self, web, site):
        version, grade = layer("service_set", sweep="2/1 d")
        url = address("binding_new", site.project.pk)
        assert web().get(url).context["preview"] is None
        answer = web().post(url, {"grade": grade.pk, "starts_on": "2026-11-20", "ends_on": ""})
        made = Binding.objects.get(version=version)
        assert answer.headers["Location"] == address("binding", made.pk)
        assert (made.layer, made.ends_on) == ("service_set", None)

    def test_twice_is_refused(self, web, site, binding):
        answer = web().post(
            address("binding_new", site.project.pk), {"grade": binding.grade_id, "starts_on": "2026-11-20"}
        )
        assert answer.status_code == 422
        assert answer.context["form"].errors["starts_on"]

    def test_a_draft_cannot_be_chosen(self, web, site):
        grade = VersionFactory().grades.create(code="g1", rank=1, label_zh="一级")
        answer = web().post(address("binding_new", site.project.pk), {"grade": grade.pk, "starts_on": "2026-11-20"})
        assert answer.context["form"].errors["grade"]

    def test_a_reader_binds_nothing(self, web, site):
        reader = user_with("work.view_plan", at=site.project)
        assert web(reader).get(address("binding_new", site.project.pk)).status_code == 403
        _version, grade = layer("service_set", sweep="2/1 d")
        with pytest.raises(Denied):
            preview_binding(site.project, grade, on=clock.today(), by=reader)

    def test_another_grade_of_the_same_standard_is_taken_as_replaced(self, site, binding):
        other = binding.version.grades.create(code="g9", rank=9, label_zh="九级")
        found = preview_binding(site.project, other, on=clock.today(), by=site.planner)
        assert (len(found.added), len(found.removed), found.unchanged) == (0, 6, 0)

    def test_bound_to_nothing_before(self, site):
        Binding.objects.all().delete()
        _version, grade = layer("service_set", sweep="2/1 d")
        found = preview_binding(site.project, grade, on=clock.today(), by=site.planner)
        assert (len(found.added), found.hours_before) == (3, 0)

    def test_gaps_of_the_new_layer(self, site):
        version, grade = layer("service_set", dig="1/1 w")
        version.clauses.update(subject_name="nothing known")
        found = preview_binding(site.project, grade, on=clock.today(), by=site.planner)
        assert found.gaps == ((version.clauses.get().code, "unknown_subject", "nothing known"),)


class TestEnd:
    def test_with_a_reason(self, web, binding):
        url = address("binding_end", binding.pk)
        assert web().get(url).status_code == 200
        assert web().post(url, {"ends_on": "2026-11-30", "reason": ""}).status_code == 422
        assert web().post(url, {"ends_on": "2026-11-30", "reason": "new grade"}).status_code == 302
        binding.refresh_from_db()
        assert str(binding.ends_on) == "2026-11-30"

    def test_before_it_began_is_refused_at_its_field(self, web, binding):
        answer = web().post(address("binding_end", binding.pk), {"ends_on": "2020-01-01", "reason": "x"})
        assert answer.context["form"].errors["ends_on"]


class TestDeviate:
    def test_another_value_with_a_reason(self, web, binding, clause):
        url = address("deviate", binding.pk, clause.pk)
        assert clause.code in web().get(url).content.decode()
        assert web().post(url, {"value": "1/1 w", "reason": "agreed"}).status_code == 302
        assert Deviation.objects.get().value == "1/1 w"

    @pytest.mark.parametrize(
        ("given", "field"),
        [({"value": "often", "reason": "x"}, "value"), ({"value": "1/1 w", "reason": " "}, "reason")],
    )
    def test_refused_at_the_field(self, web, binding, clause, given, field):
        answer = web().post(address("deviate", binding.pk, clause.pk), given)
        assert answer.status_code == 422
        assert answer.context["form"].errors[field]

    def test_a_clause_of_another_version_does_not_exist(self, web, binding):
        other, _grade = layer("service_set", dust="1/1 w")
        assert web().get(address("deviate", binding.pk, other.clauses.get().pk)).status_code == 404

    def test_back_to_the_standard(self, web, site, binding, clause):
        made = deviation(site, binding, clause)
        url = address("deviation_end", made.pk)
        assert web().get(url).status_code == 200
        assert web().post(url, {"reason": "enough people again"}).status_code == 302
        made.refresh_from_db()
        assert made.ended_at is not None

    def test_a_stranger_ends_nothing(self, web, site, binding, clause, stranger):
        made = deviation(site, binding, clause)
        assert web(stranger).post(address("deviation_end", made.pk), {"reason": "x"}).status_code == 404
