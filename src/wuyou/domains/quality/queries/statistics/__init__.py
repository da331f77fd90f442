"""Honest statistics of quality: is it stable, who differs, who is strict, what comes back (spec 05, 12).

Only what was published counts, so that a figure gives away no hidden visit. The arithmetic is kernel.statistics.
"""

from .charts import BY, Charted, Spot, finding_rate, pass_rate, times
from .findings import Handled, ages, handled, pareto_by_cause, pareto_by_clause
from .inspectors import Judged, Pair, Paired, doubles, severities
from .projects import Funnel, Placed, Ranked, pass_funnel, ranking, score_funnel
from .window import Window, findings_within, inspections_within, open_findings

__all__ = [
    "BY", "Charted", "Funnel", "Handled", "Judged", "Pair", "Paired", "Placed", "Ranked", "Spot", "Window", "ages",
    "doubles", "finding_rate", "findings_within", "handled", "inspections_within", "open_findings", "pareto_by_cause",
    "pareto_by_clause", "pass_funnel", "pass_rate", "ranking", "score_funnel", "severities", "times",
]  # fmt: skip
