"""Fonts of watermarks and papers: Chinese needs one, boxes instead of characters would be worse than an error."""

import functools
from pathlib import Path

import typst
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import ImageFont

from wuyou.kernel.errors import WuyouError

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".fonts",
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
NAMES = (
    "NotoSansCJK-Medium.ttc", "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf",
    "NotoSansSC_400Regular.ttf",
    "SourceHanSansSC-Regular.otf", "SourceHanSansCN-Regular.otf", "wqy-microhei.ttc", "wqy-zenhei.ttc",
    "NotoSerifCJK-Regular.ttc", "DroidSansFallbackFull.ttf", "PingFang.ttc", "msyh.ttc", "simhei.ttf",
)  # fmt: skip
SIMPLIFIED = {"NotoSansCJK": 2, "NotoSerifCJK": 2}  # the face for Simplified Chinese within a collection
CHINESE_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
    "Microsoft YaHei", "PingFang SC", "SimHei",
)  # fmt: skip


class MissingFont(WuyouError):
    """No Chinese font is installed."""

    status = 500
    code = "missing_font"


def find_font() -> Path | None:
    """The first Chinese font found; the setting WATERMARK_FONT goes first."""
    given = getattr(settings, "WATERMARK_FONT", "")
    return Path(given) if given else _installed()


@functools.cache
def _installed() -> Path | None:
    folders = (Path(settings.FONTS), *FOLDERS)
    found = {path.name: path for folder in folders if folder.is_dir() for path in folder.rglob("*.[to]t[fc]")}
    return next((found[name] for name in NAMES if name in found), None)


def check_font() -> Path:
    """The Chinese font in use; raises MissingFont with what to install."""
    path = find_font()
    if path is None or not path.is_file():
        raise MissingFont(
            _(
                "No Chinese font was found for the watermark on photos. "
                "Install one (Debian: apt install fonts-noto-cjk) or name a file in WUYOU_WATERMARK_FONT."
            )
        )
    return path


@functools.lru_cache(maxsize=32)
def _loaded(path: str, size: int) -> ImageFont.FreeTypeFont:
    face = next((index for name, index in SIMPLIFIED.items() if Path(path).name.startswith(name)), 0)
    return ImageFont.truetype(path, size, index=face)


def font_for(text: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A font that can write `text`; raises MissingFont when that needs Chinese and there is none."""
    if text.isascii() and find_font() is None:
        return ImageFont.load_default(size)
    return _loaded(str(check_font()), size)


class NoChineseFont(WuyouError):
    """The machine has no font with Chinese signs; a paper of empty boxes is of no use to anybody."""

    status = 500
    code = "no_chinese_font"


@functools.cache
def _families() -> frozenset[str]:
    return frozenset(typst.Fonts(font_paths=[str(settings.FONTS)]).families())


def chinese_font(installed: frozenset[str] | None = None) -> str:
    """The font papers and labels are set in; raises NoChineseFont, with the remedy, when none is installed."""
    families = _families() if installed is None else installed
    for name in CHINESE_FONTS:
        if name in families:
            return name
    raise NoChineseFont(_("No Chinese font is installed. On Debian: apt-get install fonts-noto-cjk"))
