"""Commands on records: verify, import, generate."""

import argparse
import datetime as dt
import io
from pathlib import Path

import pytest
from django.db import connection
from factories.org import NodeFactory, ProjectFactory
from factories.work import bound, estate, published
from kernel.imports.roles import RoleImporter

from wuyou.config import records
from wuyou.config.cli.commands import CommandError
from wuyou.domains.org.models import Role
from wuyou.domains.work.models import Task
from wuyou.kernel import clock, imports, journal
from wuyou.kernel.actors import System
from wuyou.kernel.journal import guard
from wuyou.kernel.transactions import unit_of_work

GIVEN = {"kind": "tests.roles", "file": None, "project": None, "sheet": None, "rest": False, "yes": True}


@pytest.mark.django_db(transaction=True)
def test_verify_names_the_altered_entry(capsys: pytest.CaptureFixture[str]) -> None:
    node = NodeFactory()
    for number in range(3):
        with unit_of_work():
            subject = ("node", node.pk, str(number))
            journal.record("org.tried", chain="node:1", by=System("test"), subject=subject)
    assert records.verify(argparse.Namespace(chain=None)) == 0
    assert capsys.readouterr().out == "3 entries in 1 chains: intact\n"
    guard.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET subject_label = 'x' WHERE seq = 2")
    guard.install(connection)
    assert records.verify(argparse.Namespace(chain="node:1")) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "BROKEN  node:1 entry 2: the entry was changed after it was written"
    assert out[1].endswith("NOT intact")


@pytest.fixture
def roles(monkeypatch: pytest.MonkeyPatch) -> None:
    """The importer of the tests is known."""
    imports.register(RoleImporter())


def sheet(folder: Path, *rows: str) -> Path:
    path = folder / "roles.csv"
    path.write_text("\n".join(["编码,名称", *rows]), encoding="utf8")
    return path


def run(**changes: object) -> int:
    return records.import_file(argparse.Namespace(**(GIVEN | changes)))


@pytest.mark.django_db
@pytest.mark.usefixtures("roles")
class TestImport:
    def test_a_good_file_is_loaded(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(file=sheet(tmp_path, "guard,秩序员", "clean,保洁员")) == 0
        assert set(Role.objects.values_list("code", flat=True)) == {"guard", "clean"}
        assert "2 rows: 2 new, 0 changed, 0 same" in capsys.readouterr().out

    def test_wrong_cells_are_named_and_nothing_is_loaded(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(CommandError, match="nothing was loaded"):
            run(file=sheet(tmp_path, "guard,秩序员", ",无编码"))
        assert Role.objects.count() == 0
        assert "error: row 3 code" in capsys.readouterr().out

    def test_the_rest_is_loaded_when_asked(self, tmp_path: Path) -> None:
        run(file=sheet(tmp_path, "guard,秩序员", ",无编码"), rest=True)
        assert Role.objects.get().code == "guard"

    def test_only_the_first_errors_are_printed(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(CommandError):
            run(file=sheet(tmp_path, *(f",无{number}" for number in range(30))))
        out = capsys.readouterr().out
        assert (out.count("error: row"), "… 30 errors in all" in out) == (records.ERRORS_SHOWN, True)

    @pytest.mark.parametrize(("answer", "count"), [("y", 1), ("n", 0), ("", 0)])
    def test_a_person_is_asked(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, count: int) -> None:
        monkeypatch.setattr("sys.stdin", argparse.Namespace(isatty=lambda: True))
        monkeypatch.setattr("builtins.input", lambda _question: answer)
        if count:
            run(file=sheet(tmp_path, "guard,秩序员"), yes=False)
        else:
            with pytest.raises(CommandError, match="nothing was loaded"):
                run(file=sheet(tmp_path, "guard,秩序员"), yes=False)
        assert Role.objects.count() == count

    def test_without_a_terminal_the_answer_is_no(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO())
        with pytest.raises(CommandError, match="nothing was loaded"):
            run(file=sheet(tmp_path, "guard,秩序员"), yes=False)

    def test_kinds_are_listed(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(kind=None) == 0
        assert "tests.roles" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"kind": "tests.nothing"}, "unknown kind"),
            ({"project": "NO"}, "no project NO"),
            ({"file": Path("no.csv")}, "no file"),
        ],
    )
    def test_what_is_asked_wrongly(self, tmp_path: Path, changes: dict[str, object], said: str) -> None:
        with pytest.raises(CommandError, match=said):
            run(**({"file": sheet(tmp_path, "guard,秩序员")} | changes))

    def test_a_bar_for_somebody_watching(self, monkeypatch: pytest.MonkeyPatch) -> None:
        screen = io.StringIO()
        screen.isatty = lambda: True  # type: ignore[method-assign]
        monkeypatch.setattr("sys.stderr", screen)
        records.with_bar(lambda report: report(done=1, total=2, note="rooms"))
        assert f"[{'#' * 15}{'.' * 15}] 1/2 rooms" in screen.getvalue()


@pytest.mark.django_db
def test_generate_catches_up_and_adds_nothing_twice(capsys: pytest.CaptureFixture[str], moment: dt.datetime) -> None:
    site, other = estate(stairs=2), ProjectFactory()
    bound(site, sweep="1/1 d")
    published(site)
    Task.objects.all().delete()
    with clock.at(moment + dt.timedelta(days=200)):
        assert records.generate(argparse.Namespace(project=None)) == 0
        made = Task.objects.count()
        assert capsys.readouterr().out.split() == [
            word
            for code, count in sorted([(site.project.code, made), (other.code, 0)])
            for word in (code, str(count), "tasks")
        ]
        assert records.generate(argparse.Namespace(project=site.project.code)) == 0
        assert capsys.readouterr().out.split() == [site.project.code, "0", "tasks"]
    assert made >= 200 * 2
    assert Task.objects.count() == made


@pytest.mark.django_db
def test_generate_for_an_unknown_project() -> None:
    with pytest.raises(CommandError, match="no project NO"):
        records.generate(argparse.Namespace(project="NO"))


def test_the_measures_are_part_of_the_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(records, "__file__", str(tmp_path / "a" / "b" / "c" / "records.py"))
    with pytest.raises(CommandError, match="part of the source"):
        records.bench(argparse.Namespace(names=[]))
