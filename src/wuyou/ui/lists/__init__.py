"""List pages declared in one place: columns, filters, presets, bulk actions, export (spec 11: console)."""

from wuyou.ui.pages import Button, Empty

from . import cells
from .columns import Column
from .filters import DateRangeFilter, ManyFilter, ManyRowsFilter, YesNoFilter
from .parts import BulkAction, Preset
from .views import ListPage

__all__ = [
    "BulkAction",
    "Button",
    "Column",
    "DateRangeFilter",
    "Empty",
    "ListPage",
    "ManyFilter",
    "ManyRowsFilter",
    "Preset",
    "YesNoFilter",
    "cells",
]
