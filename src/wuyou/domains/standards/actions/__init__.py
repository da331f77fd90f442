"""The only writers of the library (spec 03)."""

from .clauses import (
    add_clause,
    add_grade,
    change_clause,
    change_grade,
    import_clauses,
    remove_clause,
    remove_grade,
    set_value,
)
from .library import GradeSpec, change_standard, copy_standard, create_standard, new_version
from .shipping import load_contract_promises, load_shipped
from .states import issue, send_back, submit, withdraw
from .subjects import add_subject, edit_subject
from .workbooks import export_clauses, import_workbook

__all__ = [
    "GradeSpec", "add_clause", "add_grade", "add_subject", "change_clause", "change_grade", "change_standard",
    "copy_standard", "create_standard", "edit_subject", "export_clauses", "import_clauses", "import_workbook",
    "issue", "load_contract_promises", "load_shipped", "new_version", "remove_clause", "remove_grade", "send_back",
    "set_value", "submit", "withdraw",
]  # fmt: skip
