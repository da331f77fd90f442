"""What an event says, declared once by whoever announces it; rendered in every language of the product."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext

from wuyou.kernel import clock

from .choices import Channel


@dataclass(frozen=True, slots=True)
class Template:
    """An event's words, with %(name)s placeholders, and the channels it is offered by besides the app."""

    event: str
    label: object
    title: object
    body: object = ""
    channels: tuple[str, ...] = (Channel.EMAIL.value,)
    urgent: bool = False


_templates: dict[str, Template] = {}


def declare(
    event: str,
    label: object,
    *,
    title: object,
    body: object = "",
    channels: tuple[str, ...] = (Channel.EMAIL.value,),
    urgent: bool = False,
) -> Template:
    """Make an event known; raises ValueError for a second, different declaration of it."""
    made = Template(event, label, title, body, tuple(str(channel) for channel in channels), urgent)
    if _templates.setdefault(event, made) != made:
        raise ValueError(f"the event {event} is declared twice")
    return made


def get(event: str) -> Template:
    """The template of an event; raises KeyError."""
    return _templates[event]


def all_templates() -> list[Template]:
    """Every declared event, by code: what a person can choose channels for."""
    return [_templates[event] for event in sorted(_templates)]


def render(template: Template, context: Mapping[str, Any]) -> dict[str, list[str]]:
    """Title and body by language; raises KeyError for a placeholder without a value."""
    return {language: _words(template, context, language) for language, _name in settings.LANGUAGES}


def _words(template: Template, context: Mapping[str, Any], language: str) -> list[str]:
    with translation.override(language):
        shown = {name: _shown(value) for name, value in context.items()}
        return [str(template.title) % shown, str(template.body) % shown]


def _shown(value: object) -> object:
    if isinstance(value, datetime):
        return formats.date_format(clock.local(value), gettext("D j M, H:i"))
    if isinstance(value, date):
        return formats.date_format(value, gettext("D j M Y"))
    return value if isinstance(value, int | float) else str(value)
