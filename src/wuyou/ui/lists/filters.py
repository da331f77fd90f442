"""Filters in the product's look; fields of a django_filters.FilterSet."""

from typing import Any

import django_filters
from django import forms
from django_filters.widgets import BooleanWidget, SuffixedMultiWidget


class DateRangeWidget(SuffixedMultiWidget):
    """Two calendar fields side by side: `<name>_after` and `<name>_before`."""

    template_name = "ui/form/range.html"
    suffixes = ("after", "before")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """Both are date fields of the browser."""
        super().__init__([forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for _part in self.suffixes], attrs)

    def decompress(self, value: slice | None) -> list[Any]:
        """From the range to its ends."""
        return [value.start, value.stop] if value else [None, None]


class YesNoFilter(django_filters.BooleanFilter):
    """Yes, no, or all when left alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With a field that sends nothing for all."""
        super().__init__(*args, **{"widget": BooleanWidget} | kwargs)


class DateRangeFilter(django_filters.DateFromToRangeFilter):
    """From a day to a day, both included."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With our calendar fields."""
        super().__init__(*args, **{"widget": DateRangeWidget} | kwargs)


class ManyFilter(django_filters.MultipleChoiceFilter):
    """Any of several values, ticked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As boxes to tick: a phone cannot hold Ctrl."""
        super().__init__(*args, **{"widget": forms.CheckboxSelectMultiple} | kwargs)


class ManyRowsFilter(django_filters.ModelMultipleChoiceFilter):
    """Any of several records, ticked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As boxes to tick."""
        super().__init__(*args, **{"widget": forms.CheckboxSelectMultiple} | kwargs)
