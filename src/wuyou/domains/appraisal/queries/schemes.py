"""Schemes and their versions, parsed once."""

import json
from functools import lru_cache, reduce
from operator import or_

from django.db.models import Q, QuerySet

from wuyou.domains.appraisal.choices import VersionState
from wuyou.domains.appraisal.models import Scheme, SchemeVersion
from wuyou.domains.appraisal.policies import VIEW, VIEW_PEOPLE
from wuyou.domains.appraisal.rules.parsing import parse_scheme
from wuyou.domains.appraisal.rules.scheme import Scheme as SchemeValue
from wuyou.domains.appraisal.rules.validation import Known, schemes_read
from wuyou.domains.org.models import Node, User
from wuyou.domains.org.queries import held_by
from wuyou.kernel import metrics
from wuyou.kernel.actors import Actor, System

from .readings import readable_metrics


def schemes_visible_to(user: Actor) -> QuerySet[Scheme]:
    """Shipped schemes and those of the own company, for whoever sees any appraisal: how one is judged is no secret."""
    rows = Scheme.objects.select_related("node")
    if isinstance(user, System):
        return rows
    paths = (
        {held.path for held in held_by(user) if held.permissions & {VIEW, VIEW_PEOPLE}}
        if isinstance(user, User)
        else ()
    )
    roots = {path[: Node.steplen] for path in paths}
    if not roots:
        return rows.none()
    own = reduce(or_, (Q(node__path__startswith=root) for root in roots))
    return rows.filter(own | Q(node__isnull=True))


def versions_visible_to(user: Actor) -> QuerySet[SchemeVersion]:
    """Versions of visible schemes, the newest first."""
    return SchemeVersion.objects.filter(scheme__in=schemes_visible_to(user)).select_related("scheme__node")


def issued_version(scheme: Scheme) -> SchemeVersion | None:
    """The newest issued version of a scheme."""
    return scheme.versions.filter(state=VersionState.ISSUED).order_by("-number").first()


def schemes_in_force() -> QuerySet[Scheme]:
    """Schemes with an issued version: what somebody can be put under."""
    issued = SchemeVersion.objects.filter(state=VersionState.ISSUED)
    return Scheme.objects.filter(pk__in=issued.values("scheme")).order_by("code")


def value_of(version: SchemeVersion) -> SchemeValue:
    """The scheme a version says, kept with the object; raises Invalid for a draft that says none."""
    kept: tuple[int, SchemeValue] | None = version.__dict__.get("_value")
    if kept is None or kept[0] != version.revision:
        kept = (version.revision, _parsed(json.dumps(version.document, sort_keys=True)))
        version.__dict__["_value"] = kept
    return kept[1]


@lru_cache(maxsize=256)
def _parsed(document: str) -> SchemeValue:
    return parse_scheme(json.loads(document))


def known_now() -> Known:
    """What a scheme may refer to today: registered figures that can be read, and what every issued scheme reads."""
    issued = SchemeVersion.objects.filter(state=VersionState.ISSUED).select_related("scheme").order_by("number")
    reads = {version.scheme.code: schemes_read(value_of(version)) for version in issued}
    readable = {code: metrics.get(code).direction for code in readable_metrics()}
    return Known(readable, reads)
