"""Who may inspect what: nobody from the inspected project, nobody twice running at the same one (spec 05)."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .levels import LevelRule

# rights of those who do the work at a project; a client's or a committee's role holds none of them
OF_THE_PROJECT = frozenset({
    "quality.correct_findings", "work.do_tasks", "work.assign_tasks", "work.edit_plan", "registry.manage_places",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ties:
    """What ties a person to a project.

    `rights_there`: of roles at the project's own node; `is_staff`: has a staff record there; `may_inspect`: holds the
    right to inspect there, or is a guest of this very inspection; `was_last`: made the last inspection there at this
    level.
    """

    rights_there: Collection[str]
    is_staff: bool
    may_inspect: bool
    was_last: bool


def obstacle(rule: LevelRule, ties: Ties) -> str | Promise | None:
    """Why a person may not inspect a project at a level, in words; None when nothing stands against it."""
    if not ties.may_inspect:
        return _("This person may not inspect at this project.")
    if rule.is_independent and ties.is_staff:
        return _("This person works at the project: somebody else inspects it.")
    if rule.is_independent and OF_THE_PROJECT & set(ties.rights_there):
        return _("This person has a part in running the project: somebody else inspects it.")
    if rule.is_rotated and ties.was_last:
        return _("This person made the last inspection of this kind here: somebody else makes the next one.")
    return None
