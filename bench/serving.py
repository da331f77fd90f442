"""`wuyou serve`: seconds to the first answer, memory of all processes together, weight of the first page."""

import gzip
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench.report import Row
from bench.scratch import environment

PAGE = "/accounts/login/"
COMMAND = [sys.executable, "-m", "wuyou.config.cli"]


def run(database: str) -> list[Row]:
    """Start, ask, weigh and stop a server on the database Django is set up with."""
    values = environment()
    subprocess.run([*COMMAND, "upgrade"], env=values, check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    started = time.perf_counter()
    server = subprocess.Popen([*COMMAND, "serve", "--port", str(port)], env=values, stdout=subprocess.DEVNULL)
    try:
        page = wait_for(address + PAGE)
        seconds = time.perf_counter() - started
        first = weight(address, page)
        for _ in range(50):
            wait_for(address + PAGE)
        memory = sum(shared_memory(pid) for pid in [server.pid, *children(server.pid)])
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)
    return [
        Row(f"{database}: start to the first page", seconds, "s", "≤ 5"),
        Row(f"{database}: memory of web and worker after 50 pages (PSS)", memory, "MB", "≤ 400"),
        Row(f"{database}: first page with styles and scripts, compressed", first / 1000, "kB", "≤ 250"),
    ]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> str:
    """The page, as soon as it is given."""
    while True:
        try:
            return str(urllib.request.urlopen(url).read().decode())
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.02)


def weight(address: str, page: str) -> int:
    """Bytes of a page and of the styles, scripts and fonts it names, as sent compressed."""
    total = len(gzip.compress(page.encode()))
    for path in set(re.findall(r'(?:href|src)="(/static/[^"#?]+)', page)):
        request = urllib.request.Request(address + path, headers={"Accept-Encoding": "gzip, br"})
        total += len(urllib.request.urlopen(request).read())
    return total


def children(pid: int) -> list[int]:
    """Processes started by a process."""
    listed = [path.read_text(encoding="utf8").split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for some in listed for child in some]


def shared_memory(pid: int) -> float:
    """Proportional memory in MB: what is shared is counted once among those who share it."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf8")
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found.group(1)) / 1024 if found else 0.0
