"""The writers of improvement projects: plan, do, check, standardise, learn (spec 05: PDCA)."""

from .cycle import adjust, check, close, drop, standardise, start
from .learning import change_lesson, decide_proposal, propose_change, write_lesson
from .planning import add_measure, change_plan, finish_measure, plan_improvement

__all__ = [
    "add_measure", "adjust", "change_lesson", "change_plan", "check", "close", "decide_proposal", "drop",
    "finish_measure", "plan_improvement", "propose_change", "standardise", "start", "write_lesson",
]  # fmt: skip
