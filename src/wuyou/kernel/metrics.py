"""The metric registry: every figure says what it is, how it is computed, from what and who answers for it (spec 12)."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure: `code` is `<app>.<name>`, `direction` says whether more is better, `formula` says it in words.

    `unit` is such as `%`, `h`, `count` or `fen`; `source` names the tables, `grain` what one value stands for
    (project × month), `owner` the role that answers for it.
    """

    code: str
    name: object
    unit: str
    direction: Literal["up", "down"]
    formula: object
    source: str
    grain: str
    owner: str


_registered: dict[str, Metric] = {}


def register(metric: Metric) -> Metric:
    """Enter a metric and give it back; raises ValueError for a code that is taken or a direction that is none."""
    if metric.code in _registered:
        raise ValueError(f"the metric {metric.code} is declared twice")
    if metric.direction not in ("up", "down"):
        raise ValueError(f"the metric {metric.code} gets better neither up nor down")
    _registered[metric.code] = metric
    return metric


def get(code: str) -> Metric:
    """The metric of a code; raises LookupError for an unknown one."""
    if code not in _registered:
        raise LookupError(f"no metric is called {code}")
    return _registered[code]


def all_metrics() -> list[Metric]:
    """Every metric, by code."""
    return [_registered[code] for code in sorted(_registered)]


def forget(code: str) -> None:
    """Take a metric out again: for tests."""
    _registered.pop(code, None)
