"""Evidence behind scores by hand, for whoever sees the month."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal.models import ManualScore
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Missing
from wuyou.kernel.evidence.models import Evidence
from wuyou.kernel.evidence.queries import evidence_of

from .periods import periods_visible_to

PROVED = "appraisal_manual"


def proofs_of(ids: Collection[int]) -> dict[str, list[Evidence]]:
    """The evidence of scores by hand, by their id as text."""
    return evidence_of(PROVED, ids)


def proof_visible_to(user: Actor, pk: int) -> Evidence:
    """A piece of evidence of a score whose month this user sees; raises Missing for any other."""
    row = Evidence.objects.filter(pk=pk, subject_kind=PROVED).first()
    score = ManualScore.objects.filter(pk=int(row.subject_id)).first() if row else None
    if row is None or score is None:
        raise Missing(_("There is no such evidence."))
    if not periods_visible_to(user).filter(enrolment=score.enrolment_id, month=score.month).exists():
        raise Missing(_("There is no such evidence."))
    return row
