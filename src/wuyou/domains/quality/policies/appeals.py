"""Who may appeal, decide, withdraw, go further, name a decider, and say how appeals climb (spec 05, 00 rule 3)."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.org.policies import MANAGE_USERS, require
from wuyou.domains.org.queries import has_permission, is_all_powerful
from wuyou.domains.quality.models import Appeal
from wuyou.domains.quality.rules.appeals import Decision, check_party
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Denied

from .rights import DECIDE_APPEALS, FILE_APPEALS, MANAGE_CAMPAIGNS


def check_file(by: Actor, project: Project, decision: Decision) -> User:
    """Raise Denied unless `by` is the party scored: appeals for the project, or is whom the decision is about.

    Gives the person, since an appeal is filed by somebody with a name.
    """
    if not isinstance(by, User):
        raise Denied(_("Only the party that was scored may appeal."))
    check_party(by.pk, decision=decision, may_appeal_here=has_permission(by, FILE_APPEALS, project.node))
    return by


def check_own(by: Actor, appeal: Appeal) -> None:
    """Raise Denied unless `by` filed the appeal: to withdraw it or to take it a step further."""
    if not isinstance(by, User) or appeal.filed_by_id != by.pk:
        raise Denied(_("Only who appealed may do this."))


def check_decide(by: Actor, appeal: Appeal, *, deciders: Collection[int], decided_before: Collection[int]) -> User:
    """Raise Denied, with the reason, unless `by` is among those who decide the step that waits."""
    if not isinstance(by, User):
        raise Denied(_("It is not yours to decide this step."))
    if by.pk in appeal.not_by or by.pk == appeal.filed_by_id:
        raise Denied(_("This appeal is about you or your own decision: somebody else decides."))
    if by.pk in decided_before:
        raise Denied(_("You have decided on this appeal before: somebody else decides now."))
    if by.pk not in deciders:
        raise Denied(_("It is not yours to decide this step."))
    return by


def check_attach(by: Actor, appeal: Appeal, *, deciders: Collection[int]) -> None:
    """Raise Denied unless `by` filed the appeal or decides it now."""
    if not isinstance(by, User) or by.pk not in {appeal.filed_by_id, *deciders}:
        raise Denied(_("Only who appealed and who decides add evidence."))


def check_appoint(by: Actor, appeal: Appeal) -> None:
    """Raise Denied unless `by` administers the installation or manages users at the project."""
    if not is_all_powerful(by):
        require(by, MANAGE_USERS, appeal.project)


def check_appointee(user: User, appeal: Appeal, *, decided_before: Collection[int]) -> None:
    """Raise Denied unless the user is active, decides appeals somewhere, and has no part in this one."""
    if user.pk in {*appeal.not_by, *decided_before, appeal.filed_by_id}:
        raise Denied(_("This person has a part in the case."))
    if not user.is_active or not has_permission(user, DECIDE_APPEALS):
        raise Denied(_("This person does not decide appeals anywhere."))


def check_set_ladder(by: Actor, node: Node) -> None:
    """Raise Denied unless `by` plans inspections at the node: who judges says how appeals climb."""
    require(by, MANAGE_CAMPAIGNS, node)
