"""Background work: a queue in the database, at least once, with effects exactly once (docs/decisions/0003).

`@handler("work.generate")` names a function, `enqueue("work.generate", project_id=1)` asks for it inside the caller's
transaction, `@periodic(…)` asks for it by the clock. A handler's effect and its being done are one transaction.
"""

from .handlers import Handler, enqueue, enqueue_many, handler, periodic
from .progress import Progress, listening, progress_of, report
from .store import LeaseLost, counts
from .worker import drain, run_worker

__all__ = [
    "Handler",
    "LeaseLost",
    "Progress",
    "counts",
    "drain",
    "enqueue",
    "enqueue_many",
    "handler",
    "listening",
    "periodic",
    "progress_of",
    "report",
    "run_worker",
]
