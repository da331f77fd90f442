"""When a project may be bound to a standard, and how far it may deviate (spec 03, Standard library and Layers)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

LAYER_OF_KIND = {
    "grade": "grade",
    "service_set": "service_set",
    "contract": "contract",
    "statutory": "statutory",
    "maker": "maker",
    "company": "service_set",
}
NO_DUTY = "-"


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to a day, both inclusive; open when `ends_on` is None."""

    starts_on: date
    ends_on: date | None = None

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a day."""
        before = self.ends_on is not None and self.ends_on < other.starts_on
        after = other.ends_on is not None and other.ends_on < self.starts_on
        return not (before or after)

    def contains(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def check_binding(*, state: str, grade_fits: bool, wanted: Span, others: Iterable[Span]) -> None:
    """Raise Invalid unless the version is issued, the grade is one of its own and no binding of the standard overlaps.

    `others` are the spans in which the project is bound to any version of the same standard.
    """
    if state != "issued":
        raise Invalid(fields={"version": _("Only an issued version can be bound.")})
    if not grade_fits:
        raise Invalid(fields={"grade": _("This grade does not belong to the version.")})
    if wanted.ends_on is not None and wanted.ends_on < wanted.starts_on:
        raise Invalid(fields={"ends_on": _("A binding cannot end before it starts.")})
    if any(wanted.overlaps(other) for other in others):
        raise Invalid(fields={"starts_on": _("The project is already bound to this standard in that time.")})


def check_deviation(*, layer: str, value: str, standard_value: str, reason: str, done_by: str) -> None:
    """Raise Invalid unless a deviation is reasoned and lawful: a statutory duty is never lessened by us.

    It may be switched off (`-`) only by naming who does it instead; any other statutory value must be at least as
    strict, which the caller checks for frequencies with `strictness.satisfies`.
    """
    wrong: dict[str, object] = {}
    if not reason.strip():
        wrong["reason"] = _("Say why.")
    if value.strip() == standard_value.strip():
        wrong["value"] = _("This is what the standard says already.")
    if not value.strip():
        wrong["value"] = _("Give a value, or “-” for not done by us.")
    if layer == "statutory" and value.strip() == NO_DUTY and not done_by.strip():
        wrong["done_by"] = _("A statutory duty can be left out only by naming who does it.")
    if wrong:
        raise Invalid(fields=wrong)
