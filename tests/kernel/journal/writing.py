"""Ways to write entries in tests."""

from wuyou.kernel import journal
from wuyou.kernel.actors import System
from wuyou.kernel.transactions import action

CHAIN = "project:1"
WANG = System("wang")


def enter(verb: str = "work.task_done", *, chain: str = CHAIN, subject_id: object = 7, **data: object) -> None:
    """Record inside an action under way."""
    journal.record(verb, chain=chain, by=WANG, subject=("work.task", subject_id, "大堂保洁"), data=data)


@action
def act(count: int = 1, *, chain: str = CHAIN) -> None:
    """One action with a number of entries."""
    for number in range(count):
        enter(chain=chain, subject_id=number, number=number)
