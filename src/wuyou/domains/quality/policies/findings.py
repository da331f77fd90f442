"""Who may enter, correct, verify, extend and judge findings (spec 05: verified by the inspecting side)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import has_permission, held_by
from wuyou.domains.quality.models import Correction, Extension, Finding, Inspection
from wuyou.domains.quality.rules import findings as rules
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Denied

from .rights import CORRECT_FINDINGS, DECIDE_APPEALS, DECIDE_EXTENSIONS, INSPECT, VERIFY_CORRECTIONS


def check_enter(by: Actor, project: Project, inspection: Inspection | None = None) -> None:
    """Raise Denied unless `by` inspects here, or made the inspection the finding comes from."""
    if inspection is not None and isinstance(by, User) and inspection.inspector_id == by.pk:
        return
    require(by, INSPECT, project)


def check_correct(by: Actor, finding: Finding) -> None:
    """Raise Denied unless `by` corrects findings here or answers for this one (as its owner or its action's)."""
    if isinstance(by, User) and by.pk in answering_for(finding):
        return
    require(by, CORRECT_FINDINGS, finding.project)


def check_assign(by: Actor, finding: Finding) -> None:
    """Raise Denied unless `by` hands out corrections here."""
    require(by, CORRECT_FINDINGS, finding.project)


def check_judge(by: Actor, finding: Finding) -> None:
    """Raise Denied unless `by` is of the inspecting side.

    What a level above found is judged from above the project, or by the inspector; else by who verifies here.
    """
    require(by, VERIFY_CORRECTIONS, finding.project)
    inspection = finding.inspection
    if inspection is None or not comes_from_above(inspection) or not isinstance(by, User):
        return
    if inspection.inspector_id != by.pk and not holds_above(by, VERIFY_CORRECTIONS, finding.project):
        raise Denied(_("A level above found this: it is for them or the inspector to judge."))


def check_verify(by: Actor, finding: Finding) -> None:
    """Raise Denied unless `by` is of the inspecting side and neither did the work nor answers for the action."""
    check_judge(by, finding)
    if isinstance(by, User) and by.pk in doers_of(finding):
        raise Denied(_("Nobody verifies their own work."))


def check_decide_extension(by: Actor, extension: Extension) -> None:
    """Raise Denied unless `by` is somebody else who decides from above the project, one level higher each time."""
    if isinstance(by, User) and by.pk == extension.asked_by_id:
        raise Denied(_("Somebody else decides on your wish."))
    approved = extension.finding.extensions.filter(state="approved").count()
    if not extends(by, extension.finding.project, approved=approved):
        raise Denied(_("This extension is for a level above to decide."))


def extends(by: Actor, project: Project, *, approved: int) -> bool:
    """Whether `by` sits high enough to decide on an extension after so many were approved."""
    depth = rules.depth_to_extend(_depth(project.node.path), approved=approved)
    return holds_at_depth(by, DECIDE_EXTENSIONS, project, most=depth)


def check_void(by: Actor, finding: Finding, *, cause: tuple[str, int] | None) -> None:
    """Raise Denied unless `by` judges the finding, or decides the appeal that is the cause."""
    if cause is not None and cause[0] == "appeal":
        require(by, DECIDE_APPEALS, finding.project)
    else:
        check_judge(by, finding)


def answering_for(finding: Finding) -> set[int]:
    """Ids of the users who own the finding or its action."""
    correction = correction_of(finding)
    people = (finding.owner, correction.action_owner if correction else None)
    return {person.user_id for person in people if person is not None and person.user_id is not None}


def doers_of(finding: Finding) -> set[int]:
    """Ids of the users who proved the correction or own its action."""
    correction = correction_of(finding)
    if correction is None:
        return set()
    owner = correction.action_owner.user_id if correction.action_owner else None
    return {pk for pk in (correction.proved_by_id, owner) if pk is not None}


def correction_of(finding: Finding) -> Correction | None:
    """The correction of a finding, None before anything was done."""
    found: Correction | None = getattr(finding, "correction", None)
    return found


def comes_from_above(inspection: Inspection) -> bool:
    """Whether an inspection was made by a level above the project."""
    return inspection.level in rules.ABOVE_LEVELS


def holds_above(by: Actor, permission: str, project: Project) -> bool:
    """Whether `by` holds a permission above the project; at it where nothing is above."""
    return holds_at_depth(by, permission, project, most=max(1, _depth(project.node.path) - 1))


def holds_at_depth(by: Actor, permission: str, project: Project, *, most: int) -> bool:
    """Whether `by` holds a permission for the project at a node of depth `most` or higher up (1 is the root)."""
    if not isinstance(by, User):
        return has_permission(by, permission, project.node)
    return any(
        permission in held.permissions and project.node.path.startswith(held.path) and _depth(held.path) <= most
        for held in held_by(by)
    )


def _depth(path: str) -> int:
    return len(path) // Node.steplen
