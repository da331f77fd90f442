"""Fields whose choices are known only when the form is made: the rows of a project, the rights there are."""

from typing import Any

from django import forms


def offer(form: forms.BaseForm, **choices: Any) -> None:
    """Give each named field its rows (a queryset) or its choices."""
    for name, given in choices.items():
        field: Any = form.fields[name]
        setattr(field, "queryset" if isinstance(field, forms.ModelChoiceField) else "choices", given)


def label_rows(form: forms.BaseForm, **labels: Any) -> None:
    """Say how the rows of each named field are called."""
    for name, label in labels.items():
        field: Any = form.fields[name]
        field.label_from_instance = label
