"""Kinds of licence the product ships (spec 13 §5)."""

import csv
from pathlib import Path

from wuyou.domains.registry.models import QualificationKind
from wuyou.domains.registry.rules.naming import split_list
from wuyou.kernel.transactions import action

SHIPPED = Path(__file__).resolve().parents[1] / "data" / "qualifications.csv"


@action
def load_qualification_kinds() -> int:
    """Bring the kinds of licence up to the shipped list; the number of kinds. A second run changes nothing."""
    with SHIPPED.open(encoding="utf8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        values = {"name_zh": row["name_zh"], "synonyms": split_list(row["synonyms"]), "validity": row["validity"]}
        QualificationKind.objects.update_or_create(code=row["code"], defaults=values)
    return len(rows)
