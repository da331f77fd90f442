"""Lists as files, from the command line."""

import argparse
from pathlib import Path

import pytest
from factories.org import ProjectFactory, UserFactory, user_with

from config import list_urls
from wuyou.config import exports
from wuyou.config.cli.commands import CommandError
from wuyou.kernel.errors import Denied
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _addresses(settings) -> None:
    settings.ROOT_URLCONF = list_urls.__name__


@pytest.fixture
def anna():
    """Somebody who may see the list."""
    return user_with("org.manage_users", at=ProjectFactory(code="JT"))


def run(file: Path | None, **changes: object) -> int:
    given = {"kind": "test.roles", "file": file, "login": None, "project": None, "where": None}
    return exports.export_file(argparse.Namespace(**(given | changes)))


def test_a_list_as_csv_is_noted_in_the_journal(tmp_path: Path, anna) -> None:
    role = anna.assignments.get().role
    assert run(tmp_path / "roles.csv", login=anna.username.upper(), project="JT") == 0
    text = (tmp_path / "roles.csv").read_text(encoding="utf-8-sig")
    assert role.code in text
    assert anna.username in text  # the watermark
    assert Entry.objects.get(verb="ui.list_exported").actor_id == anna.actor_id


def test_a_list_as_workbook(tmp_path: Path, anna) -> None:
    run(tmp_path / "roles.XLSX", login=anna.username)
    assert (tmp_path / "roles.XLSX").read_bytes().startswith(b"PK")


def test_columns_and_order_as_in_the_address(tmp_path: Path, anna) -> None:
    run(tmp_path / "roles.csv", login=anna.username, where="cols=code&sort=-code")
    assert anna.assignments.get().role.name_zh not in (tmp_path / "roles.csv").read_text(encoding="utf-8-sig")


def test_rights_are_those_of_the_person(tmp_path: Path) -> None:
    with pytest.raises(Denied):
        run(tmp_path / "roles.csv", login=UserFactory().username)
    assert not (tmp_path / "roles.csv").exists()


def test_only_lists_with_an_address_of_their_own_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    run(None)
    assert capsys.readouterr().out.split() == ["test.roles", "Roles"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "test.parts"}, "no list test.parts"),
        ({}, "--as LOGIN"),
        ({"login": "nobody"}, "no active user nobody"),
        ({"file": Path("roles.pdf"), "login": "x"}, ".xlsx or .csv"),
    ],
)
def test_what_is_asked_wrongly(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(**({"file": tmp_path / "roles.csv"} | changes))


def test_who_has_left_cannot_export(tmp_path: Path, anna) -> None:
    anna.is_active = False
    anna.save()
    with pytest.raises(CommandError, match="no active user"):
        run(tmp_path / "roles.csv", login=anna.username)
