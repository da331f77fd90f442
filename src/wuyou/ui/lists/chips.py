"""The filters at work, in words, each with the address of the list without it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _

from wuyou.ui import wording


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter at work."""

    label: object
    value: str
    remove: str


def address(query: QueryDict, **changes: object) -> str:
    """The same list with some parameters changed (None drops one); always from its first page unless told."""
    fresh = query.copy()
    fresh.pop("page", None)
    for name, value in changes.items():
        fresh.pop(name, None)
        if value is not None:
            fresh[name] = str(value)
    return f"?{fresh.urlencode()}"


def without(query: QueryDict, names: list[str]) -> str:
    """The same list without these parameters."""
    return address(query, **dict.fromkeys(names))


def chips_of(form: forms.BaseForm, query: QueryDict) -> list[Chip]:
    """A chip for every filter field with a value."""
    values = getattr(form, "cleaned_data", {})
    return [
        Chip(form.fields[name].label or name, said, without(query, _parameters(form, name)))
        for name, value in values.items()
        if name != "q" and (said := in_words(form.fields[name], value))
    ]


def _parameters(form: forms.BaseForm, name: str) -> list[str]:
    """All URL parameters a field reads: a range has several."""
    widget = form.fields[name].widget
    return [f"{name}_{part}" for part in getattr(widget, "suffixes", ())] or [name]


def in_words(field: forms.Field, value: Any) -> str:
    """A filter's value as people read it; empty for none."""
    if value is None or (isinstance(value, str | list) and not value):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, slice):
        return " – ".join(_one(field, part) if part else "…" for part in (value.start, value.stop))
    if isinstance(value, (list, tuple, set)) or (hasattr(value, "__iter__") and not isinstance(value, str)):
        return ", ".join(_one(field, part) for part in value)
    return _one(field, value)


def _one(field: forms.Field, value: Any) -> str:
    if isinstance(value, Model):
        return str(value)
    if hasattr(value, "year"):
        return wording.day(value)
    labels = {str(code): str(label) for code, label in _flat(getattr(field, "choices", ()))}
    return labels.get(str(value), str(value))


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for code, label in choices:
        flat.extend(label if isinstance(label, (list, tuple)) else [(code, label)])
    return flat
