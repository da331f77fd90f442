"""Photos and documents of quality, served to whoever sees what they prove (spec 02: Evidence)."""

from collections.abc import Iterable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from wuyou.domains.quality.queries.proofs import proof_visible_to
from wuyou.faces.console.work.looks import photo_of
from wuyou.faces.console.work.proof import copy, small_copy
from wuyou.kernel.evidence.models import Evidence
from wuyou.ui.pages import Photo
from wuyou.ui.visitor import user_of


def proofs_shown(rows: Iterable[Evidence]) -> list[Photo]:
    """Pieces of evidence that are pictures, with addresses of their own."""
    return [_photo(row) for row in rows if row.thumbnail_path]


def _photo(row: Evidence) -> Photo:
    thumb, full = (reverse(f"console:quality:{name}", args=[row.pk]) for name in ("proof_small", "proof"))
    return replace(photo_of(row), thumb=thumb, full=full)


@require_GET
def proof_small(request: HttpRequest, pk: int) -> HttpResponse:
    """The thumbnail of a photo of quality."""
    return small_copy(proof_visible_to(user_of(request), pk))


@require_GET
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo or document of quality."""
    return copy(proof_visible_to(user_of(request), pk))
