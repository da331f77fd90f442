"""Recording: an action's entries wait in its unit of work and are appended once, just before commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection, transaction

from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.transactions import before_commit, commit_hooks, kept_in_unit

from . import store
from .hashing import Line, canonical, hash_line, moment_text


class Subject(NamedTuple):
    """What an entry is about: kind (`work.task`), id and a label that reads well without the record."""

    kind: str
    id: object
    label: object


class Mark:
    """Stands in the transaction's list of commit hooks; a nested `atomic()` that is rolled back takes it away.

    (Django does not do so for the bare `transaction.savepoint()`: nobody uses it here.)
    """

    def __call__(self) -> None:
        """Nothing is done at commit: being there is enough."""


@dataclass(slots=True)
class Waiting:
    """An entry without its place in the chain."""

    chain: str
    line: Line
    mark: Mark


@dataclass(slots=True)
class Waitlist:
    """The entries of one unit of work, in the order of recording."""

    entries: list[Waiting] = field(default_factory=list)
    savepoints: tuple[Any, ...] | None = None
    mark: Mark = field(default_factory=Mark)

    def add(self, chain: str, line: Line) -> None:
        """Keep an entry, marked with the savepoints open now."""
        savepoints = tuple(connection.savepoint_ids)
        if savepoints != self.savepoints:
            self.savepoints, self.mark = savepoints, Mark()
            transaction.on_commit(self.mark)
        self.entries.append(Waiting(chain, line, self.mark))

    def flush(self) -> None:
        """Append what was not rolled back, chains in the order of their keys so that two writers never cross."""
        alive = {id(hook) for hook in commit_hooks()}
        entries = sorted((one for one in self.entries if id(one.mark) in alive), key=attrgetter("chain"))
        self.entries = []
        for chain, group in groupby(entries, key=attrgetter("chain")):
            _append(chain, [one.line for one in group])


def record(
    verb: str,
    *,
    chain: str,
    by: Actor,
    subject: Subject | tuple[str, object, object],
    data: Mapping[str, Any] | None = None,
    on_behalf: Actor | None = None,
) -> None:
    """Enter what happened (spec 02): `verb` is `<app>.<past tense>`, `chain` `project:<id>` or `node:<root id>`.

    `data` holds before and after of what matters and no personal values. Raises RuntimeError outside an action.
    """
    kind, subject_id, label = subject
    line = Line(
        seq=0,
        at=moment_text(clock.now()),
        actor_id=_cut(by.actor_id, 60),
        actor_label=_cut(by.actor_label, 120),
        on_behalf=_cut(f"{on_behalf.actor_id} {on_behalf.actor_label}", 200) if on_behalf else "",
        verb=_cut(verb, 80),
        subject_kind=_cut(kind, 60),
        subject_id=_cut(subject_id, 60),
        subject_label=_cut(label, 200),
        data=canonical(data or {}),
        prev_hash="",
    )
    waitlist = kept_in_unit("journal", Waitlist)
    waitlist.add(chain, line)
    before_commit("journal", waitlist.flush)


def _cut(value: object, length: int) -> str:
    """What the column will hold: hashed and stored text must be the same, and PostgreSQL takes no NUL."""
    return str(value).replace("\0", "")[:length]


def _append(chain: str, lines: list[Line]) -> None:
    head = store.lock_head(chain)
    seq, prev_hash = head.seq, head.hash
    rows: list[tuple[Any, ...]] = []
    for line in lines:
        seq += 1
        placed = line._replace(seq=seq, prev_hash=prev_hash)
        prev_hash = hash_line(chain, placed)
        rows.append((*placed, prev_hash))
    store.append(head, rows)
