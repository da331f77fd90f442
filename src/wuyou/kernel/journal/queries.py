"""Reads of the journal for pages: newest first, paged by sequence number."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from wuyou.kernel import clock

from .models import Chain, Entry, Seal


def entries_of(subject_kind: str, subject_id: object) -> QuerySet[Entry]:
    """The history of one subject, oldest first."""
    return Entry.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by("at", "id")


def entries(
    chains: Iterable[str],
    *,
    actor_id: str | None = None,
    verb: str | None = None,
    subject_kind: str | None = None,
    day: date | None = None,
    before_seq: int | None = None,
) -> QuerySet[Entry]:
    """Entries of the given chains, newest first; `verb` is a whole verb or an app's prefix such as `work.`.

    `before_seq` is the last sequence number of the page before (it makes sense with a single chain).
    """
    found = Entry.objects.filter(chain__key__in=list(chains)).select_related("chain").order_by("-at", "-id")
    if actor_id:
        found = found.filter(actor_id=actor_id)
    if verb:
        found = found.filter(verb__startswith=verb) if verb.endswith(".") else found.filter(verb=verb)
    if subject_kind:
        found = found.filter(subject_kind=subject_kind)
    if day:
        start, end = clock.day_bounds(day)
        found = found.filter(at__gte=start, at__lt=end)
    return found.filter(seq__lt=before_seq).order_by("-seq") if before_seq else found


def seals(chain: str) -> QuerySet[Seal]:
    """The seals of a chain, latest first: what the owner portal publishes."""
    return Seal.objects.filter(chain__key=chain).select_related("chain").order_by("-day")


def head_of(chain: str) -> Chain | None:
    """Where a chain ends; None when nothing has happened on it."""
    return Chain.objects.filter(key=chain).first()
