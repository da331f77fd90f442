"""A subject as a value: which kinds of place or asset a clause is about, and how the work on them is done (spec 03)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

from .clauses import EVIDENCE, WORKLOAD_UNITS

_ACTIVITY = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class SubjectSpec:
    """What a subject says; minutes per unit, unit as in `WORKLOAD_UNITS`."""

    name: str
    activity: str
    team: str
    unit: str
    minutes_per_unit: Decimal
    name_en: str = ""
    matches_place: Sequence[str] = ()
    matches_asset: Sequence[str] = ()
    qualification: str = ""
    evidence: str = ""
    check_text: str = ""
    deduct_points: Decimal = Decimal(0)


SUBJECT_FIELDS = tuple(SubjectSpec.__dataclass_fields__)


def check_subject(spec: SubjectSpec) -> None:
    """Raise Invalid naming every wrong field."""
    wrong: dict[str, object] = {
        name: _("This is needed.") for name in ("name", "team") if not str(getattr(spec, name)).strip()
    }
    if not _ACTIVITY.fullmatch(spec.activity):
        wrong["activity"] = _("An activity is small letters, digits and underscores.")
    if spec.unit not in WORKLOAD_UNITS:
        wrong["unit"] = _("There is no such unit of workload.")
    if spec.evidence not in EVIDENCE:
        wrong["evidence"] = _("There is no such kind of evidence.")
    for name in ("minutes_per_unit", "deduct_points"):
        if not Decimal(0) <= getattr(spec, name) < Decimal(10_000):
            wrong[name] = _("This must be between 0 and 9,999.")
    if wrong:
        raise Invalid(fields=wrong)


def subject_values(spec: SubjectSpec) -> dict[str, object]:
    """The spec as column values; kinds of place and asset without blanks and doubles, in their order."""
    values = {name: getattr(spec, name) for name in SUBJECT_FIELDS}
    for name in ("matches_place", "matches_asset"):
        values[name] = list(dict.fromkeys(kind.strip() for kind in getattr(spec, name) if kind.strip()))
    return values
