"""Inspectors as judges: who scores strictly, and whether two see the same (spec 05, Honest statistics)."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from wuyou.domains.quality.models import Inspection, InspectionAnswer
from wuyou.domains.sheets.models import Item
from wuyou.domains.sheets.queries import spec_of
from wuyou.domains.sheets.rules.agreement import compared, pairs
from wuyou.domains.sheets.rules.answers import FAIL, NOT_APPLICABLE, PASS
from wuyou.domains.sheets.rules.items import ItemSpec
from wuyou.kernel.statistics.agreement import Kappa, Severity, kappa, severity, table_of

VERDICTS = (PASS, FAIL, NOT_APPLICABLE)
MOST_PAIRS = 40
TELLING = 3  # items on which at least one of two said something else than usual


@dataclass(frozen=True, slots=True)
class Judged:
    """An inspector with how far the scores lie from those of others at the same projects with the same sheets."""

    inspector: int
    name: str
    severity: Severity[int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two inspections of the same, item by item; `kappa` is None where almost all verdicts were one."""

    first: int
    second: int
    number: str
    project: str
    names: tuple[str, str]
    items: int
    same: int
    kappa: Kappa | None


@dataclass(frozen=True, slots=True)
class Paired:
    """All pairs, the latest first, and the agreement over all their items."""

    pairs: Sequence[Pair]
    items: int
    same: int
    kappa: Kappa | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """One inspection as its inspector's judgement."""

    pk: int
    number: str
    second_of: int | None
    project: int
    project_name: str
    sheet: int
    version: int
    inspector: int
    name: str
    score: Decimal | None
    is_vetoed: bool


def judgements(inspections: QuerySet[Inspection]) -> list[Judgement]:
    """Inspections, oldest first, for severities and doubles."""
    rows = inspections.values_list(
        "pk", "number", "second_of", "project_id", "project__name", "sheet_version__sheet_id", "sheet_version_id",
        "inspector_id", "inspector__full_name", "score", "is_vetoed",
    )  # fmt: skip
    return [Judgement(*row) for row in rows]


def severities(judged: Sequence[Judgement]) -> list[Judged]:
    """Inspectors by how strict they score, the strictest first.

    Compared are scores of the same project with the same sheet; who shares none with anybody is left out. A score that
    a red line brought to 0 is left out too: that is a fact, not strictness.
    """
    names = {one.inspector: one.name for one in judged}
    found = severity(
        [
            ((one.project, one.sheet), one.inspector, float(one.score))
            for one in judged
            if one.score is not None and not one.is_vetoed
        ]
    )
    return [Judged(one.judge, names[one.judge], one) for one in found]


def doubles(judged: Sequence[Judgement]) -> Paired:
    """What two inspectors of the same made of its items: kappa of pass, fail and na over the latest forty pairs."""
    by_pk = {one.pk: one for one in judged}
    both = [(by_pk[one.second_of], one) for one in reversed(judged) if one.second_of in by_pk][:MOST_PAIRS]
    specs = _specs({second.version for _first, second in both})
    values = _values([one.pk for pair in both for one in pair])
    verdicts = [pairs(compared(specs[second.version], values[first.pk], values[second.pk])) for first, second in both]
    found = [_pair(first, second, given) for (first, second), given in zip(both, verdicts, strict=True)]
    every = [verdict for given in verdicts for verdict in given]
    return Paired(found, len(every), _same(every), _kappa(every))


def _specs(versions: set[int]) -> Mapping[int, list[ItemSpec]]:
    found: dict[int, list[ItemSpec]] = defaultdict(list)
    for item in Item.objects.filter(version__in=versions).order_by("version_id", "position"):
        found[item.version_id].append(spec_of(item))
    return found


def _values(inspections: list[int]) -> Mapping[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = InspectionAnswer.objects.filter(inspection__in=inspections).exclude(value="")
    for inspection, code, value in rows.values_list("inspection_id", "item__code", "value"):
        found[inspection][code] = value
    return found


def _pair(first: Judgement, second: Judgement, both: list[tuple[str, str]]) -> Pair:
    names = (first.name, second.name)
    return Pair(first.pk, second.pk, first.number, second.project_name, names, len(both), _same(both), _kappa(both))


def _same(both: list[tuple[str, str]]) -> int:
    return sum(first == second for first, second in both)


def _kappa(both: list[tuple[str, str]]) -> Kappa | None:
    """None where almost all verdicts were the same one: a single difference would make kappa 0."""
    counted = Counter(verdict for pair in both for verdict in pair)
    usual = counted.most_common(1)[0][0] if counted else ""
    others = sum(pair != (usual, usual) for pair in both)
    return kappa(table_of(both, categories=VERDICTS)) if others >= TELLING else None
