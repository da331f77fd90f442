"""`wuyou doctor`: is this installation well, and if not, what to do."""

import argparse
import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.db import DatabaseError, connection

from wuyou.kernel import clock

Level = Literal["ok", "warn", "fail"]
FREE_WARN, FREE_FAIL = 5_000, 500  # MB
MARKS: dict[Level, str] = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check: what was looked at, what was found, what to do about it."""

    level: Level
    subject: str
    found: str
    remedy: str = ""


Check = Callable[[], Iterator[Finding]]


def command(_given: argparse.Namespace) -> int:
    """Run every check; the exit code is 1 when one fails."""
    findings = [finding for check in CHECKS for finding in examine(check)]
    for finding in findings:
        print(f"{MARKS[finding.level]}  {finding.subject}: {finding.found}")
        if finding.remedy:
            print(f"      -> {finding.remedy}")
    return int(any(finding.level == "fail" for finding in findings))


def examine(check: Check) -> Iterator[Finding]:
    """The findings of one check; a database that cannot be asked is a finding too."""
    try:
        yield from check()
    except DatabaseError as error:
        text = str(error).strip().splitlines()
        yield Finding(
            "fail", check.__name__, text[0] if text else "no answer", "Check WUYOU_DATABASE_URL, then: wuyou upgrade"
        )


def python() -> Iterator[Finding]:
    """The interpreter."""
    is_right = sys.version_info >= (3, 11)
    yield Finding(
        "ok" if is_right else "fail",
        "Python",
        platform.python_version(),
        "" if is_right else "Use Python 3.11 or later",
    )


def home() -> Iterator[Finding]:
    """The folder everything is kept in."""
    folder = Path(settings.HOME)
    if os.access(folder, os.W_OK):
        yield Finding("ok", "home", str(folder))
    else:
        yield Finding("fail", "home", f"{folder} cannot be written", "Set WUYOU_HOME to a folder this user owns")
    free = shutil.disk_usage(folder).free // 1_000_000
    level: Level = "fail" if free < FREE_FAIL else "warn" if free < FREE_WARN else "ok"
    yield Finding(level, "disk", f"{free:,} MB free", "" if level == "ok" else "Photos need room: free or add some")


def secrets() -> Iterator[Finding]:
    """The two secrets: long enough, and readable by their owner only."""
    for name, value in (("secret-key", settings.SECRET_KEY), ("data-key", settings.DATA_KEY)):
        path = Path(settings.HOME) / f"{name}.txt"
        variable = "WUYOU_" + name.upper().replace("-", "_")
        if len(value) < 32:
            yield Finding("fail", name, "shorter than 32 characters", f"Set {variable} to a random text")
        elif variable not in os.environ and path.exists() and path.stat().st_mode & 0o077:
            yield Finding("warn", name, f"{path} can be read by others", f"chmod 600 {path}")
        else:
            yield Finding("ok", name, "from the environment" if variable in os.environ else str(path))


def database() -> Iterator[Finding]:
    """Which database, how it is set, whether it is of this version."""
    if connection.vendor == "sqlite":
        yield from sqlite()
    else:
        yield from postgresql()
    from wuyou.config.server import pending_migrations

    pending = pending_migrations()
    remedy = "Run: wuyou upgrade" if pending else ""
    yield Finding(
        "fail" if pending else "ok", "migrations", f"{len(pending)} pending" if pending else "all applied", remedy
    )


def sqlite() -> Iterator[Finding]:
    """SQLite's settings that matter: a log beside the file, so that readers go on while one writes."""
    yield Finding("ok", "database", f"SQLite {sqlite3.sqlite_version} at {connection.settings_dict['NAME']}")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
    is_wal = mode in {"wal", "memory"}
    remedy = "" if is_wal else "Keep the home on a local disk: network file systems cannot do it"
    yield Finding("ok" if is_wal else "fail", "journal mode", mode, remedy)


def postgresql() -> Iterator[Finding]:
    """PostgreSQL's version and encoding, and the programs a backup needs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('server_encoding')")
        number, encoding = cursor.fetchone()
    is_new = int(number.split(".")[0]) >= 14
    yield Finding(
        "ok" if is_new else "fail", "database", f"PostgreSQL {number}", "" if is_new else "Use PostgreSQL 14 or later"
    )
    if encoding != "UTF8":
        yield Finding("fail", "encoding", encoding, "Create the database with ENCODING 'UTF8'")
    missing = [name for name in ("pg_dump", "pg_restore") if shutil.which(name) is None]
    if missing:
        yield Finding(
            "warn",
            "backup programs",
            f"{' and '.join(missing)} missing",
            "On Debian: apt-get install postgresql-client",
        )


def cache() -> Iterator[Finding]:
    """The table that rate limits and lockouts count in."""
    from wuyou.config.health import cache_keeps

    works = cache_keeps()
    yield Finding(
        "ok" if works else "fail",
        "cache",
        "keeps values" if works else "keeps nothing",
        "" if works else "Run: wuyou upgrade",
    )


def static_files() -> Iterator[Finding]:
    """Styles and scripts, built and collected."""
    manifest = Path(settings.STATIC_ROOT) / "manifest.json"
    is_there = manifest.exists()
    remedy = "" if is_there else "From a checkout: make run (or npm ci && npm run build), then: wuyou upgrade"
    yield Finding(
        "ok" if is_there else "fail", "static files", "collected" if is_there else f"{manifest} is missing", remedy
    )


def font() -> Iterator[Finding]:
    """A Chinese font, for watermarks and printed pages."""
    from wuyou.kernel import evidence
    from wuyou.kernel.errors import WuyouError

    try:
        evidence.check_font()
    except WuyouError as error:
        yield Finding("fail", "Chinese font", str(error), "On Debian: apt-get install fonts-noto-cjk")
    else:
        yield Finding("ok", "Chinese font", "found")


def https() -> Iterator[Finding]:
    """HTTPS, and what goes with it."""
    is_local = settings.BASE_URL.split("//")[-1].split(":")[0] in {"localhost", "127.0.0.1"}
    if settings.DEBUG:
        yield Finding("fail", "debug", "on", "Unset WUYOU_DEBUG: error pages would show secrets")
    if settings.HTTPS and not settings.BASE_URL.startswith("https://"):
        yield Finding(
            "fail", "base URL", settings.BASE_URL, "WUYOU_HTTPS is set: WUYOU_BASE_URL must begin with https://"
        )
    elif not settings.HTTPS and not is_local:
        yield Finding(
            "fail",
            "HTTPS",
            f"off at {settings.BASE_URL}",
            "Put a proxy with a certificate in front and set WUYOU_HTTPS=true",
        )
    else:
        yield Finding("ok", "HTTPS", "on" if settings.HTTPS else "off (this machine only)")
    if settings.HTTPS and not getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        yield Finding(
            "warn", "proxy", "not trusted", "Behind a proxy that sets X-Forwarded-Proto: WUYOU_BEHIND_PROXY=true"
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding("fail", "allowed hosts", "every name", "Set WUYOU_ALLOWED_HOSTS to the names people type")


def worker() -> Iterator[Finding]:
    """Whether background jobs are being run, and whether some were given up."""
    from wuyou.kernel import jobs
    from wuyou.kernel.jobs.queries import workers_alive

    is_alive = workers_alive().exists()
    found = "running" if is_alive else "none seen in the last minute"
    yield Finding(
        "ok" if is_alive else "warn", "worker", found, "" if is_alive else "Start it: wuyou serve, or wuyou worker"
    )
    dead = jobs.counts().get("dead", 0)
    if dead:
        yield Finding("warn", "jobs", f"{dead} given up", "Look at them under Jobs in the console: retry or cancel")


def mail() -> Iterator[Finding]:
    """E-mail, which is optional."""
    is_set = settings.EMAIL_CONFIGURED
    remedy = "" if is_set else "Optional: set WUYOU_EMAIL_URL; until then notices are in the console and the outbox"
    yield Finding("ok" if is_set else "warn", "e-mail", f"by {settings.EMAIL_HOST}" if is_set else "not set up", remedy)


def calendar() -> Iterator[Finding]:
    """Public holidays: deadlines in service hours need this year's and, from December, the next year's."""
    from wuyou.kernel.clocks.calendars import day_table

    today, confirmed = clock.today(), day_table().confirmed
    for year in [today.year] + [today.year + 1] * (today.month == 12):
        is_sure = year in confirmed
        remedy = "" if is_sure else "Enter the notice of the State Council under Settings, Calendar"
        yield Finding(
            "ok" if is_sure else "warn", f"calendar {year}", "confirmed" if is_sure else "provisional", remedy
        )


CHECKS: tuple[Check, ...] = (
    python, home, secrets, database, cache, static_files, font, https, worker, mail, calendar,
)  # fmt: skip
