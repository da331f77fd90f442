"""The doctor names what is wrong and what to do about it."""

import argparse
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection

from wuyou.config import doctor, server
from wuyou.kernel import clock
from wuyou.kernel.actors import System
from wuyou.kernel.clocks.calendars import load_calendar
from wuyou.kernel.errors import Missing


def found(check: doctor.Check) -> dict[str, tuple[str, str]]:
    """Level and remedy by subject."""
    return {finding.subject: (finding.level, finding.remedy) for finding in doctor.examine(check)}


def test_python_is_right() -> None:
    assert found(doctor.python) == {"Python": ("ok", "")}


def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "sys", SimpleNamespace(version_info=(3, 10)))
    assert found(doctor.python)["Python"][0] == "fail"


@pytest.mark.parametrize(
    ("free", "level"), [(100, "fail"), (499, "fail"), (500, "warn"), (4_999, "warn"), (5_000, "ok")]
)
def test_room_on_the_disk(free: int, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free * 1_000_000))
    assert found(doctor.home)["disk"][0] == level


def test_a_home_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.os, "access", lambda *_: False)
    assert found(doctor.home)["home"] == ("fail", "Set WUYOU_HOME to a folder this user owns")


def test_secrets(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WUYOU_DATA_KEY", raising=False)
    settings.HOME, settings.SECRET_KEY, settings.DATA_KEY = tmp_path, "short", "x" * 40
    path = tmp_path / "data-key.txt"
    path.write_text("x" * 40, encoding="utf8")
    path.chmod(0o644)
    levels = {name: level for name, (level, _) in found(doctor.secrets).items()}
    assert levels == {"secret-key": "fail", "data-key": "warn"}
    path.chmod(0o600)
    settings.SECRET_KEY = "y" * 40
    assert [finding.level for finding in doctor.secrets()] == ["ok", "ok"]


@pytest.mark.django_db
def test_the_database_is_of_this_version() -> None:
    levels = {name: level for name, (level, _) in found(doctor.database).items()}
    expected = {"sqlite": {"database", "journal mode", "migrations"}, "postgresql": {"database", "migrations"}}
    assert levels == dict.fromkeys(expected[connection.vendor], "ok")


@pytest.mark.django_db
def test_pending_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "pending_migrations", lambda: ["org.0009_later"])
    assert found(doctor.database)["migrations"] == ("fail", "Run: wuyou upgrade")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "subject"), [(("13.4 (Debian)", "UTF8"), "database"), (("15.1", "SQL_ASCII"), "encoding")]
)
def test_a_postgresql_that_will_not_do(answer: tuple[str, str], subject: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Cursor:
        def __enter__(self) -> "Cursor":
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def execute(self, _sql: str) -> None:
            return None

        def fetchone(self) -> tuple[str, str]:
            return answer

    monkeypatch.setattr(doctor, "connection", SimpleNamespace(cursor=Cursor))
    monkeypatch.setattr(doctor.shutil, "which", lambda _name: None)
    levels = {name: level for name, (level, _) in found(doctor.postgresql).items()}
    assert (levels[subject], levels["backup programs"]) == ("fail", "warn")


def test_a_database_that_is_away() -> None:
    def database() -> Iterator[doctor.Finding]:
        raise DatabaseError("could not connect\nmore")
        yield

    (finding,) = doctor.examine(database)
    assert (finding.level, finding.subject, finding.found) == ("fail", "database", "could not connect")


@pytest.mark.django_db
def test_the_cache_keeps() -> None:
    assert found(doctor.cache) == {"cache": ("ok", "")}


@pytest.mark.parametrize("is_there", [True, False])
def test_static_files(settings, tmp_path: Path, is_there: bool) -> None:
    settings.STATIC_ROOT = tmp_path
    if is_there:
        (tmp_path / "manifest.json").write_text("{}", encoding="utf8")
    assert found(doctor.static_files)["static files"][0] == ("ok" if is_there else "fail")


def test_the_chinese_font(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(doctor.font)["Chinese font"][0] == "ok"

    def none() -> None:
        raise Missing("no font")

    monkeypatch.setattr("wuyou.kernel.evidence.check_font", none)
    assert found(doctor.font) == {"Chinese font": ("fail", "On Debian: apt-get install fonts-noto-cjk")}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"BASE_URL": "http://localhost:8000"}, {"HTTPS": "ok"}),
        ({"BASE_URL": "http://wuyou.example"}, {"HTTPS": "fail"}),
        ({"BASE_URL": "http://wuyou.example", "HTTPS": True}, {"base URL": "fail", "proxy": "warn"}),
        ({"BASE_URL": "https://wuyou.example", "HTTPS": True}, {"HTTPS": "ok", "proxy": "warn"}),
        ({"HTTPS": True, "BASE_URL": "https://w.example", "SECURE_PROXY_SSL_HEADER": ("X", "https")}, {"HTTPS": "ok"}),
        ({"DEBUG": True}, {"debug": "fail", "HTTPS": "ok"}),
        ({"ALLOWED_HOSTS": ["*"]}, {"allowed hosts": "fail", "HTTPS": "ok"}),
    ],
)
def test_https_and_what_goes_with_it(settings, values: dict[str, object], expected: dict[str, str]) -> None:
    defaults = {"BASE_URL": "http://localhost:8000", "HTTPS": False, "DEBUG": False, "ALLOWED_HOSTS": ["localhost"]}
    for name, value in (defaults | {"SECURE_PROXY_SSL_HEADER": None} | values).items():
        setattr(settings, name, value)
    assert {name: level for name, (level, _) in found(doctor.https).items()} == expected


@pytest.mark.django_db
def test_the_worker(moment: dt.datetime) -> None:
    from wuyou.kernel.jobs import store

    assert found(doctor.worker) == {"worker": ("warn", "Start it: wuyou serve, or wuyou worker")}
    store.greet("one", now=moment)
    assert found(doctor.worker) == {"worker": ("ok", "")}


@pytest.mark.django_db
def test_jobs_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wuyou.kernel.jobs.counts", lambda: {"dead": 2, "done": 5})
    assert found(doctor.worker)["jobs"][0] == "warn"


@pytest.mark.parametrize(("is_set", "level"), [(True, "ok"), (False, "warn")])
def test_mail_is_optional(settings, is_set: bool, level: str) -> None:
    settings.EMAIL_CONFIGURED = is_set
    assert found(doctor.mail)["e-mail"][0] == level


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-11-20", {"calendar 2026": "ok"}), ("2026-12-01", {"calendar 2026": "ok", "calendar 2027": "warn"})],
)
def test_the_calendar_of_the_year(day: str, expected: dict[str, str]) -> None:
    load_calendar(by=System("test"))
    with clock.at(clock.midnight(dt.date.fromisoformat(day))):
        assert {name: level for name, (level, _) in found(doctor.calendar).items()} == expected


@pytest.mark.parametrize(("levels", "code"), [(["ok", "warn"], 0), (["ok", "fail"], 1)])
def test_the_command_prints_and_fails_with_a_failure(
    levels: list[doctor.Level], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def check() -> Iterator[doctor.Finding]:
        for level in levels:
            yield doctor.Finding(level, "thing", "so and so", "" if level == "ok" else "do this")

    monkeypatch.setattr(doctor, "CHECKS", (check,))
    assert doctor.command(argparse.Namespace()) == code
    assert capsys.readouterr().out.splitlines()[1:] == [
        f"{doctor.MARKS[levels[1]]}  thing: so and so",
        "      -> do this",
    ]
