"""Pages of the library: list, version, clauses, comparing, workbooks, subjects, duties."""

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from factories.org import NodeFactory, ProjectFactory, user_with
from factories.standards import ClauseFactory, StandardFactory, SubjectFactory, VersionFactory, issued_version

from wuyou.domains.standards.actions import new_version, submit
from wuyou.domains.standards.models import Clause, Standard, StandardVersion, Subject
from wuyou.faces.console.standards.words import part_name, predicate_words, value_words

pytestmark = pytest.mark.django_db
RIGHTS = ("standards.view_standards", "standards.edit_standards", "standards.issue_standards", "work.view_plan")


def address(name, *args, query=""):
    return reverse(f"console:standards:{name}", args=args) + query


@pytest.fixture
def root():
    """The group."""
    return NodeFactory()


@pytest.fixture
def writer(root):
    """The quality centre."""
    return user_with(*RIGHTS, at=root)


@pytest.fixture
def reader(root):
    """Somebody who reads."""
    return user_with("standards.view_standards", at=root)


@pytest.fixture
def web(writer):
    """A browser of the writer, or of somebody else."""

    def open_as(user=None, language="en"):
        client = Client()
        client.force_login(user or writer)
        client.cookies["django_language"] = language
        return client

    return open_as


@pytest.fixture
def version(root):
    """Issued: swept daily at the better grade."""
    return issued_version(g1="1/1 d", g2="1/3 d")


@pytest.fixture
def draft(version, writer):
    """The next version, being written."""
    return new_version(version.standard, by=writer)


def count(browser, url):
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(url).status_code == 200
    return len(queries)


class TestLibrary:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_versions(self, web, version, draft, language):
        page = web(language=language).get(address("list"))
        assert page.context["pages"].total == 2
        assert web().get(address("list", query="?state=draft")).context["pages"].total == 1
        assert web().get(address("list", query=f"?q={version.standard.code}")).context["pages"].total == 2

    def test_nobody_without_the_right(self, web, root):
        assert web(user_with("work.view_plan", at=root)).get(address("list")).status_code == 403

    def test_more_versions_take_no_more_queries(self, web, version):
        browser = web()
        browser.get(address("list"))
        few = count(browser, address("list"))
        for _ in range(20):
            issued_version()
        assert count(browser, address("list")) == few

    def test_a_new_standard_with_grades(self, web, root):
        assert web().get(address("new")).status_code == 200
        given = {
            "code": "our-own", "name_zh": "公司标准", "name_en": "", "node": root.pk, "kind": "company", "source": "",
            "grades": "金\n银",
        }  # fmt: skip
        assert web().post(address("new"), given).status_code == 302
        made = StandardVersion.objects.get(standard__code="our-own")
        assert [(grade.code, grade.label_zh) for grade in made.grades.all()] == [("g1", "金"), ("g2", "银")]

    def test_a_bad_code_is_refused_at_its_field(self, web, root):
        given = {"code": "Our Own", "name_zh": "x", "node": root.pk, "kind": "company", "grades": "金"}
        assert web().post(address("new"), given).context["form"].errors["code"]

    def test_a_copy(self, web, version, root):
        assert web().get(address("copy", version.pk)).status_code == 200
        given = {"code": "copy", "name_zh": "副本", "name_en": "", "node": root.pk}
        web().post(address("copy", version.pk), given)
        assert Standard.objects.get(code="copy").versions.get().clauses.count() == 1

    def test_a_name(self, web, version):
        assert web().get(address("standard_rename", version.standard_id)).status_code == 200
        web().post(address("standard_rename", version.standard_id), {"name_zh": "新名", "name_en": "", "source": ""})
        version.standard.refresh_from_db()
        assert version.standard.name_zh == "新名"

    def test_the_next_version(self, web, version):
        answer = web().post(address("standard_next", version.standard_id))
        newest = web().get(answer.headers["Location"])
        made = version.standard.versions.get(number=2)
        assert newest.headers["Location"] == address("version", made.pk)

    def test_a_reader_writes_nothing(self, web, reader, version):
        assert web(reader).get(address("new")).status_code == 403
        assert web(reader).get(address("copy", version.pk)).status_code == 403
        assert web(reader).post(address("standard_next", version.standard_id)).status_code == 403


class TestVersion:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_the_table(self, web, version, language):
        page = web(language=language).get(address("version", version.pk))
        assert page.status_code == 200
        assert [name for _grade, name in page.context["grades"]] == ["1级", "2级"]
        assert page.context["found"] == 1

    def test_parts_and_search(self, web, version):
        ClauseFactory(version=version, part="green", requirement_zh="修剪")
        assert web().get(address("version", version.pk, query="?part=green")).context["found"] == 1
        assert web().get(address("version", version.pk, query="?q=修剪")).context["found"] == 1
        assert web().get(address("version", version.pk, query="?q=nothing")).context["found"] == 0

    def test_a_version_of_another_company_does_not_exist(self, web, version):
        own = VersionFactory(standard=StandardFactory(node=NodeFactory()))
        assert web().get(address("version", own.pk)).status_code == 404

    def test_what_a_draft_lacks(self, web, draft):
        ClauseFactory(version=draft, values={})
        page = web().get(address("version", draft.pk))
        assert any(issue.is_blocking for issue in page.context["issues"])

    def test_submitted_sent_back_and_issued(self, web, draft):
        web().post(address("step", draft.pk, "submit"))
        draft.refresh_from_db()
        assert draft.state == "review"
        assert web().post(address("send_back", draft.pk), {"reason": ""}).status_code == 422
        web().post(address("send_back", draft.pk), {"reason": "typo"})
        web().post(address("step", draft.pk, "submit"))
        web().post(address("step", draft.pk, "issue"))
        draft.refresh_from_db()
        assert draft.state == "issued"

    def test_withdrawn_with_a_reason(self, web, version):
        assert web().get(address("withdraw", version.pk)).status_code == 200
        web().post(address("withdraw", version.pk), {"reason": "replaced"})
        version.refresh_from_db()
        assert version.state == "withdrawn"

    def test_an_unknown_step_does_not_exist(self, web, draft):
        assert web().post(address("step", draft.pk, "burn")).status_code == 404

    def test_a_reader_issues_nothing(self, web, reader, writer, draft):
        submit(draft, by=writer)
        assert web(reader).post(address("step", draft.pk, "issue")).status_code == 403


class TestComparing:
    def test_grades_side_by_side(self, web, version):
        page = web().get(address("compare", version.pk, query="?grade=g1&grade=g2"))
        assert (page.context["different"], page.context["all"]) == (1, 1)
        same = web().get(address("compare", version.pk, query="?grade=g1&show=different"))
        assert same.context["lines"] == []

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_versions(self, web, version, draft, writer, language):
        clause = draft.clauses.get()
        clause.values.filter(grade__code="g1").update(value="2/1 d")
        ClauseFactory(version=draft, values={"g1": "1/1 w"})
        for one, other in ((version, draft), (draft, version)):
            page = web(language=language).get(address("compare", one.pk, query=f"?with={other.pk}"))
            assert (page.context["before"], page.context["after"]) == (version, draft)
            assert len(page.context["found"].added) == 1
            ((_code, _text, fields),) = page.context["changed"]
            assert [(before, after) for _label, before, after, _effect in fields] == [("1/1 d", "2/1 d")]

    def test_a_version_of_another_standard_is_not_compared(self, web, version):
        assert web().get(address("compare", version.pk, query=f"?with={issued_version().pk}")).status_code == 404


class TestClauses:
    def form(self, **changes):
        given = {
            "code": "X1", "part": "clean", "subject_name": "楼道楼梯", "requirement_zh": "拖地", "kind": "cadence",
            "certainty": "H", "values.g1": "1/1 d", "values.g2": "-",
        }  # fmt: skip
        return given | changes

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_everything_it_says(self, web, version, language):
        SubjectFactory(name="楼道楼梯")
        page = web(language=language).get(address("clause", version.clauses.get().pk))
        assert page.status_code == 200
        assert page.context["subject"].name == "楼道楼梯"

    def test_added(self, web, draft):
        assert web().get(address("new_clause", draft.pk)).status_code == 200
        assert web().post(address("new_clause", draft.pk), self.form()).status_code == 302
        made = draft.clauses.get(code="X1")
        assert dict(made.values.values_list("grade__code", "value")) == {"g1": "1/1 d"}

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"values.g1": "often"}, "values.g1"),
            ({"code": "no good"}, "code"),
            ({"applies_when": "moon"}, "applies_when"),
        ],
    )
    def test_refused_at_the_field(self, web, draft, changes, field):
        answer = web().post(address("new_clause", draft.pk), self.form(**changes))
        assert answer.status_code == 422
        assert answer.context["form"].errors[field]

    def test_changed_without_losing_what_is_not_asked(self, web, draft):
        clause = draft.clauses.get()
        Clause.objects.filter(pk=clause.pk).update(retention="2 y")
        url = address("clause_change", clause.pk)
        assert web().get(url).context["form"].initial["values.g2"] == "1/3 d"
        assert web().post(url, self.form(code=clause.code, **{"values.g2": "1/2 d"})).status_code == 302
        clause.refresh_from_db()
        assert (clause.requirement_zh, clause.retention) == ("拖地", "2 y")
        assert dict(clause.values.values_list("grade__code", "value")) == {"g1": "1/1 d", "g2": "1/2 d"}

    def test_an_issued_clause_is_not_changed(self, web, version):
        clause = version.clauses.get()
        assert web().post(address("clause_change", clause.pk), self.form()).status_code == 422
        clause.refresh_from_db()
        assert clause.requirement_zh == "清扫"

    def test_removed(self, web, draft):
        web().post(address("clause_remove", draft.clauses.get().pk))
        assert not draft.clauses.exists()

    def test_a_reader_writes_nothing(self, web, reader, draft):
        assert web(reader).get(address("new_clause", draft.pk)).status_code == 403
        assert web(reader).post(address("clause_remove", draft.clauses.get().pk)).status_code == 403


def test_out_as_a_workbook_and_back(web, version, draft):
    book = web().get(address("export", draft.pk)).content
    assert book[:2] == b"PK"
    assert web().get(address("import", draft.pk)).status_code == 200
    file = io.BytesIO(book)
    file.name = "draft.xlsx"
    assert web().post(address("import", draft.pk), {"file": file}).status_code == 302
    broken = io.BytesIO(b"nothing")
    broken.name = "draft.xlsx"
    assert web().post(address("import", draft.pk), {"file": broken}).status_code == 422


class TestSubjects:
    def form(self, **changes):
        given = {
            "name": "喷泉", "name_en": "Fountain", "matches_place": "喷泉、水池", "matches_asset": "",
            "activity": "sweep", "team": "环境", "unit": "place", "minutes_per_unit": "12", "qualification": "",
            "evidence": "photo",
            "check_text": "", "deduct_points": "0",
        }  # fmt: skip
        return given | changes

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_the_table(self, web, language):
        SubjectFactory(name="楼道楼梯", team="环境")
        assert web(language=language).get(address("subjects")).context["pages"].total == 1
        assert web(language=language).get(address("subjects", query="?q=nothing")).context["pages"].total == 0

    def test_added_and_calibrated(self, web, root):
        assert web().get(address("subject_new")).status_code == 200
        assert web().post(address("subject_new"), self.form()).status_code == 302
        made = Subject.objects.get(name="喷泉")
        assert made.matches_place == ["喷泉", "水池"]
        assert "喷泉、水池" in web().get(address("subject", made.pk)).content.decode()
        web().post(address("subject", made.pk), self.form(minutes_per_unit="15"))
        made.refresh_from_db()
        assert made.minutes_per_unit == 15

    def test_refused_at_the_field(self, web, root):
        assert web().post(address("subject_new"), self.form(activity="No Good")).context["form"].errors["activity"]

    def test_a_reader_writes_nothing(self, web, reader):
        assert web(reader).get(address("subject_new")).status_code == 403


class TestDuties:
    @pytest.fixture
    def law(self, root):
        """A lift serviced, and towers inspected."""
        version = VersionFactory(issued=True, standard=StandardFactory(kind="statutory"))
        for code, when in (("L1", "lift"), ("H1", "height>27m"), ("A1", "")):
            ClauseFactory(version=version, code=code, applies_when=when, values={"law": "1/1 m"})
        return version

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_without_a_project(self, web, law, language):
        page = web(language=language).get(address("duties"))
        assert (page.context["project"], page.context["all"]) == (None, 3)

    def test_what_applies_here_and_which_fact_is_missing(self, web, law, root):
        project = ProjectFactory(node=NodeFactory(kind="project", parent=root))
        page = web().get(address("duties", query=f"?project={project.code}"))
        assert page.context["counts"] == {"yes": 1, "no": 2, "unknown": 0}
        only = web().get(address("duties", query=f"?project={project.code}&show=yes"))
        assert [line["clause"].code for _part, lines in only.context["groups"] for line in lines] == ["A1"]

    def test_nobody_without_the_right(self, web, root):
        assert web(user_with("work.view_plan", at=root)).get(address("duties")).status_code == 403


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("minutes", "30", "within 30 minutes"),
        ("hours", "24", "within 24 hours"),
        ("percent", "95", "95 %"),
        ("hours_per_day", "24", "24 hours a day"),
        ("years", "3", "every 3 years"),
        ("duty", "yes", "yes"),
        ("duty", "on the notice board", "on the notice board"),
        ("cadence", "-", "–"),
        ("cadence", "whenever", "whenever"),
        ("minutes", "soon", "soon"),
        ("posts", "posts 2x24h", "2 people at a time, 24 hours a day"),
        ("retention", "retention 183 d", "kept for 183 days"),
        ("law", "review 3 y; renewal 6 y", "reviewed after 3, renewed after 6 years"),
        ("cond", "cond:age>15y", "once older than 15 years"),
        ("cond", "cond:trapped", "whenever people are trapped"),
        ("law", "by city profile", "as the city demands"),
    ],
)
def test_values_in_words(kind, text, words):
    with override("en"):
        assert value_words(kind, text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "always"),
        ("lift", "there are passenger lifts"),
        ("lift&age>15y", "there are passenger lifts and years since a lift was accepted > 15 years"),
        ("!(residential|office)", "not ( the project is residential or the project is an office building )"),
        ("height<=27m", "height of a building ≤ 27 metres"),
    ],
)
def test_predicates_in_words(text, words):
    with override("en"):
        assert predicate_words(text) == words


def test_a_part_of_the_company_keeps_its_word():
    assert part_name("spa") == "spa"
