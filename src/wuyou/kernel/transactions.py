"""One action, one transaction. What must happen last (the journal's short lock) happens just before commit."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction
from django.db.models import Model

P = ParamSpec("P")
R = TypeVar("R")
Closer = Callable[[], None]


@dataclass(slots=True)
class _Unit:
    closers: dict[str, Closer] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    first_hook: int = 0


_current: ContextVar[_Unit | None] = ContextVar("unit", default=None)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """A transaction whose closers run inside it, once, at the outermost exit; a nested unit is a savepoint.

    A nested unit that raises is undone, its journal records included, even when the outer one catches the error.
    """
    if _current.get() is not None:
        with transaction.atomic():
            yield
        return
    unit = _Unit()
    token = _current.set(unit)
    try:
        with transaction.atomic():
            unit.first_hook = len(connection.run_on_commit)
            yield
            _close(unit)
    finally:
        _current.reset(token)


def _close(unit: _Unit) -> None:
    # a closer may ask for another one: go on until none is left
    while unit.closers:
        unit.closers.pop(next(iter(unit.closers)))()


def _unit() -> _Unit:
    unit = _current.get()
    if unit is None:
        raise RuntimeError("this write needs a unit of work: call it from an action")
    return unit


def before_commit(key: str, closer: Closer) -> None:
    """Run `closer` once at the end of the unit under way, whatever number of times `key` is asked for.

    Raises RuntimeError outside a unit: a write that is not part of an action.
    """
    _unit().closers.setdefault(key, closer)


def kept_in_unit(key: str, make: Callable[[], R]) -> R:
    """What the unit under way keeps under `key`, made at the first asking; gone with the unit.

    Raises RuntimeError outside a unit.
    """
    kept = _unit().kept
    if key not in kept:
        kept[key] = make()
    thing: R = kept[key]
    return thing


def lock(row: Model) -> None:
    """Hold a row until the unit under way ends: whoever would change it meanwhile waits.

    Raises RuntimeError outside a unit.
    """
    _unit()
    type(row)._base_manager.select_for_update().filter(pk=row.pk).values_list("pk").first()


def commit_hooks() -> list[Callable[[], Any]]:
    """What the unit under way has asked to be called on commit; a savepoint rolled back took its own away.

    Raises RuntimeError outside a unit.
    """
    return [hook[1] for hook in connection.run_on_commit[_unit().first_hook :]]


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make a writer one unit of work."""

    @functools.wraps(function)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        with unit_of_work():
            return function(*args, **kwargs)

    return inner
