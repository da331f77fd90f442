"""Photos of quality: who may see which (spec 02, 05)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Missing
from wuyou.kernel.evidence.models import Evidence

from .appeals import appeals_visible_to
from .findings import findings_visible_to
from .inspections import EVIDENCE_KIND, answers_visible_to

SEEN: Mapping[str, Callable[[Actor], "QuerySet[Any]"]] = MappingProxyType({
    EVIDENCE_KIND: answers_visible_to,
    "finding": findings_visible_to,
    "correction": findings_visible_to,  # a proof is filed under its finding
    "appeal": appeals_visible_to,
})  # fmt: skip


def proof_visible_to(user: Actor, pk: int) -> Evidence:
    """A photo of an inspection, finding, correction or appeal the user may see, or sent in by the user."""
    row = Evidence.objects.filter(pk=pk, subject_kind__in=SEEN).first()
    if row is None:
        raise Missing(_("There is no such photo, or not for you."))
    if row.by_id != user.actor_id and not SEEN[row.subject_kind](user).filter(pk=int(row.subject_id)).exists():
        raise Missing(_("There is no such photo, or not for you."))
    return row
