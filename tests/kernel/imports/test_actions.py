"""A file on its way into the records and out again."""

import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from factories.org import AssignmentFactory, RoleFactory, UserFactory

from kernel.imports.roles import ROLES
from kernel.imports.workbooks import workbook
from wuyou.domains.org.models import Role
from wuyou.kernel import clock, flows, imports, jobs
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid, Missing, Unsupported
from wuyou.kernel.imports import registry
from wuyou.kernel.imports.actions import remove_old_files
from wuyou.kernel.imports.flow import IMPORT_RUN
from wuyou.kernel.imports.models import ImportedRow, ImportRun
from wuyou.kernel.imports.queries import file_of, run_of, runs_of
from wuyou.kernel.imports.undo import kept_values
from wuyou.kernel.journal.queries import entries

pytestmark = pytest.mark.django_db

BY = System("test")
HEADERS = ["编码", "名称", "英文名"]


def upload(rows: Sequence[Sequence[Any]], **options: Any) -> ImportRun:
    return imports.upload_file(workbook([HEADERS, *rows]), by=BY, importer="tests.roles", project_id=1, **options)


def checked(rows: Sequence[Sequence[Any]], *, on_error: str = "nothing", **options: Any) -> ImportRun:
    run = upload(rows, **options)
    imports.confirm_mapping(run, by=BY, on_error=on_error)
    imports.start_check(run, by=BY)
    jobs.drain()
    return run_of(run.pk)


def applied(rows: Sequence[Sequence[Any]], **options: Any) -> ImportRun:
    run = checked(rows, **options)
    imports.start_apply(run, by=BY)
    jobs.drain()
    return run_of(run.pk)


def codes() -> list[str]:
    return sorted(Role.objects.values_list("code", flat=True))


def verbs() -> list[str]:
    return [entry.verb for entry in entries(["project:1"])][::-1]


def test_upload_proposes_a_mapping(moment: object) -> None:
    run = upload([["a", "甲", "A"], ["b", "乙", ""]])
    assert (run.state, run.mapping, run.mapping_how["code"]) == (
        "uploaded",
        {"code": 0, "name_zh": 1, "name_en": 2},
        "exact",
    )
    assert (run.rows_total, run.headers, run.preview[0]) == (2, HEADERS, ["a", "甲", "A"])
    assert (run.file_name, run.sheet, run.by_id, run.project_id) == ("表.xlsx", "表", "system:test", 1)
    with file_of(run) as stored:
        assert len(stored.read()) == run.size
    assert verbs() == ["imports.run_uploaded"]


def test_uploads_come_as_django_files_too_and_names_are_only_names() -> None:
    data = workbook([HEADERS, ["a", "甲", "A"]]).getvalue()
    run = imports.upload_file(
        SimpleUploadedFile("../../角色.xlsx", data), by=BY, importer="tests.roles", project_id=None
    )
    assert run.file_name == "角色.xlsx"
    assert run.stored_as.startswith("imports/")


def test_the_same_file_is_kept_once() -> None:
    one, other = upload([["a", "甲", "A"]]), upload([["a", "甲", "A"]])
    assert one.stored_as == other.stored_as or one.sha256 != other.sha256


def test_upload_is_denied() -> None:
    with pytest.raises(Denied):
        imports.upload_file(workbook([HEADERS]), by=System("nobody"), importer="tests.roles", project_id=1)
    assert ImportRun.objects.count() == 0


def test_a_bad_file_leaves_nothing() -> None:
    with pytest.raises(Unsupported):
        imports.upload_file(io.BytesIO(b"%PDF-1.4\x00\x01\x02"), by=BY, importer="tests.roles", project_id=1)
    assert ImportRun.objects.count() == 0


def test_another_sheet_can_be_chosen() -> None:
    def more(book: Any, _sheet: Any) -> None:
        other = book.add_worksheet("二")
        other.write_column(0, 0, ["说明", "编码", "b"])
        other.write_column(1, 1, ["名称", "乙"])

    run = imports.upload_file(workbook([HEADERS], shape=more), by=BY, importer="tests.roles", project_id=1)
    imports.choose_sheet(run, by=BY, sheet="二")
    fresh = run_of(run.pk)
    assert (fresh.sheet, fresh.header_row, fresh.mapping, fresh.rows_total) == ("二", 2, {"code": 0, "name_zh": 1}, 1)
    imports.choose_sheet(run, by=BY, header_row=3)
    assert run_of(run.pk).headers == ["b", "乙"]


def test_no_other_sheet_after_the_check() -> None:
    run = checked([["a", "甲", "A"]])
    with pytest.raises(Conflict):
        imports.choose_sheet(run, by=BY, sheet="表")


def test_a_mapping_can_be_settled_by_hand() -> None:
    run = upload([["甲", "a", "A"]])
    imports.confirm_mapping(run, by=BY, mapping={"code": 1, "name_zh": 0})
    assert (run.state, run_of(run.pk).mapping) == ("mapped", {"code": 1, "name_zh": 0})


@pytest.mark.parametrize("mapping", [{"code": 0, "name_zh": 0}, {"code": 9, "name_zh": 0}, {"nothing": 1}])
def test_a_senseless_mapping(mapping: dict[str, int]) -> None:
    run = upload([["a", "甲", "A"]])
    with pytest.raises(Invalid):
        imports.confirm_mapping(run, by=BY, mapping=mapping)
    assert run_of(run.pk).state == "uploaded"


def test_a_required_column_without_header() -> None:
    run = upload([["a", "甲", "A"]])
    with pytest.raises(Invalid) as caught:
        imports.confirm_mapping(run, by=BY, mapping={"code": 0})
    assert [error.field for error in caught.value.fields] == ["name_zh"]


def test_the_check_tells_changes_and_changes_nothing() -> None:
    RoleFactory(code="b", name_zh="旧", name_en="")
    RoleFactory(code="c", name_zh="丙", name_en="")
    run = checked([["a", "甲", "A"], ["b", "新", ""], ["c", "丙", ""]])
    assert run.state == "checked"
    assert {name: run.changes[name] for name in ("create", "update", "unchanged", "counts")} == {
        "create": 1,
        "update": 1,
        "unchanged": 1,
        "counts": {"letters": 1},
    }
    assert run.changes["samples"][1] == {
        "row": 3,
        "label": "b",
        "before": {"name_zh": "旧"},
        "after": {"name_zh": "新"},
    }
    assert codes() == ["b", "c"]
    assert (run.errors_total, run.rows_wrong, run.warnings_total) == (0, 0, 0)


def test_errors_by_cell_in_the_language_of_the_uploader() -> None:
    with translation.override("en"):
        run = upload([["a", "", "A"], ["b", "乙?", "@zzz"]])
        imports.confirm_mapping(run, by=BY)
        imports.start_check(run, by=BY)
    jobs.drain()
    run = run_of(run.pk)
    assert (run.errors_total, run.rows_wrong, run.warnings_total) == (2, 2, 0)
    told = [(error["row"], error["column"], error["message"]) for error in run.errors]
    assert told == [(2, "name_zh", "A value is needed here."), (3, "name_en", "Unknown parent.")]


def test_wrong_rows_load_nothing_by_default() -> None:
    run = checked([["a", "", "A"], ["b", "乙", ""]])
    with pytest.raises(Invalid, match="1"):
        imports.start_apply(run, by=BY)
    assert (run_of(run.pk).state, codes()) == ("checked", [])


def test_wrong_rows_may_be_left_out() -> None:
    run = applied([["a", "", "A"], ["b", "乙", ""]], on_error="rest")
    assert (run.state, codes()) == ("applied", ["b"])


def test_loading_is_idempotent() -> None:
    rows = [["a", "甲", "A"], ["b", "乙", ""]]
    first = applied(rows)
    assert (first.state, first.changes["create"], codes()) == ("applied", 2, ["a", "b"])
    second = applied(rows)
    assert (second.changes["create"], second.changes["update"], second.changes["unchanged"]) == (0, 0, 2)
    assert ImportedRow.objects.filter(run=second).count() == 0


def test_what_was_loaded_is_journaled_with_figures_and_a_digest() -> None:
    applied([["a", "甲", "A"]])
    assert verbs() == ["imports.run_uploaded", "imports.run_checked", "imports.run_applied"]
    entry = entries(["project:1"])[0]
    assert entry.actor_id == "system:test"
    assert "created org.Role" in str(entry.data)
    assert "甲" not in str(entry.data)


def test_a_load_that_fails_leaves_nothing_and_says_why() -> None:
    run = applied([["a", "甲", "A"]], options={"refuse": True})
    assert (run.state, codes()) == ("failed", [])
    assert run.failure
    imports.confirm_mapping(run, by=BY)
    assert run.state == "mapped"


def test_errors_that_appear_after_the_check_stop_the_load() -> None:
    run = checked([["a", "甲", "A"]])
    imports.start_apply(run, by=BY)
    ImportRun.objects.filter(pk=run.pk).update(mapping={"code": 2, "name_zh": 2})
    ImportRun.objects.filter(pk=run.pk).update(mapping={"code": 0, "name_zh": 1, "heads": 2})
    jobs.drain()
    assert (run_of(run.pk).state, codes()) == ("failed", [])


def test_a_removed_file_fails_the_check() -> None:
    run = upload([["a", "甲", "A"]])
    imports.confirm_mapping(run, by=BY)
    imports.start_check(run, by=BY)
    default_storage.delete(run.stored_as)
    jobs.drain()
    assert run_of(run.pk).state == "failed"


def test_a_file_swapped_on_disk_fails_the_check() -> None:
    run = upload([["a", "甲", "A"]])
    imports.confirm_mapping(run, by=BY)
    imports.start_check(run, by=BY)
    default_storage.delete(run.stored_as)
    default_storage.save(run.stored_as, workbook([HEADERS, ["z", "别的", ""]]))
    jobs.drain()
    default_storage.delete(run.stored_as)
    assert run_of(run.pk).state == "failed"


def test_a_second_delivery_of_the_job_does_nothing() -> None:
    run = applied([["a", "甲", "A"]])
    jobs.enqueue("imports.apply", run_id=run.pk)
    jobs.drain()
    assert (run_of(run.pk).state, codes()) == ("applied", ["a"])


def test_cancelling() -> None:
    run = upload([["a", "甲", "A"]])
    imports.cancel_run(run, by=BY)
    assert run_of(run.pk).state == "cancelled"
    with pytest.raises(IllegalMove):
        imports.confirm_mapping(run, by=BY)


def test_a_cancelled_run_is_not_loaded_by_a_late_job() -> None:
    run = checked([["a", "甲", "A"]])
    imports.start_apply(run, by=BY)
    imports.cancel_run(run, by=BY)
    jobs.drain()
    assert (run_of(run.pk).state, codes()) == ("cancelled", [])


def test_two_people_press_load() -> None:
    run = checked([["a", "甲", "A"]])
    other = run_of(run.pk)
    imports.start_apply(run, by=BY)
    with pytest.raises(Conflict):
        imports.start_apply(other, by=BY)


def test_each_step_is_denied_to_others() -> None:
    run = applied([["a", "甲", "A"]])
    nobody = System("nobody")
    for step in (
        imports.confirm_mapping,
        imports.start_check,
        imports.start_apply,
        imports.cancel_run,
        imports.undo_run,
        imports.choose_sheet,
    ):
        with pytest.raises(Denied):
            step(run, by=nobody)


# --- undo


def test_undo_takes_back_what_was_made_and_changed() -> None:
    RoleFactory(code="b", name_zh="旧", name_en="old")
    run = applied([["a", "甲", "A"], ["b", "新", "new"]])
    assert Role.objects.get(code="b").name_zh == "新"
    imports.undo_run(run, by=BY)
    assert codes() == ["b"]
    assert (Role.objects.get(code="b").name_zh, Role.objects.get(code="b").name_en) == ("旧", "old")
    assert run_of(run.pk).state == "undone"
    assert ROLES.undone[-1] == run.pk  # type: ignore[attr-defined]
    assert verbs()[-1] == "imports.run_undone"


def test_undo_is_refused_while_something_depends_on_it() -> None:
    run = applied([["a", "甲", "A"], ["b", "乙", ""]])
    AssignmentFactory(role=Role.objects.get(code="a"), user=UserFactory(full_name="张三"))
    standing = imports.dependents(run)
    assert [item.count for item in standing] == [1]
    with pytest.raises(Conflict, match="1"):
        imports.undo_run(run, by=BY)
    assert (codes(), run_of(run.pk).state) == (["a", "b"], "applied")


def test_undo_is_refused_when_a_changed_record_was_changed_again() -> None:
    RoleFactory(code="b", name_zh="旧", name_en="")
    run = applied([["b", "新", ""]])
    Role.objects.filter(code="b").update(name_zh="更新")
    with pytest.raises(Conflict):
        imports.undo_run(run, by=BY)
    assert Role.objects.get(code="b").name_zh == "更新"


def test_only_a_loaded_run_is_undone() -> None:
    with pytest.raises(IllegalMove):
        imports.undo_run(upload([["a", "甲", "A"]]), by=BY)


def test_personal_values_are_kept_encrypted_and_compared_by_digest() -> None:
    before = kept_values("registry.person", {"phone": "13800001111", "name": "张三"}, encrypt=True)
    after = kept_values("registry.person", {"phone": "13800001111"}, encrypt=False)
    assert before["name"] == "张三"
    assert "13800001111" not in f"{before}{after}"
    again = kept_values("registry.person", {"phone": "13800001111"}, encrypt=False)
    assert after == again


# --- files and lists


def test_old_files_are_removed_with_their_cells(moment: object) -> None:
    with clock.at(clock.now() - timedelta(days=31)):
        old, shared = upload([["a", "甲", "A"]]), upload([["b", "乙", "B"]])
    fresh = upload([["c", "丙", "C"]])
    ImportRun.objects.filter(pk=fresh.pk).update(stored_as=shared.stored_as)
    assert remove_old_files(by=BY) == 2
    assert not default_storage.exists(old.stored_as)
    assert default_storage.exists(shared.stored_as)
    assert run_of(old.pk).preview == []
    assert remove_old_files(by=BY) == 0
    with pytest.raises(Missing):
        file_of(run_of(old.pk))


def test_runs_of_projects() -> None:
    mine = upload([["a", "甲", "A"]])
    shared = imports.upload_file(workbook([HEADERS]), by=BY, importer="tests.roles", project_id=None)
    imports.upload_file(workbook([HEADERS]), by=BY, importer="tests.roles", project_id=2)
    assert list(runs_of([1])) == [mine]
    assert list(runs_of([1], shared=True)) == [shared, mine]
    with pytest.raises(Missing):
        run_of(0)


@pytest.mark.parametrize(("state", "name"), list(flows.illegal_moves(IMPORT_RUN)))
def test_illegal_moves(state: str, name: str) -> None:
    with pytest.raises(IllegalMove):
        IMPORT_RUN.check(name, state)


def test_importers_are_known_by_code() -> None:
    assert registry.get("tests.roles") is ROLES
    assert ROLES in imports.all_importers()
    assert imports.register(type(ROLES)()) is ROLES

    class Other(imports.Importer):
        code = "tests.roles"

    with pytest.raises(ValueError, match=r"tests\.roles"):
        imports.register(Other())


def test_an_importer_must_say_who_may_and_what_to_do() -> None:
    bare = imports.Importer()
    context = imports.Context(project_id=1, today=clock.today())
    with pytest.raises(NotImplementedError):
        bare.check_import(by=BY, project_id=1)
    with pytest.raises(NotImplementedError):
        bare.plan([], context)
    with pytest.raises(NotImplementedError):
        bare.apply(imports.Changes(), context, by=BY, report=jobs.report)
    assert bare.validate([], context) == []
    assert imports.Changes().is_nothing
