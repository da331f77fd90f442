"""Pictures are opened safely and their copies are clean."""

import io
from datetime import UTC, datetime

import pytest
from PIL import ExifTags, Image, ImageDraw

from kernel.evidence.photos import drawing, exif, huge_png, photo
from wuyou.kernel.errors import TooLarge, Unsupported
from wuyou.kernel.evidence import fonts
from wuyou.kernel.evidence.fonts import MissingFont, check_font, font_for
from wuyou.kernel.evidence.pictures import as_jpeg, open_picture, perceptual_hash, read_taken, thumbnail, with_watermark
from wuyou.kernel.evidence.rules import distance, is_near

NOON = datetime(2026, 11, 20, 12, 0, 0)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_every_format_opens(kind: str) -> None:
    picture = open_picture(photo(kind=kind).getvalue())
    assert (picture.width, picture.height, picture.image.mode, picture.image.size) == (640, 480, "RGB", (640, 480))


def test_large_pictures_are_shrunk_and_remember_their_size() -> None:
    picture = open_picture(photo(size=(4000, 3000)).getvalue())
    assert (picture.width, picture.height) == (4000, 3000)
    assert picture.image.size == (2000, 1500)
    assert max(open_picture(photo(size=(3000, 2000)).getvalue()).image.size) == 2048
    assert max(open_picture(photo(size=(4000, 3000), kind="PNG").getvalue()).image.size) == 2048


def test_a_picture_lying_on_its_side_is_put_upright() -> None:
    picture = open_picture(photo(exif=exif(orientation=6)).getvalue())
    assert (picture.width, picture.height) == (480, 640)
    assert picture.image.size == (480, 640)


@pytest.mark.parametrize("size", [(10_000, 5_000), (8_192, 6_144), (60_000, 60_000)])
def test_fifty_megapixels_are_refused_before_decoding(size: tuple[int, int]) -> None:
    with pytest.raises(TooLarge, match="50"):
        open_picture(huge_png(*size))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("cut", [0.02, 0.3, 0.9])
def test_truncated_pictures_are_refused(kind: str, cut: float) -> None:
    data = photo(kind=kind).getvalue()
    with pytest.raises(Unsupported):
        open_picture(data[: int(len(data) * cut)])


def test_a_text_bomb_in_a_png_is_refused() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "x" * (80 << 20), zip=True)
    data = photo(kind="PNG", pnginfo=info).getvalue()
    with pytest.raises(Unsupported):
        open_picture(data)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "CMYK", "I;16"])
def test_every_mode_becomes_plain_pixels(mode: str) -> None:
    buffer = io.BytesIO()
    source = Image.new("I;16", (20, 20)) if mode == "I;16" else drawing(size=(80, 80)).convert(mode)
    source.save(buffer, "JPEG" if mode == "CMYK" else "PNG")
    assert open_picture(buffer.getvalue()).image.mode == "RGB"


def test_transparency_becomes_white() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(buffer, "PNG")
    assert open_picture(buffer.getvalue()).image.getpixel((3, 3)) == (255, 255, 255)


# --- what the camera wrote

POSITION = {1: "N", 2: (43.0, 50.0, 30.0), 3: "E", 4: (125.0, 19.0, 12.0), 31: 8.5}


def taken(**given: object) -> object:
    return open_picture(photo(exif=exif(**given)).getvalue()).taken  # type: ignore[arg-type]


def test_time_and_place_are_read() -> None:
    found = taken(at=NOON, gps=POSITION)
    assert found.at == datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # type: ignore[attr-defined]
    assert found.latitude == pytest.approx(43.841667, abs=1e-5)  # type: ignore[attr-defined]
    assert found.longitude == pytest.approx(125.32, abs=1e-5)  # type: ignore[attr-defined]
    assert found.accuracy == pytest.approx(8.5)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("offset", "hour"), [("+08:00", 4), ("-03:30", 15), ("+00:00", 12), ("nonsense", 4), ("+99:00", 4)]
)
def test_the_zone_of_the_camera(offset: str, hour: int) -> None:
    found = taken(at=NOON, offset=offset)
    assert found.at.hour == hour  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "gps",
    [
        {1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (10.0, 0.0, 0.0)},
        {1: "N", 2: (5.0, 0.0, 0.0)},
        {1: "N", 2: 5.0, 3: "E", 4: 6.0},
    ],
)
def test_places_that_make_no_sense_are_left_out(gps: dict[int, object]) -> None:
    found = taken(gps=gps)
    assert (found.latitude, found.longitude, found.accuracy) == (None, None, None)  # type: ignore[attr-defined]


@pytest.mark.parametrize("value", ["x", None, float("nan"), float("inf")])
def test_numbers_that_are_none(value: object) -> None:
    place = {1: "N", 2: (1.0, 2.0, value), 3: "E", 4: (1.0, 2.0, 3.0)}
    made = exif()
    made.get_ifd(ExifTags.IFD.GPSInfo).update(place)
    assert read_taken(made).latitude is None


def test_south_and_west_are_negative() -> None:
    found = taken(gps=POSITION | {1: "S", 3: "W"})
    assert found.latitude < 0  # type: ignore[attr-defined]
    assert found.longitude < 0  # type: ignore[attr-defined]


def test_no_exif_no_time() -> None:
    found = taken()
    assert (found.at, found.latitude) == (None, None)  # type: ignore[attr-defined]


# --- copies


def test_copies_hold_nothing_but_pixels() -> None:
    data = photo(exif=exif(at=NOON, gps=POSITION), comment=b"secret").getvalue() + b"trailing secret"
    picture = open_picture(data)
    for copy in (as_jpeg(picture.image), thumbnail(picture.image)):
        with Image.open(io.BytesIO(copy)) as again:
            assert dict(again.getexif()) == {}
            assert "comment" not in again.info
        assert b"secret" not in copy


def test_thumbnails_are_small() -> None:
    with Image.open(io.BytesIO(thumbnail(drawing(size=(2000, 1000))))) as small:
        assert small.size == (400, 200)


def test_the_watermark_is_burnt_in_at_the_bottom_only() -> None:
    plain = Image.new("RGB", (800, 600), "white")
    marked = with_watermark(plain, ["2026-11-20 10:00", "A区3号楼1单元", "张三"])
    assert marked.size == plain.size
    assert marked.crop((0, 0, 800, 400)).getcolors() == [(800 * 400, (255, 255, 255))]
    assert len(marked.crop((0, 450, 300, 600)).getcolors(100_000) or []) > 20


@pytest.mark.parametrize("size", [(40, 30), (300, 2000), (2000, 300)])
def test_the_watermark_fits_any_shape(size: tuple[int, int]) -> None:
    assert with_watermark(Image.new("RGB", size), ["2026-11-20 10:00", "张三"]).size == size


def test_chinese_is_written_in_chinese() -> None:
    draw = ImageDraw.Draw(Image.new("RGB", (10, 10)))
    font = font_for("张三", 20)
    assert draw.textlength("张三", font=font) == 40
    assert font.getmask("张").getbbox() != font.getmask("三").getbbox()


def test_a_missing_font_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    monkeypatch.setattr(fonts, "_installed", lambda: None)
    with pytest.raises(MissingFont, match="fonts-noto-cjk"):
        check_font()
    with pytest.raises(MissingFont):
        font_for("张三", 20)
    assert font_for("2026-11-20", 20) is not None
    settings.WATERMARK_FONT = "/nowhere.ttf"  # type: ignore[attr-defined]
    with pytest.raises(MissingFont):
        check_font()


def test_a_named_font_goes_first(settings: object) -> None:
    path = check_font()
    settings.WATERMARK_FONT = str(path)  # type: ignore[attr-defined]
    assert check_font() == path


# --- alike or not


def test_the_same_scene_saved_otherwise_is_near() -> None:
    original = perceptual_hash(drawing(5))
    smaller = open_picture(photo(5, quality=40).getvalue()).image.resize((320, 240))
    assert original is not None
    again = perceptual_hash(smaller)
    assert again is not None
    assert is_near(original, again)


def test_different_scenes_are_not_near() -> None:
    hashes = [perceptual_hash(drawing(seed)) for seed in range(30)]
    pairs = [distance(one, other) for at, one in enumerate(hashes) for other in hashes[:at] if one and other]
    assert min(pairs) > 6


def test_a_dark_cellar_has_no_hash() -> None:
    assert perceptual_hash(Image.new("RGB", (640, 480), (8, 8, 9))) is None
