"""Similar places to be looked at because of a finding (spec 05; 13 §8: 举一反三)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import User
from wuyou.domains.quality.choices import SimilarState
from wuyou.domains.quality.models import Finding, SimilarPlace
from wuyou.domains.quality.policies import findings as policies
from wuyou.domains.quality.queries.findings import similar_to
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

from .recording import MOST_TEXT, told

MOST_NOTE = 300


def draw_similar(finding: Finding, *, by: Actor) -> int:
    """List similar places once, those of the zone first; gives how many. Nothing for what is at no place."""
    if finding.place is None or finding.similar.exists():
        return 0
    rows = [SimilarPlace(finding=finding, place_id=pk) for pk in similar_to(finding.place)]
    SimilarPlace.objects.bulk_create(rows)
    if rows:
        told("similar_drawn", finding, by=by, count=len(rows))
    return len(rows)


@action
def look_at_similar(similar: SimilarPlace, *, state: str, by: Actor, note: str = "") -> SimilarPlace:
    """Say what was seen at a similar place; where the same is wrong, a finding follows that names the first.

    Raises Denied, Invalid for an unknown answer, Conflict when somebody has looked already.
    """
    finding = similar.finding
    policies.check_correct(by, finding)
    if state not in {SimilarState.FINE, SimilarState.SAME}:
        raise Invalid(fields={"state": _("Say whether it is in order or the same is wrong.")})
    if len(note) > MOST_NOTE:
        raise Invalid(fields={"note": _("This text is too long.")})
    values = {
        "state": state,
        "note": note.strip(),
        "looked_by": by if isinstance(by, User) else None,
        "looked_at": clock.now(),
    }
    if SimilarPlace.objects.filter(pk=similar.pk, state=SimilarState.OWED).update(**values) != 1:
        raise Conflict(_("Somebody has looked at this place already."))
    for name, value in values.items():
        setattr(similar, name, value)
    told("similar_looked", finding, by=by, place=similar.place.name, state=state)
    if state == SimilarState.SAME:
        similar.led_to = _found_there(similar, by=by)
        SimilarPlace.objects.filter(pk=similar.pk).update(led_to=similar.led_to)
    return similar


def _found_there(similar: SimilarPlace, *, by: Actor) -> Finding:
    from .entering import FindingEntry, write_finding  # noqa: PLC0415 — entering a finding draws similar places

    first = similar.finding
    entry = FindingEntry(
        source="manual",
        source_id=first.pk,
        source_label=first.number,
        clause=first.clause,
        place=similar.place,
        text=(similar.note or first.text)[:MOST_TEXT],
        severity=first.severity,
        remedy=first.remedy,
        hazard=first.hazard,
        found_by=by if isinstance(by, User) else None,
    )
    return write_finding(project=first.project, entry=entry, by=by)
