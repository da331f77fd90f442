"""What of findings waits for somebody: to be put right, verified, decided, explained, looked at (spec 11: my work)."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from wuyou.domains.org.models import User
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.quality.choices import ExtensionState, FindingState, SimilarState
from wuyou.domains.quality.models import Explanation, Extension, Finding, SimilarPlace
from wuyou.domains.quality.policies.findings import check_decide_extension
from wuyou.domains.quality.policies.rights import CORRECT_FINDINGS, DECIDE_EXTENSIONS, VERIFY_CORRECTIONS
from wuyou.domains.quality.rules import findings as rules
from wuyou.kernel import clock
from wuyou.kernel.errors import Denied

from .findings import UNCORRECTED, findings_visible_to
from .hiding import projects_below

MOST_WISHES = 200


def to_correct(user: User) -> QuerySet[Finding]:
    """Findings the user has to put right: their own, and those of the projects where they hand out corrections."""
    here = Q(project__in=projects_visible_to(user, CORRECT_FINDINGS))
    staff = getattr(user, "staff", None)
    if staff is not None:
        here |= Q(owner=staff) | Q(correction__action_owner=staff)
    return findings_visible_to(user).filter(here, state__in=UNCORRECTED)


def to_verify(user: User) -> QuerySet[Finding]:
    """Proved corrections the user may verify: not their own, and what a level above found only from above."""
    rows = findings_visible_to(user).filter(
        state=FindingState.PROVED, project__in=projects_visible_to(user, VERIFY_CORRECTIONS)
    )
    ours = Q(inspection__isnull=True) | ~Q(inspection__level__in=sorted(rules.ABOVE_LEVELS))
    above = Q(project_id__in=projects_below(user, VERIFY_CORRECTIONS)) | Q(inspection__inspector=user)
    mine = Q(correction__proved_by=user) | Q(correction__action_owner__user=user)
    return rows.filter(ours | above).exclude(mine)


def effects_due(user: User) -> QuerySet[Finding]:
    """Verified corrections whose effect the user may look at from today on."""
    rows = findings_visible_to(user).filter(
        state=FindingState.VERIFIED, correction__effect_due__lte=clock.today(),
        project__in=projects_visible_to(user, VERIFY_CORRECTIONS),
    )  # fmt: skip
    return rows.exclude(Q(correction__proved_by=user) | Q(correction__action_owner__user=user))


def wishes_for(user: User) -> list[Extension]:
    """Wishes for more time that the user may decide, the first deadline first."""
    rows = Extension.objects.filter(
        state=ExtensionState.ASKED, finding__project__in=projects_visible_to(user, DECIDE_EXTENSIONS)
    ).select_related("finding__project__node", "asked_by")
    return [row for row in rows.order_by("finding__deadline", "pk")[:MOST_WISHES] if _may_decide(user, row)]


def _may_decide(user: User, extension: Extension) -> bool:
    try:
        check_decide_extension(user, extension)
    except Denied:
        return False
    return True


def explanations_owed(user: User) -> QuerySet[Explanation]:
    """Explanations owed at the projects where the user hands out corrections, the first due first."""
    rows = Explanation.objects.filter(
        at__isnull=True, counts_again=False, finding__project__in=projects_visible_to(user, CORRECT_FINDINGS)
    )
    return rows.select_related("finding__project", "inspection").order_by("due_at", "pk")


def places_owed(user: User) -> QuerySet[SimilarPlace]:
    """Similar places to be looked at, of the findings the user has to put right or that wait to be verified here."""
    rows = SimilarPlace.objects.filter(state=SimilarState.OWED, finding__state__in=[*UNCORRECTED, FindingState.PROVED])
    return rows.filter(finding__project__in=projects_visible_to(user, CORRECT_FINDINGS))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Counts of what waits for one person."""

    to_correct: int
    late: int
    to_verify: int
    effects: int
    wishes: int
    explanations: int
    places: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not any((self.to_correct, self.to_verify, self.effects, self.wishes, self.explanations, self.places))


def waiting_for(user: User) -> Waiting:
    """What of findings waits for the user."""
    mine = to_correct(user)
    return Waiting(
        to_correct=mine.distinct().count(),
        late=mine.filter(deadline__lt=clock.now()).distinct().count(),
        to_verify=to_verify(user).distinct().count(),
        effects=effects_due(user).distinct().count(),
        wishes=len(wishes_for(user)),
        explanations=explanations_owed(user).count(),
        places=places_owed(user).count(),
    )
