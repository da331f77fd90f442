"""How a number reads. Pure."""

import re
from datetime import date

_PART = re.compile(r"[A-Z0-9]+")
DIGITS = 4


def series_code(project_code: str) -> str:
    """The project's code as it stands in numbers: `jt` and `JT` are one series."""
    return project_code.upper()


def compose(prefix: str, project_code: str, day: date, serial: int) -> str:
    """WX, JT, 2026-11-20, 7 → WX-JT-20261120-0007; more than four digits are written out.

    Raises ValueError for parts that would make the number ambiguous.
    """
    code = series_code(project_code)
    if not _PART.fullmatch(prefix) or not code or serial < 1:
        raise ValueError(f"no number can be made of {prefix!r}, {project_code!r}, {serial}")
    return f"{prefix}-{code}-{day.isoformat().replace('-', '')}-{serial:0{DIGITS}d}"
