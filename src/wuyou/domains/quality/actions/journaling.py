"""Where acts above projects are entered: a hidden campaign never in the chain of a project that must not know of it."""

from collections.abc import Mapping
from typing import Any

from wuyou.domains.org.choices import NodeKind
from wuyou.domains.org.models import Node
from wuyou.domains.org.queries import chain_of
from wuyou.domains.quality.models import Campaign, Lot, Series, Target
from wuyou.kernel import journal
from wuyou.kernel.actors import Actor


def chain_at(node: Node) -> str:
    """The project's own chain for a campaign of a project, its root's for all others."""
    return chain_of(node.project) if node.kind == NodeKind.PROJECT else chain_of(node)


def enter(verb: str, row: Campaign | Target | Series | Lot, *, by: Actor, **data: Any) -> None:
    """Enter an act on a campaign, a project of one, a series of lots or a lot."""
    kind, node, label = _placed(row)
    chain, subject = chain_at(node), (kind, row.pk, label)
    journal.record(f"quality.{verb}", chain=chain, by=by, subject=subject, data=_plain(data))


def _placed(row: Campaign | Target | Series | Lot) -> tuple[str, Node, str]:
    if isinstance(row, Campaign):
        return "campaign", row.node, row.number
    if isinstance(row, Target):
        return "target", row.campaign.node, f"{row.campaign.number} {row.project.code}"
    if isinstance(row, Series):
        return "series", row.node, row.name
    return "lot", row.target.campaign.node if row.target else row.series.node, row.name


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | list | dict | None) else str(value) for name, value in data.items()}
