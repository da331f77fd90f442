"""What a company says about appeals: who decides in which order, how long each has (spec 05: ladder configurable)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node
from wuyou.domains.org.queries import chain_of
from wuyou.domains.quality.models import AppealLadder
from wuyou.domains.quality.policies.appeals import check_set_ladder
from wuyou.domains.quality.queries.appeals import deciding_roles
from wuyou.domains.quality.rules.appeals import Rung, check_ladder
from wuyou.kernel import clock, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action


@action
def set_ladder(*, node: Node, starts_on: dt.date, days: int, rungs: Sequence[Rung], by: Actor) -> AppealLadder:
    """Say how appeals below a node climb from a day on; appeals filed before keep the ladder they had.

    `days` are working days to appeal within. Raises Invalid for a ladder that cannot be climbed or a day that is over,
    Conflict for a second ladder from the same day.
    """
    check_set_ladder(by, node)
    check_ladder(rungs, days=days, deciding_roles={role.code for role in deciding_roles()})
    if starts_on < clock.today():
        raise Invalid(fields={"starts_on": _("A rule holds from today or later.")})
    row = AppealLadder(node=node, starts_on=starts_on, days=days, steps=[asdict(rung) for rung in rungs])
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("There is a ladder from this day already.")) from error
    journal.record(
        "quality.appeal_ladder_set",
        chain=chain_of(node),
        by=by,
        subject=("appeal_ladder", row.pk, str(node)),
        data={"starts_on": starts_on, "days": days, "steps": row.steps},
    )
    return row
