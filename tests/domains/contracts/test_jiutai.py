"""The estate's own workbook and contract: one guard is over the agreed age, everybody else fits."""

from datetime import date
from pathlib import Path

import pytest
from factories.org import ProjectFactory

import wuyou.config
from wuyou.domains.contracts.actions import load_contract
from wuyou.domains.contracts.queries import staffing_of
from wuyou.domains.contracts.rules.staffing import Misfit
from wuyou.kernel import imports
from wuyou.kernel.actors import System

pytestmark = pytest.mark.django_db
BY = System("test")
JIUTAI = Path(wuyou.config.__file__).parent / "demo" / "jiutai"


@pytest.fixture
def contract():
    project = ProjectFactory(code="JT")
    with (JIUTAI / "staff.xlsx").open("rb") as file:
        run = imports.upload_file(file, by=BY, importer="registry.staff", project_id=project.pk)
    imports.confirm_mapping(run, by=BY)
    for start, step in ((imports.start_check, imports.check_run), (imports.start_apply, imports.apply_run)):
        start(run, by=BY)
        step(run, by=BY, report=lambda **_progress: None)
    return load_contract(JIUTAI / "contract.yaml", project=project, by=BY)


def test_promised_and_present(contract):
    results = {result.term.job: result for result in staffing_of(contract, on=date(2026, 11, 20))}
    assert {
        job: (result.needed, result.present, result.fitting, result.is_kept) for job, result in results.items()
    } == {
        "项目经理": (1, 1, 1, True),
        "收费及内勤": (1, 1, 1, True),
        "保安员": (10, 10, 9, False),
        "保洁员": (18, 18, 18, True),
        "垃圾清运员": (2, 2, 2, True),
        "电工": (1, 2, 2, True),
    }
    failing = results["保安员"].failing
    assert [(one.worker.number, [(why.code, why.found, why.asked) for why in one.reasons]) for one in failing] == [
        ("JT012", [(Misfit.TOO_OLD, "53", "50")])
    ]


def test_a_month_later_one_electrician_is_left(contract):
    electricians = staffing_of(contract, on=date(2026, 12, 21))[-1]
    assert [(one.worker.number, one.reasons[0].code) for one in electricians.failing] == [
        ("JT033", Misfit.LICENCE_EXPIRED)
    ]
    assert electricians.is_kept is True
