"""Search in Chinese and Latin over records of every kind, within what a person may see (spec 02).

search.index("registry.room", 7, project_id=1, title="1-1-101", text="张三", private=["13800001111"], url_name="…")
search.find("1号楼 张", project_ids=[1], kinds=["registry.room"])
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .finding import Entry, Hit, bulk_index, find, index, indexed_ids, remove, remove_many

__all__ = ["Entry", "Hit", "bulk_index", "find", "index", "indexed_ids", "remove", "remove_many"]


def __getattr__(name: str) -> Any:
    """What touches records is loaded when first asked for: they exist only after Django has started."""
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.finding"), name)
