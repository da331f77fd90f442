"""Reading draws: those of a case, and the record that is published."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Missing

from .choices import State
from .generator import VERSION
from .models import Draw
from .record import Json


def draws_of(case_kind: str, case_ids: Iterable[int]) -> QuerySet[Draw]:
    """The draws of some cases of one kind, oldest first, without their frames; the abandoned ones too."""
    found = Draw.objects.filter(case_kind=case_kind, case_id__in=list(case_ids))
    return found.defer("frame", "sealed_seed")


def draw_of(pk: int, *, case_kind: str) -> Draw:
    """One draw of a kind of case; raises Missing. Whether it may be seen, its case has to say."""
    found = Draw.objects.filter(pk=pk, case_kind=case_kind).first()
    if found is None:
        raise Missing(_("There is no such draw."))
    return found


def record_of(draw: Draw) -> Json:
    """What is published of a draw at this moment; the seed only once it is revealed (docs/reference/draws.md)."""
    moments = ("committed_at", "word_at", "drawn_at", "revealed_at", "abandoned_at")
    return {
        "version": VERSION,
        "title": draw.title,
        "about": {"kind": draw.case_kind, "id": draw.case_id, "label": draw.case_label, "drawn": draw.kind},
        "state": str(draw.state),
        "method": draw.method,
        "frame": draw.frame,
        "frame_digest": draw.frame_digest,
        "commitment": draw.commitment,
        "committed_by": {"id": draw.committed_by_id, "label": draw.committed_by_label},
        "word": draw.word or None,
        "word_by": {"id": draw.word_by_id, "label": draw.word_by_label} if draw.word else None,
        "result": draw.result,
        "seed": draw.sealed_seed if draw.state == State.REVEALED else None,
        "reason": draw.abandoned_because or None,
        **{name: moment.isoformat() if (moment := getattr(draw, name)) else None for name in moments},
    }


def is_drawn_for(case_kind: str, case_id: int, *, kind: str) -> bool:
    """Whether a draw of this kind is under way or done for a case: a second one would be drawing until it suits."""
    taken = Q(state__in=[State.COMMITTED, State.DRAWN, State.REVEALED])
    return Draw.objects.filter(taken, case_kind=case_kind, case_id=case_id, kind=kind).exists()
