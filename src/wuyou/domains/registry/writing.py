"""Changing the plain fields of one record: what may be given, what it was and is, errors at the field."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.db.models.constraints import BaseConstraint
from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

Diff = dict[str, list[str]]


def check_fields(row: Model, names: Collection[str]) -> None:
    """Raise Invalid with a message per field where a value or a constraint of the record is wrong."""
    others = {field.name for field in row._meta.fields} - set(names)
    try:
        row.clean_fields(exclude=others)
        row.validate_unique(exclude=others)
    except ValidationError as error:
        raise Invalid(fields={name: " ".join(texts) for name, texts in error.message_dict.items()}) from error
    for constraint in row._meta.constraints:
        try:
            constraint.validate(type(row), row)
        except ValidationError as error:
            raise Invalid(fields={_field_of(constraint, names): " ".join(error.messages)}) from error


def _field_of(constraint: BaseConstraint, names: Collection[str]) -> str:
    """The field a broken constraint is shown at: one of those given, if it speaks of one."""
    condition = getattr(constraint, "condition", None)
    spoken = [*getattr(constraint, "fields", ()), *([] if condition is None else _names_in(condition))]
    return next((name for name in spoken if name in names), next(iter(spoken), ""))


def _names_in(condition: Q) -> Iterator[str]:
    for child in condition.children:
        if isinstance(child, Q):
            yield from _names_in(child)
        elif isinstance(child, tuple):
            yield str(child[0]).partition("__")[0]


def change_fields(row: Model, given: Mapping[str, Any], *, allowed: Collection[str]) -> Diff:
    """Set and save the given fields; gives {field: [before, after]} of those that changed.

    Raises Invalid for a field that may not be given or a wrong value.
    """
    wrong = set(given) - set(allowed)
    if wrong:
        raise Invalid(fields={name: _("This field cannot be changed here.") for name in wrong})
    before = {name: _shown(row, name) for name in given}
    for name, value in given.items():
        setattr(row, name, value)
    check_fields(row, given)
    diff = {name: [before[name], _shown(row, name)] for name in given if before[name] != _shown(row, name)}
    if diff:
        row.save(update_fields=list(diff))
    return diff


def _shown(row: Model, name: str) -> str:
    value = getattr(row, getattr(row._meta.get_field(name), "attname", name))
    return "" if value is None else str(value)
