"""Positions that clauses ask to be staffed: a gate for 24 hours, two people in the control room (spec 03, 13 §5)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .demands import Demand, PostNeed, Recipe, Target

ONE, EACH, SHARED = "one", "each", "shared"

_POSTS = re.compile(r"(?:posts )?(\d{1,2})x(\d{1,2})h")


@dataclass(frozen=True, slots=True)
class PostRule:
    """How clauses of an activity (and subject) become posts: one in all, one at each place, or within another post."""

    activity: str
    subject: str
    mode: str
    heads: int
    days_per_week: int = 7


DEFAULT = PostRule("", "", EACH, 1)


def post_rules_of(rows: Iterable[Mapping[str, str]]) -> tuple[PostRule, ...]:
    """The table of post rules, in its order: the first row that fits wins."""
    return tuple(
        PostRule(row["activity"], row["subject"], row["mode"], int(row["heads"]), int(row["days_per_week"]))
        for row in rows
    )


def read_staffing(value: str) -> tuple[int, Decimal]:
    """Heads (0 when the value does not say) and hours a day of `24` or `2x24h`; ValueError for anything else."""
    found = _POSTS.fullmatch(value.strip())
    if found:
        return int(found[1]), Decimal(found[2])
    if not re.fullmatch(r"\d{1,2}(\.\d)?", value.strip()):
        raise ValueError(value)
    return 0, Decimal(value.strip())


def post_needs(
    asked: Iterable[tuple[Demand, Recipe, Target]], *, rules: Sequence[PostRule], project: Target
) -> list[PostNeed]:
    """The posts that clauses ask for; layers that ask for the same post join at the most hours and heads."""
    found: dict[str, PostNeed] = {}
    for demand, recipe, target in asked:
        rule = _rule_of(rules, recipe.activity, demand.subject)
        if rule.mode == SHARED:
            continue
        need = _need(demand, recipe, target if rule.mode == EACH else project, rule)
        found[need.key] = _joined(found[need.key], need) if need.key in found else need
    return list(found.values())


def _rule_of(rules: Sequence[PostRule], activity: str, subject: str) -> PostRule:
    return next((rule for rule in rules if rule.activity == activity and rule.subject in ("", subject)), DEFAULT)


def _need(demand: Demand, recipe: Recipe, target: Target, rule: PostRule) -> PostNeed:
    heads, hours = read_staffing(demand.value)
    return PostNeed(
        key=f"{recipe.activity}:{target.key}",
        activity=recipe.activity,
        target=target,
        team=recipe.team,
        hours_per_day=hours,
        days_per_week=rule.days_per_week,
        heads=heads or rule.heads,
        qualification=recipe.qualification,
        demands=(demand,),
    )


def _joined(one: PostNeed, other: PostNeed) -> PostNeed:
    known = {demand.clause_id for demand in one.demands}
    return PostNeed(
        key=one.key,
        activity=one.activity,
        target=one.target,
        team=one.team,
        hours_per_day=max(one.hours_per_day, other.hours_per_day),
        days_per_week=max(one.days_per_week, other.days_per_week),
        heads=max(one.heads, other.heads),
        qualification=one.qualification or other.qualification,
        demands=one.demands + tuple(demand for demand in other.demands if demand.clause_id not in known),
    )
