"""Sample photos that look different: small drawn scenes, made anew for every batch from its seed."""

import io
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw

SIZE = (640, 480)
Draw = ImageDraw.ImageDraw


def photo(activity: str, seed: str) -> io.BytesIO:
    """A JPEG of a stair, lawn, road, pump room … by activity; another seed gives another picture."""
    chance = Random(seed)  # noqa: S311 - a drawing
    image = Image.new("RGB", SIZE, _shade(chance, 150, 215))
    _background(ImageDraw.Draw(image), chance)
    scene = SCENES.get(_kind(activity), _room)
    scene(ImageDraw.Draw(image), chance)
    _spots(ImageDraw.Draw(image), chance)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    file.seek(0)
    return file


def _kind(activity: str) -> str:
    return next((kind for word, kind in WORDS if word in activity), "room")


def _shade(chance: Random, low: int, high: int) -> tuple[int, int, int]:
    level = chance.randint(low, high)
    return (level, level + chance.randint(-12, 12), level + chance.randint(-18, 18))


def _background(draw: Draw, chance: Random) -> None:
    """Walls, windows and light differ from place to place, and so does what a camera sees."""
    for _piece in range(9):
        x, y = chance.randint(-80, 600), chance.randint(-80, 440)
        box = [x, y, x + chance.randint(80, 320), y + chance.randint(60, 240)]
        (draw.rectangle if chance.random() < 0.6 else draw.ellipse)(box, fill=_shade(chance, 60, 240))


def _stair(draw: Draw, chance: Random) -> None:
    steps, tilt = chance.randint(7, 12), chance.randint(-60, 60)
    for number in range(steps):
        y = 470 - number * (400 // steps)
        shade = 120 + number * 8 + chance.randint(-10, 10)
        draw.polygon([(60 + number * 12, y), (580 - number * 12 + tilt, y), (560 - number * 12 + tilt, y - 26),
                      (80 + number * 12, y - 26)], fill=(shade, shade, shade - 8))  # fmt: skip
    rail = chance.randint(40, 140)
    draw.line([(rail, 460), (rail + 180, 60)], fill=(150, 90, 50), width=12)


def _lawn(draw: Draw, chance: Random) -> None:
    horizon = chance.randint(140, 240)
    draw.rectangle([0, horizon, 640, 480], fill=(80, chance.randint(120, 165), 70))
    for _patch in range(5):
        x, y = chance.randint(-60, 600), chance.randint(horizon, 470)
        draw.ellipse(
            [x, y, x + chance.randint(80, 260), y + chance.randint(40, 120)],
            fill=(chance.randint(50, 130), chance.randint(100, 190), 60),
        )
    for _tree in range(chance.randint(3, 7)):
        x, size = chance.randint(20, 620), chance.randint(30, 80)
        draw.rectangle([x - 5, horizon - 10, x + 5, horizon + size // 2], fill=(100, 70, 45))
        draw.ellipse(
            [x - size // 2, horizon - size, x + size // 2, horizon + 8], fill=(50, chance.randint(90, 140), 50)
        )


def _road(draw: Draw, chance: Random) -> None:
    vanish = chance.randint(220, 420)
    draw.polygon([(0, 480), (640, 480), (vanish + 30, 180), (vanish - 30, 180)], fill=_shade(chance, 95, 135))
    for number in range(5):
        y = 200 + number * 55
        draw.line([(vanish, y), (vanish, y + 24)], fill=(235, 235, 225), width=2 + number * 2)
    for side in (60, 580):
        height = chance.randint(60, 160)
        draw.rectangle([side - 50, 180 - height, side + 50, 180], fill=_shade(chance, 160, 200))


def _plant(draw: Draw, chance: Random) -> None:
    for number in range(chance.randint(2, 4)):
        x = 60 + number * 150 + chance.randint(-20, 20)
        draw.rounded_rectangle([x, 180, x + 100, 400], radius=16, fill=(60, chance.randint(90, 130), 150))
        draw.ellipse([x + 30, 210, x + 70, 250], fill=(240, 240, 235), outline=(30, 30, 30), width=3)
        end = (x + 50 + chance.randint(-14, 14), 230 + chance.randint(-14, 14))
        draw.line([(x + 50, 230), end], fill=(200, 30, 30), width=3)
    draw.line([(0, chance.randint(90, 150)), (640, chance.randint(90, 150))], fill=(90, 120, 90), width=14)


def _bins(draw: Draw, chance: Random) -> None:
    draw.rectangle([0, 330, 640, 480], fill=_shade(chance, 110, 150))
    for number in range(4):
        x, top = 40 + number * 150 + chance.randint(-40, 30), 190 + chance.randint(-90, 60)
        color = ((40, 90, 170), (60, 140, 70), (190, 50, 50), (90, 90, 95))[number]
        draw.rectangle([x, top, x + 110, 400], fill=color)
        draw.rectangle([x - 8, top - 16, x + 118, top], fill=tuple(part - 20 for part in color))


def _room(draw: Draw, chance: Random) -> None:
    corner = (chance.randint(200, 440), chance.randint(120, 200))
    draw.polygon([(0, 480), (640, 480), (640, 400), corner, (0, 400)], fill=_shade(chance, 130, 175))
    draw.line([(0, 330), corner, (640, 330)], fill=(90, 90, 90), width=3)
    x = chance.randint(60, 480)
    draw.rectangle([x, 150, x + 90, 340], fill=(130, chance.randint(85, 120), 70))


def _spots(draw: Draw, chance: Random) -> None:
    """Light and dirt, as every real photo has its own."""
    for _spot in range(24):
        x, y, size = chance.randint(0, 640), chance.randint(0, 480), chance.randint(2, 14)
        draw.ellipse([x, y, x + size, y + size], fill=_shade(chance, 70, 235))


WORDS = (
    ("stair", "stair"), ("sweep_mop", "stair"), ("disinfect", "stair"), ("sweep", "road"),
    ("facility", "road"), ("mop", "stair"), ("handrail", "stair"), ("glass", "stair"),
    ("mow", "lawn"),
    ("litter", "lawn"), ("water", "lawn"), ("prune", "lawn"), ("road", "road"), ("snow", "road"), ("drain", "road"),
    ("plant", "plant"), ("tank", "plant"), ("lift", "plant"), ("bin", "bins"), ("refuse", "bins"),
)  # fmt: skip
SCENES: dict[str, Callable[[Draw, Random], None]] = {
    "stair": _stair, "lawn": _lawn, "road": _road, "plant": _plant, "bins": _bins, "room": _room,
}  # fmt: skip
