"""What every act on an inspection does besides: the journal, other systems."""

from wuyou.domains.org.actions import announce
from wuyou.domains.org.queries import chain_of
from wuyou.domains.quality.actions.targets import note_progress
from wuyou.domains.quality.models import Inspection
from wuyou.kernel import journal
from wuyou.kernel.actors import Actor


def case_of(inspection: Inspection) -> tuple[str, int, str]:
    """How journal, clocks and comments name an inspection."""
    return ("inspection", inspection.pk, inspection.number)


def chain(inspection: Inspection) -> str:
    """The chain its history belongs to; what is hidden from the project is not told in the project's own."""
    return chain_of(inspection.project.node if inspection.is_hidden else inspection.project)


def told(verb: str, inspection: Inspection, *, by: Actor, **data: object) -> None:
    """Enter an act in the journal."""
    journal.record(f"quality.{verb}", chain=chain(inspection), by=by, subject=case_of(inspection), data=data)


def announced(event: str, inspection: Inspection, **data: object) -> None:
    """Tell other systems, unless it is hidden."""
    if not inspection.is_hidden:
        score = None if inspection.score is None else str(inspection.score)
        payload = {"number": inspection.number, "level": inspection.level, "score": score, **data}
        announce(event, project=inspection.project, payload=payload)


def follow(inspection: Inspection) -> None:
    """Let the project of a campaign follow the inspection: owed, under way, inspected."""
    if inspection.target is not None:
        note_progress(inspection.target)
