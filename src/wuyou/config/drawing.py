"""`wuyou draw`: verify or show the published record of a draw; needs no database and no installation."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation

from wuyou.config.cli.commands import CommandError

LARGEST = 200_000_000  # bytes
SHOWN = 20  # problems
HEADS = ("state", "commitment", "committed_at", "word", "drawn_at", "seed", "revealed_at", "reason")
UNIT = "  {position:4}  {id:16} {label}  {stratum}  ({roll} of {of})"


def command(given: argparse.Namespace) -> int:
    """Verify or show; 1 when something differs, naming it."""
    if not settings.configured:
        settings.configure(USE_I18N=False)  # plain English, and nothing of an installation is made or read
    record = read(given.file)
    with translation.override("en"):
        return show(record) if given.what == "show" else check(record, noted=given.commitment.strip().lower())


def read(path: Path) -> Any:
    """The record in a file; raises CommandError where there is none."""
    if not path.is_file():
        raise CommandError(f"there is no file {path}")
    if path.stat().st_size > LARGEST:
        raise CommandError(f"{path} is too large to be the record of a draw")
    try:
        return json.loads(path.read_text(encoding="utf8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise CommandError(f"{path} is not JSON: {error}") from error


def check(record: Any, *, noted: str) -> int:
    """Draw again and say what differs."""
    from wuyou.kernel.draws.verification import verify
    from wuyou.kernel.draws.words import sentence

    problems = verify(record, commitment=noted)
    for problem in problems[:SHOWN]:
        print(f"WRONG  {sentence(problem)}")
    if len(problems) > SHOWN:
        print(f"  … {len(problems)} in all")
    if problems:
        return 1
    print(f"The same {len(record['result'])} of {len(record['frame'])} are drawn again, in the same order.")
    if not noted:
        print(f"Compare the commitment with the one published before the draw: {record['commitment']}")
    return 0


def show(record: Any) -> int:
    """What a record says: heads, then the list in order drawn; raises CommandError for what is no record."""
    from wuyou.kernel.draws.generator import VERSION

    if not isinstance(record, dict) or record.get("version") != VERSION:
        raise CommandError(f"this is no record of version {VERSION}")
    lines = [str(record.get("title", ""))]
    lines += [f"  {name:13} {record[name]}" for name in HEADS if record.get(name) is not None]
    try:
        lines.append(f"  {'method':13} {json.dumps(record['method'], ensure_ascii=False)}")
        lines.append(f"  {'frame':13} {len(record['frame'])} units")
        lines += [UNIT.format(**one) for one in record["result"] or []]
    except (KeyError, TypeError) as error:
        raise CommandError(f"this is no record: {error} is missing or not of the right kind") from error
    print("\n".join(lines))
    return 0
