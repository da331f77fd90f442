"""Background entry points of imports."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from wuyou.kernel import jobs
from wuyou.kernel.actors import System
from wuyou.kernel.errors import WuyouError

from .actions import apply_run, check_run, fail_run, remove_old_files
from .models import ImportRun
from .queries import run_of


@dataclass(frozen=True, slots=True)
class Uploader(System):
    """The machine at work for whoever uploaded the file: passes checks already made, signs with the person's name."""

    person_id: str = ""
    person_label: str = ""

    @property
    def actor_id(self) -> str:
        """The id of the person."""
        return self.person_id

    @property
    def actor_label(self) -> str:
        """The name of the person."""
        return self.person_label


def _uploader(run: ImportRun) -> Uploader:
    return Uploader("imports", person_id=run.by_id, person_label=run.by_label)


@jobs.handler("imports.check", retries=2)
def check(run_id: int) -> None:
    """Check a run's file; what is wrong with the file itself is noted on the run."""
    _work(run_id, "checking", check_run)


@jobs.handler("imports.apply", retries=2)
def apply(run_id: int) -> None:
    """Load a checked run; a load that cannot be done leaves nothing behind and is noted on the run."""
    _work(run_id, "applying", apply_run)


def _work(run_id: int, state: str, act: Callable[..., ImportRun]) -> None:
    run = run_of(run_id)
    if run.state != state:
        return
    try:
        with transaction.atomic():
            act(run, by=_uploader(run), report=jobs.report)
    except WuyouError as error:
        fail_run(run_of(run_id), by=_uploader(run), why=str(error))


@jobs.periodic("imports.remove_old_files", daily_at="03:40")
def remove_files() -> None:
    """Remove uploaded files whose time is over."""
    remove_old_files(by=System("imports"))
