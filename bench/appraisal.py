"""Scoring again after something is void: twelve months of 500 projects, trees, money and all."""

import datetime as dt
import time
from decimal import Decimal
from typing import Any

from bench.million import settle
from bench.report import Row

PROJECTS, MONTHS, EVENTS, SHEETS = 500, 12, 5, 10
YEAR = 2025


def run(database: str) -> list[Row]:
    """Measure on the database Django is set up with; `database` is the name the rows bear."""
    from wuyou.domains.appraisal.models import DeductionEvent, Period, Score

    make_year()
    settle()
    first = seconds(score_all)
    Period.objects.update(state="published", disclosed_at=now(), published_at=now())
    DeductionEvent.objects.filter(item="security").update(void_because="撤销")
    Period.objects.update(is_stale=True, stale_because="撤销", stale_cause_kind="finding", stale_cause_id=1)
    settle()
    again = seconds(rescore_all)
    count = Score.objects.count()
    assert count == 2 * PROJECTS * MONTHS, count
    return [
        Row(f"{database}: {PROJECTS * MONTHS:,} months scored", first, "s"),
        Row(f"{database}: {PROJECTS * MONTHS:,} months scored again", again, "s", "≤ 10", "500 projects × 12 months"),
    ]


def now() -> dt.datetime:
    """The moment."""
    from wuyou.kernel import clock

    return clock.now()


def seconds(act: Any) -> float:
    """How long something takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def by() -> Any:
    """Who acts."""
    from wuyou.kernel.actors import System

    return System("bench")


def score_all() -> None:
    """Score every month for the first time."""
    from wuyou.domains.appraisal.actions.scoring import Because, score_months, with_all
    from wuyou.domains.appraisal.models import Period
    from wuyou.kernel.transactions import unit_of_work

    with unit_of_work():
        score_months(with_all(Period.objects.all()), because=Because(), by=by())


def rescore_all() -> None:
    """What the job does, for all projects at once."""
    from wuyou.domains.appraisal.actions.rescoring import rescore
    from wuyou.domains.appraisal.models import Period

    rescore(Period.objects.all(), by=by())


def make_year() -> None:
    """Projects with a contract and a bond under the campus scheme, with events and a panel in every month."""
    from wuyou.domains.appraisal.actions.schemes import load_shipped_schemes
    from wuyou.domains.appraisal.models import BondEntry, DeductionEvent, Enrolment, Panel, PanelMember, Period, Scheme
    from wuyou.domains.contracts.models import Contract
    from wuyou.domains.org.models import Project

    load_shipped_schemes(by=by())
    scheme = Scheme.objects.get(code="campus_monthly")
    version = scheme.versions.get()
    projects = Project.objects.bulk_create(make_projects())
    term = {"starts_on": dt.date(YEAR, 1, 1), "ends_on": dt.date(YEAR + 2, 12, 31)}
    contracts = Contract.objects.bulk_create(
        Contract(project=one, code=f"C{one.code}", name="合同", client="学院", mode="fixed", yearly_fee_fen=10**8,
                 bond_fen=10**7, **term)
        for one in projects
    )  # fmt: skip
    BondEntry.objects.bulk_create(
        BondEntry(contract=one, month=dt.date(YEAR - 1, 12, 1), kind="deposit", amount_fen=10**7, text="x",
                  by_label="x", at=now())
        for one in contracts
    )  # fmt: skip
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(project=one.project, scheme=scheme, kind="contractor", contract=one, label=one.project.name,
                  starts_on=one.starts_on)
        for one in contracts
    )  # fmt: skip
    months = [dt.date(YEAR, number, 1) for number in range(1, MONTHS + 1)]
    pairs = [(row, month) for row in enrolments for month in months]
    Period.objects.bulk_create(
        Period(project_id=row.project_id, enrolment=row, version=version, month=month, state="computed",
               days_present=30, days_of=30)
        for row, month in pairs
    )  # fmt: skip
    items = ("repair", "public_hygiene", "security", "dormitory", "greening")
    DeductionEvent.objects.bulk_create(
        DeductionEvent(project_id=row.project_id, enrolment=row, component="departments", item=items[number % 5],
                       day=month.replace(day=number + 1), text="一处", entered_at=now())
        for row, month in pairs
        for number in range(EVENTS)
    )  # fmt: skip
    panels = Panel.objects.bulk_create(
        Panel(project_id=row.project_id, enrolment=row, component="people", month=month, due_on=month, state="closed")
        for row, month in pairs
    )
    PanelMember.objects.bulk_create(
        PanelMember(
            panel=one, group="students", code=f"X{number}", points=Decimal(60 + (one.pk * 7 + number * 11) % 40)
        )
        for one in panels
        for number in range(SHEETS)
    )


def make_projects() -> list[Any]:
    """Projects below one group."""
    from wuyou.domains.org.models import Node, Project

    group = Node.objects.add_root(create_kwargs={"kind": "group", "name": "bench", "code": "G"})
    found = []
    for number in range(PROJECTS):
        node = group.add_child(kind="project", name=f"P{number}", code=f"P{number}")
        found.append(Project(node=node, code=f"P{number}", name=f"项目{number}"))
    return found
