"""No machine and no background job shows its code where people read."""

import ast
from pathlib import Path

import pytest
from django.utils import translation

import wuyou
from wuyou.faces.console.machines import JOBS, MACHINES, job_name, who
from wuyou.kernel.jobs import handlers
from wuyou.kernel.journal.models import Entry

SOURCE = Path(wuyou.__file__).parent


def machines_in_the_source() -> set[str]:
    """Every name given to System(…) outside the demo and the tests."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "System":
                found |= {argument.value for argument in call.args if isinstance(argument, ast.Constant)}
    return found


def test_every_machine_has_a_name() -> None:
    assert machines_in_the_source() == set(MACHINES)


def test_every_job_has_a_name() -> None:
    assert {name for name in handlers.registered() if not name.startswith("test.")} == set(JOBS)


def test_an_unknown_job_keeps_its_code() -> None:
    assert job_name("gone.long_ago") == "gone.long_ago"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (Entry(actor_id="system:generation", actor_label="generation"), "任务生成"),
        (Entry(actor_id="system:unknown", actor_label="unknown"), "unknown"),
        (Entry(actor_id="user:1", actor_label="宋平思"), "宋平思"),
        (Entry(actor_id="user:1", actor_label="宋平思", on_behalf="demo token"), "宋平思 (demo token)"),
    ],
)
def test_who_did_it(entry: Entry, said: str) -> None:
    with translation.override("zh-hans"):
        assert who(entry) == said
