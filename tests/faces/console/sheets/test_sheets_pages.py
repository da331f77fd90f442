"""Pages of check sheets: the list, a version, its questions, its way."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories.org import NodeFactory, user_with
from factories.sheets import ItemFactory, SheetFactory, SheetVersionFactory

from wuyou.domains.sheets.models import Sheet, SheetVersion

pytestmark = pytest.mark.django_db


def address(name, *args, query=""):
    return reverse(f"console:sheets:{name}", args=args) + query


@pytest.fixture
def root():
    """The group."""
    return NodeFactory()


@pytest.fixture
def web(root):
    """A browser of somebody who writes sheets, or of somebody else."""
    writer = user_with("sheets.view_sheets", "sheets.edit_sheets", at=root)

    def open_as(user=None, language="en"):
        client = Client()
        client.force_login(user or writer)
        client.cookies["django_language"] = language
        return client

    return open_as


@pytest.fixture
def reader(root):
    """Somebody who reads."""
    return user_with("sheets.view_sheets", at=root)


@pytest.fixture
def draft(root):
    """Two questions, being written."""
    version = SheetVersionFactory(sheet=SheetFactory(node=root))
    ItemFactory(version=version, code="one", text_zh="第一")
    ItemFactory(version=version, code="two", text_zh="第二")
    return version


@pytest.fixture
def issued(root):
    """One question, in use."""
    version = SheetVersionFactory(issued=True, sheet=SheetFactory(node=root))
    ItemFactory(version=version)
    return version


def form(**changes):
    """A reading between 1 and 3 bar."""
    given = {
        "text_zh": "压力", "text_en": "Pressure", "code": "pressure", "section": "", "answer_type": "number",
        "unit": "bar", "low": "1", "high": "3", "options": "", "is_required": "on",
    }  # fmt: skip
    return given | changes


def codes(version):
    return list(version.items.order_by("position").values_list("code", flat=True))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_list_and_version_open(web, draft, issued, language):
    browser = web(language=language)
    assert browser.get(address("list")).context["pages"].total == 2
    assert browser.get(address("list", query="?state=draft")).context["pages"].total == 1
    assert browser.get(address("list", query=f"?q={draft.sheet.code}")).context["pages"].total == 1
    page = browser.get(address("version", draft.pk))
    assert [line["text"] for _section, lines in page.context["sections"] for line in lines] == ["第一", "第二"]


def test_more_sheets_take_no_more_queries(web, issued):
    browser = web()
    browser.get(address("list"))
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            browser.get(address("list"))
        counted.append(len(queries))
        for _ in range(20):
            SheetVersionFactory()
    assert counted[0] == counted[1]


def test_who_may_not(web, root, draft, reader):
    assert web(user_with("work.view_plan", at=root)).get(address("list")).status_code == 403
    other = SheetVersionFactory(sheet=SheetFactory(node=NodeFactory()))
    assert web().get(address("version", other.pk)).status_code == 404
    assert web(reader).get(address("new")).status_code == 403
    assert web(reader).get(address("item_new", draft.pk)).status_code == 403
    assert web(reader).post(address("issue", draft.pk)).status_code == 403
    assert not web(reader).get(address("version", draft.pk)).context["can_edit"]


def test_a_new_sheet(web, root):
    assert web().get(address("new")).status_code == 200
    given = {
        "code": "pumps",
        "name_zh": "水泵",
        "name_en": "",
        "activity": "plant_patrol",
        "node": root.pk,
        "purpose": "task",
    }
    assert web().post(address("new"), given).status_code == 302
    assert Sheet.objects.get(code="pumps").activity == "plant_patrol"
    assert web().post(address("new"), given).context["form"].errors["code"]


def test_another_name(web, draft):
    assert web().get(address("rename", draft.pk)).status_code == 200
    web().post(address("rename", draft.pk), {"name_zh": "新名", "name_en": "", "activity": ""})
    draft.sheet.refresh_from_db()
    assert draft.sheet.name_zh == "新名"


class TestQuestions:
    def test_added_at_the_end(self, web, draft):
        assert web().get(address("item_new", draft.pk)).status_code == 200
        assert web().post(address("item_new", draft.pk), form()).status_code == 302
        assert codes(draft) == ["one", "two", "pressure"]
        assert draft.items.get(code="pressure").high == 3

    def test_a_choice_has_options(self, web, draft):
        given = form(code="weather", answer_type="choice", unit="", low="", high="", options="sun=晴=Sunny\nrain=雨")
        assert web().post(address("item_new", draft.pk), given).status_code == 302
        assert draft.items.get(code="weather").options == [
            {"code": "sun", "zh": "晴", "en": "Sunny"}, {"code": "rain", "zh": "雨", "en": ""},
        ]  # fmt: skip
        assert "sun=晴=Sunny" in web().get(address("item", draft.pk, 3)).content.decode()

    def test_a_scored_one_with_reasons_and_a_condition(self, web, draft):
        given = form(
            code="stairs", answer_type="deduct", unit="", low="", high="", section="环境", section_en="Grounds",
            deductions="dust=0.5=积灰=Dust\njunk=1=堆物", points="4", weight="2.5", severity="major",
            photo_on_failure="on", condition="one=pass",
        )  # fmt: skip
        assert web().post(address("item_new", draft.pk), given).status_code == 302
        item = draft.items.get(code="stairs")
        assert item.deductions == [
            {"code": "dust", "zh": "积灰", "en": "Dust", "points": "0.5"},
            {"code": "junk", "zh": "堆物", "en": "", "points": "1"},
        ]
        assert (item.points, item.weight, item.severity, item.is_veto) == (4, Decimal("2.5"), "major", False)
        assert (item.condition_code, item.condition_value) == ("one", "pass")
        opened = web().get(address("item", draft.pk, 3))
        assert opened.context["form"].initial["condition"] == "one=pass"
        assert "dust=0.5=积灰=Dust\njunk=1=堆物" in opened.content.decode()

    def test_a_new_one_goes_on_in_the_section_of_the_last(self, web, draft):
        ItemFactory(version=draft, code="three", section="环境", section_en="Grounds")
        initial = web().get(address("item_new", draft.pk)).context["form"].initial
        assert initial == {"section": "环境", "section_en": "Grounds"}

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"deductions": "dust=much=积灰"}, "deductions"),
            ({"answer_type": "deduct", "low": "", "high": ""}, "deductions"),
            ({"answer_type": "measure"}, "tolerance_low"),
            ({"answer_type": "count", "low": "", "high": ""}, "limit"),
            ({"condition": "two=pass"}, "condition"),  # it stands further down
            ({"is_veto": "on"}, "is_veto"),
        ],
    )
    def test_what_is_wrong_for_scoring_stands_at_the_field(self, web, draft, changes, field):
        answer = web().post(address("item", draft.pk, 1), form(**changes))
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]

    def test_changed_in_its_place(self, web, draft):
        assert web().get(address("item", draft.pk, 1)).context["form"].initial["code"] == "one"
        assert web().post(address("item", draft.pk, 1), form()).status_code == 302
        assert codes(draft) == ["pressure", "two"]

    @pytest.mark.parametrize(("changes", "field"), [({"code": "two"}, "code"), ({"low": "9"}, "high")])
    def test_refused_at_the_field(self, web, draft, changes, field):
        answer = web().post(address("item", draft.pk, 1), form(**changes))
        assert answer.status_code == 422
        assert answer.context["form"].errors.get(field) or answer.context["form"].errors

    def test_there_is_no_such_question(self, web, draft):
        assert web().get(address("item", draft.pk, 9)).status_code == 404
        assert web().post(address("item_up", draft.pk, 9)).status_code == 404

    @pytest.mark.parametrize(
        ("way", "place", "order"),
        [("up", 2, ["two", "one"]), ("down", 1, ["two", "one"]), ("up", 1, ["one", "two"]), ("remove", 1, ["two"])],
    )
    def test_moved_or_removed(self, web, draft, way, place, order):
        web().post(address(f"item_{way}", draft.pk, place))
        assert codes(draft) == order

    def test_an_issued_sheet_is_not_changed(self, web, issued):
        before = codes(issued)
        assert web().post(address("item_new", issued.pk), form()).status_code == 422
        web().post(address("item_remove", issued.pk, 1))
        assert codes(issued) == before


class TestScoring:
    def test_of_a_draft(self, web, draft):
        assert web().get(address("scoring", draft.pk)).context["form"].initial["scoring"] == "none"
        answer = web().post(address("scoring", draft.pk), {"scoring": "weighted", "doubles_repeats": "on"})
        draft.refresh_from_db()
        assert (answer.status_code, draft.scoring, draft.doubles_repeats) == (302, "weighted", True)

    def test_not_of_an_issued_one_and_not_by_a_reader(self, web, issued, reader):
        assert web().post(address("scoring", issued.pk), {"scoring": "points"}).status_code == 422
        assert web(reader).get(address("scoring", issued.pk)).status_code == 403

    @pytest.mark.parametrize(
        ("item", "said"),
        [
            ({"answer_type": "measure", "unit": "MPa", "tolerance_low": "0.07"}, "passes from 0.07 to … MPa"),
            ({"answer_type": "count", "limit": 3, "unit": "处"}, "at most 3 处"),
            ({"answer_type": "grade"}, "passes from 3"),
            ({"answer_type": "grade", "limit": 4}, "passes from 4"),
            ({"answer_type": "text"}, ""),
        ],
    )
    def test_when_a_question_passes(self, web, draft, item, said):
        ItemFactory(version=draft, **item)
        assert web().get(address("version", draft.pk)).context["sections"][0][1][2]["passes"] == said

    @pytest.mark.parametrize(
        ("scoring", "said"),
        [("none", ""), ("weighted", "weight 2.5"), ("points", "4 points"), ("deduction", "4 points")],
    )
    def test_what_a_question_counts(self, web, root, scoring, said):
        version = SheetVersionFactory(sheet=SheetFactory(node=root), scoring=scoring)
        ItemFactory(version=version, weight=Decimal("2.50"), points=Decimal(4))
        ItemFactory(version=version, answer_type="text")
        lines = web().get(address("version", version.pk)).context["sections"][0][1]
        assert [line["counts"] for line in lines] == [said, ""]

    def test_what_a_question_depends_on(self, web, draft):
        ItemFactory(version=draft, condition_code="one", condition_value="fail")
        weather = [{"code": "sun", "zh": "晴", "en": "Sunny"}, {"code": "rain", "zh": "雨", "en": ""}]
        ItemFactory(version=draft, code="sky", text_zh="天气", answer_type="choice", options=weather)
        ItemFactory(version=draft, condition_code="sky", condition_value="sun")
        lines = web().get(address("version", draft.pk)).context["sections"][0][1]
        assert [line["condition"] for line in lines] == [
            "", "", "only if “第一” was answered “Fail”", "", "only if “天气” was answered “Sunny”",
        ]  # fmt: skip

    def test_the_list_knows_sheets_for_inspections(self, web, draft, root):
        SheetVersionFactory(sheet=SheetFactory(node=root, purpose="inspection"), issued=True)
        assert web().get(address("list", query="?purpose=inspection")).context["pages"].total == 1
        assert web().get(address("list")).context["pages"].total == 2


class TestWay:
    def test_issued(self, web, draft):
        web().post(address("issue", draft.pk))
        draft.refresh_from_db()
        assert draft.state == "issued"

    def test_an_empty_one_is_not_issued(self, web, root):
        version = SheetVersionFactory(sheet=SheetFactory(node=root))
        answer = web().post(address("issue", version.pk), follow=True)
        version.refresh_from_db()
        assert version.state == "draft"
        assert answer.status_code == 200

    def test_withdrawn_with_a_reason(self, web, issued):
        assert web().get(address("withdraw", issued.pk)).status_code == 200
        assert web().post(address("withdraw", issued.pk), {"reason": ""}).status_code == 422
        web().post(address("withdraw", issued.pk), {"reason": "old"})
        issued.refresh_from_db()
        assert issued.state == "withdrawn"

    def test_the_next_version(self, web, issued):
        answer = web().post(address("sheet_next", issued.sheet_id))
        made = SheetVersion.objects.get(sheet=issued.sheet, number=2)
        assert web().get(answer.headers["Location"]).headers["Location"] == address("version", made.pk)
        assert codes(made) == codes(issued)
