"""`wuyou draw`: an auditor's machine has neither our database nor our settings."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from house.source import PACKAGE
from kernel.draws.frames import record

from wuyou.config import cli

COMMITMENT = record()["commitment"]


def kept(folder: Path, **changes: Any) -> str:
    path = folder / "record.json"
    path.write_text(json.dumps(record(**changes), ensure_ascii=False), encoding="utf8")
    return str(path)


def test_the_same_list_is_drawn_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["draw", "verify", kept(tmp_path), "--commitment", f" {COMMITMENT.upper()} "]) == 0
    assert capsys.readouterr().out == "The same 3 of 5 are drawn again, in the same order.\n"


def test_without_the_noted_commitment_it_says_what_to_compare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["draw", "verify", kept(tmp_path)]) == 0
    assert f"before the draw: {COMMITMENT}" in capsys.readouterr().out


def test_what_differs_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = record()["result"]
    swapped = [result[0], result[2], result[1]]
    assert cli.main(["draw", "verify", kept(tmp_path, result=swapped), "--commitment", "0" * 64]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        f"WRONG  The record's commitment {COMMITMENT} is not the one published before, {'0' * 64}.",
        "WRONG  /result/1: drawn again is “5 5号楼 (3/4)”, recorded is “3 3号楼 (0/3)”.",
        "WRONG  /result/2: drawn again is “3 3号楼 (0/3)”, recorded is “5 5号楼 (3/4)”.",
    ]


def test_many_differences_are_not_all_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["draw", "verify", kept(tmp_path, result=[{"id": "x"}] * 30)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert (len(lines), lines[-1]) == (21, "  … 30 in all")


def test_a_seed_not_published_yet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["draw", "verify", kept(tmp_path, seed=None)]) == 1
    assert "The seed has not been published yet" in capsys.readouterr().out


@pytest.mark.parametrize("what", ["verify", "show"])
@pytest.mark.parametrize(
    ("content", "said"), [(None, "there is no file"), (b"{", "is not JSON"), (b"\xff\xfe", "is not JSON")]
)
def test_files_that_hold_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / "x.json"
    if content is not None:
        path.write_bytes(content)
    assert cli.main(["draw", what, str(path)]) == 1
    assert said in capsys.readouterr().err


def test_a_file_too_large(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wuyou.config.drawing.LARGEST", 10)
    assert cli.main(["draw", "verify", kept(tmp_path)]) == 1
    assert "too large" in capsys.readouterr().err


def test_showing_a_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["draw", "show", kept(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Buildings to inspect"
    assert lines[1:3] == ["  state         revealed", f"  commitment    {COMMITMENT}"]
    assert lines[-4:] == [
        "  frame         5 units",
        "     1  2                2号楼  A  (2 of 4)",
        "     2  5                5号楼  B  (3 of 4)",
        "     3  3                3号楼  B  (0 of 3)",
    ]


@pytest.mark.parametrize("changes", [{"version": "2"}, {"result": "x"}, {"result": [{"id": 1}]}, {"frame": 5}])
def test_showing_what_is_no_record(tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, Any]) -> None:
    assert cli.main(["draw", "show", kept(tmp_path, **changes)]) == 1
    assert "this is no record" in capsys.readouterr().err


def test_it_works_on_a_machine_without_an_installation(tmp_path: Path) -> None:
    """In an empty folder, without any of our settings: nothing is made there but what it says."""
    path = kept(tmp_path)
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("WUYOU_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "wuyou.config.cli", "draw", "verify", path],
        cwd=tmp_path, env={**bare, "PYTHONPATH": str(PACKAGE.parent)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The same 3 of 5 are drawn again")
    assert [found.name for found in tmp_path.iterdir()] == ["record.json"]
