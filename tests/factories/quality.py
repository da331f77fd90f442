"""Inspections and findings with as little around them as the tables demand."""

import datetime as dt
from typing import Any

from factories.org import ProjectFactory, UserFactory
from factories.sheets import SheetVersionFactory
from wuyou.domains.quality.choices import Level, Remedy, SourceKind
from wuyou.domains.quality.models import Finding, Inspection
from wuyou.domains.work.choices import Severity
from wuyou.kernel import clock
from wuyou.kernel.numbering import next_number


def inspection(**given: Any) -> Inspection:
    """An inspection under way."""
    project = given.pop("project", None) or ProjectFactory()
    values = {
        "project": project,
        "number": next_number("JC", project.code, clock.today()),
        "level": Level.CITY,
        "day": clock.today(),
        "started_at": clock.now(),
        **given,
    }
    values.setdefault("inspector", given.get("inspector") or UserFactory())
    values.setdefault("sheet_version", given.get("sheet_version") or SheetVersionFactory())
    return Inspection.objects.create(**values)


def finding(**given: Any) -> Finding:
    """An open finding entered by hand."""
    project = given.pop("project", None) or ProjectFactory()
    values = {
        "project": project,
        "number": next_number("BHG", project.code, clock.today()),
        "source": SourceKind.MANUAL,
        "text": "二单元楼梯有积灰",
        "severity": Severity.MINOR,
        "remedy": Remedy.AT_ONCE,
        "deadline": clock.now() + dt.timedelta(days=1),
        "found_at": clock.now(),
        **given,
    }
    return Finding.objects.create(**values)
