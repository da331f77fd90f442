"""What of findings waits for somebody: to be put right, verified, decided, explained, looked at (spec 11: my work)."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from wuyou.domains.org.models import User
from wuyou.domains.org.queries import has_permission, projects_visible_to
from wuyou.domains.quality.choices import ExtensionState, FindingState, SimilarState
from wuyou.domains.quality.models import Explanation, Extension, Finding, SimilarPlace
from wuyou.domains.quality.policies.findings import extends
from wuyou.domains.quality.policies.rights import CORRECT_FINDINGS, DECIDE_EXTENSIONS, VERIFY_CORRECTIONS
from wuyou.domains.quality.rules import findings as rules
from wuyou.kernel import clock

from .findings import UNCORRECTED, findings_visible_to
from .hiding import projects_below

MOST_WISHES = 200


def to_correct(user: User, seen: QuerySet[Finding] | None = None) -> QuerySet[Finding]:
    """Findings the user has to put right: their own, and those of the projects where they hand out corrections.

    `seen` are the findings visible to the user, where the caller has them already; here and below.
    """
    here = Q(project__in=projects_visible_to(user, CORRECT_FINDINGS))
    staff = getattr(user, "staff", None)
    if staff is not None:
        here |= Q(owner=staff) | Q(correction__action_owner=staff)
    return _seen(user, seen).filter(here, state__in=UNCORRECTED)


def to_verify(user: User, seen: QuerySet[Finding] | None = None) -> QuerySet[Finding]:
    """Proved corrections the user may verify: not their own, and what a level above found only from above."""
    return _judged(user, seen).filter(state=FindingState.PROVED)


def effects_due(user: User, seen: QuerySet[Finding] | None = None) -> QuerySet[Finding]:
    """Verified corrections whose effect the user may look at from today on."""
    return _judged(user, seen).filter(state=FindingState.VERIFIED, correction__effect_due__lte=clock.today())


def _judged(user: User, seen: QuerySet[Finding] | None) -> QuerySet[Finding]:
    """The same rule as `policies.check_verify`, as a condition."""
    rows = _seen(user, seen).filter(project__in=projects_visible_to(user, VERIFY_CORRECTIONS))
    ours = Q(inspection__isnull=True) | ~Q(inspection__level__in=sorted(rules.ABOVE_LEVELS))
    above = Q(project_id__in=projects_below(user, VERIFY_CORRECTIONS)) | Q(inspection__inspector=user)
    mine = Q(correction__proved_by=user) | Q(correction__action_owner__user=user)
    return rows.filter(ours | above).exclude(mine)


def _seen(user: User, seen: QuerySet[Finding] | None) -> QuerySet[Finding]:
    return findings_visible_to(user) if seen is None else seen


def wishes_for(user: User) -> list[Extension]:
    """Wishes for more time that the user may decide, the first deadline first; one query."""
    approved = Count("finding__extensions", filter=Q(finding__extensions__state=ExtensionState.APPROVED))
    rows = Extension.objects.filter(
        state=ExtensionState.ASKED, finding__project__in=projects_visible_to(user, DECIDE_EXTENSIONS)
    ).exclude(asked_by=user)
    found = rows.select_related("finding__project__node", "asked_by").annotate(approved=approved)
    first = found.order_by("finding__deadline", "pk")[:MOST_WISHES]
    return [row for row in first if extends(user, row.finding.project, approved=row.approved)]


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
    """What of findings waits for the user; rights they do not hold cost no query."""
    seen = findings_visible_to(user)
    late = Count("pk", filter=Q(deadline__lt=clock.now()), distinct=True)
    mine = to_correct(user, seen).aggregate(n=Count("pk", distinct=True), late=late)
    judges, corrects = has_permission(user, VERIFY_CORRECTIONS), has_permission(user, CORRECT_FINDINGS)
    proved = Count("pk", filter=Q(state=FindingState.PROVED), distinct=True)
    over = Q(state=FindingState.VERIFIED, correction__effect_due__lte=clock.today())
    judged = _judged(user, seen).aggregate(n=proved, effects=Count("pk", filter=over, distinct=True)) if judges else {}
    return Waiting(
        to_correct=mine["n"],
        late=mine["late"],
        to_verify=judged.get("n", 0),
        effects=judged.get("effects", 0),
        wishes=len(wishes_for(user)) if has_permission(user, DECIDE_EXTENSIONS) else 0,
        explanations=explanations_owed(user).count() if corrects else 0,
        places=places_owed(user).count() if corrects else 0,
    )


def waiting_ids(user: User, what: str) -> list[int]:
    """Ids of the findings that wait for the user: to `correct`, `verify`, see the `effect`, decide a `wish`, `explain`,
    or `look` at similar places. Raises KeyError for another word.
    """
    if what == "wish":
        return [row.finding_id for row in wishes_for(user)]
    if what == "explain":
        return list(explanations_owed(user).values_list("finding_id", flat=True))
    if what == "look":
        return list(places_owed(user).values_list("finding_id", flat=True).distinct())
    rows = {"correct": to_correct, "verify": to_verify, "effect": effects_due}[what](user)
    return list(rows.values_list("pk", flat=True))
