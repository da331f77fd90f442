"""What is in the repo: nothing of one machine, locks without hosts, migrations complete."""

import re
import subprocess

import pytest
from django.core.management import call_command

from house.source import ROOT

MACHINE = re.compile(r"(?<![\w.$}/])/(work/(main|shared)|tmp|root|home|Users)/[\w.]")
HOST = re.compile(r"https?://|--index-url|--extra-index-url|--find-links|\"resolved\"")
FUNDING = re.compile(r'"(url|funding)": "https://')  # where to thank a maintainer; nothing is fetched from there
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".json",
    ".html",
    ".ts",
    ".js",
    ".css",
    ".scss",
    ".yaml",
    ".yml",
    ".ini",
    ".cfg",
    "",
}


def tracked() -> list[str]:
    """Files git knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize(
    ("parts", "is_found"),
    [
        (("", "home", "anna"), True),
        (("", "tmp", "x.log"), True),
        (("api", "home", "x"), False),
        (("", "homes", "x"), False),
    ],
)
def test_paths_of_a_machine_are_recognised(parts: tuple[str, ...], is_found: bool) -> None:
    assert bool(MACHINE.search("/".join(parts))) is is_found


def test_nothing_points_at_one_machine() -> None:
    wrong = []
    for name in tracked():
        path = ROOT / name
        if path.suffix in TEXT and (found := MACHINE.search(path.read_text(encoding="utf8", errors="ignore"))):
            wrong.append(f"{name}: {found.group()}")
    assert wrong == []


def test_locks_name_no_host() -> None:
    locks = [ROOT / "package-lock.json", *sorted((ROOT / "requirements").glob("*.txt"))]
    lines = [f"{path.name}: {line}" for path in locks for line in path.read_text(encoding="utf8").splitlines()]
    assert [line for line in lines if HOST.search(line) and not FUNDING.search(line)] == []


def test_every_pinned_package_has_its_digest() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        entries = re.split(r"\n(?=\S)", path.read_text(encoding="utf8"))
        bare = [entry.split()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry]
        assert bare == [], path.name


def test_every_dependency_says_why() -> None:
    listed = (ROOT / "pyproject.toml").read_text(encoding="utf8").partition("dependencies = [")[2].partition("\n]")[0]
    assert [line for line in listed.splitlines() if line.strip() and "#" not in line] == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
