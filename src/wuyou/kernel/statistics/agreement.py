"""Do two pairs of eyes see the same, and who is strict? Cohen's kappa and the two-way model of severity."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Generic, Literal, TypeVar

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

from .distributions import normal_quantile, t_quantile, two_sided
from .intervals import CONFIDENCE

Weighting = Literal["none", "linear", "quadratic"]
Key = TypeVar("Key", bound=Hashable)
Subject = TypeVar("Subject", bound=Hashable)
Matrix = list[list[float]]


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement beyond chance: 1 is perfect, 0 is chance; `observed` is the plain (weighted) share of agreement."""

    value: float
    error: float
    low: float
    high: float
    observed: float
    size: int


def table_of(pairs: Sequence[tuple[Key, Key]], *, categories: Sequence[Key]) -> list[list[int]]:
    """Count pairs of answers: a row for the first one's, a column for the second one's category, in the order given.

    Raises Invalid for an answer that is none of the categories.
    """
    counted = Counter(pairs)
    known = set(categories)
    if any(first not in known or second not in known for first, second in counted):
        raise Invalid(_("An answer is none of the categories."))
    return [[counted[first, second] for second in categories] for first in categories]


def kappa(table: Sequence[Sequence[int]], *, weighting: Weighting = "none", confidence: float = CONFIDENCE) -> Kappa:
    """κ = (p_o - p_e) ÷ (1 - p_e) of a square table of counts (Cohen 1960; weighted: Cohen 1968).

    Weights are 1 - |i-j|/(k-1) (linear) or 1 - (i-j)²/(k-1)² (quadratic). The standard error is Fleiss, Cohen and
    Everitt 1969. Raises Invalid for an empty table, one that is not square, or when all answers are one category, for
    then agreement cannot be told from chance.
    """
    size = _checked(table)
    weights = _weights(len(table), weighting)
    shares = [[count / size for count in row] for row in table]
    rows = [sum(row) for row in shares]
    columns = [sum(column) for column in zip(*shares, strict=True)]
    observed = _total(weights, shares)
    expected = _total(weights, [[row * column for column in columns] for row in rows])
    if 1 - expected < 1e-12:
        raise Invalid(_("All answers are the same: agreement cannot be told from chance."))
    value = (observed - expected) / (1 - expected)
    error = _kappa_error(shares, weights, (rows, columns), value, expected) / sqrt(size)
    half = normal_quantile(two_sided(confidence)) * error
    return Kappa(value, error, max(-1.0, value - half), min(1.0, value + half), observed, size)


def _checked(table: Sequence[Sequence[int]]) -> int:
    if any(len(row) != len(table) for row in table):
        raise Invalid(_("Agreement needs a square table."))
    size = sum(sum(row) for row in table)
    if size == 0:
        raise Invalid(_("Agreement needs at least one pair of answers."))
    return size


def _weights(categories: int, weighting: Weighting) -> Matrix:
    if weighting == "none":
        return [[float(i == j) for j in range(categories)] for i in range(categories)]
    power = 1 if weighting == "linear" else 2
    far = max(categories - 1, 1)
    return [[1 - (abs(i - j) / far) ** power for j in range(categories)] for i in range(categories)]


def _total(weights: Matrix, shares: Matrix) -> float:
    return sum(w * share for ws, row in zip(weights, shares, strict=True) for w, share in zip(ws, row, strict=True))


def _kappa_error(
    shares: Matrix, weights: Matrix, margins: tuple[list[float], list[float]], value: float, expected: float
) -> float:
    """√n times the standard error of Fleiss, Cohen and Everitt 1969."""
    rows, columns = margins
    places = range(len(shares))
    by_row = [sum(weights[i][j] * columns[j] for j in places) for i in places]
    by_column = [sum(weights[i][j] * rows[i] for i in places) for j in places]
    squares = sum(
        shares[i][j] * (weights[i][j] - (by_row[i] + by_column[j]) * (1 - value)) ** 2 for i in places for j in places
    )
    rest = (value - expected * (1 - value)) ** 2
    return sqrt(max(squares - rest, 0.0)) / (1 - expected)


@dataclass(frozen=True, slots=True)
class Severity(Generic[Key]):
    """How far a judge's scores lie above (lenient) or below (strict) the others' of the same subjects, in points.

    `low` and `high` are None when there are no observations to spare for the error.
    """

    judge: Key
    effect: float
    low: float | None
    high: float | None
    observations: int

    @property
    def is_certain(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def severity(scores: Sequence[tuple[Subject, Key, float]], *, confidence: float = CONFIDENCE) -> list[Severity[Key]]:
    """The additive two-way model score = subject + judge + error by least squares; (subject, judge, score) each.

    Subjects are eliminated (reduced normal equations of an unbalanced block design), effects add up
    to zero among judges who are connected by shared subjects. Judges who share no subject with anybody are left out:
    nothing can be said of them. Strictest first.
    """
    found: list[Severity[Key]] = []
    connected = [(judges, part) for judges, part in _components(scores) if len(judges) > 1]
    fits = [_fit(judges, part) for judges, part in connected]
    freedom = sum(fit.freedom for fit in fits)
    variance = sum(fit.residual for fit in fits) / freedom if freedom else None
    t = t_quantile(two_sided(confidence), freedom=freedom) if freedom else 0.0
    for (judges, part), fit in zip(connected, fits, strict=True):
        counted = Counter(judge for _subject, judge, _score in part)
        for judge, effect, factor in zip(judges, fit.effects, fit.factors, strict=True):
            half = None if variance is None else t * sqrt(variance * factor)
            low, high = (None, None) if half is None else (effect - half, effect + half)
            found.append(Severity(judge, effect, low, high, counted[judge]))
    return sorted(found, key=lambda one: one.effect)


@dataclass(frozen=True, slots=True)
class _Fit:
    effects: list[float]
    factors: list[float]
    residual: float
    freedom: int


def _components(
    scores: Sequence[tuple[Subject, Key, float]],
) -> list[tuple[list[Key], list[tuple[Subject, Key, float]]]]:
    """Groups of judges linked by subjects they both scored, with their scores; in the order of first appearance."""
    group: dict[Key, int] = {}
    first: dict[Subject, Key] = {}
    for place, (subject, judge, _score) in enumerate(scores):
        group.setdefault(judge, place)
        old, new = group[judge], group[first.setdefault(subject, judge)]
        group = {one: new if number == old else number for one, number in group.items()}
    parts: dict[int, list[tuple[Subject, Key, float]]] = defaultdict(list)
    for score in scores:
        parts[group[score[1]]].append(score)
    return [([judge for judge, at in group.items() if at == number], part) for number, part in parts.items()]


def _fit(judges: list[Key], scores: list[tuple[Subject, Key, float]]) -> _Fit:
    """Least squares of one connected group."""
    place = {judge: at for at, judge in enumerate(judges)}
    by_subject: dict[Subject, list[tuple[int, float]]] = defaultdict(list)
    for subject, judge, score in scores:
        by_subject[subject].append((place[judge], score))
    many = len(judges)
    matrix = [[1 / many] * many for _judge in judges]
    right = [0.0] * many
    for rows in by_subject.values():
        mean = sum(score for _judge, score in rows) / len(rows)
        for at, score in rows:
            matrix[at][at] += 1
            right[at] += score - mean
            for other, _score in rows:
                matrix[at][other] -= 1 / len(rows)
    inverse = _inverse(matrix)
    effects = [sum(one * two for one, two in zip(row, right, strict=True)) for row in inverse]
    residual = sum(_left_over(rows, effects) for rows in by_subject.values())
    factors = [max(inverse[at][at] - 1 / many, 0.0) for at in range(many)]
    return _Fit(effects, factors, residual, len(scores) - len(by_subject) - many + 1)


def _left_over(rows: list[tuple[int, float]], effects: list[float]) -> float:
    """Squares of what subject and judge together do not explain."""
    plain = [score - effects[judge] for judge, score in rows]
    mean = sum(plain) / len(plain)
    return sum((value - mean) ** 2 for value in plain)


def _inverse(matrix: Matrix) -> Matrix:
    """Gauss-Jordan with the largest pivot; the matrix of a connected group is never singular."""
    many = len(matrix)
    work = [[*row, *(float(i == j) for j in range(many))] for i, row in enumerate(matrix)]
    for at in range(many):
        pivot = max(range(at, many), key=lambda row: abs(work[row][at]))
        work[at], work[pivot] = work[pivot], work[at]
        scale = work[at][at]
        work[at] = [value / scale for value in work[at]]
        for row in range(many):
            if row != at and work[row][at]:
                factor = work[row][at]
                work[row] = [value - factor * lead for value, lead in zip(work[row], work[at], strict=True)]
    return [row[many:] for row in work]
