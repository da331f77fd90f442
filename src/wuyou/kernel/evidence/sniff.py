"""What a file really is, by its bytes; names and declared types are not believed (spec 00 rule 2)."""

import zipfile
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Unsupported

from .choices import Kind

HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
AUDIO_BRANDS = frozenset({b"M4A ", b"M4B "})
FOREIGN = (  # in small letters
    b"pk\x03\x04",
    b"%pdf-",
    b"<script",
    b"<html",
    b"<!doctype",
    b"<?php",
    b"<svg",
    b"\x7felf",
    b"rar!\x1a",
    b"7z\xbc\xaf",
)
OFFICE = {"word/document.xml": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
          "xl/workbook.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")}  # fmt: skip
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic"})


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A file's content type and the extension it is kept with."""

    content_type: str
    extension: str

    @property
    def family(self) -> str:
        """image, video, audio or application."""
        return self.content_type.partition("/")[0]


def sniff(data: bytes) -> Sniffed | None:
    """What the file is; None for anything that is not taken."""
    return _picture(data) or _recording(data) or _document(data)


def _picture(data: bytes) -> Sniffed | None:
    if data.startswith(b"\xff\xd8\xff"):
        return Sniffed("image/jpeg", "jpg")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Sniffed("image/png", "png")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Sniffed("image/webp", "webp")
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        return Sniffed("image/heic", "heic")
    return None


def _recording(data: bytes) -> Sniffed | None:
    if data[4:8] == b"ftyp":
        return Sniffed("audio/mp4", "m4a") if data[8:12] in AUDIO_BRANDS else Sniffed("video/mp4", "mp4")
    if data.startswith(b"\x1aE\xdf\xa3"):
        return Sniffed("video/webm", "webm")
    if data.startswith(b"OggS"):
        return Sniffed("audio/ogg", "ogg")
    if data.startswith(b"ID3") or (data[:1] == b"\xff" and data[1:2] in {b"\xfb", b"\xf3", b"\xf2"}):
        return Sniffed("audio/mpeg", "mp3")
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return Sniffed("audio/wav", "wav")
    return None


def _document(data: bytes) -> Sniffed | None:
    if data.startswith(b"%PDF-"):
        return Sniffed("application/pdf", "pdf")
    if not data.startswith(b"PK\x03\x04"):
        return None
    return next((Sniffed(*OFFICE[name]) for name in _zip_names(data) if name in OFFICE), None)


def _zip_names(data: bytes) -> list[str]:
    """What a zip holds; nothing when the file is none."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return []


TAKEN = {
    Kind.PHOTO: frozenset({"image"}),
    Kind.SIGNATURE: frozenset({"image"}),
    Kind.VIDEO: frozenset({"video"}),
    Kind.AUDIO: frozenset({"audio", "video"}),  # browsers record voice into webm and mp4
    Kind.DOCUMENT: frozenset({"application", "image"}),
}
WANTED = {
    Kind.PHOTO: _("a photo (JPEG, PNG, WebP, HEIC)"),
    Kind.SIGNATURE: _("a drawn signature (PNG, JPEG)"),
    Kind.VIDEO: _("a video (MP4, WebM)"),
    Kind.AUDIO: _("a voice recording (M4A, OGG, MP3, WAV, WebM)"),
    Kind.DOCUMENT: _("a document (PDF, Word, Excel) or a picture of one"),
}


def require(data: bytes, kind: Kind) -> Sniffed:
    """What the file is; raises Unsupported unless it is of a kind taken as `kind` and nothing else at once."""
    found = sniff(data)
    if found is None or found.family not in TAKEN[kind]:
        actual = found.content_type if found else _("unknown")
        raise Unsupported(
            _("The file is not %(wanted)s, whatever its name says. It is: %(actual)s."),
            wanted=WANTED[kind], actual=actual,
        )  # fmt: skip
    if found.family == "image" and is_polyglot(data, found):
        raise Unsupported(
            _("The picture hides another kind of file in itself. Send the picture as the camera made it.")
        )
    return found


def is_polyglot(data: bytes, found: Sniffed) -> bool:
    """Whether a picture is a program, page, archive or PDF at the same time.

    What phones themselves append (motion photos, depth maps, previews) is no foreign file: it is left out of the
    served copy, which holds nothing but pixels.
    """
    rest = data[picture_end(data, found) :].lower()
    return b"%PDF-" in data[:1024] or bool(_zip_names(data)) or any(mark in rest for mark in FOREIGN)


def picture_end(data: bytes, found: Sniffed) -> int:
    """Where the picture ends by its own structure; the end of the file where that cannot be told."""
    walkers = {"image/jpeg": _jpeg_end, "image/png": _png_end, "image/webp": _riff_end}
    walk = walkers.get(found.content_type)
    return walk(data) if walk else len(data)


def _riff_end(data: bytes) -> int:
    length = int.from_bytes(data[4:8], "little")
    return min(len(data), 8 + length)


def _png_end(data: bytes) -> int:
    at = 8
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return min(at, len(data))
    raise damaged()


def _jpeg_end(data: bytes) -> int:
    """Walk the segments, then the scans, to the end marker; raises Unsupported when there is none."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise damaged()
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker == 0xFF:  # padding
            at += 1
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:
            at = _scan_end(data, at)
    if data[at : at + 2] == b"\xff\xd9":
        return at + 2
    raise damaged()


def _scan_end(data: bytes, at: int) -> int:
    """The next marker after compressed data: an FF that is neither stuffed (00) nor a restart (D0–D7)."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise damaged()
        follower = data[at + 1]
        if follower != 0 and not 0xD0 <= follower <= 0xD7 and follower != 0xFF:
            return at
        at += 1 if follower == 0xFF else 2


def damaged() -> Unsupported:
    """The refusal of a picture that is cut off or broken."""
    return Unsupported(_("The picture is damaged or cut off. Take or send it again."))
