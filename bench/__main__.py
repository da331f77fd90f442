"""`make bench`: every measure on both databases, as tables, and as a page in the documents.

    python -m bench                     all measures
    python -m bench journal jobs        these only
    python -m bench --write             also write docs/reference/bench.md

A measure is a module of this folder with `run(database) -> list[Row]`; `database` is "sqlite" or "postgresql". Each
runs in a process of its own, in a fresh home, on a scratch database; PostgreSQL is the server that
WUYOU_BENCH_POSTGRES names (`scripts/postgres start`).
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from bench import scratch
from bench.report import Row, markdown, print_table

FOLDER = Path(__file__).resolve().parent
PAGE = FOLDER.parent / "docs" / "reference" / "bench.md"
DATABASES = ["sqlite", "postgresql"]
ONE = "--one"


def measures() -> list[str]:
    """Every module of this folder that measures something."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if "\ndef run(database: str)" in path.read_text("utf8"))


def measure(name: str, database: str) -> list[Row]:
    """Run one measure in a process of its own; raises CalledProcessError when it fails."""
    server = {"WUYOU_DATABASE_URL": os.environ["WUYOU_BENCH_POSTGRES"]} if database == "postgresql" else {}
    keep = {key: value for key, value in os.environ.items() if key != "WUYOU_DATABASE_URL"}
    with tempfile.TemporaryDirectory(prefix="wuyou-bench-") as home:
        values = keep | {"WUYOU_HOME": home, "WUYOU_LOG_LEVEL": "ERROR"} | server
        command = [sys.executable, "-m", "bench", ONE, name]
        done = subprocess.run(command, cwd=FOLDER.parent, env=values, stdout=subprocess.PIPE, text=True, check=True)
    return [Row(**row) for row in json.loads(done.stdout.splitlines()[-1])]


def one(name: str) -> None:
    """Inside that process: measure on a scratch database and print the rows."""
    with scratch.database() as vendor:
        print(json.dumps([asdict(row) for row in import_module(f"bench.{name}").run(vendor)]))


def main(arguments: list[str] | None = None) -> int:
    """Measure and report; 1 when a limit is missed."""
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help=f"which measures (default: all of {', '.join(measures())})")
    parser.add_argument("--database", choices=DATABASES, help="one database only")
    parser.add_argument("--write", action="store_true", help="write docs/reference/bench.md")
    given = parser.parse_args(arguments)
    unknown = set(given.names) - set(measures())
    if unknown:
        parser.error(f"there is no measure {', '.join(sorted(unknown))}")
    rows: dict[str, list[Row]] = {name: [] for name in given.names or measures()}
    for name, found in rows.items():
        for database in [given.database] if given.database else DATABASES:
            print(f"--- {name} on {database}", flush=True)
            found.extend(measure(name, database))
        print_table(found)
    if given.write:
        PAGE.write_text(page(rows), encoding="utf8")
    return int(not all(row.is_kept for found in rows.values() for row in found))


def page(rows: dict[str, list[Row]]) -> str:
    """The figures as a document."""
    head = (
        "# Speed and memory\n\nWritten by `make bench`. Figures of one run on one machine "
        f"({os.cpu_count()} cores, Python {platform.python_version()}): read the ratios, not the seconds.\n"
    )
    return "\n".join([head, *(f"## {name}\n\n{markdown(found)}" for name, found in rows.items())])


if __name__ == "__main__":
    if sys.argv[1:2] == [ONE]:
        one(sys.argv[2])
    else:
        sys.exit(main())
