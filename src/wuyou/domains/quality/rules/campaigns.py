"""What a campaign must be like before it is written (spec 05, Campaigns)."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .levels import SPECIAL

LONGEST = dt.timedelta(days=366)
NAME_LENGTH = 120
MYSTERY = "mystery"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for, as values: `is_above` says whether the campaign's node stands above every project of it."""

    name: str
    level: str
    theme: str
    starts_on: dt.date
    ends_on: dt.date
    is_hidden: bool
    is_above: bool
    sheet_is_issued: bool


def problems(plan: Plan) -> dict[str, str | Promise]:
    """What is wrong with a campaign, by field; empty when it can be written."""
    wrong: dict[str, str | Promise] = {}
    if not 1 <= len(plan.name.strip()) <= NAME_LENGTH:
        wrong["name"] = _("A name has 1 to 120 characters.")
    if plan.ends_on < plan.starts_on:
        wrong["ends_on"] = _("A campaign cannot end before it starts.")
    elif plan.ends_on - plan.starts_on > LONGEST:
        wrong["ends_on"] = _("A campaign lasts a year at most.")
    if plan.theme and plan.level != SPECIAL:
        wrong["theme"] = _("Only special inspections have a theme.")
    if plan.theme == MYSTERY and not plan.is_hidden:
        wrong["is_hidden"] = _("A mystery visit is hidden from the project until it is published.")
    if plan.is_hidden and not plan.is_above:
        wrong["is_hidden"] = _("Only somebody above a project can hide an inspection from it.")
    if not plan.sheet_is_issued:
        wrong["sheet_version"] = _("Choose an issued inspection sheet.")
    return wrong
