"""Pictures for tests, made on the spot."""

import io
import random
import struct
import zlib
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image, ImageDraw


def drawing(seed: int = 1, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture with shapes that differ by seed."""
    chance = random.Random(seed)
    image = Image.new("RGB", size, tuple(chance.randrange(256) for _ in range(3)))
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        wide, high = chance.randrange(20, size[0] // 2), chance.randrange(20, size[1] // 2)
        draw.rectangle((x, y, x + wide, y + high), fill=tuple(chance.randrange(256) for _ in range(3)))
    return image


def exif(
    *, at: datetime | None = None, offset: str = "", gps: dict[int, Any] | None = None, orientation: int = 0
) -> Image.Exif:
    """EXIF as a camera writes it."""
    made = Image.Exif()
    if orientation:
        made[ExifTags.Base.Orientation] = orientation
    camera = made.get_ifd(ExifTags.IFD.Exif)
    if at:
        camera[ExifTags.Base.DateTimeOriginal] = at.strftime("%Y:%m:%d %H:%M:%S")
    if offset:
        camera[ExifTags.Base.OffsetTimeOriginal] = offset
    if gps:
        made.get_ifd(ExifTags.IFD.GPSInfo).update(gps)
    return made


def photo(seed: int = 1, *, size: tuple[int, int] = (640, 480), kind: str = "JPEG", **save: Any) -> io.BytesIO:
    """An encoded picture."""
    buffer = io.BytesIO()
    drawing(seed, size).save(buffer, kind, **save)
    buffer.seek(0)
    return buffer


def huge_png(width: int, height: int) -> bytes:
    """A PNG that says it is this large and holds next to nothing."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )
