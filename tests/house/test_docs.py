"""Documents that speak of the code agree with it, and lead nowhere wrong."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from house.source import ROOT

DOCS = ROOT / "docs"
LINK = re.compile(r"!?\[[^\]]*\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)]*)?\)")
PAGES = [ROOT / "README.md", ROOT / "README.zh.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def test_reference_pages_are_as_the_code_says() -> None:
    """In a process of its own: here other tests have declared flows and metrics of theirs."""
    command = [sys.executable, "-m", "wuyou.config.reference", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_every_setting_is_explained() -> None:
    text = (ROOT / "src" / "wuyou" / "config" / "settings.py").read_text(encoding="utf8")
    names = set(re.findall(r'\benv(?:\.\w+)?\(\s*"(\w+)"', text)) | {"SECRET_KEY", "DATA_KEY"}
    page = (DOCS / "reference" / "settings.md").read_text(encoding="utf8")
    explained = set(re.findall(r"`WUYOU_(\w+)`", page))
    assert (names - explained, explained - names) == (set(), set())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = [match.group(1) for match in LINK.finditer(page.read_text(encoding="utf8"))]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_in_code_marks_exist(page: Path) -> None:
    named = set(re.findall(r"`((?:src|tests|docs|scripts|bench)/[\w./-]+)`", page.read_text(encoding="utf8")))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_make_targets_in_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf8"), re.MULTILINE))
    named = {
        word for page in PAGES for word in re.findall(r"`(?:PORT=\d+ )?make ([a-z]+)`", page.read_text(encoding="utf8"))
    }
    assert named - targets == set()


def test_the_two_readmes_are_twins() -> None:
    """The same parts in the same order, the same commands, the same pictures."""
    english, chinese = (page.read_text(encoding="utf8") for page in PAGES[:2])
    for pattern in (r"^#+ ", r"^```.*?^```", r"!\[[^\]]*\]\(([^)]+?)(?:\.(?:zh|en))?\.png\)"):
        parts = [re.findall(pattern, text, re.MULTILINE | re.DOTALL) for text in (english, chinese)]
        assert parts[0] == parts[1]


def test_decisions_fit_on_a_page() -> None:
    long = [
        page.name
        for page in (DOCS / "decisions").glob("*.md")
        if len(page.read_text(encoding="utf8").splitlines()) > 60
    ]
    assert long == []
