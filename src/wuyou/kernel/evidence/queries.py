"""Reads of evidence."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet

from .models import Evidence
from .rules import LOOK_BACK_DAYS, around, bands, distance, is_near


def evidence_of(kind: str, ids: Collection[object]) -> dict[str, list[Evidence]]:
    """The evidence of many subjects of one kind at once, by the subject's id as text, oldest first."""
    wanted = [str(number) for number in ids]
    found: dict[str, list[Evidence]] = {number: [] for number in wanted}
    for row in Evidence.objects.filter(subject_kind=kind, subject_id__in=wanted):
        found[row.subject_id].append(row)
    return found


def evidence_in(project_ids: Collection[int]) -> QuerySet[Evidence]:
    """All evidence of these projects, newest first: the photo wall."""
    return Evidence.objects.filter(project_id__in=project_ids).order_by("-received_at", "-id")


def served_file(evidence: Evidence) -> "File[bytes]":
    """The copy that may be shown, open: re-encoded, without metadata, with its watermark (documents as they came)."""
    return default_storage.open(evidence.served_path)


def thumbnail_file(evidence: Evidence) -> "File[bytes] | None":
    """The small copy, open; None for what is not a picture."""
    return default_storage.open(evidence.thumbnail_path) if evidence.thumbnail_path else None


def exact_duplicate(sha256: str) -> Evidence | None:
    """The first evidence with the same file, whatever it was to prove."""
    return Evidence.objects.filter(sha256=sha256).order_by("id").first()


def nearest(project_id: int, phash: int, *, now: datetime) -> Evidence | None:
    """The nearest nearly identical picture of the project in the last 90 days; one indexed query, then arithmetic."""
    since = now - timedelta(days=LOOK_BACK_DAYS)
    close = reduce(or_, (Q(**{f"band_{step}__in": around(band)}) for step, band in enumerate(bands(phash))))
    rows = Evidence.objects.filter(close, project_id=project_id, received_at__gte=since)
    pairs = ((int(other, 16), pk) for pk, other in rows.values_list("pk", "phash"))
    near = min(((distance(other, phash), pk) for other, pk in pairs if is_near(other, phash)), default=None)
    return Evidence.objects.get(pk=near[1]) if near else None
