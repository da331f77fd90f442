"""What every test gets: its own home, quick password hashes, the database asked for, a clock that can stand."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.utils import translation
from emptying import journal_may_be_emptied  # noqa: F401 — a fixture of every run
from house.source import figures

from wuyou.kernel import clock

hypothesis.settings.register_profile("steady", deadline=None)  # a busy machine is not a defect
hypothesis.settings.load_profile("steady")

SKIPS_ARE_FAILURES = os.environ.get("CI") == "true"


def pytest_configure(config: pytest.Config) -> None:
    """Give this run its own home, so that tests touch no real data and two runs at once touch not each other's."""
    home = Path(tempfile.mkdtemp(prefix="wuyou-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    # processes started by tests live in the same home and read the same personal data
    os.environ.update(WUYOU_HOME=str(home), WUYOU_SECRET_KEY=settings.SECRET_KEY, WUYOU_DATA_KEY=settings.DATA_KEY)
    settings.HOME = home
    settings.MEDIA_ROOT = home / "media"
    settings.STATIC_ROOT = static_files(home)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = _test_database(home)


def static_files(home: Path) -> Path:
    """The front end as it was built, if it was; else an empty folder."""
    built = Path(settings.PACKAGE) / "ui" / "dist"
    empty = home / "static"
    empty.mkdir()
    return built if built.exists() else empty


def _test_database(home: Path) -> str:
    """A file for SQLite (threads and processes must meet in it), a name no other run uses for PostgreSQL."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return str(home / "test.sqlite3")
    return "test_wuyou_" + hashlib.sha256(str(home).encode()).hexdigest()[:8]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """In CI nothing may be skipped: what was not tried is not known to work."""
    report = yield
    if SKIPS_ARE_FAILURES and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say the figures of the house style when its tests were run."""
    if any("tests/house/" in report.nodeid for report in terminalreporter.stats.get("passed", [])):
        terminalreporter.write_line("house: " + ", ".join(f"{name} {value:g}" for name, value in figures().items()))


@pytest.fixture(autouse=True)
def starts_in_english() -> Iterator[None]:
    """Every test starts in English, whatever language the one before it was left in; faces choose their own."""
    with translation.override("en"):
        yield


@pytest.fixture
def moment() -> Iterator[datetime]:
    """The clock stands still at 10:00 on Friday 20 November 2026 in Shanghai."""
    stopped = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    with clock.at(stopped):
        yield stopped


@pytest.fixture
def on_sqlite() -> bool:
    """Whether this run is on SQLite."""
    return str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3")
