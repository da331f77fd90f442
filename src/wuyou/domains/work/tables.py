"""The tables of this app that ship with the product, read once: what activities mean, cover and need (spec 03)."""

import csv
import functools
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import get_language

from .rules.demands import Recipe
from .rules.meaning import Effort, Refinement, efforts_of, recipe_of_row, refinements_of, split_words
from .rules.posts import PostRule, post_rules_of

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Activity:
    """What people call an activity, and whose job it is (the first of `jobs` a project has)."""

    code: str
    label_zh: str
    label_en: str
    jobs: tuple[str, ...]

    @property
    def label(self) -> str:
        """The name in the language active now."""
        return self.label_zh if (get_language() or "").startswith("zh") else self.label_en


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(file))


@functools.cache
def activities() -> dict[str, Activity]:
    """Every activity by code."""
    return {
        row["code"]: Activity(row["code"], row["label_zh"], row["label_en"], split_words(row["jobs"]))
        for row in _rows("activities.csv")
    }


def activity_label(code: str) -> str:
    """An activity's name in the language active now; the code itself for one the company made."""
    found = activities().get(code)
    return found.label if found else code


def jobs_of(code: str) -> tuple[str, ...]:
    """Whose job an activity is, the preferred first; empty for one the company made."""
    found = activities().get(code)
    return found.jobs if found else ()


@functools.cache
def statutory_recipes() -> dict[str, Recipe]:
    """What statutory duties mean, by the code of the clause: they name objects rather than subjects."""
    return {row["code"]: recipe_of_row(row) for row in _rows("statutory.csv")}


@functools.cache
def refinements() -> tuple[Refinement, ...]:
    """Which words of a requirement name another activity than the subject's own."""
    return refinements_of(_rows("refinements.csv"))


@functools.cache
def efforts() -> dict[str, Effort]:
    """Unit, minutes and evidence of the activities that come from refinements."""
    return efforts_of(_rows("minutes.csv"))


@functools.cache
def covers() -> dict[str, frozenset[str]]:
    """Weaker activity → the stronger ones that include it (sweeping and mopping includes sweeping)."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in _rows("covers.csv"):
        found[row["weaker"]].add(row["stronger"])
    return {weaker: frozenset(stronger) for weaker, stronger in found.items()}


@functools.cache
def post_rules() -> tuple[PostRule, ...]:
    """How clauses about staffed positions become posts."""
    return post_rules_of(_rows("posts.csv"))
