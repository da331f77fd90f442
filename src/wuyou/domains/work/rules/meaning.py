"""What a clause means: subject and wording → activities on kinds of things (spec 03, Layers).

Subjects alone are too coarse: one subject may be checked and emptied (化粪池), swept and disinfected. The table of
refinements tells them apart by words of the requirement, so that a check never passes for an emptying.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from .demands import Demand, Recipe


@dataclass(frozen=True, slots=True)
class Refinement:
    """Where the subject's activity is `activity` (and the subject and the word match), the clause `becomes` these."""

    activity: str
    subject: str
    word: str
    becomes: tuple[str, ...]

    def fits(self, activity: str, demand: Demand) -> bool:
        """Whether this row speaks of the clause."""
        return (
            activity == self.activity
            and (not self.subject or demand.subject == self.subject)
            and self.word in demand.requirement
        )


@dataclass(frozen=True, slots=True)
class Effort:
    """Minutes per 100 m² or per piece, and evidence, of an activity that came from a refinement."""

    per_100m2: Decimal
    each: Decimal
    evidence: str

    def minutes_for(self, unit: str) -> Decimal:
        """Minutes per unit of the subject."""
        return self.per_100m2 if unit == "100m2" else self.each


@dataclass(frozen=True, slots=True)
class Meanings:
    """The tables a clause is read with: subjects by name, statutory duties by clause code, refinements, efforts."""

    subjects: Mapping[str, Recipe]
    statutory: Mapping[str, Recipe]
    refinements: tuple[Refinement, ...] = ()
    efforts: Mapping[str, Effort] | None = None

    def recipes_of(self, demand: Demand) -> tuple[Recipe, ...]:
        """The activities a clause asks for; none when its subject is unknown."""
        recipe = self._recipe_of(demand)
        if recipe is None:
            return ()
        if demand.activity:
            return (_in_own_words(recipe, demand),)
        recipe = _in_own_words(recipe, demand)
        for row in self.refinements:
            if row.fits(recipe.activity, demand):
                return tuple(self._refined(recipe, activity) for activity in row.becomes)
        return (recipe,)

    def _recipe_of(self, demand: Demand) -> Recipe | None:
        if demand.layer == "statutory" and demand.code in self.statutory:
            return self.statutory[demand.code]
        return self.subjects.get(demand.subject)

    def _refined(self, recipe: Recipe, activity: str) -> Recipe:
        effort = (self.efforts or {}).get(activity)
        if activity == recipe.activity or effort is None:
            return replace(recipe, activity=activity)
        return replace(recipe, activity=activity, minutes=effort.minutes_for(recipe.unit), evidence=effort.evidence)


def _in_own_words(recipe: Recipe, demand: Demand) -> Recipe:
    """The recipe with what the clause itself says."""
    return replace(
        recipe,
        activity=demand.activity or recipe.activity,
        unit=demand.unit or recipe.unit,
        minutes=recipe.minutes if demand.minutes is None else demand.minutes,
        qualification=demand.qualification or recipe.qualification,
        evidence=demand.evidence or recipe.evidence,
    )


def split_words(text: str) -> tuple[str, ...]:
    """The parts of a `;` separated cell, without blanks."""
    return tuple(part.strip() for part in text.replace("；", ";").split(";") if part.strip())


def recipe_of_row(row: Mapping[str, str]) -> Recipe:
    """A recipe from a row of the statutory table."""
    return Recipe(
        activity=row["activity"],
        unit=row["unit"],
        minutes=Decimal(row["minutes_per_unit"] or "0"),
        team=row["team"],
        place_kinds=frozenset(split_words(row["place_kinds"])),
        asset_kinds=frozenset(split_words(row["asset_kinds"])),
        levels=frozenset(split_words(row["levels"])),
        models=split_words(row["models"]),
        qualification=row["qualification"],
        evidence=row["evidence"],
        anchor=row["anchor"],
    )


def refinements_of(rows: Iterable[Mapping[str, str]]) -> tuple[Refinement, ...]:
    """The table of refinements, in its order: the first row that fits wins."""
    return tuple(Refinement(row["activity"], row["subject"], row["word"], split_words(row["becomes"])) for row in rows)


def efforts_of(rows: Iterable[Mapping[str, str]]) -> dict[str, Effort]:
    """Minutes and evidence by activity."""
    return {
        row["activity"]: Effort(Decimal(row["minutes_per_100m2"]), Decimal(row["minutes_each"]), row["evidence"])
        for row in rows
    }
