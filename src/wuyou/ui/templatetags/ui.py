"""The components pages are built from ({% load ui %}); /ui/gallery shows every one."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django_vite.core.asset_loader import DjangoViteAssetLoader

from wuyou.kernel import clock as now_clock
from wuyou.ui import wording
from wuyou.ui.forms import layout_of
from wuyou.ui.tones import tone as checked

register = template.Library()
TONES_OF_BUTTONS = {"primary", "plain", "danger", "quiet"}
WARN_SHARE = 0.8


def sprite_url() -> str:
    """Address of the icon sprite as built."""
    return str(DjangoViteAssetLoader.instance().generate_vite_asset_url("icons.svg"))


ICON = '<svg class="icon {}" width="20" height="20" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An outline icon of the sprite; decoration only, so say in words what it stands for."""
    return format_html(ICON, extra, sprite_url(), name)


@register.simple_tag
def badge(label: object, tone: str = "muted", *, icon: str = "") -> SafeString:
    """A state: dot (or icon) and text."""
    sign = _icon(icon) if icon else ""
    return format_html('<span class="badge tone-{}">{}{}</span>', checked(tone), sign, label)


_icon = icon


def stripped(content: str) -> SafeString:
    """What stands inside a block tag, without the blank around it: empty means there is nothing."""
    return mark_safe(content.strip())  # noqa: S308 - the template engine escaped it


@register.simple_block_tag(takes_context=True)
def page_header(context: Any, content: str, title: object, **parts: Any) -> str:
    """Title, state, running clock and buttons. Parts: sub, state, tone, number, back, due, started, paused, done."""
    return render_to_string("ui/page_header.html", {"title": title, "actions": stripped(content), **parts})


def clock_state(
    due: datetime, *, started: datetime | None, paused: bool, done: datetime | bool | None
) -> dict[str, Any]:
    """Tone, words and what the script needs to keep a clock running."""
    now = now_clock.now()
    if done:
        is_late = isinstance(done, datetime) and done > due
        return {
            "tone": "bad" if is_late else "ok",
            "text": wording.TOO_LATE if is_late else wording.IN_TIME,
            "icon": "circle-check",
        }
    left = due - now
    words = {"duration": wording.duration(left)}
    warn_at = due - (due - started) * (1 - WARN_SHARE) if started else due - timedelta(hours=2)
    if paused:
        return {"tone": "muted", "text": wording.HELD % words, "icon": "clock-pause"}
    if left < timedelta():
        return {"tone": "bad", "text": wording.OVER % words, "icon": "clock-exclamation", "runs": True, "warn": warn_at}
    return {
        "tone": "warn" if now >= warn_at else "muted",
        "text": wording.LEFT % words,
        "icon": "clock",
        "runs": True,
        "warn": warn_at,
    }


@register.inclusion_tag("ui/clock.html")
def clock(
    due: datetime, *, started: datetime | None = None, paused: bool = False, done: datetime | bool | None = None
) -> dict[str, Any]:
    """A running clock: amber at 80 % of the time (or two hours before), red when late."""
    return {"due": due} | clock_state(due, started=started, paused=paused, done=done)


@register.inclusion_tag("ui/button.html")
def button(
    label: object,
    url: str,
    *,
    icon: str = "",
    tone: str = "plain",
    drawer: bool = False,
    modal: bool = False,
    small: bool = False,
) -> dict[str, Any]:
    """A link that looks like a button; `drawer` or `modal` opens the page beside or above this one."""
    if tone not in TONES_OF_BUTTONS:
        raise template.TemplateSyntaxError(f"a button's tone is one of {sorted(TONES_OF_BUTTONS)}")
    return {"label": label, "url": url, "icon": icon, "tone": tone, "drawer": drawer, "modal": modal, "small": small}


@register.inclusion_tag("ui/action.html", takes_context=True)
def action(
    context: Any, label: object, url: str, *, icon: str = "", tone: str = "plain", **parts: Any
) -> dict[str, Any]:
    """A button that posts. Parts: confirm, ask, ask_label, name, value, small, title."""
    return {"csrf_token": context.get("csrf_token"), "label": label, "url": url, "icon": icon, "tone": tone, **parts}


@register.simple_block_tag
def menu(content: str, label: object, *, icon: str = "dots", side: str = "end", text: bool = False) -> str:
    """A drop-down; with `text` the label is written beside the icon."""
    return render_to_string("ui/menu.html", {"body": content, "label": label, "icon": icon, "side": side, "text": text})


@register.simple_block_tag
def stats(content: str) -> str:
    """A row of {% stat %} tiles."""
    return format_html('<ul class="stats">{}</ul>', content)


@register.inclusion_tag("ui/stat.html")
def stat(
    label: object,
    value: object,
    *,
    href: str = "",
    tone: str = "",
    note: object = "",
    unit: object = "",
    icon: str = "",
) -> dict[str, Any]:
    """One number that leads to the list behind it."""
    return {
        "label": label,
        "value": value,
        "href": href,
        "tone": checked(tone) if tone else "",
        "note": note,
        "unit": unit,
        "icon": icon,
    }


@register.simple_block_tag
def card(
    content: str, *, title: object = "", sub: object = "", href: str = "", more: object = "", flush: bool = False
) -> str:
    """A surface with a title; `href` makes the title a link, `more` words it at the right."""
    parts = {"body": content, "title": title, "sub": sub, "href": href, "more": more, "flush": flush}
    return render_to_string("ui/card.html", parts)


@register.simple_block_tag
def empty(content: str, title: object, *, text: object = "", icon: str = "inbox") -> str:
    """What to say and offer when there is nothing."""
    return render_to_string("ui/empty.html", {"body": stripped(content), "title": title, "text": text, "icon": icon})


@register.simple_block_tag
def notice(content: str, *, tone: str = "info", icon: str = "info-circle") -> str:
    """A remark that belongs to the page."""
    return format_html('<div class="notice tone-{}">{}<div>{}</div></div>', checked(tone), _icon(icon), content)


@register.inclusion_tag("ui/tabs.html")
def tabs(items: list[Any], label: object = "") -> dict[str, Any]:
    """Tabs: `wuyou.ui.pages.Tab` values."""
    return {"items": items, "label": label or gettext("Sections")}


@register.simple_block_tag
def facts(content: str, *, rows: bool = False) -> str:
    """A list of {% fact %}s."""
    return format_html('<dl class="facts{}">{}</dl>', " rows" if rows else "", content)


@register.simple_tag
def fact(label: object, value: object, *, href: str = "") -> SafeString:
    """A name and its value."""
    shown = wording.NOTHING if value is None or value == "" else value
    body = format_html('<a href="{}">{}</a>', href, shown) if href else shown
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, body)


@register.inclusion_tag("ui/timeline.html")
def timeline(entries: list[Any]) -> dict[str, Any]:
    """What happened, newest first: `wuyou.ui.pages.Entry` values."""
    return {"entries": entries}


@register.inclusion_tag("ui/photos.html")
def photos(items: list[Any]) -> dict[str, Any]:
    """Photos with a light-box: `wuyou.ui.pages.Photo` values."""
    return {"items": items}


@register.inclusion_tag("ui/progress.html")
def progress(value: Any, total: Any = 100, *, label: object = "", tone: str = "accent") -> dict[str, Any]:
    """A bar that stands still."""
    share = min(max(float(value) / float(total), 0), 1) * 100 if total else 0
    return {"value": value, "total": total, "label": label, "tone": checked(tone), "width": f"{share:.1f}"}


@register.inclusion_tag("ui/job_progress.html")
def job_progress(url: str) -> dict[str, Any]:
    """A bar that asks `url` every second until the job is over."""
    return {"url": url}


@register.inclusion_tag("ui/lazy.html")
def lazy(url: str, *, rows: int = 4) -> dict[str, Any]:
    """A part of the page that is fetched after it, with a skeleton in its place."""
    return {"url": url, "rows": range(rows)}


@register.simple_tag
def picture(value: Any) -> str:
    """A chart, plan, year, matrix or month (`wuyou.ui.pictures`)."""
    return render_to_string(value.template, {"picture": value, "ident": f"p{id(value):x}"})


@register.inclusion_tag("ui/form/whole.html", takes_context=True)
def form(context: Any, form: Any, **parts: Any) -> dict[str, Any]:
    """A whole form. Parts: action, submit, cancel, draft, broad."""
    user = getattr(context.get("request"), "user", None)
    draft = f"{user.pk}:{parts['draft']}" if parts.get("draft") and user else ""
    return {"form": form, "csrf_token": context.get("csrf_token"), **parts, "draft": draft}


@register.filter
def sections(form: Any) -> list[tuple[object, list[list[Any]]]]:
    """The form's fields by section and row."""
    return layout_of(form)


@register.filter
def widget_kind(bound: Any) -> str:
    """The widget's input type, or its class name in lower case."""
    widget = bound.field.widget
    return str(getattr(widget, "input_type", "") or type(widget).__name__.lower())


@register.simple_tag
def person(name: object, sub: object = "") -> SafeString:
    """A person with the first sign of the name."""
    first = str(name)[:1]
    tail = format_html(' <small class="text-muted">{}</small>', sub) if sub else ""
    return format_html(
        '<span class="person"><span class="avatar" aria-hidden="true">{}</span><span>{}{}</span></span>',
        first,
        name,
        tail,
    )


@register.simple_tag
def seal(text: str) -> SafeString:
    """The start of a journal digest."""
    return format_html('<span class="seal" title="{}">{}{}</span>', text, _icon("link"), text[:8])


@register.filter
def when(value: datetime | None) -> str:
    """11月20日 周五 14:30."""
    return wording.when(value) if value else wording.NOTHING


@register.filter
def day(value: date | None) -> str:
    """11月20日 周五."""
    return wording.day(value) if value else wording.NOTHING


@register.filter
def clocktime(value: datetime | None) -> str:
    """14:30."""
    return wording.time(value) if value else wording.NOTHING


@register.filter
def ago(value: datetime | None) -> str:
    """How long ago."""
    return wording.ago(value) if value else wording.NOTHING


@register.filter
def duration(value: timedelta | None) -> str:
    """A length of time in words."""
    return wording.duration(value) if value is not None else wording.NOTHING


@register.filter
def yuan(value: int | None) -> str:
    """Whole fen as money."""
    return wording.yuan(value) if value is not None else wording.NOTHING


@register.filter
def number(value: int | Decimal | None) -> str:
    """With thousands separators."""
    return wording.number(value) if value is not None else wording.NOTHING


@register.filter
def percent(value: Decimal | float | None, places: int = 1) -> str:
    """A ratio as per cent."""
    return wording.percent(value, places=places) if value is not None else wording.NOTHING


@register.filter
def cols_of(query: Any) -> list[str]:
    """The columns chosen in the address."""
    return [code for part in query.getlist("cols") for code in part.split(",") if code]


@register.filter
def unlocalised(value: float) -> str:
    """A number as SVG and CSS want it, whatever the language."""
    return f"{value:.2f}"


@register.filter
def half(value: float) -> str:
    """Half a length, as SVG wants it."""
    return f"{value / 2:.2f}"


@register.filter
def glyph_scale(radius: float) -> str:
    """How a 24-unit glyph fits a pin of this radius."""
    return f"{radius / 13:.4f}"
