"""`wuyou serve`: web processes and the worker under one parent; `wuyou worker`: background jobs only.

The parent loads the product once and the processes are forked from it, so that they share its memory.
"""

import argparse
import contextlib
import gc
import importlib
import logging
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import django
from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from wuyou.config import tls
from wuyou.config.cli.commands import CommandError

log = logging.getLogger("wuyou.server")
RESTART_AFTER = 2.0  # seconds before a worker that fell over is started again
PATIENCE = 8  # seconds a web process may take to finish its requests; one told to stop while starting never hears it


def serve(given: argparse.Namespace) -> int:
    """Run until interrupted; refuses to start on a database of another version."""
    port = given.port or int(os.environ.get("PORT", "8000"))
    host = given.host or ("0.0.0.0" if given.tls else "127.0.0.1")  # noqa: S104 - phones must reach it
    prepare_environment(port=port, is_tls=given.tls)
    django.setup()
    clean_counts()
    check_database()
    load_product()
    files = certificate() if given.tls else None
    with only_one_server(), contextlib.nullcontext() if given.no_worker else worker_beside():
        announce(files)
        run_web(host=host, port=port, workers=given.workers, files=files)
    return 0


def prepare_environment(*, port: int, is_tls: bool) -> None:
    """Settings that follow from how we serve go into the environment, so that every process reads the same ones."""
    address = tls.network_address() if is_tls else "localhost"
    os.environ.setdefault("WUYOU_BASE_URL", f"{'https' if is_tls else 'http'}://{address}:{port}")
    if is_tls:
        os.environ["WUYOU_HTTPS"] = "true"
        os.environ["WUYOU_HSTS_SECONDS"] = "0"  # a browser must not remember a certificate of our own
        os.environ["WUYOU_ALLOWED_HOSTS"] = ",".join(
            filter(None, [os.environ.get("WUYOU_ALLOWED_HOSTS"), "localhost", "127.0.0.1", "[::1]", address])
        )


def load_product() -> None:
    """Import everything a request needs, then keep the collector away from it: shared pages stay shared."""
    importlib.import_module("wuyou.config.wsgi")
    importlib.import_module(settings.ROOT_URLCONF)
    connections.close_all()  # none may be shared by the forks
    gc.collect()
    gc.freeze()


def clean_counts() -> None:
    """Start the request counts of the web processes anew, before their library is imported."""
    folder = Path(os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(settings.HOME / "run" / "counts")))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def check_database() -> None:
    """Fail with what to do when the database is not of this version."""
    pending = pending_migrations()
    if pending:
        raise CommandError(f"the database lacks {len(pending)} changes of this version. Run: wuyou upgrade")


def pending_migrations() -> list[str]:
    """Names of migrations the database lacks."""
    executor = MigrationExecutor(connections["default"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def certificate() -> tuple[Path, Path]:
    """Certificate and key for this machine and this network."""
    names = {"localhost", "127.0.0.1", tls.network_address()}
    return tls.certificate(settings.HOME / "tls", sorted(names))


def announce(files: tuple[Path, Path] | None) -> None:
    """Say the address; over TLS also as a code to scan, and how to trust the certificate."""
    print(f"Wuyou is at {settings.BASE_URL}", flush=True)
    if files:
        import segno

        segno.make(settings.BASE_URL).terminal(compact=True)
        print(
            f"The phone will warn once, for the certificate is our own. To trust it, install {files[0]} on the phone.",
            flush=True,
        )


@contextlib.contextmanager
def only_one_server() -> Iterator[None]:
    """Note our process id, so that a restore does not replace the database under us."""
    path = pid_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(os.getpid()), encoding="utf8")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def pid_file() -> Path:
    """Where a running server notes its process id."""
    return Path(settings.HOME) / "run" / "serve.pid"


def running_server() -> int | None:
    """The process id of a server running in this home, if any."""
    try:
        pid = int(pid_file().read_text(encoding="utf8"))
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return None
    return pid


def run_web(*, host: str, port: int, workers: int, files: tuple[Path, Path] | None) -> None:
    """Serve until a signal comes."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "wuyou.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        backlog=512,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
        ssl_cert=files[0] if files else None,
        ssl_key=files[1] if files else None,
    ).serve()


@contextlib.contextmanager
def worker_beside() -> Iterator[None]:
    """A worker process beside the web processes, started again should it fall over."""
    first = multiprocessing.get_context("fork").Process(target=forked_worker, args=(os.getpid(),), name="wuyou-worker")
    first.start()
    keeper = Keeper(first)
    thread = threading.Thread(target=keeper.keep, name="worker-keeper", daemon=True)
    thread.start()
    try:
        yield
    finally:
        keeper.stop()
        thread.join(timeout=15)


class Keeper:
    """Watches the worker: the first one is forked (it shares our memory), later ones are started afresh."""

    def __init__(self, first: multiprocessing.process.BaseProcess) -> None:
        """Watch `first`."""
        self.wait: Callable[[], object] = first.join
        self.terminate: Callable[[], object] = first.terminate
        self.stopping = threading.Event()

    def keep(self) -> None:
        """Wait for the worker to end and start another, until told to stop."""
        while True:
            self.wait()
            if self.stopping.wait(RESTART_AFTER):
                return
            log.error("the worker ended; starting another")
            process = subprocess.Popen([sys.executable, "-m", "wuyou.config.cli", "worker"])
            self.wait, self.terminate = process.wait, process.terminate

    def stop(self) -> None:
        """End the worker and start no other."""
        self.stopping.set()
        self.terminate()


def forked_worker(parent: int) -> None:
    """The worker process of `serve`."""
    run_until_told(parent=parent, burst=False)


def worker(given: argparse.Namespace) -> int:
    """Run background jobs until interrupted."""
    check_database()
    run_until_told(parent=None, burst=given.burst)
    return 0


def run_until_told(*, parent: int | None, burst: bool) -> None:
    """Work until a signal comes or, under `serve`, the parent is gone."""
    from wuyou.kernel import jobs

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if parent is not None:
        threading.Thread(target=watch_parent, args=(parent, stop), daemon=True).start()
    jobs.run_worker(burst=burst, stop=stop)


def watch_parent(parent: int, stop: threading.Event) -> None:
    """Stop when the parent process ended without telling us."""
    while not stop.wait(2):
        if os.getppid() != parent:
            stop.set()
