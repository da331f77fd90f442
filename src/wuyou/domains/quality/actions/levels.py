"""What a company says differently about a level of inspection, from a day on (spec 05, Levels)."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node
from wuyou.domains.quality.choices import Feedback, Level
from wuyou.domains.quality.models import LevelSetting
from wuyou.domains.quality.policies import campaigns as policies
from wuyou.kernel import clock, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid
from wuyou.kernel.transactions import action

from .journaling import chain_at

HEAVIEST = Decimal("9999.99")


@action
def set_level(
    node: Node, *, level: str, weight: Decimal, cover_percent: int, feedback: str, starts_on: dt.date, by: Actor
) -> LevelSetting:
    """Say what holds at a level below a node from today or a later day on; the same day again replaces what was said.

    Raises Denied, or Invalid per field.
    """
    policies.check_plan(by, node)
    wrong: dict[str, object] = {}
    if level not in Level.values:
        wrong["level"] = _("Choose a level.")
    if feedback not in Feedback.values:
        wrong["feedback"] = _("Choose a deadline.")
    if not 0 <= weight <= HEAVIEST:
        wrong["weight"] = _("A weight is between 0 and 9999.99.")
    if not 0 <= cover_percent <= 100:
        wrong["cover_percent"] = _("A share is between 0 and 100 percent.")
    if starts_on < clock.today():
        wrong["starts_on"] = _("What held before today stays as it was.")
    if wrong:
        raise Invalid(fields=wrong)
    values = {"weight": weight, "cover_percent": cover_percent, "feedback": feedback}
    row, _new = LevelSetting.objects.update_or_create(node=node, level=level, starts_on=starts_on, defaults=values)
    data = {"level": level, "from": str(starts_on), **{name: str(value) for name, value in values.items()}}
    journal.record("quality.level_set", chain=chain_at(node), by=by, subject=("node", node.pk, node.name), data=data)
    return row
