"""The only writers of sheets."""

from .editing import change_items, change_scoring, change_sheet, create_sheet, issue, new_version, withdraw
from .shipping import load_shipped_sheets

__all__ = [
    "change_items", "change_scoring", "change_sheet", "create_sheet", "issue", "load_shipped_sheets", "new_version",
    "withdraw",
]  # fmt: skip
