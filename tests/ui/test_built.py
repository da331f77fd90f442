"""What the front-end build gives: every icon a page names, no host of a registry, and a first load that is small."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

from wuyou.ui import navigation

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "wuyou"
DIST = PACKAGE / "ui" / "dist"
NAMED = re.compile(r"""\bicon["']?(?:=|:\s*|\s+)["']([a-z][a-z0-9-]*)["']""")
FIRST_LOAD, LATER_LOAD = 250_000, 30_000  # bytes, compressed


@pytest.fixture(scope="module")
def manifest() -> dict[str, dict[str, object]]:
    return json.loads((DIST / "manifest.json").read_text(encoding="utf8"))


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def assets(manifest: dict, *entries: str) -> list[Path]:
    files = [manifest[entry]["file"] for entry in entries]
    files += [css for entry in entries for css in manifest[entry].get("css", [])]
    return [DIST / file for file in files]


def test_every_icon_that_is_named_is_in_the_sprite(manifest):
    sprite = set(re.findall(r'id="([a-z0-9-]+)"', (DIST / manifest["icons.svg"]["file"]).read_text(encoding="utf8")))
    pages = [*PACKAGE.glob("**/templates/**/*.html"), *PACKAGE.glob("**/*.py")]
    named = {name for page in pages for name in NAMED.findall(page.read_text(encoding="utf8"))}
    offered = {item.icon for group in navigation.groups() for item in group.items}
    assert (named | offered) - sprite == set(), "name an icon of tabler.io/icons, then build the front end again"


def test_a_first_page_is_small(manifest, web):
    page = len(gzip.compress(web.get("/ui/projects").content, 6))
    basics = sum(packed(path) for path in assets(manifest, "main.js", "theme.js", "icons.svg", "mark.svg"))
    charts = sum(packed(path) for path in assets(manifest, "scripts/charts.js", "scripts/plan.js"))
    assert basics + page < 80_000
    assert basics + charts < FIRST_LOAD - 12_000  # what a page with charts may hold itself


def test_a_later_page_is_its_own_text_only(web, user):
    assert len(gzip.compress(web.get("/people").content, 6)) < LATER_LOAD


def test_built_files_may_be_kept_for_ever(manifest):
    keep = re.compile(settings.WHITENOISE_IMMUTABLE_FILE_TEST)
    for entry in manifest.values():
        assert keep.search(f"/static/{entry['file']}"), entry["file"]
    assert not keep.search("/static/mfa/js/webauthn.js")


def test_the_lock_file_names_no_host():
    lock = (ROOT / "package-lock.json").read_text(encoding="utf8")
    assert "resolved" not in lock
    assert "://" not in re.sub(r'"(url|funding|homepage)": "[^"]*"', "", lock)


def test_every_template_can_be_read():
    for page in PACKAGE.glob("**/templates/**/*.html"):
        engines["django"].get_template(str(page).split("/templates/", 1)[1])
