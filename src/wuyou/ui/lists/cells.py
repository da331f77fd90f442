"""How values look in a table; each takes the value and gives safe HTML or text."""

from datetime import date, datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from wuyou.kernel import clock
from wuyou.ui import wording
from wuyou.ui.tones import tone as checked

BLANK = mark_safe('<span class="text-muted">–</span>')


def moment(value: datetime | None) -> SafeString:
    """A date and time."""
    if value is None:
        return BLANK
    return format_html('<time datetime="{}" class="nowrap">{}</time>', value.isoformat(), wording.when(value))


def day(value: date | None) -> SafeString:
    """A date."""
    if value is None:
        return BLANK
    return format_html('<time datetime="{}" class="nowrap">{}</time>', value.isoformat(), wording.day(value))


def due(value: datetime | None) -> SafeString:
    """A due time, red and in words once it has passed."""
    if value is None or value >= clock.now():
        return moment(value)
    return format_html(
        '<time datetime="{}" class="nowrap text-bad" title="{}">{}</time>',
        value.isoformat(),
        wording.when(value),
        wording.OVER % {"duration": wording.duration(clock.now() - value)},
    )


def yuan(value: int | None) -> SafeString | str:
    """Whole fen as money."""
    return BLANK if value is None else wording.yuan(value)


def number(value: int | None) -> SafeString | str:
    """A number with thousands separators."""
    return BLANK if value is None else wording.number(value)


def badge(label: object, tone: str = "muted") -> SafeString:
    """A state: coloured dot and text."""
    return format_html('<span class="badge tone-{}">{}</span>', checked(tone), label)


def two_lines(main: object, sub: object) -> SafeString:
    """The thing and, smaller under it, what tells it apart."""
    return format_html('<span class="two">{}<small>{}</small></span>', main, sub)


def mono(value: object) -> SafeString:
    """A code or number in fixed width."""
    return format_html('<span class="mono">{}</span>', value) if value else BLANK


def link(text: object, url: str) -> SafeString:
    """A link."""
    return format_html('<a href="{}">{}</a>', url, text)


def bar(done: int, total: int, *, tone: str = "accent") -> SafeString:
    """A small bar with its numbers."""
    width = min(100 * done // total, 100) if total else 0
    return format_html(
        '<span class="nowrap">{}/{}</span><div class="bar tone-{}" aria-hidden="true"><i style="width:{}%"></i></div>',
        done,
        total,
        checked(tone),
        width,
    )
