"""Who may see, enter, appraise, approve and set targets (default deny)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.org.permissions import declare
from wuyou.domains.org.policies import require
from wuyou.domains.standards.policies import require_at_owner
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Denied

from .choices import PeriodState, VersionState
from .flows import APPRAISE, APPRAISE_PEOPLE, APPROVE, EDIT_SCHEMES, ISSUE_SCHEMES, MANAGE_TARGETS
from .models import Consequence, Enrolment, Period, Scheme, SchemeVersion

VIEW = declare("appraisal.view_scores", _("See appraisals of projects and contractors"))
VIEW_PEOPLE = declare("appraisal.view_people", _("See appraisals of teams and persons"))
VIEW_MONEY = declare("appraisal.view_money", _("See statements and the bond"))
ENTER = declare("appraisal.enter_sources", _("Enter what an appraisal is computed from"))
PAYROLL = declare("appraisal.export_payroll", _("Export rewards and penalties for payroll"))
declare(EDIT_SCHEMES, _("Write appraisal schemes"))
declare(ISSUE_SCHEMES, _("Issue appraisal schemes"))
declare(APPRAISE, _("Compute and publish appraisals of projects and contractors"))
declare(APPRAISE_PEOPLE, _("Compute and publish appraisals of teams and persons"))
declare(APPROVE, _("Approve what follows from appraisals"))
declare(MANAGE_TARGETS, _("Write and follow target letters"))

PRIVATE = frozenset({"team", "person"})  # results only those concerned see


def check_edit_scheme(by: Actor, node: Node | None) -> None:
    """Raise Denied unless `by` writes schemes of this owner."""
    require_at_owner(by, EDIT_SCHEMES, node)


def check_issue_scheme(by: Actor, version: SchemeVersion) -> None:
    """Raise Denied unless `by` issues schemes of this owner and is not the one who drafted this version."""
    require_at_owner(by, ISSUE_SCHEMES, version.scheme.node)
    if isinstance(by, User) and version.drafted_by_id == by.actor_id:
        raise Denied(_("Somebody else than the author issues a scheme."))


def right_to_appraise(kind: str) -> str:
    """The permission to appraise a kind of subject: a manager appraises the people of a project, not the project."""
    return APPRAISE_PEOPLE if kind in PRIVATE else APPRAISE


def check_enrol(by: Actor, project: Project, kind: str) -> None:
    """Raise Denied unless `by` appraises subjects of the kind at the project."""
    require(by, right_to_appraise(kind), project)


def check_enter(by: Actor, enrolment: Enrolment) -> None:
    """Raise Denied unless `by` enters sources at the project (appraises its people), and not about himself."""
    require(by, APPRAISE_PEOPLE if enrolment.kind in PRIVATE else ENTER, enrolment.project)
    if isinstance(by, User) and enrolment.staff is not None and enrolment.staff.user_id == by.pk:
        raise Denied(_("Nobody enters anything for his own appraisal."))


def check_open(period: Period) -> None:
    """Raise Conflict for a month that was made known: what it was computed from changes by appeal only."""
    if period.state not in {PeriodState.OPEN, PeriodState.COMPUTED}:
        raise Conflict(_("This month was made known: it changes by appeal only."))


def check_appraise(by: Actor, period: Period) -> None:
    """Raise Denied unless `by` appraises at the project, and is not appraised himself."""
    require(by, right_to_appraise(period.enrolment.kind), period.project)
    staff = period.enrolment.staff
    if isinstance(by, User) and staff is not None and staff.user_id == by.pk:
        raise Denied(_("Nobody appraises himself."))


def check_decide(by: Actor, consequence: Consequence) -> None:
    """Raise Denied unless `by` approves consequences at the project, and none of his own."""
    require(by, APPROVE, consequence.project)
    staff = consequence.period.enrolment.staff
    if isinstance(by, User) and staff is not None and staff.user_id == by.pk:
        raise Denied(_("Nobody decides about himself."))


def check_bond(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` approves consequences at the project."""
    require(by, APPROVE, project)


def check_targets(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` manages targets at the project."""
    require(by, MANAGE_TARGETS, project)


def check_payroll(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` exports payroll entries at the project."""
    require(by, PAYROLL, project)


def check_draft(version: SchemeVersion) -> None:
    """Raise Conflict unless the version is a draft: an issued scheme never changes."""
    if version.state != VersionState.DRAFT:
        raise Conflict(_("Only a draft is changed: open a new version."))


def usable(scheme: Scheme, version: SchemeVersion | None) -> SchemeVersion:
    """The issued version of a scheme; raises Conflict where there is none."""
    if version is None:
        raise Conflict(_("%(scheme)s has no issued version."), scheme=scheme.name_zh)
    return version
