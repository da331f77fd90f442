"""A progress bar for the command line: weights of steps, one line that moves."""

import sys
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
Report = Callable[..., None]
WIDTH = 30


class Bar:
    """Steps with weights; each step reports done/total as imports and jobs do."""

    def __init__(self, *, steps: list[tuple[str, int]]) -> None:
        """Take the names and weights of all steps to come."""
        self.steps = steps
        self.total = sum(weight for _name, weight in steps)
        self.done = 0
        self.at = 0
        self.started = time.monotonic()
        self.shown = 0.0

    def run(self, step: Callable[[Report], T]) -> T:
        """Run the next step and give what it gives."""
        name, weight = self.steps[self.at]

        def report(*, done: int = 0, total: int = 1, **_more: object) -> None:
            self._show(name, self.done + weight * min(1, done / max(1, total)))

        self._show(name, self.done, always=True)
        result = step(report)
        self.at, self.done = self.at + 1, self.done + weight
        return result

    def close(self) -> None:
        """Show the full bar and how long it took."""
        self._show("done", self.total, always=True)
        print(f"\n{time.monotonic() - self.started:.0f} s", flush=True)

    def _show(self, name: str, done: float, *, always: bool = False) -> None:
        now = time.monotonic()
        if not always and now - self.shown < 0.2:
            return
        self.shown = now
        share = done / self.total
        line = f"{'█' * int(share * WIDTH):░<{WIDTH}} {share:4.0%}  {name:24}"
        if sys.stdout.isatty():
            print(f"\r{line}", end="", flush=True)
        elif always:
            print(line, flush=True)
