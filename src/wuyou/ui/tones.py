"""Colours of state; a page names the tone, never a colour."""

from enum import StrEnum


class Tone(StrEnum):
    """What a state means to the reader."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    INFO = "info"
    MUTED = "muted"
    ACCENT = "accent"


GLYPHS = {
    "ok": "M8.5 12.3l2.4 2.4 4.8-5",
    "warn": "M12 7.5v5.2M12 16v.1",
    "bad": "M9 9l6 6M15 9l-6 6",
    "info": "M8.5 12h7",
    "muted": "M12 12v.1",
    "accent": "M12 8.5v7M8.5 12h7",
}


def tone(value: object) -> str:
    """The tone's name; raises ValueError for one that is not."""
    return Tone(str(value or "muted")).value
