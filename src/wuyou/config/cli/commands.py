"""The table of commands: what each is called, asks for and where its function stands."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class CommandError(Exception):
    """A command could not do what was asked; the text says what to do about it."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One option or argument, in argparse's terms."""

    names: tuple[str, ...]
    options: dict[str, Any]


def argument(*names: str, **options: Any) -> Argument:
    """Shorthand for the table below."""
    return Argument(names, options)


@dataclass(frozen=True, slots=True)
class Command:
    """One command; `run` is `module:function`, imported when the command is chosen."""

    name: str
    help: str
    run: str
    arguments: tuple[Argument, ...] = ()
    explain: str = ""
    needs_django: bool = field(default=True)


FLAG: dict[str, Any] = {"action": "store_true"}
PROJECT = argument("--project", metavar="CODE", help="code of the project, e.g. JT")
YES = argument("--yes", "-y", **FLAG, help="do not ask")

COMMANDS = (
    Command(
        "serve",
        "run the web server and the worker",
        "wuyou.config.server:serve",
        (
            argument("--port", type=int, help="port (default: $PORT, else 8000)"),
            argument("--host", default="", help="address to listen on (default 127.0.0.1; 0.0.0.0 with --tls)"),
            argument("--workers", type=int, default=2, help="web processes (default 2)"),
            argument("--no-worker", **FLAG, help="web only; run `wuyou worker` elsewhere"),
            argument("--tls", **FLAG, help="make a certificate for this network, to try phones"),
        ),
        needs_django=False,  # the options decide settings
    ),
    Command(
        "worker",
        "run background jobs only",
        "wuyou.config.server:worker",
        (argument("--burst", **FLAG, help="stop when nothing is waiting"),),
    ),
    Command(
        "upgrade",
        "bring database, static files and shipped data up to this version",
        "wuyou.config.installation:upgrade",
    ),
    Command(
        "init",
        "set up an empty installation",
        "wuyou.config.installation:init",
        (
            argument("--name", help="name of the company"),
            argument("--code", help="short code of the company, e.g. ANJU"),
            argument("--single", **FLAG, help="one estate only: the company is the project"),
            argument("--admin", metavar="LOGIN", help="log-in name of the first administrator"),
            argument("--admin-name", metavar="NAME", help="name of the first administrator"),
            argument("--hours", metavar="08:00-18:00", help="service hours of a single estate"),
            argument("--days", metavar="1-7", help="weekdays with service, Monday is 1 (default 1-7)"),
        ),
        explain="Set up an empty installation. What is not given is asked for.",
    ),
    Command(
        "demo",
        "build the demonstration estates in an empty installation",
        "wuyou.config.demo:command",
        (
            argument("--seed", type=int, default=20261120, help="the same seed gives the same demo"),
            argument("--if-empty", **FLAG, help="do nothing when there are users already"),
        ),
    ),
    Command(
        "verify",
        "re-compute the journal's chains and name the first broken entry",
        "wuyou.config.records:verify",
        (argument("--chain", help="one chain only, e.g. project:1"),),
    ),
    Command(
        "draw",
        "verify a draw from its published record, on any machine",
        "wuyou.config.drawing:command",
        (
            argument("what", choices=("verify", "show"), help="draw again and compare, or show what the record says"),
            argument("file", type=Path, help="the record (JSON), as downloaded from the page of the draw"),
            argument("--commitment", metavar="HEX", default="", help="the commitment as you noted it before the draw"),
        ),
        explain="Verify a draw from its published record: 0 when the same list is drawn again, 1 with what differs.",
        needs_django=False,  # an auditor has neither our database nor our settings
    ),
    Command(
        "import",
        "import a workbook (xlsx or csv)",
        "wuyou.config.records:import_file",
        (
            argument("kind", nargs="?", help="what the rows are; without it the kinds are listed"),
            argument("file", nargs="?", type=Path, help="the workbook"),
            PROJECT,
            argument("--sheet", help="sheet of the workbook (default: the first)"),
            argument("--rest", **FLAG, help="load the good rows when some are bad (default: load nothing)"),
            YES,
        ),
    ),
    Command(
        "export",
        "export a list of the console as xlsx or csv, by the file's ending",
        "wuyou.config.exports:export_file",
        (
            argument("kind", nargs="?", help="which list; without it the lists are named"),
            argument("file", nargs="?", type=Path, help="file to write"),
            argument("--as", dest="login", metavar="LOGIN", help="whose rights and language"),
            PROJECT,
            argument(
                "--where", metavar="QUERY", help="filters and order as in the list's address: state=late&sort=due"
            ),
        ),
    ),
    Command(
        "generate",
        "write the tasks of the published plans up to the horizon",
        "wuyou.config.records:generate",
        (PROJECT,),
    ),
    Command(
        "backup",
        "write database and files into one archive",
        "wuyou.config.backup:backup_command",
        (argument("file", nargs="?", type=Path, help="archive to write (default: backups/<time>.tar.gz in the home)"),),
    ),
    Command(
        "restore",
        "put an archive back in place of what is here",
        "wuyou.config.backup:restore_command",
        (argument("file", type=Path, help="archive to read"), YES),
    ),
    Command("doctor", "check this installation and say what to do", "wuyou.config.doctor:command"),
    Command(
        "bench",
        "measure speed and memory (from a checkout)",
        "wuyou.config.records:bench",
        (argument("names", nargs="*", help="which measures (default: all)"),),
        needs_django=False,
    ),
)
