"""Open a stranger's picture safely, read what the camera wrote, make the copies that are shown (spec 02: Evidence)."""

import math
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

import pillow_heif
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageDraw, ImageOps

from wuyou.kernel import clock
from wuyou.kernel.errors import TooLarge

from .fonts import font_for
from .rules import difference_hash
from .sniff import damaged

MOST_PIXELS = 50_000_000
SERVED_SIDE = 2_048
DRAFT_SIDE = 1_600  # a JPEG is decoded at a half or a quarter when that leaves as much
THUMBNAIL_SIDE = 400
FORMATS = ["JPEG", "PNG", "WEBP", "HEIF"]

pillow_heif.register_heif_opener(thumbnails=False)


@dataclass(frozen=True, slots=True)
class Taken:
    """When and where a camera says it took the picture; degrees and metres."""

    at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None


@dataclass(slots=True)
class Picture:
    """A decoded picture, upright, at most 2,048 pixels a side; `width` and `height` are the original's."""

    image: Image.Image
    width: int
    height: int
    taken: Taken


@contextmanager
def _decoding() -> Iterator[None]:
    """Whatever a broken or hostile picture does to the decoder is one refusal."""
    try:
        yield
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, struct.error, RuntimeError) as error:
        raise damaged() from error


def _too_many_pixels() -> TooLarge:
    return TooLarge(_("The picture has 50 megapixels or more. Send it smaller."))


def open_picture(data: bytes) -> Picture:
    """Decode a picture; raises TooLarge before decoding 50 megapixels or more, Unsupported for a damaged one."""
    with _decoding():
        with Image.open(BytesIO(data), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height >= MOST_PIXELS:
                raise _too_many_pixels()
            taken = read_taken(opened.getexif())
            share = DRAFT_SIDE / max(width, height)
            opened.draft("RGB", (int(width * share), int(height * share)))
            opened.load()
            upright = ImageOps.exif_transpose(opened)
        image = _on_white(upright)
        image.info = {}  # comments and profiles would be written into the copies
        image.thumbnail((SERVED_SIDE, SERVED_SIDE), Image.Resampling.BICUBIC)
    if upright.size[0] < upright.size[1] and width > height:
        width, height = height, width
    return Picture(image, width, height, taken)


def _on_white(image: Image.Image) -> Image.Image:
    """Pixels only: transparency on white, no palette, no profile, no metadata."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return image.convert("RGB")


def read_taken(exif: Image.Exif) -> Taken:
    """Time and position from EXIF; a part that makes no sense is left out, cameras write what they like."""
    camera = exif.get_ifd(ExifTags.IFD.Exif)
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    latitude, longitude = _degrees(place, 1, "S"), _degrees(place, 3, "W")
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        latitude = longitude = None
    accuracy = _number(place.get(31)) if latitude is not None else None
    return Taken(_exif_time(camera), latitude, longitude, accuracy)


def _exif_time(camera: Mapping[int, Any]) -> datetime | None:
    written = str(camera.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
    zone = _offset(str(camera.get(ExifTags.Base.OffsetTimeOriginal, ""))) or clock.SHANGHAI
    try:
        return datetime.strptime(written, "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _offset(written: str) -> timezone | None:
    sign, hours, minutes = written[:1], written[1:3], written[4:6]
    if sign not in {"+", "-"} or not (hours.isdigit() and minutes.isdigit()) or int(hours) > 14 or int(minutes) > 59:
        return None
    away = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-away if sign == "-" else away)


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) else None


def _degrees(place: Mapping[int, Any], reference: int, negative: str) -> float | None:
    parts = place.get(reference + 1)
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    numbers = [_number(part) for part in parts]
    if any(number is None for number in numbers):
        return None
    degrees, minutes, seconds = (float(number or 0) for number in numbers)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if str(place.get(reference, "")).startswith(negative) else value


def perceptual_hash(image: Image.Image) -> int | None:
    """The 64-bit difference hash; None for a picture that shows next to nothing."""
    small = image.convert("L").resize((9, 8), Image.Resampling.BOX)
    return difference_hash(list(small.tobytes()))


def with_watermark(image: Image.Image, lines: list[str]) -> Image.Image:
    """A copy with the lines burnt into a dark band at the bottom left, legible on any ground."""
    shown = image.convert("RGBA")
    size = max(13, round(min(max(shown.size) / 44, shown.size[0] / 22)))
    layer = Image.new("RGBA", shown.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    pad, step = round(size * 0.6), round(size * 1.4)
    fonts = [font_for(line, size) for line in lines]
    width = max((draw.textlength(line, font=font) for line, font in zip(lines, fonts, strict=True)), default=0)
    height = step * len(lines) + pad
    top = shown.size[1] - height - pad
    draw.rectangle((0, top, width + 3 * pad, top + height), fill=(16, 24, 40, 150))
    draw.rectangle((0, top, max(3, size // 5), top + height), fill=(255, 190, 40, 235))
    for number, (line, font) in enumerate(zip(lines, fonts, strict=True)):
        draw.text((1.5 * pad, top + pad * 0.4 + number * step), line, font=font, fill=(255, 255, 255, 245))
    return Image.alpha_composite(shown, layer).convert("RGB")


def as_jpeg(image: Image.Image, *, quality: int = 82) -> bytes:
    """The pixels as a JPEG without any metadata."""
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
    return buffer.getvalue()


def thumbnail(image: Image.Image) -> bytes:
    """A small JPEG for lists and grids."""
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BICUBIC)
    return as_jpeg(small, quality=78)
