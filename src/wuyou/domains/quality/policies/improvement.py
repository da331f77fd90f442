"""Who may run improvement projects, do their measures and decide on their proposals (spec 05: PDCA)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, User
from wuyou.domains.org.policies import require
from wuyou.domains.quality.models import Improvement, Measure, Proposal
from wuyou.domains.standards import policies as standards
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Denied

from .rights import MANAGE_IMPROVEMENT


def check_plan(by: Actor, node: Node) -> User:
    """Raise Denied unless `by` runs improvement projects at the node; gives the person, for projects have an owner."""
    require(by, MANAGE_IMPROVEMENT, node)
    if not isinstance(by, User):
        raise Denied(_("A person runs an improvement project."))
    return by


def check_learn(by: Actor, node: Node) -> None:
    """Raise Denied unless `by` is a person who runs projects at the node: who writes down what was learnt."""
    check_plan(by, node)


def check_run(by: Actor, improvement: Improvement) -> None:
    """Raise Denied unless `by` owns the project, or runs improvement projects at its node."""
    if not (isinstance(by, User) and improvement.owner_id == by.pk):
        require(by, MANAGE_IMPROVEMENT, improvement.node)


def check_finish(by: Actor, measure: Measure) -> None:
    """Raise Denied unless the measure is for `by` to do, or `by` runs the project."""
    is_mine = isinstance(by, User) and measure.owner is not None and measure.owner.user_id == by.pk
    if not is_mine:
        check_run(by, measure.improvement)


def check_decide(by: Actor, proposal: Proposal) -> None:
    """Raise Denied unless `by` writes the standard that is to change."""
    standards.check_edit(by, proposal.clause.version.standard)
