"""Naming handlers and asking for them."""

import functools
import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, ParamSpec, TypeVar

from wuyou.kernel import clock

from . import store
from .rules import Rhythm, rhythm

P = ParamSpec("P")
R = TypeVar("R")

RETRIES = 5
TIME_LIMIT = timedelta(hours=1)
_RESERVED = {"key", "run_at", "priority"}


class Handler(Generic[P, R]):
    """A function the queue can run by name; called directly it is just the function."""

    def __init__(
        self, name: str, function: Callable[P, R], *, retries: int, time_limit: timedelta, transactional: bool
    ) -> None:
        """See `handler` for the parameters."""
        functools.update_wrapper(self, function)
        self.name = name
        self.function = function
        self.max_attempts = retries + 1
        self.time_limit = time_limit
        self.transactional = transactional
        self.signature = inspect.signature(function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run it here and now."""
        return self.function(*args, **kwargs)

    def enqueue(self, *args: P.args, **kwargs: P.kwargs) -> int:
        """Ask for it in the background; gives the job's id."""
        return enqueue(self.name, **self.signature.bind(*args, **kwargs).arguments)


@dataclass(frozen=True, slots=True)
class Periodic:
    """A handler without arguments and when it is due."""

    name: str
    rhythm: Rhythm


_handlers: dict[str, Handler[..., Any]] = {}
_periodic: dict[str, Periodic] = {}


def handler(
    name: str, *, retries: int = RETRIES, time_limit: timedelta = TIME_LIMIT, transactional: bool = True
) -> Callable[[Callable[P, R]], Handler[P, R]]:
    """Give a function a name in the queue, `<app>.<verb>`; it takes and returns JSON values only.

    It runs as one unit of work in which the job also becomes done, so that a kill never doubles an effect. With
    `transactional=False` it commits by itself as it goes and must bear being run twice. After `time_limit` another
    worker may take the job over. Raises ValueError when the name is taken or a parameter is one of enqueue's own.
    """

    def register(function: Callable[P, R]) -> Handler[P, R]:
        if name in _handlers:
            raise ValueError(f"the job {name} is declared twice")
        if _RESERVED & inspect.signature(function).parameters.keys():
            raise ValueError(f"the job {name} may not take {', '.join(sorted(_RESERVED))}: they belong to enqueue")
        made = Handler(name, function, retries=retries, time_limit=time_limit, transactional=transactional)
        _handlers[name] = made
        return made

    return register


def periodic(
    name: str, *, every: timedelta | None = None, daily_at: str | None = None, transactional: bool = True
) -> Callable[[Callable[[], R]], Handler[[], R]]:
    """Name a function and run it by the clock: `every` an interval or `daily_at` a Shanghai time such as "02:00".

    After downtime it runs once, not once per missed slot. Raises ValueError for a rhythm that makes no sense.
    """
    due = rhythm(every=every, daily_at=daily_at)

    def register(function: Callable[[], R]) -> Handler[[], R]:
        made: Handler[[], R] = handler(name, transactional=transactional)(function)
        _periodic[name] = Periodic(name, due)
        return made

    return register


def find_handler(name: str) -> Handler[..., Any]:
    """The handler of a name; raises LookupError for an unknown one."""
    if name not in _handlers:
        raise LookupError(f"no job is called {name}")
    return _handlers[name]


def registered() -> list[str]:
    """The names of all jobs, sorted."""
    return sorted(_handlers)


def all_periodic() -> list[Periodic]:
    """Every periodic job, by name."""
    return [_periodic[name] for name in sorted(_periodic)]


def forget(name: str) -> None:
    """Take a name back: for tests."""
    _handlers.pop(name, None)
    _periodic.pop(name, None)


def enqueue(
    name: str, /, *, key: str | None = None, run_at: datetime | None = None, priority: int = 0, **args: Any
) -> int:
    """Ask for a job inside the caller's transaction; gives its id.

    While a job with the same `key` is waiting, that one is meant and its id given; it then runs only after this
    transaction too. A higher `priority` goes first. Raises LookupError for an unknown name, TypeError for arguments
    the handler does not take or JSON cannot carry.
    """
    return store.insert(_wanted(name, args, key=key, run_at=run_at, priority=priority))


def enqueue_many(
    name: str, arguments: Sequence[Mapping[str, Any]], *, run_at: datetime | None = None, priority: int = 0
) -> int:
    """Ask for the same job with many arguments in few statements; gives their number."""
    store.insert_many([_wanted(name, args, key=None, run_at=run_at, priority=priority) for args in arguments])
    return len(arguments)


def _wanted(
    name: str, args: Mapping[str, Any], *, key: str | None, run_at: datetime | None, priority: int
) -> store.Wanted:
    known = find_handler(name)
    known.signature.bind(**args)
    text = json.dumps(args, ensure_ascii=False, sort_keys=True, allow_nan=False)
    now = clock.now()
    return store.Wanted(name, text, key, priority, run_at or now, known.max_attempts, now)
