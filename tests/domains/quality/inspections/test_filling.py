"""Answers and photos: what is saved, what is refused, and that nobody is overwritten."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import inspections as made
from factories.registry import PlaceFactory
from factories.tasks import photo

from wuyou.domains.quality.actions import inspections as actions
from wuyou.domains.quality.actions.inspections import AnswerIn
from wuyou.domains.quality.models import InspectionAnswer
from wuyou.domains.quality.queries.inspections import filled_of
from wuyou.domains.sheets.rules.items import ItemSpec
from wuyou.kernel import evidence
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid, Missing, Unsupported


def fields_of(error):
    return [one.field for one in error.value.fields]


def save(inspection, answers, *, section="设施", **given):
    shaped = {code: one if isinstance(one, AnswerIn) else AnswerIn(one) for code, one in answers.items()}
    by = given.pop("by", inspection.inspector)
    return actions.save_section(inspection, section=section, answers=shaped, by=by, **given)


def stored(inspection):
    return {
        row.item.code: (row.value, row.verdict)
        for row in InspectionAnswer.objects.filter(inspection=inspection).select_related("item")
    }


class TestSaving:
    def test_what_is_answered_is_stored_and_judged(self, begun):
        assert save(begun, {"lamp": "fail", "stairs": ["junk", "dust"]}) == 1
        assert stored(begun) == {"lamp": ("fail", "fail"), "stairs": ("dust,junk", "fail")}

    def test_a_part_of_a_section_leaves_the_rest(self, begun):
        save(begun, {"lamp": "pass", "stairs": "none"})
        assert save(begun, {"lamp": "na"}) == 2
        assert stored(begun) == {"lamp": ("na", "na"), "stairs": ("none", "pass")}

    def test_an_answer_is_taken_back(self, begun):
        save(begun, {"lamp": "pass"})
        save(begun, {"lamp": ""})
        assert stored(begun) == {"lamp": ("", "")}
        assert filled_of(begun).values == {}

    def test_nothing_said_is_nothing_stored(self, begun):
        save(begun, {"lamp": "", "stairs": None})
        assert stored(begun) == {}

    def test_a_remark_and_a_place(self, begun, estate):
        save(begun, {"lamp": AnswerIn("fail", note=" 三楼 ", place_id=estate.stairs[1].pk)})
        row = InspectionAnswer.objects.get()
        assert (row.note, row.place) == ("三楼", estate.stairs[1])
        save(begun, {"lamp": AnswerIn("", note="三楼")})
        row.refresh_from_db()
        assert (row.value, row.note, row.place) == ("", "三楼", None)

    def test_saying_the_same_again_changes_nothing(self, begun):
        save(begun, {"lamp": "pass"})
        at = InspectionAnswer.objects.values_list("revision", "at").get()
        save(begun, {"lamp": "pass"})
        assert InspectionAnswer.objects.values_list("revision", "at").get() == at

    def test_numbers_are_kept_as_numbers(self, estate, inspector):
        water = ItemSpec("water", "余氯", "measure", unit="mg/L", tolerance_low=made.D("0.05"))
        inspection = actions.start_inspection(
            made.target(estate, made.sheet([water], code="water"), inspector=inspector), by=inspector
        )
        save(inspection, {"water": "０.０３"}, section="")
        row = InspectionAnswer.objects.get()
        assert (row.value, row.number, row.verdict) == ("0.03", made.D("0.03"), "fail")

    @pytest.mark.parametrize(
        ("answers", "where"),
        [
            ({"lamp": "maybe"}, ["answers.lamp"]),
            ({"stairs": "moss"}, ["answers.stairs"]),
            ({"exit": "pass"}, ["answers.exit"]),
            ({"nothing": "pass"}, ["answers.nothing"]),
            ({"lamp": AnswerIn("pass", note="长" * 501)}, ["answers.lamp"]),
            ({"lamp": "pass", "stairs": 7}, ["answers.stairs"]),
        ],
    )
    def test_wrong_ones_are_named_and_nothing_is_saved(self, begun, answers, where):
        with pytest.raises(Invalid) as error:
            save(begun, answers)
        assert fields_of(error) == where
        begun.refresh_from_db()
        assert (stored(begun), begun.revision) == ({}, 0)

    def test_a_place_of_another_project_is_refused(self, begun):
        with pytest.raises(Invalid) as error:
            save(begun, {"lamp": AnswerIn("fail", place_id=PlaceFactory().pk)})
        assert fields_of(error) == ["answers.lamp"]

    def test_there_is_no_such_section(self, begun):
        with pytest.raises(Missing):
            save(begun, {"lamp": "pass"}, section="绿化")

    @pytest.mark.parametrize("role", ["region", "project_manager", "client"])
    def test_only_by_its_inspector(self, begun, estate, role):
        with pytest.raises(Denied):
            save(begun, {"lamp": "pass"}, by=estate.user(role))

    def test_not_by_an_inspector_whose_role_has_ended(self, begun, inspector):
        inspector.assignments.update(ends_on="2026-11-19")
        inspector.__dict__.pop("_held", None)
        with pytest.raises(Denied):
            save(begun, {"lamp": "pass"}, by=inspector)

    def test_not_once_submitted(self, begun):
        made.done(begun)
        with pytest.raises(IllegalMove):
            save(begun, {"lamp": "fail"})
        assert stored(begun)["lamp"] == ("pass", "pass")


class TestTwoAtOnce:
    def test_what_somebody_else_has_changed_is_not_overwritten(self, begun):
        save(begun, {"lamp": "pass"})
        seen = begun.revision
        save(begun, {"lamp": "fail"})
        with pytest.raises(Conflict) as error:
            save(begun, {"lamp": "na"}, revision=seen)
        assert "楼道灯亮" in str(error.value)
        assert stored(begun)["lamp"] == ("fail", "fail")

    def test_other_items_of_the_section_are_merged(self, begun):
        seen = save(begun, {"lamp": "pass"})
        save(begun, {"stairs": "none"})
        save(begun, {"lamp": "fail"}, revision=seen)
        assert stored(begun) == {"lamp": ("fail", "fail"), "stairs": ("none", "pass")}

    def test_the_same_answer_is_no_quarrel(self, begun):
        save(begun, {"lamp": "pass"})
        save(begun, {"lamp": "fail"})
        save(begun, {"lamp": "fail"}, revision=1)
        assert stored(begun)["lamp"] == ("fail", "fail")


class TestSpeed:
    def test_two_hundred_items_take_no_more_queries_than_two(self, estate, inspector):
        counted = []
        for size in (2, 200):
            items = [ItemSpec(f"i{number}", "完好", "pass_fail") for number in range(size)]
            version = made.sheet(items, code=f"s{size}")
            project = made.target(estate, version, inspector=inspector, level="special" if size == 2 else "region")
            inspection = actions.start_inspection(project, by=inspector)
            answers = {item.code: AnswerIn("pass", place_id=estate.stairs[0].pk) for item in items}
            with CaptureQueriesContext(connection) as queries:
                actions.save_section(inspection, section="", answers=answers, by=inspector)
            counted.append(len(queries))
            assert inspection.answers.count() == size
        assert counted[1] - counted[0] <= 2  # SQLite takes a long INSERT in parts
        assert max(counted) <= 12


class TestPhotos:
    def test_a_photo_is_counted_and_shown_where_it_belongs(self, begun, estate):
        save(begun, {"stairs": AnswerIn("dust", place_id=estate.stairs[0].pk)})
        row = made.shoot(begun, "stairs")
        answer = InspectionAnswer.objects.get()
        assert (row.subject_kind, row.subject_id, answer.photos) == ("inspection_answer", str(answer.pk), 1)
        assert row.watermark.startswith(str(estate.stairs[0]))
        assert filled_of(begun).photos == {"stairs": 1}

    def test_before_the_answer(self, begun):
        made.shoot(begun, "lamp")
        assert stored(begun) == {"lamp": ("", "")}
        save(begun, {"lamp": "fail"})
        answer = InspectionAnswer.objects.get()
        assert (answer.value, answer.photos) == ("fail", 1)

    def test_a_photo_is_no_quarrel_with_the_answer_that_follows(self, begun):
        made.shoot(begun, "lamp")
        save(begun, {"lamp": "fail"}, revision=0)
        assert stored(begun) == {"lamp": ("fail", "fail")}

    def test_the_same_file_twice_is_one(self, begun):
        file = photo()
        for _time in range(2):
            actions.attach_photo(begun, item_code="lamp", upload=file, by=begun.inspector)
        assert InspectionAnswer.objects.get().photos == 1

    def test_an_item_that_is_a_photo_is_answered_by_it(self, estate, inspector):
        version = made.sheet([ItemSpec("view", "全景", "photo"), ItemSpec("ok", "完好", "pass_fail")], code="view")
        inspection = actions.start_inspection(made.target(estate, version, inspector=inspector), by=inspector)
        row = made.shoot(inspection, "view")
        save(inspection, {"view": AnswerIn("9", note="南侧"), "ok": "pass"}, section="")
        assert stored(inspection) == {"view": ("1", ""), "ok": ("pass", "pass")}
        actions.discard_photo(inspection, item_code="view", photo=row, by=inspector)
        assert stored(inspection)["view"] == ("", "")

    def test_one_taken_by_mistake_no_longer_counts_but_stays(self, begun):
        row = made.shoot(begun, "lamp")
        actions.discard_photo(begun, item_code="lamp", photo=row, by=begun.inspector)
        answer = InspectionAnswer.objects.get()
        assert answer.photos == 0
        assert [one.verdict for one in evidence.evidence_of("inspection_answer", [answer.pk])[str(answer.pk)]] == [
            "rejected"
        ]

    def test_of_another_item_is_not_discarded(self, begun):
        row = made.shoot(begun, "lamp")
        for code in ("stairs", "exit"):
            with pytest.raises(Invalid):
                actions.discard_photo(begun, item_code=code, photo=row, by=begun.inspector)

    def test_there_is_no_such_item(self, begun):
        with pytest.raises(Missing):
            made.shoot(begun, "nothing")

    def test_what_is_no_picture_is_refused(self, begun):
        with pytest.raises((Unsupported, Invalid)):
            actions.attach_photo(begun, item_code="lamp", upload=made.text_file(), by=begun.inspector)
        assert stored(begun) == {}

    def test_only_by_its_inspector_and_before_it_is_submitted(self, begun, estate):
        with pytest.raises(Denied):
            actions.attach_photo(begun, item_code="lamp", upload=photo(), by=estate.user("region"))
        made.done(begun)
        with pytest.raises(IllegalMove):
            made.shoot(begun, "lamp")
