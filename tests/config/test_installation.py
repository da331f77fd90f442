"""Setting up an empty installation and bringing one up to date."""

import argparse
import io
from pathlib import Path

import pytest

from wuyou.config import installation, server
from wuyou.config.cli.commands import CommandError
from wuyou.domains.org import actions
from wuyou.domains.org.models import Assignment, Node, Project, User
from wuyou.kernel.errors import Invalid

GIVEN = {
    "name": "安居物业",
    "code": "ANJU",
    "admin": "Anna",
    "admin_name": "安娜",
    "single": False,
    "hours": None,
    "days": None,
}


def given(**changes: object) -> argparse.Namespace:
    return argparse.Namespace(**(GIVEN | changes))


@pytest.mark.parametrize(
    ("hours", "days", "expected"),
    [
        ("08:00-18:00", None, {day: ["08:00", "18:00"] for day in "1234567"}),
        ("09:30-17:00", "1-5", {day: ["09:30", "17:00"] for day in "12345"}),
        ("00:00-23:59", "7-7", {"7": ["00:00", "23:59"]}),
    ],
)
def test_service_hours(hours: str, days: str | None, expected: dict[str, list[str]]) -> None:
    assert installation.service_hours(hours, days) == expected


@pytest.mark.parametrize(
    ("hours", "days", "field"),
    [("18:00-08:00", "1-5", "--hours"), ("8-18", None, "--hours"), ("08:00-24:30", None, "--hours"),
     ("08:00-08:00", None, "--hours"), ("08:00-18:00", "5-1", "--days"), ("08:00-18:00", "0-5", "--days")],
)  # fmt: skip
def test_service_hours_that_make_no_sense(hours: str, days: str | None, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        installation.service_hours(hours, days)
    assert [error.field for error in caught.value.fields] == [field]


def test_without_a_terminal_missing_options_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError, match="please give --code, --admin-name"):
        installation.asked(given(code=None, admin_name=None))


def answers(monkeypatch: pytest.MonkeyPatch, *texts: str) -> list[str]:
    """A person at a terminal; gives the questions asked."""
    asked: list[str] = []
    left = list(texts)

    def answer(question: str) -> str:
        asked.append(question)
        return left.pop(0)

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr("sys.stdin", argparse.Namespace(isatty=lambda: True))
    return asked


def test_a_person_is_asked_for_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answers(monkeypatch, "", "ANJU", "y", "")
    wanted = installation.asked(given(code=None))
    assert (wanted.code, wanted.single, wanted.hours) == ("ANJU", True, "08:00-18:00")
    assert [question.split(",")[0] for question in asked] == [
        "Short code", "Short code", "Is it one estate only", "Service hours [08:00-18:00]: "]  # fmt: skip


def test_nothing_is_asked_when_all_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answers(monkeypatch)
    assert installation.asked(given(single=True)).hours == "08:00-18:00"
    assert asked == []


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test database is of this version already: only the roles are loaded."""
    monkeypatch.setattr(installation, "upgrade", actions.load_roles)


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_init_sets_up_a_group(capsys: pytest.CaptureFixture[str]) -> None:
    installation.init(given())
    user, node = User.objects.get(), Node.objects.get()
    assert (user.username, user.is_admin, node.kind, node.name) == ("anna", True, "group", "安居物业")
    assert Assignment.objects.get().role.code == "administrator"
    code = capsys.readouterr().out.split("one-time code")[1].split()[0]
    actions.accept_invitation(code, password="Sunny-Garden-42")
    user.refresh_from_db()
    assert user.check_password("Sunny-Garden-42")


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_init_sets_up_one_estate() -> None:
    installation.init(given(single=True, hours="09:00-18:00", days="1-6"))
    assert Project.objects.get().service_hours == {day: ["09:00", "18:00"] for day in "123456"}


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_init_is_for_an_empty_installation() -> None:
    installation.init(given())
    with pytest.raises(CommandError, match="users here already"):
        installation.init(given(code="OTHER", admin="other"))
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_init_leaves_nothing_half() -> None:
    with pytest.raises(Invalid):
        installation.init(given(admin=" "))
    assert (Node.objects.count(), User.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("built", "collected", "calls"), [("a", "a", 0), ("a", "b", 1), ("a", None, 1), (None, None, 1)]
)
def test_static_files_are_collected_when_they_changed(
    settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: str | None, collected: str | None, calls: int
) -> None:
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [tmp_path / "built"], tmp_path / "static"
    for folder, text in (("built", built), ("static", collected)):
        (tmp_path / folder).mkdir()
        if text is not None:
            (tmp_path / folder / "manifest.json").write_text(text, encoding="utf8")
    called: list[str] = []
    monkeypatch.setattr(installation, "call_command", lambda name, **_: called.append(name))
    installation.collect_static_files()
    assert called == ["collectstatic"] * calls


@pytest.mark.django_db
def test_a_server_refuses_an_old_database(monkeypatch: pytest.MonkeyPatch) -> None:
    server.check_database()
    monkeypatch.setattr(server, "pending_migrations", lambda: ["org.0009_later"])
    with pytest.raises(CommandError, match=r"lacks 1 changes of this version\. Run: wuyou upgrade"):
        server.check_database()
