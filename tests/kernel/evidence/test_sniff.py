"""What files really are."""

import io
import zipfile

import pytest

from kernel.evidence.photos import photo
from wuyou.kernel.errors import Unsupported
from wuyou.kernel.evidence import Kind
from wuyou.kernel.evidence.sniff import is_polyglot, picture_end, require, sniff

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"


def zipped(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (photo().getvalue(), "image/jpeg"),
        (photo(kind="PNG").getvalue(), "image/png"),
        (photo(kind="WEBP").getvalue(), "image/webp"),
        (photo(kind="HEIF").getvalue(), "image/heic"),
        (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 20, "video/mp4"),
        (b"\x00\x00\x00\x18ftypM4A " + b"\x00" * 20, "audio/mp4"),
        (b"\x1aE\xdf\xa3" + b"\x00" * 20, "video/webm"),
        (b"OggS" + b"\x00" * 20, "audio/ogg"),
        (b"ID3\x03" + b"\x00" * 20, "audio/mpeg"),
        (b"\xff\xfb\x90" + b"\x00" * 20, "audio/mpeg"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (PDF, "application/pdf"),
        (zipped("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (zipped("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_kinds(data: bytes, expected: str) -> None:
    found = sniff(data)
    assert found is not None
    assert found.content_type == expected


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00", b"hello", b"GIF89a", b"<svg>", b"MZ\x90", zipped("a.txt"), b"PK\x03\x04 broken", b"RIFF1234AVI "],
)
def test_what_is_not_taken(data: bytes) -> None:
    assert sniff(data) is None
    with pytest.raises(Unsupported):
        require(data, Kind.PHOTO)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Kind.PHOTO, photo().getvalue(), PDF),
        (Kind.SIGNATURE, photo(kind="PNG").getvalue(), PDF),
        (Kind.VIDEO, b"\x00\x00\x00\x18ftypisom", photo().getvalue()),
        (Kind.AUDIO, b"OggS", PDF),
        (Kind.AUDIO, b"\x1aE\xdf\xa3", photo().getvalue()),
        (Kind.DOCUMENT, PDF, b"OggS"),
        (Kind.DOCUMENT, photo().getvalue(), b"\x00\x00\x00\x18ftypisom"),
    ],
)
def test_each_kind_takes_its_own(kind: Kind, good: bytes, bad: bytes) -> None:
    assert require(good, kind) == sniff(good)
    with pytest.raises(Unsupported):
        require(bad, kind)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_end_of_a_picture_is_found(kind: str) -> None:
    data = photo(kind=kind).getvalue()
    found = sniff(data)
    assert found is not None
    assert picture_end(data + b"trailer", found) == len(data)


def test_the_end_of_a_progressive_jpeg_with_restarts() -> None:
    data = photo(progressive=True, restart_marker_blocks=4).getvalue()
    found = sniff(data)
    assert found is not None
    assert picture_end(data + b"more", found) == len(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "foreign",
    [
        zipped("evil.txt"),
        PDF,
        b"<SCRIPT>alert(1)</SCRIPT>",
        b"<html>",
        b"<!DOCTYPE html>",
        b"<?php x",
        b"\x7fELF\x02",
        b"Rar!\x1a\x07",
        b"7z\xbc\xaf'",
    ],
)
def test_polyglots_are_refused(kind: str, foreign: bytes) -> None:
    with pytest.raises(Unsupported):
        require(photo(kind=kind).getvalue() + b"  " + foreign, Kind.PHOTO)


def test_a_pdf_in_a_jpeg_comment_is_a_polyglot() -> None:
    data = photo(comment=b"%PDF-1.4 x").getvalue()
    found = sniff(data)
    assert found is not None
    assert is_polyglot(data, found)


def test_what_phones_append_is_no_polyglot() -> None:
    data = photo().getvalue() + b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 100 + b"SEFH"
    assert require(data, Kind.PHOTO).content_type == "image/jpeg"


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_cut_off_picture_has_no_end(kind: str, cut: float) -> None:
    data = photo(kind=kind).getvalue()
    with pytest.raises(Unsupported):
        require(data[: int(len(data) * cut)], Kind.PHOTO)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\x00\x04ab\x00\x00",
        b"\xff\xd8\xff\xda\x00\x02abc\xff",
        b"\xff\xd8\xff\xff\xff\xff",
    ],
)
def test_nonsense_after_a_jpegs_start(data: bytes) -> None:
    with pytest.raises(Unsupported):
        require(data, Kind.PHOTO)
