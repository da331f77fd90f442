"""Tabular imports of the register; importing this package makes them known to the import wizard."""

from . import buildings, places, rooms, staff
from .records import RegistryImporter, Writing, created, differing, problem, project_of, refuse_stickers, warning
from .tree import PlaceTree, Spot

__all__ = [
    "PlaceTree",
    "RegistryImporter",
    "Spot",
    "Writing",
    "buildings",
    "created",
    "differing",
    "places",
    "problem",
    "project_of",
    "refuse_stickers",
    "rooms",
    "staff",
    "warning",
]
