"""The only writers of evidence: receive, review, hand out an original (spec 02: Evidence)."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from wuyou.kernel import clock, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid, TooLarge
from wuyou.kernel.transactions import action

from .choices import Duplicate, Kind, Verdict
from .models import Evidence
from .pictures import Taken, as_jpeg, open_picture, perceptual_hash, thumbnail, with_watermark
from .queries import exact_duplicate, nearest
from .rules import bands
from .sniff import Sniffed, require

MOST_BYTES = 20 * 2**20
Position = tuple[float, float] | tuple[float, float, float]  # latitude, longitude, accuracy in metres


@dataclass(slots=True)
class _Prepared:
    """A file looked at: what goes into its row, and the copies to keep."""

    sniffed: Sniffed
    taken: Taken = field(default_factory=Taken)
    width: int | None = None
    height: int | None = None
    phash: int | None = None
    copies: dict[str, bytes] = field(default_factory=dict)  # served, thumbnail


@action
def receive(
    upload: "File[bytes] | BinaryIO",
    *,
    by: Actor,
    project_id: int,
    subject: tuple[str, object, object],
    watermark: str,
    kind: str = Kind.PHOTO,
    taken_at: datetime | None = None,
    position: Position | None = None,
    chain: str | None = None,
) -> Evidence:
    """Take in a file as proof of `subject` (kind, id, label); the caller has checked that `by` may.

    `watermark` says place and person, one line each; the time is added here. `taken_at` and `position` are what the
    app knows and win over what the camera wrote. The same file for the same subject is kept once. `chain` is where the
    journal keeps it, the project's own chain unless said otherwise. Raises TooLarge, Unsupported, or Invalid for an
    empty file.
    """
    data = _read(upload)
    sha256 = hashlib.sha256(data).hexdigest()
    subject_kind, subject_id, subject_label = subject[0], str(subject[1]), str(subject[2])[:200]
    known = Evidence.objects.filter(subject_kind=subject_kind, subject_id=subject_id, sha256=sha256).first()
    if known:
        return known
    prepared = _prepare(data, Kind(kind), watermark, taken_at)
    row = Evidence(
        project_id=project_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        subject_label=subject_label,
        kind=Kind(kind).value,
        content_type=prepared.sniffed.content_type,
        size=len(data),
        width=prepared.width,
        height=prepared.height,
        sha256=sha256,
        taken_at=taken_at or prepared.taken.at,
        received_at=clock.now(),
        watermark=watermark[:300],
        by_id=by.actor_id,
        by_label=by.actor_label,
        **_where(position, prepared.taken),
        **_hashes(prepared.phash),
        **_duplicate(sha256, prepared.phash, kind=Kind(kind), project_id=project_id),
        **_keep(data, sha256, prepared),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # the same file came twice at once
        return Evidence.objects.get(subject_kind=subject_kind, subject_id=subject_id, sha256=sha256)
    _record(
        "received",
        row,
        by=by,
        data={"kind": row.kind, "sha256": sha256, "duplicate": str(row.duplicate_kind)},
        chain=chain,
    )
    return row


def _read(upload: "File[bytes] | BinaryIO") -> bytes:
    upload.seek(0)
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise TooLarge(_("The file is larger than %(limit)s MB."), limit=MOST_BYTES >> 20)
    if not data:
        raise Invalid(_("The file is empty."))
    return data


def _prepare(data: bytes, kind: Kind, watermark: str, taken_at: datetime | None) -> _Prepared:
    sniffed = require(data, kind)
    if sniffed.family != "image":
        return _Prepared(sniffed)
    picture = open_picture(data)
    prepared = _Prepared(sniffed, picture.taken, picture.width, picture.height)
    shown = picture.image
    if kind == Kind.PHOTO:
        prepared.phash = perceptual_hash(shown)
        moment = clock.local(taken_at or picture.taken.at or clock.now())
        lines = [f"{moment:%Y-%m-%d %H:%M}", *watermark.splitlines()]
        shown = with_watermark(shown, [line.strip() for line in lines if line.strip()])
    prepared.copies = {"served": as_jpeg(shown), "thumbnail": thumbnail(picture.image)}
    return prepared


def _where(position: Position | None, taken: Taken) -> dict[str, float | None]:
    latitude, longitude, *accuracy = position or (taken.latitude, taken.longitude, taken.accuracy)
    if latitude is not None and longitude is not None and not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise Invalid(fields={"position": _("There is no such place on earth.")})
    return {"latitude": latitude, "longitude": longitude, "accuracy": accuracy[0] if accuracy else None}


def _hashes(phash: int | None) -> dict[str, Any]:
    if phash is None:
        return {"phash": ""}
    return {"phash": f"{phash:016x}"} | {f"band_{step}": band for step, band in enumerate(bands(phash))}


def _duplicate(sha256: str, phash: int | None, *, kind: Kind, project_id: int) -> dict[str, Any]:
    """A document may rightly be attached twice; anything else that comes again wants a look."""
    if kind == Kind.DOCUMENT:
        return {}
    same = exact_duplicate(sha256)
    if same:
        return {"duplicate_of_id": same.pk, "duplicate_kind": Duplicate.EXACT.value}
    near = nearest(project_id, phash, now=clock.now()) if phash is not None else None
    return {"duplicate_of_id": near.pk, "duplicate_kind": Duplicate.NEAR.value} if near else {}


def _keep(data: bytes, sha256: str, prepared: _Prepared) -> dict[str, str]:
    """Store original and copies, each named by what is in it; a rolled-back row leaves a file nobody points at."""
    original = _store("original", sha256, prepared.sniffed.extension, data)
    paths = {
        f"{use}_path": _store(use, hashlib.sha256(copy).hexdigest(), "jpg", copy)
        for use, copy in prepared.copies.items()
    }
    return {"original_path": original, "served_path": original} | paths


def _store(use: str, name: str, extension: str, data: bytes) -> str:
    path = f"evidence/{use}/{name[:2]}/{name}.{extension}"
    return path if default_storage.exists(path) else default_storage.save(path, ContentFile(data))


@action
def review(evidence: Evidence, *, by: Actor, verdict: str, reason: str = "", chain: str | None = None) -> Evidence:
    """Accept or reject evidence; the caller has checked that `by` may.

    Raises Invalid for a rejection without a reason, Conflict when it has been reviewed otherwise.
    """
    if Verdict(verdict) == Verdict.REJECTED and not reason.strip():
        raise Invalid(fields={"reason": _("Say why the evidence is rejected.")})
    values = {
        "verdict": Verdict(verdict).value,
        "verdict_reason": reason.strip()[:300],
        "reviewed_at": clock.now(),
        "reviewed_by_id": by.actor_id,
        "reviewed_by_label": by.actor_label,
    }
    if not Evidence.objects.filter(pk=evidence.pk, verdict=Verdict.NONE).update(**values):
        raise Conflict(_("Somebody has reviewed this evidence already."))
    for name, value in values.items():
        setattr(evidence, name, value)
    _record("reviewed", evidence, by=by, data={"verdict": values["verdict"]}, chain=chain)
    return evidence


@action
def open_original(evidence: Evidence, *, by: Actor) -> "File[bytes]":
    """The file as it came, open; that somebody looked at it is recorded. The caller has checked that `by` may."""
    _record("original_opened", evidence, by=by, data={"sha256": evidence.sha256})
    return default_storage.open(evidence.original_path)


def _record(what: str, row: Evidence, *, by: Actor, data: dict[str, Any], chain: str | None = None) -> None:
    proves = {"proves": f"{row.subject_kind}:{row.subject_id}"}
    subject = ("evidence.evidence", row.pk, row.subject_label)
    journal.record(
        f"evidence.{what}", chain=chain or f"project:{row.project_id}", by=by, subject=subject, data=data | proves
    )
