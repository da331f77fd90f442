"""A real installation, from nothing: set up, served, stopped, brought back. On whichever database this run is on."""

import json
import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from wuyou.config import server

pytestmark = pytest.mark.slow

INIT = ["init", "--name", "安居物业", "--code", "ANJU", "--admin", "anna", "--admin-name", "安娜"]


@dataclass
class Place:
    """An installation: its folder and the environment of its commands."""

    home: Path
    environment: dict[str, str]
    name: str = ""  # of its database on PostgreSQL

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run a command of it and give what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "wuyou.config.cli", *arguments],
            env=self.environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr


def own_environment(home: Path, url: str = "") -> dict[str, str]:
    """What commands of an installation in `home` are told."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith("WUYOU_")}
    database = {"WUYOU_DATABASE_URL": url} if url else {}
    return keep | {"WUYOU_HOME": str(home), "WUYOU_LOG_FORMAT": "json", "WUYOU_DATA_KEY": "k" * 40} | database


class Postgres:
    """Databases of these tests on the server this run is on."""

    def __init__(self) -> None:
        given = settings.DATABASES["default"]
        self.where = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/"

    def do(self, words: str, *names: str) -> None:
        """Run one statement on names."""
        with psycopg.connect(self.where + "postgres", autocommit=True) as link:
            link.execute(sql.SQL(words).format(*map(sql.Identifier, names)))

    @contextmanager
    def database(self, *, like: str = "template0") -> Iterator[str]:
        """A database of its own, a copy of another one; gives its name."""
        name = f"wuyou_{secrets.token_hex(4)}"
        self.do("CREATE DATABASE {} TEMPLATE {}", name, like)
        yield name
        self.do("DROP DATABASE {} WITH (FORCE)", name)


@contextmanager
def empty_place(home: Path, *, like: Place | None = None) -> Iterator[Place]:
    """An installation in a folder: empty, or as `like` is now."""
    if like:
        shutil.copytree(like.home, home, dirs_exist_ok=True)
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield Place(home, own_environment(home))
        return
    postgres = Postgres()
    with postgres.database(like=like.name if like else "template0") as name:
        yield Place(home, own_environment(home, postgres.where + name), name)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """An installation brought up once; the tests work on copies."""
    with empty_place(tmp_path_factory.mktemp("prepared")) as place:
        place.run("upgrade")
        yield place


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Place]:
    """An installation nothing was done to."""
    with empty_place(tmp_path) as place:
        yield place


@pytest.fixture
def place(prepared: Place, tmp_path: Path) -> Iterator[Place]:
    """An empty installation of this version."""
    with empty_place(tmp_path, like=prepared) as copy:
        yield copy


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(check: Callable[[], object], *, seconds: float = 30) -> object:
    """Wait for something to come true."""
    end = time.monotonic() + seconds
    while True:
        try:
            found = check()
        except OSError:
            found = None
        if found or time.monotonic() > end:
            assert found
            return found
        time.sleep(0.1)


def children(pid: int) -> dict[int, str]:
    """Child processes, of whichever thread, and their state: Z is one that has ended."""
    listed = [path.read_text(encoding="utf8").split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return {int(child): state_of(child) for some in listed for child in some}


def state_of(pid: str) -> str:
    """The state letter of a process."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf8").rpartition(")")[2].split()[0]


@pytest.fixture
def serving(place: Place) -> Iterator[Callable[..., tuple[subprocess.Popen[str], str]]]:
    """Start servers and stop those still running."""
    started: list[subprocess.Popen[str]] = []

    def start(*options: str) -> tuple[subprocess.Popen[str], str]:
        port = free_port()
        command = [sys.executable, "-m", "wuyou.config.cli", "serve", "--port", str(port), *options]
        log = (place.home / "server.log").open("w", encoding="utf8")
        with log:
            process = subprocess.Popen(command, env=place.environment, stdout=log, stderr=log, text=True)
        started.append(process)
        return process, f"127.0.0.1:{port}"

    yield start
    for process in started:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0, (place.home / "server.log").read_text(encoding="utf8")


def fetch(url: str, context: ssl.SSLContext | None = None) -> bytes:
    with urllib.request.urlopen(url, timeout=5, context=context) as answer:
        return bytes(answer.read())


def test_from_nothing_to_a_backup_and_back(bare: Place, tmp_path: Path) -> None:
    assert "Run: wuyou upgrade" in bare.run("serve", "--port", "1", code=1)
    said = bare.run(*INIT)
    assert "one-time code" in said
    assert "intact" in bare.run("verify")
    assert "users here already" in bare.run(*INIT, code=1)
    bare.run("backup", str(tmp_path / "a.tar.gz"))
    assert "--yes" in bare.run("restore", str(tmp_path / "a.tar.gz"), code=1)
    assert "Restored" in bare.run("restore", str(tmp_path / "a.tar.gz"), "--yes")
    assert "intact" in bare.run("verify")
    bare.run("upgrade")
    assert "migrations: all applied" in bare.run("doctor", code=doctor_code())


def doctor_code() -> int:
    """The doctor fails a checkout whose front end was not built."""
    return 0 if (Path(settings.PACKAGE) / "ui" / "dist" / "manifest.json").exists() else 1


def test_serving_and_stopping(place: Place, serving: Callable[..., tuple[subprocess.Popen[str], str]]) -> None:
    process, address = serving()
    until(lambda: fetch(f"http://{address}/healthz") == b"ok\n", seconds=10)
    assert json.loads(fetch(f"http://{address}/readyz")) == {"database": True, "migrations": True, "cache": True}
    assert int((place.home / "run" / "serve.pid").read_text(encoding="utf8")) == process.pid
    workers = children(process.pid)
    assert len(workers) == 3
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert not (place.home / "run" / "serve.pid").exists()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), seconds=5)


def test_a_web_process_that_hangs_does_not_hinder_stopping(
    place: Place, serving: Callable[..., tuple[subprocess.Popen[str], str]]
) -> None:
    process, address = serving("--no-worker")
    until(lambda: fetch(f"http://{address}/healthz"))
    os.kill(min(children(process.pid)), signal.SIGSTOP)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0


def test_requests_are_counted_over_all_processes(
    place: Place, serving: Callable[..., tuple[subprocess.Popen[str], str]]
) -> None:
    _process, address = serving("--no-worker")
    until(lambda: fetch(f"http://{address}/healthz"))
    for _ in range(20):
        with pytest.raises(urllib.error.HTTPError):
            fetch(f"http://{address}/nowhere")
    found = [line for line in fetch(f"http://{address}/metrics").decode().splitlines() if 'status="' in line]
    assert sum(float(line.split()[-1]) for line in found if line.startswith("wuyou_http_requests_total")) == 20


def test_a_killed_worker_is_replaced(place: Place, serving: Callable[..., tuple[subprocess.Popen[str], str]]) -> None:
    process, address = serving("--workers", "1")
    until(lambda: fetch(f"http://{address}/healthz"))
    before = children(process.pid)
    os.kill(min(before), signal.SIGKILL)  # the worker is forked before the web processes
    until(lambda: {pid for pid, state in children(process.pid).items() if state != "Z"} - set(before))
    assert fetch(f"http://{address}/healthz") == b"ok\n"


def test_tls_for_phones(place: Place, serving: Callable[..., tuple[subprocess.Popen[str], str]]) -> None:
    _process, address = serving("--tls", "--host", "127.0.0.1", "--no-worker")
    until((place.home / "tls" / "certificate.pem").exists)
    trusting = ssl.create_default_context(cafile=str(place.home / "tls" / "certificate.pem"))
    assert until(lambda: fetch(f"https://{address}/healthz", trusting)) == b"ok\n"
    until(lambda: "https://" in (place.home / "server.log").read_text(encoding="utf8"))
    assert "▀" in (place.home / "server.log").read_text(encoding="utf8")


def test_a_worker_alone_ends_when_nothing_waits(place: Place) -> None:
    place.run("worker", "--burst")


@pytest.mark.parametrize("content", ["", "x", "999999999"])
def test_a_stale_note_is_no_running_server(settings, tmp_path: Path, content: str) -> None:
    settings.HOME = tmp_path
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "serve.pid").write_text(content, encoding="utf8")
    assert server.running_server() is None


def test_our_own_note_is_a_running_server(settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    with server.only_one_server():
        assert server.running_server() == os.getpid()
    assert server.running_server() is None
