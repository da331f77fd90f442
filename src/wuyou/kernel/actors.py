"""Who acts: a user of the product or one of its own machines."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@runtime_checkable
class Actor(Protocol):
    """Whoever an action is done by; the journal keeps id and label, never a foreign key."""

    @property
    def actor_id(self) -> str:
        """A stable id such as `user:17` or `system:generation`."""

    @property
    def actor_label(self) -> str:
        """A readable name at the time of acting."""


@dataclass(frozen=True, slots=True)
class System:
    """One of the product's own machines, e.g. System("generation"); passes permission checks."""

    name: str

    @property
    def actor_id(self) -> str:
        """`system:<name>`."""
        return f"system:{self.name}"

    @property
    def actor_label(self) -> str:
        """The machine's name."""
        return self.name
