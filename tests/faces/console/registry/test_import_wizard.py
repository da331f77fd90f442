"""The import wizard, from the upload to taking it back, as the person who uses it sees it."""

import pytest
from django.db import transaction
from django.urls import reverse
from faces.console.estates import Estate, browser_of, lord_of
from kernel.imports.workbooks import workbook

from wuyou.domains.registry.models import Place
from wuyou.kernel.imports import tasks
from wuyou.kernel.imports.models import ImportRun
from wuyou.kernel.jobs.choices import State
from wuyou.kernel.jobs.models import Job

R = "console:registry:"
HEAD = ("楼栋", "层数", "单元数", "有电梯")
GOOD = (("101号楼", 18, 2, "否"), ("102号楼", 6, 4, "否"))
BAD = (*GOOD, ("103号楼", "十八层", 2, "也许"))


@pytest.fixture
def estate(db) -> Estate:
    estate = Estate()
    assert estate.site.project == estate.project
    return estate


def uploaded(estate: Estate, rows=GOOD) -> ImportRun:
    """A run whose columns wait to be confirmed."""
    url = reverse(f"{R}import_new", args=["registry.buildings"])
    answer = estate.web.post(url, {"project": estate.project.pk, "file": workbook([HEAD, *rows])})
    run = ImportRun.objects.get()
    assert answer["Location"] == reverse(f"{R}import", args=[run.pk])
    return run


def mapping_of(estate: Estate, run: ImportRun) -> dict[str, str]:
    """What the page proposes, as the form sends it."""
    rows = estate.web.get(reverse(f"{R}import", args=[run.pk])).context["mapping"]
    return {row.column.code: row.field.value() for row in rows}


def checked(estate: Estate, rows=GOOD, *, on_error: str = "nothing") -> ImportRun:
    """A run whose file was checked by the worker."""
    run = uploaded(estate, rows)
    estate.web.post(reverse(f"{R}import", args=[run.pk]), {**mapping_of(estate, run), "on_error": on_error})
    return worked(run, tasks.check)


def worked(run: ImportRun, handler) -> ImportRun:
    """What the worker does."""
    with transaction.atomic():
        handler(run.pk)
    run.refresh_from_db()
    return run


def step(estate: Estate, run: ImportRun, name: str):
    return estate.web.post(reverse(f"{R}import_step", args=[run.pk, name]))


def test_headers_are_recognised_and_shown_with_their_first_values(estate):
    run = uploaded(estate)
    rows = {row.column.code: row for row in estate.web.get(reverse(f"{R}import", args=[run.pk])).context["mapping"]}
    assert (rows["building"].how, rows["building"].examples) == ("exact", ["101号楼", "102号楼"])
    assert (rows["floors"].examples, rows["height_m"].examples) == (["18", "6"], [])


def test_a_required_column_without_a_header_is_said_at_its_field(estate):
    run = uploaded(estate)
    given = {**mapping_of(estate, run), "building": ""}
    answer = estate.web.post(reverse(f"{R}import", args=[run.pk]), given)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["building"])


def test_changes_are_shown_loaded_and_taken_back(estate):
    run = checked(estate)
    page = estate.web.get(reverse(f"{R}import", args=[run.pk]))
    assert (page.context["figures"]["create"], [one.label for one in page.context["samples"]]) == (
        2, ["101号楼", "102号楼"],
    )  # fmt: skip
    step(estate, run, "load")
    worked(run, tasks.apply)
    assert set(Place.objects.filter(level="building").values_list("name", flat=True)) == {"101号楼", "102号楼"}
    assert estate.web.get(reverse(f"{R}import", args=[run.pk])).status_code == 200
    step(estate, run, "undo")
    assert not Place.objects.filter(level="building").exists()


def test_wrong_cells_are_named_and_stop_the_load(estate):
    run = checked(estate, BAD)
    page = estate.web.get(reverse(f"{R}import", args=[run.pk]))
    assert {(one.row, str(one.column), one.value) for one in page.context["errors"] if not one.is_warning} == {
        (4, "Floors", "十八层"), (4, "Has lifts", "也许"),
    }  # fmt: skip
    step(estate, run, "load")
    run.refresh_from_db()
    assert run.state == "checked"


def test_the_other_rows_can_be_loaded(estate):
    run = checked(estate, BAD, on_error="rest")
    step(estate, run, "load")
    worked(run, tasks.apply)
    assert Place.objects.filter(level="building").count() == 2


def test_progress_is_told_until_the_run_goes_on(estate):
    run = uploaded(estate)
    estate.web.post(reverse(f"{R}import", args=[run.pk]), mapping_of(estate, run))
    url = reverse(f"{R}import_progress", args=[run.pk])
    assert "Waiting for a worker" in estate.web.get(url).text
    worked(run, tasks.check)
    assert estate.web.get(url)["HX-Redirect"] == reverse(f"{R}import", args=[run.pk])


def test_giving_up_cancels_the_job_too(estate):
    run = uploaded(estate)
    estate.web.post(reverse(f"{R}import", args=[run.pk]), mapping_of(estate, run))
    step(estate, run, "cancel")
    run.refresh_from_db()
    assert (run.state, Job.objects.get(name="imports.check").state) == ("cancelled", State.CANCELLED)


def test_what_is_no_workbook_is_refused_at_the_form(estate):
    book = workbook([HEAD])
    book.write(b"%PDF-1.7 not a workbook")
    book.seek(0)
    url = reverse(f"{R}import_new", args=["registry.buildings"])
    answer = estate.web.post(url, {"project": estate.project.pk, "file": book})
    assert (answer.status_code, ImportRun.objects.exists()) == (422, False)


def test_a_neighbour_has_no_such_run(estate):
    run = uploaded(estate)
    neighbour = browser_of(lord_of(Estate(code="YX").project.node))
    assert neighbour.get(reverse(f"{R}import", args=[run.pk])).status_code == 404
    assert neighbour.post(reverse(f"{R}import_step", args=[run.pk, "cancel"])).status_code == 404


def test_an_unknown_step_is_not_there(estate):
    assert step(estate, uploaded(estate), "destroy").status_code == 404
