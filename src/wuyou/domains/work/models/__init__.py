"""Bindings, plans, tasks, problems, ledgers, roll-ups (spec 03)."""

from .ledgers import DisinfectionEntry, RefuseEntry
from .plan import (
    Binding,
    Deviation,
    LineClause,
    Plan,
    PlanGap,
    PlanLine,
    PlanPost,
    Schedule,
    Window,
    WorkloadSetting,
)
from .rollups import ComplianceDay, ComplianceSum, StaleDay
from .tasks import Absence, Answer, Problem, Task

__all__ = [
    "Absence", "Answer", "Binding", "ComplianceDay", "ComplianceSum", "Deviation", "DisinfectionEntry", "LineClause",
    "Plan", "PlanGap", "PlanLine", "PlanPost", "Problem", "RefuseEntry", "Schedule", "StaleDay", "Task", "Window",
    "WorkloadSetting",
]  # fmt: skip
