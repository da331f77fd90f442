"""When two pictures are nearly the same: 64-bit difference hashes a few bits apart (spec 02: Evidence).

A hash is kept in four bands of 16 bits. Two hashes at most 7 bits apart differ by at most one bit in one of the four
bands at least (7 // 4 = 1), so looking up the 17 values around each band finds every near picture by indexes alone.
"""

from collections.abc import Sequence

BANDS = 4
BAND_BITS = 16
NEAR = 6  # bits
LOOK_BACK_DAYS = 90
FLAT = 10  # grey levels between the brightest and the darkest of a picture that shows nothing


def difference_hash(grey: Sequence[int], *, width: int = 9, height: int = 8) -> int | None:
    """The hash of a picture shrunk to `width` × `height` grey values: one bit per neighbouring pair, brighter or not.

    None for a picture that shows next to nothing (a dark cellar, a white wall): those all look alike.
    """
    if max(grey) - min(grey) < FLAT:
        return None
    pairs = ((row * width + column) for row in range(height) for column in range(width - 1))
    value = 0
    for left in pairs:
        value = value << 1 | (grey[left] < grey[left + 1])
    return value


def distance(one: int, other: int) -> int:
    """In how many bits two hashes differ."""
    return (one ^ other).bit_count()


def bands(value: int) -> tuple[int, ...]:
    """The hash cut into four numbers of 16 bits, the highest first."""
    mask = (1 << BAND_BITS) - 1
    return tuple(value >> BAND_BITS * step & mask for step in reversed(range(BANDS)))


def around(band: int) -> list[int]:
    """The band and every band one bit away."""
    return [band, *(band ^ 1 << bit for bit in range(BAND_BITS))]


def is_near(one: int, other: int) -> bool:
    """Whether two pictures are nearly the same."""
    return distance(one, other) <= NEAR
