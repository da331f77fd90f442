"""Findings somebody may see, one finding with all that belongs to it, what it repeats (spec 05)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project, User
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.quality.choices import FindingState, InspectionState, SourceKind
from wuyou.domains.quality.models import Correction, Explanation, Extension, Finding, Inspection, SimilarPlace
from wuyou.domains.quality.policies.rights import INSPECT, VIEW_FINDINGS
from wuyou.domains.quality.rules import findings as rules
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.domains.registry.models import Place, Staff, Team, Zone
from wuyou.domains.registry.queries.places import zone_over
from wuyou.domains.standards.models import Clause, Subject
from wuyou.domains.work.models import Problem
from wuyou.domains.work.queries.site import bindings_in_force
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.evidence import evidence_of
from wuyou.kernel.evidence.models import Evidence

from .hiding import sight_of
from .inspections import unseen_firsts

RELATED = ("project__node", "clause", "place", "asset", "zone", "team", "contractor", "owner", "inspection")
OVER = (FindingState.CLOSED, FindingState.MERGED, FindingState.VOID)
UNCORRECTED = tuple(sorted(rules.UNCORRECTED))
IN_HAND = tuple(sorted(rules.IN_HAND))


def findings_visible_to(user: Actor) -> QuerySet[Finding]:
    """Findings of projects where the user may see them, and those the user found or has to put right.

    Hidden ones are shown only as `hiding` says; clients and committees see what was published; who inspects the same a
    second time sees what the first found when both have submitted.
    """
    sight = sight_of(user, VIEW_FINDINGS)
    seen = Q(project_id__in=sight.inside)
    if sight.outside:
        seen |= Q(project_id__in=sight.outside, inspection__state=InspectionState.PUBLISHED)
    if not isinstance(user, User):
        return Finding.objects.filter(seen)
    open_ = Q(is_hidden=False) | Q(project_id__in=sight.unhidden)
    rows = Finding.objects.filter((seen & open_) | _own(user))
    return rows.exclude(inspection_id__in=unseen_firsts(user))


def _own(user: User) -> Q:
    """What the user found in an inspection of their own, or has to put right by a staff record."""
    own = Q(inspection__in=Inspection.objects.filter(inspector=user).values("pk"))
    staff = getattr(user, "staff", None)
    if staff is not None and staff.left_on is None:
        acting = Correction.objects.filter(action_owner=staff).values("finding")
        own |= (Q(owner=staff) | Q(pk__in=acting)) & Q(is_hidden=False)
    return own


def findings_for_list(user: Actor) -> QuerySet[Finding]:
    """Visible findings with all that a list shows of them, the first due first."""
    return findings_visible_to(user).select_related(*RELATED).order_by("deadline", "pk")


def whole(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """Findings with all that one page shows of them."""
    return rows.select_related(
        *RELATED, "found_by", "answer__item", "repeat_of", "merged_into", "correction__action_owner",
        "correction__proved_by", "correction__verified_by", "inspection__campaign", "inspection__inspector",
    )  # fmt: skip


def overdue(rows: QuerySet[Finding], *, now: dt.datetime | None = None) -> QuerySet[Finding]:
    """Findings not put right by their deadline."""
    return rows.filter(state__in=UNCORRECTED, deadline__lt=now or clock.now())


@dataclass(frozen=True, slots=True)
class Matter:
    """What a finding is about: a clause, at a device, else at a place, else of the project as a whole."""

    project: Project
    clause: Clause | None
    place: Place | None
    asset: Asset | None

    @property
    def is_pinned(self) -> bool:
        """Whether it says where: only then two sights can be one."""
        return self.place is not None or self.asset is not None


def matter_of(finding: Finding) -> Matter:
    """What a finding is about."""
    return Matter(finding.project, finding.clause, finding.place, finding.asset)


def same_matter(matter: Matter) -> QuerySet[Finding]:
    """Findings of the same clause at the same device or place; none without a clause."""
    if matter.clause is None:
        return Finding.objects.none()
    same = Clause.objects.filter(code=matter.clause.code, version__standard_id=matter.clause.version.standard_id)
    rows = Finding.objects.filter(project=matter.project, clause__in=same)
    if matter.asset is not None:
        return rows.filter(asset=matter.asset)
    return rows.filter(asset__isnull=True, place=matter.place)


def past_of(matter: Matter, *, before: dt.datetime) -> list[rules.Past]:
    """The same matter in the last months, as the rules take it: corrected, or not yet put right."""
    since = rules.months_before(before, rules.REPEAT_MONTHS)
    rows = same_matter(matter).filter(Q(found_at__gte=since) | Q(state__in=UNCORRECTED))
    fields = ("pk", "state", "found_at", "weight", "is_hidden", "inspection_id")
    return [rules.Past(*row) for row in rows.values_list(*fields)]


def duplicates_of(finding: Finding) -> QuerySet[Finding]:
    """Other findings not yet put right that could be the same: same clause and place, or the same device."""
    if finding.state not in UNCORRECTED:
        return Finding.objects.none()
    rows = same_matter(matter_of(finding))
    if finding.asset_id is not None:
        rows = rows | Finding.objects.filter(project_id=finding.project_id, asset_id=finding.asset_id)
    same = rows.filter(state__in=UNCORRECTED, is_hidden=finding.is_hidden).exclude(pk=finding.pk)
    return same.select_related("clause", "place", "asset").order_by("found_at", "pk")


def came_back(finding: Finding) -> Finding | None:
    """The first finding that says the same is wrong again; one the project may know of goes before a hidden one."""
    rows = Finding.objects.filter(repeat_of=finding).exclude(state__in=[FindingState.VOID, FindingState.MERGED])
    return rows.order_by("is_hidden", "found_at", "pk").first()


def team_for(project: Project, clause: Clause | None) -> Team | None:
    """The team of a project whose work a clause is, by the clause's subject."""
    if clause is None:
        return None
    names = Subject.objects.filter(name=clause.subject_name).values_list("team", flat=True)
    return Team.objects.filter(project=project, name__in=list(names)).select_related("contractor").first()


def zone_for(place: Place | None, asset: Asset | None) -> Zone | None:
    """The zone something is in: the device's own, else that of the place or of the nearest place above it."""
    if asset is not None and asset.zone is not None:
        return asset.zone
    return zone_over(place) if place is not None else None


def hands_for(project: Project, zone: Zone | None, *, on: dt.date) -> list[rules.Hand]:
    """Who at the project could answer for something in a zone."""
    present = Staff.objects.filter(Q(left_on__isnull=True) | Q(left_on__gte=on), project=project).order_by("pk")
    rows = list(present.prefetch_related("zones"))
    leads = {row.supervisor_id for row in rows}
    return [
        rules.Hand(
            row.pk,
            row.team_id,
            in_zone=zone is not None and any(one.pk == zone.pk for one in row.zones.all()),
            owns_zone=zone is not None and zone.owner_id == row.pk,
            leads=row.pk in leads,
        )
        for row in rows
    ]


def similar_to(place: Place) -> list[int]:
    """Ids of places of the same kind to be looked at because of something found at `place`, the nearest first."""
    rows = Place.objects.filter(
        project_id=place.project_id, level=place.level, category=place.category, closed_on__isnull=True
    )
    fields = ("pk", "level", "category", "zone_id", "path")
    spots = [rules.Spot(*row) for row in rows.values_list(*fields)]
    own = rules.Spot(place.pk, place.level, place.category, place.zone_id, place.path)
    return rules.similar(own, spots)


def similar_places_of(finding: Finding) -> QuerySet[SimilarPlace]:
    """Similar places to be looked at, with what was seen there."""
    rows = SimilarPlace.objects.filter(finding=finding).select_related("place", "looked_by", "led_to")
    return rows.order_by("pk")


def explanations_of(finding: Finding) -> QuerySet[Explanation]:
    """What was, or has to be, explained about a finding that stayed open."""
    return Explanation.objects.filter(finding=finding).select_related("inspection", "by").order_by("pk")


def extensions_of(finding: Finding) -> QuerySet[Extension]:
    """Wishes for more time, oldest first."""
    return Extension.objects.filter(finding=finding).select_related("asked_by", "decided_by").order_by("pk")


def extensions_visible_to(user: Actor) -> QuerySet[Extension]:
    """Wishes for more time of visible findings, the latest first."""
    rows = Extension.objects.filter(finding__in=findings_visible_to(user).values("pk"))
    return rows.select_related("finding__project__node", "asked_by", "decided_by").order_by("-pk")


def explanations_visible_to(user: Actor) -> QuerySet[Explanation]:
    """Explanations of visible findings for inspections that are no secret, the first due first."""
    rows = Explanation.objects.filter(finding__in=findings_visible_to(user).values("pk"), inspection__is_hidden=False)
    return rows.select_related("finding__project__node", "inspection", "by").order_by("due_at", "pk")


def similar_visible_to(user: Actor) -> QuerySet[SimilarPlace]:
    """Similar places to be looked at because of visible findings."""
    rows = SimilarPlace.objects.filter(finding__in=findings_visible_to(user).values("pk"))
    return rows.select_related("finding__project__node", "place", "led_to").order_by("finding_id", "pk")


def open_at(inspection: Inspection) -> QuerySet[Finding]:
    """What had been found before this inspection, is of a clause it looks at, and is not put right yet."""
    codes = inspection.sheet_version.items.filter(clause__isnull=False)
    asked = codes.values_list("clause__version__standard_id", "clause__code")
    same = [Q(clause__version__standard_id=standard, clause__code=code) for standard, code in set(asked)]
    rows = Finding.objects.filter(
        project_id=inspection.project_id, state__in=UNCORRECTED, found_at__lt=inspection.started_at, is_hidden=False
    ).exclude(inspection=inspection)
    if not same:
        return Finding.objects.none()
    rows = rows.filter(_any(same))
    if inspection.place is not None:
        within = Place.objects.filter(path__startswith=inspection.place.path)
        rows = rows.filter(Q(place__in=within) | Q(asset__place__in=within))
    return rows.select_related(*RELATED).order_by("deadline", "pk")


def _any(conditions: Iterable[Q]) -> Q:
    found = Q(pk=None)
    for one in conditions:
        found |= one
    return found


def photos_before(finding: Finding) -> list[Evidence]:
    """What was seen: photos of the inspected item, of the problem it came from, and of the finding itself."""
    found = evidence_of("finding", [finding.pk])[str(finding.pk)]
    if finding.answer_id is not None:
        found = evidence_of("inspection_answer", [finding.answer_id])[str(finding.answer_id)] + found
    if finding.source == SourceKind.PROBLEM and finding.source_id is not None:
        found = evidence_of("problem", [finding.source_id])[str(finding.source_id)] + found
    return found


def photos_after(finding: Finding) -> list[Evidence]:
    """The proof of its correction, rejected photos included."""
    return evidence_of("correction", [finding.pk])[str(finding.pk)]


def clauses_for(project: Project) -> QuerySet[Clause]:
    """The clauses a finding of a project can be against: those it is bound to today."""
    versions = list(bindings_in_force(project).values_list("version_id", flat=True))
    return Clause.objects.filter(version__in=versions).order_by("version_id", "position", "pk")


def places_for(project: Project) -> QuerySet[Place]:
    """The open places of a project, dwellings left out, in the order of the tree."""
    rows = Place.objects.filter(project=project, closed_on__isnull=True)
    return rows.exclude(level=PlaceLevel.ROOM).order_by("path")


def projects_to_inspect(user: Actor) -> QuerySet[Project]:
    """Projects where the user may enter what is wrong."""
    return projects_visible_to(user, INSPECT).select_related("node").order_by("code")


def problems_without(user: Actor) -> QuerySet[Problem]:
    """Problems found at work of which no finding was made, where the user may make one."""
    made = Finding.objects.filter(source=SourceKind.PROBLEM).values("source_id")
    rows = Problem.objects.filter(project__in=projects_visible_to(user, INSPECT)).exclude(pk__in=made)
    return rows.select_related("project__node", "place", "asset", "task__clause", "reported_by").order_by("-pk")


def finding_of(problem: Problem) -> Finding | None:
    """The finding that was made of a problem, if any."""
    return Finding.objects.filter(source=SourceKind.PROBLEM, source_id=problem.pk).first()
