"""Both languages are complete (spec 00: Languages)."""

from pathlib import Path

import pytest

from wuyou.config import catalogue


def test_every_text_has_a_chinese_translation() -> None:
    assert catalogue.missing() == []


def test_no_translation_is_a_guess() -> None:
    assert [message.id for message in catalogue.messages(catalogue.read()) if message.fuzzy] == []


def test_translations_keep_the_placeholders() -> None:
    assert catalogue.mismatched() == []


def test_no_translation_is_left_over() -> None:
    used = {catalogue.key(message) for message in catalogue.messages(catalogue.extract())}
    kept = {catalogue.key(message) for message in catalogue.messages(catalogue.read())}
    assert kept - used == set()


CODE = """
x = _("One")
y = ngettext("%(n)s room", "%(n)s rooms", 2)
z = pgettext("month", "May")
w = _(name)
"""
PAGE = """
<p title="it's">
    {% translate "Two" %}
  {% blocktranslate trimmed with n=a %}
    Hello {{ n }}
  {% endblocktranslate %}
"""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A product of one module and one page."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "a.py").write_text(CODE, encoding="utf8")
    (tmp_path / "templates" / "a.html").write_text(PAGE, encoding="utf8")
    monkeypatch.setattr(catalogue, "PACKAGE", tmp_path)
    monkeypatch.setattr(catalogue, "CHINESE", tmp_path / "locale" / "django.po")
    return tmp_path


def test_texts_are_found_in_code_and_pages(small: Path) -> None:
    assert catalogue.missing() == ["%(n)s room", "Hello %(n)s", "May", "One", "Two"]


def test_update_keeps_adds_and_drops(small: Path) -> None:
    catalogue.update({"One": "一", "Two": "二", "%(n)s room": "%(n)s 间房", "Gone": "没了"})
    catalogue.update({"Two": "两", "Hello %(n)s": "你好"})
    kept = {catalogue.key(message): catalogue.words(message) for message in catalogue.messages(catalogue.read())}
    assert kept == {
        ("%(n)s room", None): "%(n)s 间房",
        ("Hello %(n)s", None): "你好",
        ("May", "month"): "",
        ("One", None): "一",
        ("Two", None): "两",
    }
    assert catalogue.mismatched() == ["Hello %(n)s"]
    assert catalogue.missing() == ["May"]


def test_compiling_twice_builds_once(small: Path) -> None:
    catalogue.update({"One": "一"})
    catalogue.compile_catalogue()
    built = catalogue.CHINESE.with_suffix(".mo")
    first = built.stat().st_mtime_ns
    catalogue.compile_catalogue()
    assert (built.stat().st_mtime_ns, "一".encode() in built.read_bytes()) == (first, True)
