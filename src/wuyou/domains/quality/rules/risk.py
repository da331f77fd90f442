"""How likely a project, place or record is drawn against the others: whole weights from what is known (spec 05: Draws).

Every weight is at least 1, so that nothing is ever sure not to be drawn, and is shown with the draw.
"""

import datetime as dt
from decimal import ROUND_FLOOR, Decimal

MOST_FINDINGS = 20
MOST_MONTHS = 12
DAYS_A_MONTH = 30
FULL_SCORE = Decimal(100)


def project_weight(*, open_findings: int, last_score: Decimal | None, last_day: dt.date | None, today: dt.date) -> int:
    """1 + open findings (at most 20) + a tenth of the points missing last time + months since then (at most 12).

    A project never inspected weighs as one whose last inspection was a year ago; without a score no points are missing.
    """
    missing = (FULL_SCORE - min(last_score, FULL_SCORE)) / 10 if last_score is not None else Decimal(0)
    months = MOST_MONTHS if last_day is None else min((today - last_day).days // DAYS_A_MONTH, MOST_MONTHS)
    return 1 + min(open_findings, MOST_FINDINGS) + int(missing.to_integral_value(ROUND_FLOOR)) + max(months, 0)


def thing_weight(*, findings: int) -> int:
    """1 + twice the findings of the last twelve months there (at most 20)."""
    return 1 + 2 * min(findings, MOST_FINDINGS)


def task_weight(*, was_late: bool, was_rejected: bool) -> int:
    """1, and 2 more for work that was late, 3 more for work whose evidence was once rejected."""
    return 1 + 2 * was_late + 3 * was_rejected


def finding_weight(*, severity: str, repeats: int) -> int:
    """1 for a minor, 2 for a major, 4 for a critical finding, times the weight repetition has given it (at most 16)."""
    return {"minor": 1, "major": 2, "critical": 4}[severity] * min(max(repeats, 1), 16)
