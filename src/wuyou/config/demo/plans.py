"""Binding the demo's estates and publishing their plans."""

from collections.abc import Callable
from datetime import date, timedelta

from wuyou.domains.contracts.actions import load_contract
from wuyou.domains.org.models import Project
from wuyou.domains.standards.models import Grade, StandardVersion
from wuyou.domains.standards.queries import latest_issued
from wuyou.domains.work.actions.binding import bind
from wuyou.domains.work.actions.drafting import draft_plan
from wuyou.domains.work.actions.plan import publish_plan, submit_plan
from wuyou.kernel import clock

from .company import BY
from .estates import JIUTAI, Estate


def plan_estate(estate: Estate, project: Project, report: Callable[..., None]) -> None:
    """Bind to the estate's sets, its contract and the law; draft, review and publish the plan from tomorrow."""
    start = clock.today()
    for code, grade in (*estate.standards, ("statutory", "law")):
        version = _issued(code)
        bind(project, version, version.grades.get(code=grade), starts_on=start, by=BY)
    if estate.code == "JT":
        _bind_contract(project, start)
    plan = draft_plan(project, by=BY)
    submit_plan(plan, by=BY)
    publish_plan(plan, effective_from=start + timedelta(days=1), by=BY)
    report(done=1)


def _bind_contract(project: Project, start: date) -> None:
    contract = load_contract(JIUTAI / "contract.yaml", project=project, by=BY)
    promises: StandardVersion | None = contract.promises
    if promises is not None:
        grade: Grade = promises.grades.get()
        bind(project, promises, grade, starts_on=start, by=BY)


def _issued(code: str) -> StandardVersion:
    version = latest_issued(code)
    if version is None:
        raise LookupError(f"the shipped standard {code} is not loaded")
    return version
