"""Filling an inspection: sections, saving, photos, places, submitting."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import inspections as made
from factories.tasks import photo

from wuyou.domains.quality.actions import inspections as actions
from wuyou.domains.quality.models import Finding, Inspection, InspectionAnswer
from wuyou.domains.quality.queries.inspections import places_at, places_called, ways_to
from wuyou.domains.sheets.rules.items import ItemSpec
from wuyou.kernel.evidence.models import Evidence

HTMX = {"HTTP_HX_REQUEST": "true"}


def address(name, *args):
    return reverse(f"console:quality:{name}", args=args)


def stored(inspection):
    rows = InspectionAnswer.objects.filter(inspection=inspection).select_related("item")
    return {row.item.code: row.value for row in rows if row.value}


def save(client, inspection, answers, *, part=1, **more):
    given = {f"answers.{code}": value for code, value in answers.items()} | more
    return client.post(address("inspect_save", inspection.pk, part), given, **HTMX)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_section_with_its_questions(web, begun, language):
    page = web(language=language).get(address("inspect", begun.pk, 1))
    assert page.status_code == 200
    assert [(part.name, part.answered, part.asked) for part in page.context["parts"]] == [
        ("设施" if language == "zh-hans" else "Facilities", 0, 2), ("安全", 0, 4),
    ]  # fmt: skip
    assert [(one.item.code, one.kind) for one in page.context["questions"]] == [("lamp", "choose"), ("stairs", "ticks")]
    second = web(language=language).get(address("inspect", begun.pk, 2))
    assert [(one.item.code, one.kind, one.is_asked) for one in second.context["questions"]] == [
        ("exit", "choose", True), ("lifts", "choose", True), ("bell", "choose", False), ("note", "text", True),
        ("sign", "text", True),
    ]  # fmt: skip


def test_who_may_not(web, begun):
    for who in ("region", "project_manager"):
        assert web(who).get(address("inspect", begun.pk, 1)).status_code == 403
        assert save(web(who), begun, {"lamp": "pass"}).status_code == 403
    assert web("client").get(address("inspect", begun.pk, 1)).status_code == 404
    assert web(made.stranger()).get(address("inspect", begun.pk, 1)).status_code == 404
    assert stored(begun) == {}


@pytest.mark.parametrize("part", [0, 3])
def test_there_is_no_such_section(web, begun, part):
    assert web().get(address("inspect", begun.pk, part)).status_code == 404
    assert save(web(), begun, {}, part=part).status_code == 404


def test_a_long_section_takes_no_more_queries(web, estate):
    counted = []
    for size in (2, 50):
        items = [ItemSpec(f"i{number}", "完好", "pass_fail") for number in range(size)]
        version = made.sheet(items, code=f"s{size}")
        level = "special" if size == 2 else "region"
        inspection = actions.start_inspection(made.target(estate, version, level=level), by=estate.user("region"))
        made.fill(inspection, {item.code: made.AnswerIn("fail", place_id=estate.stairs[0].pk) for item in items})
        for item in items[:2]:
            made.shoot(inspection, item.code)
        client = web("region")
        client.get(address("inspect", inspection.pk, 1))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address("inspect", inspection.pk, 1))
        assert len(page.context["questions"]) == size
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 20


class TestSaving:
    def test_as_one_goes(self, web, begun):
        answer = save(web(), begun, {"lamp": "fail", "stairs": ["dust", "junk"]}, **{"notes.lamp": "三楼"})
        assert answer.status_code == 200
        assert stored(begun) == {"lamp": "fail", "stairs": "dust,junk"}
        text = answer.content.decode()
        assert "2 of 6 answered" in text
        assert '<input type="hidden" name="revision" id="revision" value="1" hx-swap-oob="true">' in text
        assert 'id="part-1" hx-swap-oob="true">2/2<' in text

    def test_reasons_win_over_nothing(self, web, begun):
        save(web(), begun, {"stairs": ["none", "dust"]})
        assert stored(begun) == {"stairs": "dust"}
        save(web(), begun, {"stairs": ["none"]})
        assert stored(begun) == {"stairs": "none"}

    def test_what_is_wrong_is_said_and_the_rest_is_saved(self, web, begun):
        answer = save(web(), begun, {"lamp": "perhaps", "stairs": "none"})
        assert answer.status_code == 422
        assert answer.context["errors"] == [("楼道灯亮", "Answer pass, fail or not applicable.")]
        assert stored(begun) == {"stairs": "none"}

    def test_a_place_that_is_not_there(self, web, begun):
        answer = save(web(), begun, {"lamp": "fail", "stairs": "none"}, **{"places.lamp": "九号楼"})
        assert (answer.status_code, stored(begun)) == (422, {"stairs": "none"})
        assert "九号楼" in answer.context["wrong"]

    def test_a_place_by_its_way(self, web, begun, estate):
        way = ways_to([estate.stairs[1]])[estate.stairs[1].pk]
        save(web(), begun, {"lamp": "fail"}, **{"places.lamp": way})
        assert InspectionAnswer.objects.get(item__code="lamp").place == estate.stairs[1]
        page = web().get(address("inspect", begun.pk, 1))
        assert page.context["questions"][0].place == way

    def test_what_somebody_else_has_answered_meanwhile(self, web, begun):
        made.fill(begun, {"lamp": "pass"})
        answer = save(web(), begun, {"lamp": "fail"}, revision="0")
        assert (answer.status_code, stored(begun)) == (422, {"lamp": "pass"})
        assert "楼道灯亮" in answer.context["wrong"]

    def test_without_scripts_one_goes_on_to_the_next(self, web, begun):
        after = address("inspect", begun.pk, 2)
        answer = web().post(address("inspect_save", begun.pk, 1), {"answers.lamp": "pass", "go": after})
        assert (answer.status_code, answer["Location"], stored(begun)) == (302, after, {"lamp": "pass"})
        wrong = web().post(address("inspect_save", begun.pk, 1), {"answers.lamp": "x", "go": after})
        assert wrong["Location"] == address("inspect", begun.pk, 1)
        elsewhere = web().post(address("inspect_save", begun.pk, 1), {"go": "https://example.org/"})
        assert elsewhere["Location"] == "/"

    def test_what_is_submitted_is_only_shown(self, web, begun):
        made.done(begun)
        assert web().get(address("inspect", begun.pk, 1))["Location"] == address("inspection", begun.pk)
        assert save(web(), begun, {"lamp": "fail"}).status_code == 422
        assert stored(begun)["lamp"] == "pass"


class TestPlaces:
    def test_they_are_found_by_words_of_their_way(self, web, begun, estate):
        way = ways_to([estate.stairs[1]])[estate.stairs[1].pk]
        answer = web().get(address("inspect_places", begun.pk), {"places.lamp": "1号楼道"})
        assert answer.context["ways"] == [way]
        assert f'<option value="{way}">' in answer.content.decode()
        assert web().get(address("inspect_places", begun.pk)).context["ways"] == []

    def test_words_and_ways(self, estate):
        place = estate.stairs[2]
        way = ways_to([place])[place.pk]
        assert places_at(estate.project, [way, "", " "]) == {way: place.pk}
        assert places_at(estate.project, ["no such"]) == {}
        assert places_called(estate.project, "2号 楼道") == [way]
        assert places_called(estate.project, " ") == []


class TestPhotos:
    def test_in_a_few_taps(self, web, begun):
        answer = web().post(address("inspect_photo", begun.pk, "lamp"), {"photos": photo()}, **HTMX)
        assert answer.status_code == 200
        row = Evidence.objects.get()
        small = address("proof_small", row.pk)
        assert small in answer.content.decode()
        assert web().get(small)["Content-Type"] == "image/jpeg"
        assert web().get(address("proof", row.pk)).status_code == 200
        assert web("client").get(small).status_code == 404
        assert web().get(address("proof", row.pk + 1)).status_code == 404

    def test_one_by_mistake_is_left_out(self, web, begun):
        row = made.shoot(begun, "lamp")
        answer = web().post(address("inspect_discard", begun.pk, "lamp", row.pk), **HTMX)
        assert (answer.status_code, answer.context["one"].photos) == (200, [])
        assert web().post(address("inspect_discard", begun.pk, "stairs", row.pk), **HTMX).status_code == 404

    def test_without_scripts_back_to_the_section(self, web, begun):
        answer = web().post(address("inspect_photo", begun.pk, "exit"), {"photos": photo()})
        assert answer["Location"] == address("inspect", begun.pk, 2)

    def test_there_is_no_such_item(self, web, begun):
        assert web().post(address("inspect_photo", begun.pk, "nothing"), {"photos": photo()}, **HTMX).status_code == 404
        assert web().post(address("inspect_photo", begun.pk, "nothing"), **HTMX).status_code == 404


class TestFinishing:
    def test_what_is_left_and_where(self, web, begun):
        made.fill(begun, {"lamp": "fail", "stairs": "dust"})
        page = web().get(address("inspect_finish", begun.pk))
        first = address("inspect", begun.pk, 1)
        assert page.context["left"][0][2] == f"{first}#item-stairs"
        assert page.context["left"][0][1] == "A photo is needed of what failed."
        assert len(page.context["left"]) == 4
        assert page.context["failed"] == ["楼道灯亮", "楼道清洁"]

    def test_signed_and_submitted(self, web, begun, estate):
        made.fill(begun, made.GOOD | {"lamp": "fail"})
        page = web().get(address("inspect_finish", begun.pk))
        assert (page.context["left"], page.context["form"].initial["signed_as"]) == ([], estate.user("city").full_name)
        answer = web().post(address("inspect_finish", begun.pk), {"signed_as": "张三", "note": "一处灯坏"})
        assert answer["Location"] == address("inspection", begun.pk)
        begun.refresh_from_db()
        assert (begun.state, begun.signed_as, Finding.objects.count()) == ("submitted", "张三", 1)

    def test_not_while_something_is_missing_or_unsigned(self, web, begun):
        assert web().post(address("inspect_finish", begun.pk), {"signed_as": "张三"}).status_code == 422
        made.fill(begun)
        assert web().post(address("inspect_finish", begun.pk), {"signed_as": ""}).status_code == 422
        assert Inspection.objects.get().state == "under_way"

    def test_only_by_its_inspector(self, web, begun):
        assert web("region").get(address("inspect_finish", begun.pk)).status_code == 403
