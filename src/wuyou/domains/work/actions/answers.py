"""Keeping what was answered on a task's sheet; numbers are readings of the device (spec 03, Tasks)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from wuyou.domains.sheets.models import SheetVersion
from wuyou.domains.sheets.queries import items_of, spec_of
from wuyou.domains.sheets.rules.answers import check_answers
from wuyou.domains.work.models import Answer, Task
from wuyou.domains.work.queries.tasks import last_readings
from wuyou.kernel.errors import Invalid


def keep_answers(task: Task, answers: Mapping[str, object], *, photos: int, at: dt.datetime) -> int:
    """Check and store the answers of the task's own version of its sheet; gives how many. Raises Invalid at each item.

    A task done again replaces what was answered the first time; the journal keeps that it was rejected.
    """
    version = task.sheet_version
    if version is None:
        return 0
    last = last_readings(task.asset_id, version.sheet_id) if task.asset_id else {}
    return _keep([task], version, answers, photos=photos, at=at, last=last)


def keep_common_answers(
    tasks: Sequence[Task], answers: Mapping[str, object], *, photos: int, at: Mapping[int, dt.datetime]
) -> int:
    """Check once and store for every task what was answered for all of them; `at` is when, by task.

    Gives how many answers each got. Raises Invalid for tasks of different sheets, or at each wrong item.
    """
    versions = {task.sheet_version_id: task.sheet_version for task in tasks}
    if len(versions) > 1:
        raise Invalid(fields={"tasks": _("Tasks with different checklists are finished apart.")})
    version = next(iter(versions.values()))
    return _keep(tasks, version, answers, photos=photos, at=at, last={}) if version else 0


def _keep(
    tasks: Sequence[Task],
    version: SheetVersion,
    answers: Mapping[str, object],
    *,
    photos: int,
    at: dt.datetime | Mapping[int, dt.datetime],
    last: Mapping[str, Decimal],
) -> int:
    items = {item.code: item for item in items_of(version)}
    taken = dict.fromkeys(items, photos)  # photos belong to the task, not to one item
    checked = check_answers([spec_of(item) for item in items.values()], answers, photos=taken, last=last)
    checked.require_valid()
    Answer.objects.filter(task__in=tasks).delete()
    Answer.objects.bulk_create(
        [
            Answer(
                task=task,
                item=items[given.code],
                value=given.value,
                number=given.number,
                is_implausible=given.is_implausible,
                asset_id=task.asset_id,
                at=at if isinstance(at, dt.datetime) else at[task.pk],
            )
            for task in tasks
            for given in checked.answers
        ],
        batch_size=500,
    )
    return len(checked.answers)
