"""Honest statistics of quality: is it stable, who differs, who is strict, what comes back (spec 05, 12).

Only what was published counts, so that a figure gives away no hidden visit. The arithmetic is kernel.statistics.
"""

from .charts import BY, Charted, Spot, finding_rate, pass_rate, times
from .findings import Clause, Handled, ages, handled, pareto_by_cause, pareto_by_clause
from .inspectors import Judged, Judgement, Pair, Paired, doubles, judgements, severities
from .looked import Looked, looked_at
from .projects import Funnel, Placed, Ranked, pass_funnel, ranking, score_funnel, scores_of
from .window import Found, Window, findings_of, inspections_within

__all__ = [
    "BY",
    "Charted",
    "Clause",
    "Found",
    "Funnel",
    "Handled",
    "Judged",
    "Judgement",
    "Looked",
    "Pair",
    "Paired",
    "Placed",
    "Ranked",
    "Spot",
    "Window",
    "ages",
    "doubles",
    "finding_rate",
    "findings_of",
    "handled",
    "inspections_within",
    "judgements",
    "looked_at",
    "pareto_by_cause",
    "pareto_by_clause",
    "pass_funnel",
    "pass_rate",
    "ranking",
    "score_funnel",
    "scores_of",
    "severities",
    "times",
]
