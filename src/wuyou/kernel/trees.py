"""Paths of materialised-path trees in bulk: imports compute them set-wise, never a node at a time."""

from collections.abc import Iterable, Iterator

from treebeard.mp_tree import MP_Node


def child_paths(model: type[MP_Node], parent_path: str, *, after: int) -> Iterator[str]:
    """Endless paths of new children of the node at `parent_path` ('' for roots) that already has `after` children.

    `after` is the step of the last child ever given, not the number of children left.
    """
    step = after
    while True:
        step += 1
        yield model._get_path(parent_path, len(parent_path) // model.steplen + 1, step)


def last_step(model: type[MP_Node], paths: Iterable[str]) -> int:
    """The highest step among sibling paths; 0 for none."""
    return max((model._str2int(path[-model.steplen :]) for path in paths), default=0)
