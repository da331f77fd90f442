"""Who gets a line: the zone's owner, or the least loaded of those whose job and zone it is (spec 03, Plan)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

MOST_TIMES = Decimal(1100)  # more than three times a day cannot be one person's: it belongs to who is on duty


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who can be given work; `licences` in the words of the standards, synonyms resolved."""

    id: int
    team: str
    job: str
    zones: frozenset[int] = frozenset()
    licences: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Job:
    """A line to be given to somebody; `spot` keeps what is done at one place in one hand."""

    key: str
    team: str
    jobs: tuple[str, ...]
    qualification: str = ""
    zone_id: int | None = None
    owner_id: int | None = None
    keeper_id: int | None = None  # who has it in the plan before
    spot: str = ""
    minutes: Decimal = Decimal(0)
    per_year: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who gets which line (None: the team) and the lines nobody is licensed for."""

    staff: dict[str, int | None]
    unlicensed: tuple[str, ...]


def crew_of(workers: Iterable[Worker], *, team: str, jobs: Sequence[str]) -> str:
    """The crew a line belongs to: `team/job` for the first of the jobs somebody has, else the team as a whole."""
    held = {worker.job for worker in workers if worker.team == team}
    job = next((job for job in jobs if job in held), "")
    return f"{team}/{job}" if job else team


def assign(jobs: Iterable[Job], workers: Sequence[Worker]) -> Assigned:
    """Share lines out so that yearly minutes are even: the largest bundles first, each to the least loaded.

    A bundle is all that one crew does at one spot. The same input always gives the same answer.
    """
    bundles: dict[tuple[tuple[int, ...], str], list[Job]] = defaultdict(list)
    staff: dict[str, int | None] = {}
    unlicensed: list[str] = []
    for job in jobs:
        crew = _crew(job, workers)
        able = [worker for worker in crew if not job.qualification or job.qualification in worker.licences]
        if crew and not able:
            unlicensed.append(job.key)
        if not able or job.per_year > MOST_TIMES:
            staff[job.key] = None
        else:
            bundles[_takers(job, able), job.spot].append(job)
    staff.update(_shared_out(bundles))
    return Assigned(staff, tuple(unlicensed))


def _crew(job: Job, workers: Sequence[Worker]) -> list[Worker]:
    team = [worker for worker in workers if worker.team == job.team]
    for wanted in job.jobs:
        if found := [worker for worker in team if worker.job == wanted]:
            return found
    return team


def _takers(job: Job, able: list[Worker]) -> tuple[int, ...]:
    """Who may take it: whoever has it, the owner of the zone, those of the zone, those without a zone, or anyone."""
    for wanted in (job.keeper_id, job.owner_id):
        if wanted is not None and any(worker.id == wanted for worker in able):
            return (wanted,)
    of_zone = [worker.id for worker in able if job.zone_id is not None and job.zone_id in worker.zones]
    roaming = [worker.id for worker in able if not worker.zones]
    return tuple(of_zone or roaming or [worker.id for worker in able])


def _shared_out(bundles: dict[tuple[tuple[int, ...], str], list[Job]]) -> dict[str, int]:
    loads: dict[int, Decimal] = defaultdict(Decimal)
    given: dict[str, int] = {}
    weighed = [(sum(job.minutes * job.per_year for job in jobs), who, spot) for (who, spot), jobs in bundles.items()]
    for weight, who, spot in sorted(weighed, key=lambda one: (-one[0], one[2], one[1])):
        person = min(who, key=lambda one: (loads[one], one))
        loads[person] += weight
        given.update({job.key: person for job in bundles[who, spot]})
    return given
