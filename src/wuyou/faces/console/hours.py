"""Hours of the week in a form: one line a day, 08:00-18:00, empty for a day off."""

import re
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

SPAN = re.compile(r"\s*([0-2]?\d:[0-5]\d)\s*[-–—~～至到]\s*([0-2]?\d:[0-5]\d)\s*")
EVERY_DAY = tuple(str(number) for number in range(1, 8))


class HoursWidget(forms.MultiWidget):
    """A small field per day of the week."""

    template_name = "console/parts/hours.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, days: tuple[str, ...] = EVERY_DAY) -> None:
        """`days` are "1" (Monday) … "7", and perhaps "holiday"."""
        self.days = days
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            day: forms.TextInput(attrs={"placeholder": "08:00-18:00", "maxlength": 13}) for day in days
        }
        super().__init__(widgets, attrs)

    def decompress(self, value: Any) -> list[str]:
        """From stored hours to texts."""
        return ["-".join((value or {}).get(day, ())) for day in self.days]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The parts with the names of their days."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        labels = [day_name(day) for day in self.days]
        context["days"] = list(zip(labels, context["widget"]["subwidgets"], strict=True))
        return context


def day_name(day: str) -> object:
    """Monday for "1", or the word for public holidays."""
    return _("Public holidays") if day == "holiday" else WEEKDAYS[int(day) - 1]


class HoursField(forms.MultiValueField):
    """Gives {"1": ["08:00", "18:00"], …}; a day without text is left out."""

    def __init__(self, *, days: tuple[str, ...] = EVERY_DAY, **kwargs: Any) -> None:
        """`days` as the widget has them."""
        self.days = days
        fields = tuple(forms.CharField(required=False, max_length=13) for _day in days)
        super().__init__(fields, widget=HoursWidget(days=days), require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, list[str]]:
        """From texts to hours; raises ValidationError naming the day."""
        found: dict[str, list[str]] = {}
        for day, text in zip(self.days, data_list, strict=False):
            if not text:
                continue
            span = SPAN.fullmatch(text)
            if span is None:
                wrong = _("%(day)s: give hours such as 08:00-18:00, or leave it empty.")
                raise forms.ValidationError(wrong % {"day": day_name(day)})
            found[day] = [part.zfill(5) for part in span.groups()]
        return found
