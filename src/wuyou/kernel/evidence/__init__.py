"""Evidence: files that prove something, kept as they came, shown as clean copies (spec 02).

evidence.receive(upload, by=user, project_id=1, subject=("work.task", 7, "…"), watermark="3号楼1单元\\n张三")
evidence.evidence_of("work.task", [7, 8])  →  {"7": [Evidence, …], "8": []}
evidence.served_file(row), evidence.thumbnail_file(row), evidence.open_original(row, by=user)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .choices import Duplicate, Kind, Verdict
from .fonts import check_font

if TYPE_CHECKING:
    from .actions import open_original, receive, review
    from .models import Evidence
    from .queries import evidence_in, evidence_of, served_file, thumbnail_file

__all__ = [
    "Duplicate", "Evidence", "Kind", "Verdict", "check_font", "evidence_in", "evidence_of", "open_original", "receive",
    "review", "served_file", "thumbnail_file",
]  # fmt: skip

_LATER = {
    "Evidence": "models",
    **dict.fromkeys(("open_original", "receive", "review"), "actions"),
    **dict.fromkeys(("evidence_in", "evidence_of", "served_file", "thumbnail_file"), "queries"),
}


def __getattr__(name: str) -> Any:
    """What touches records is loaded when first asked for: they exist only after Django has started."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
