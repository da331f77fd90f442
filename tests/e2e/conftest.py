"""The product as people have it: a demo installation, `wuyou serve` and a real Chromium.

The demo is built once per run; WUYOU_DEMO_HOME names a ready one, which is copied and not changed.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from e2e.driving import CHROMIUM, DESK, PATIENCE, PHONE, QUIET, ROOT, enter, listen


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def environment(home: Path, port: int) -> dict[str, str]:
    """As somebody would have it who starts the product in that home; keys come from the home itself."""
    ours = {"WUYOU_SECRET_KEY", "WUYOU_DATA_KEY", "WUYOU_DATABASE_URL", "WUYOU_BASE_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {
        "WUYOU_HOME": str(home),
        "WUYOU_BASE_URL": f"http://localhost:{port}",
        "PYTHONPATH": str(ROOT / "src"),
    }


def wuyou(*words: str, env: dict[str, str]) -> None:
    """One command of the product, which must succeed."""
    done = subprocess.run(
        [sys.executable, "-m", "wuyou.config.cli", *words],
        env=env, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """The running product."""

    address: str
    home: Path
    states: dict[str, object] = field(default_factory=dict)  # login → cookies of somebody already logged in


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """A demo of its own, brought up to date and served by two web processes and a worker."""
    folder = Path(tempfile.mkdtemp(prefix="wuyou-e2e-"))
    home, port = folder / "home", free_port()
    env = environment(home, port)
    ready = os.environ.get("WUYOU_DEMO_HOME")
    if ready:
        shutil.copytree(ready, home, ignore=shutil.ignore_patterns("run", "*.pid"))
        wuyou("upgrade", env=env)
    else:
        wuyou("demo", env=env)
    with (folder / "serve.log").open("w") as log:
        served = subprocess.Popen(
            [sys.executable, "-m", "wuyou.config.cli", "serve", "--port", str(port)],
            env=env, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _await(f"http://localhost:{port}/healthz", served, folder / "serve.log")
            yield Site(f"http://localhost:{port}", home)
        finally:
            served.terminate()
            served.wait(30)
            shutil.rmtree(folder, ignore_errors=True)


def _await(address: str, served: subprocess.Popen[bytes], log: Path) -> None:
    """Until it answers."""
    for _turn in range(240):
        assert served.poll() is None, log.read_text()[-3000:]
        try:
            if httpx.get(address, timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.25)
    raise AssertionError("the product did not answer: " + log.read_text()[-3000:])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What pages complained about: scripts, the security policy, things that were not found."""
    return []


Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, site: Site, complaints: list[str]) -> Iterator[Visit]:
    """Open a page as somebody of the demo (or as a stranger, login ""); complaints fail the test."""
    contexts: list[BrowserContext] = []

    def open_page(
        login: str,
        address: str = "/",
        *,
        size: dict[str, int] = DESK,
        theme: str = "light",
        language: str = "zh-hans",
    ) -> Page:
        if login and login not in site.states:
            site.states[login] = _log_in(chromium, site, login)
        context = chromium.new_context(
            viewport=size,
            has_touch=size is PHONE,
            is_mobile=size is PHONE,
            timezone_id="Asia/Shanghai",
            base_url=site.address,
            storage_state=site.states[login] if login else None,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        looks = {"theme": theme, "django_language": language}
        context.add_cookies([{"name": name, "value": value, "url": site.address} for name, value in looks.items()])
        page = context.new_page()
        listen(page, complaints)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _log_in(chromium: Browser, site: Site, login: str) -> object:
    """The cookies of somebody who logged in at the door."""
    context = chromium.new_context(base_url=site.address)
    page = context.new_page()
    page.goto("/accounts/login/")
    enter(page, login)
    page.wait_for_url(lambda url: "/accounts/" not in url)
    state = context.storage_state()
    context.close()
    return state
