"""The `wuyou` command (spec 11). Nothing heavy is imported before a command is chosen: help must come at once."""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence

from .commands import COMMANDS, Command, CommandError

Run = Callable[[argparse.Namespace], int | None]


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    top = argparse.ArgumentParser(prog="wuyou", description="Wuyou 物优: service quality for property companies.")
    top.add_argument("--version", action="store_true", help="say the version and stop")
    listed = top.add_subparsers(dest="command", metavar="COMMAND")
    for command in COMMANDS:
        own = listed.add_parser(command.name, help=command.help, description=command.explain or command.help)
        for argument in command.arguments:
            own.add_argument(*argument.names, **argument.options)
    return top


def find(command: Command) -> Run:
    """The function behind a command, its module imported now; Django is made ready where it is needed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuyou.config.settings")
    if command.needs_django:
        import django

        django.setup()
    module, _, name = command.run.partition(":")
    run: Run = getattr(importlib.import_module(module), name)
    return run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 1 when not, 2 when it was asked wrongly."""
    given = parser().parse_args(arguments)
    if given.version:
        from importlib.metadata import version

        print(version("wuyou"))
        return 0
    command = next((each for each in COMMANDS if each.name == given.command), None)
    if command is None:
        parser().print_help()
        return 2
    return attempt(command, given=given)


def attempt(command: Command, *, given: argparse.Namespace) -> int:
    """Run it and say plainly what went wrong, if anything did; defects of ours keep their traceback."""
    from wuyou.kernel.errors import Invalid, WuyouError

    try:
        return find(command)(given) or 0
    except CommandError as failure:
        print(f"wuyou {command.name}: {failure}", file=sys.stderr)
    except Invalid as invalid:
        for error in invalid.fields:
            print(f"wuyou {command.name}: {error.field}: {error.message}", file=sys.stderr)
        if not invalid.fields:
            print(f"wuyou {command.name}: {invalid}", file=sys.stderr)
    except WuyouError as error:
        print(f"wuyou {command.name}: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    return 1
