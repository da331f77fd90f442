"""The levels as they hold at a node on a day: what ships, or what the nearest node above says (spec 05)."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet

from wuyou.domains.org.models import Node
from wuyou.domains.org.queries import nodes_visible_to
from wuyou.domains.quality.models import LevelSetting
from wuyou.domains.quality.policies.rights import MANAGE_CAMPAIGNS
from wuyou.domains.quality.rules.levels import LEVELS, LevelRule, adjusted
from wuyou.kernel.actors import Actor


def path_up(path: str) -> list[str]:
    """The paths of a node and of everything above it, the root first."""
    return [path[:end] for end in range(Node.steplen, len(path) + 1, Node.steplen)]


def settings_at(node: Node, day: dt.date) -> Sequence[LevelSetting]:
    """What the nodes from the root down to `node` have said by that day, so that what holds comes last."""
    rows = LevelSetting.objects.filter(node__path__in=path_up(node.path), starts_on__lte=day)
    return list(rows.select_related("node").order_by("node__path", "starts_on"))


def levels_at(node: Node, day: dt.date) -> dict[str, LevelRule]:
    """Every level as it holds at a node on a day."""
    found = dict(LEVELS)
    for row in settings_at(node, day):
        found[row.level] = adjusted(
            row.level, weight=row.weight, cover_percent=row.cover_percent, feedback=row.feedback
        )
    return found


def level_settings_visible_to(user: Actor) -> QuerySet[LevelSetting]:
    """What was said about levels at the nodes where `user` plans campaigns."""
    rows = LevelSetting.objects.filter(node__in=nodes_visible_to(user, MANAGE_CAMPAIGNS))
    return rows.select_related("node").order_by("node__path", "level", "-starts_on")
