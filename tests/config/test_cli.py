"""The wuyou command: quick help, plain errors, a table whose functions exist."""

import argparse
import subprocess
import sys
import time
from importlib import import_module

import pytest

from wuyou.config import cli
from wuyou.config.cli.commands import COMMANDS, Command, CommandError
from wuyou.kernel.errors import Conflict, Invalid


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_its_function(command: Command) -> None:
    module, _, name = command.run.partition(":")
    assert callable(getattr(import_module(module), name))


def test_help_comes_at_once_and_names_every_command() -> None:
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "wuyou.config.cli", "--help"], capture_output=True, text=True, check=True
    )
    took = time.perf_counter() - started
    missing = [command.name for command in COMMANDS if f"\n    {command.name} " not in done.stdout]
    assert (missing, took < 1.0) == ([], True), took


def test_help_imports_no_django() -> None:
    code = "import sys; from wuyou.config import cli; cli.parser(); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_a_command_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    assert "COMMAND" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.strip()[0].isdigit()


def fails_plainly(_given: argparse.Namespace) -> int:
    raise CommandError("the disk is full")


def fails_in_a_field(_given: argparse.Namespace) -> int:
    raise Invalid(fields={"--hours": "Give hours."})


def fails_as_a_whole(_given: argparse.Namespace) -> int:
    raise Invalid("Nothing fits.")


def conflicts(_given: argparse.Namespace) -> int:
    raise Conflict("Somebody was faster.")


def is_stopped(_given: argparse.Namespace) -> int:
    raise KeyboardInterrupt


def works(_given: argparse.Namespace) -> None:
    return None


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("fails_plainly", 1, "wuyou try: the disk is full\n"),
        ("fails_in_a_field", 1, "wuyou try: --hours: Give hours.\n"),
        ("fails_as_a_whole", 1, "wuyou try: Nothing fits.\n"),
        ("conflicts", 1, "wuyou try: Somebody was faster.\n"),
        ("is_stopped", 1, "stopped\n"),
        ("works", 0, ""),
    ],
)
def test_errors_are_said_plainly(
    name: str, code: int, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = Command("try", "try it", "x:y", needs_django=False)
    monkeypatch.setattr(cli, "find", lambda _command: globals()[name])
    assert cli.attempt(command, given=argparse.Namespace()) == code
    assert capsys.readouterr().err == said
