"""A machine without Chinese fonts has the one that set-up fetched: for photos and for printed sheets."""

import typst
from django.conf import settings

from wuyou.kernel.evidence import fonts


def test_photos_find_the_fetched_font(monkeypatch):
    monkeypatch.setattr(fonts, "FOLDERS", ())
    fonts._installed.cache_clear()
    try:
        assert fonts.check_font().parent == settings.FONTS
    finally:
        fonts._installed.cache_clear()


def test_printed_sheets_find_the_fetched_font():
    alone = typst.Fonts(include_system_fonts=False, font_paths=[str(settings.FONTS)]).families()
    assert fonts.chinese_font(frozenset(alone)) == "Noto Sans SC"
