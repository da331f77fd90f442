"""Evidence comes in, is looked at, and its original is guarded."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from kernel.evidence.photos import drawing, exif, huge_png, photo
from wuyou.kernel import clock, evidence
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Conflict, Invalid, TooLarge, Unsupported
from wuyou.kernel.evidence import Evidence, Kind, Verdict
from wuyou.kernel.evidence.queries import nearest
from wuyou.kernel.evidence.rules import bands
from wuyou.kernel.journal.queries import entries

pytestmark = pytest.mark.django_db

BY = System("张三")
PDF = b"%PDF-1.7\n%%EOF"


def receive(upload: Any = None, *, seed: int = 1, task: int = 7, project_id: int = 1, **more: Any) -> Evidence:
    return evidence.receive(
        upload or photo(seed),
        by=BY,
        project_id=project_id,
        subject=("work.task", task, "大堂清洁"),
        watermark="A区大堂\n张三",
        **more,
    )


def stored(path: str) -> bytes:
    with default_storage.open(path) as file:
        return bytes(file.read())


def test_a_photo_is_kept_as_it_came_and_shown_as_a_clean_copy(moment: datetime) -> None:
    data = photo(
        exif=exif(at=datetime(2026, 11, 20, 9, 30), gps={1: "N", 2: (43.0, 0.0, 0.0), 3: "E", 4: (125.0, 0.0, 0.0)})
    )
    row = receive(data)
    assert stored(row.original_path) == data.getvalue()
    assert row.sha256 == hashlib.sha256(data.getvalue()).hexdigest()
    assert (row.width, row.height, row.size, row.content_type) == (640, 480, len(data.getvalue()), "image/jpeg")
    assert (row.taken_at, row.received_at, row.seconds_late) == (
        datetime(2026, 11, 20, 1, 30, tzinfo=UTC),
        moment,
        1800,
    )
    assert (row.latitude, row.longitude) == (43, 125)
    assert len(row.phash) == 16
    assert row.by_id == "system:张三"
    with evidence.served_file(row) as file, Image.open(file) as shown:
        assert dict(shown.getexif()) == {}
        assert shown.size == (640, 480)
        assert shown.crop((0, 420, 200, 480)).tobytes() != drawing(1).crop((0, 420, 200, 480)).tobytes()
    small = evidence.thumbnail_file(row)
    assert small is not None
    with small, Image.open(small) as thumb:
        assert thumb.size == (400, 300)
    assert str(row)
    assert not row.is_duplicate


def test_what_the_app_knows_wins_over_the_camera(moment: datetime) -> None:
    row = receive(
        photo(exif=exif(at=datetime(2020, 1, 1))), taken_at=moment - timedelta(minutes=5), position=(43.5, 125.5, 12.0)
    )
    assert (row.taken_at, row.latitude, row.longitude, row.accuracy) == (
        moment - timedelta(minutes=5),
        43.5,
        125.5,
        12.0,
    )


def test_nobody_knows_when_it_was_taken() -> None:
    row = receive()
    assert (row.taken_at, row.seconds_late, row.latitude) == (None, None, None)


def test_an_impossible_position() -> None:
    with pytest.raises(Invalid) as caught:
        receive(position=(91.0, 0.0))
    assert [error.field for error in caught.value.fields] == ["position"]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (PDF, Unsupported),
        (huge_png(10_000, 5_000), TooLarge),
        (photo().getvalue()[:2000], Unsupported),
        (photo().getvalue() + PDF, Unsupported),
        (b"", Invalid),
        (b"\xff\xd8\xff" + b"\x00" * (20 << 20), TooLarge),
    ],
)
def test_bad_files_leave_nothing(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        receive(SimpleUploadedFile("photo.jpg", data, content_type="image/jpeg"))
    assert Evidence.objects.count() == 0


def test_documents_recordings_and_signatures() -> None:
    document = receive(io.BytesIO(PDF), kind=Kind.DOCUMENT)
    assert (document.content_type, document.served_path, document.thumbnail_path) == (
        "application/pdf",
        document.original_path,
        "",
    )
    assert evidence.thumbnail_file(document) is None
    voice = receive(io.BytesIO(b"OggS" + b"\x01" * 50), kind=Kind.AUDIO)
    assert (voice.kind, voice.width, voice.phash) == ("audio", None, "")
    signature = receive(photo(3, kind="PNG"), kind=Kind.SIGNATURE)
    assert (signature.phash, signature.kind) == ("", "signature")
    with evidence.served_file(signature) as file, Image.open(file) as shown:
        assert shown.format == "JPEG"


def test_the_same_file_for_the_same_subject_is_kept_once() -> None:
    one, other = receive(), receive()
    assert one.pk == other.pk
    assert Evidence.objects.count() == 1
    assert len(entries(["project:1"])) == 1


def test_the_same_file_elsewhere_is_flagged() -> None:
    one = receive()
    other = receive(task=8)
    assert (other.duplicate_kind, other.duplicate_of_id, other.is_duplicate) == ("exact", one.pk, True)
    third = receive(task=9, project_id=2)
    assert (third.duplicate_kind, third.duplicate_of_id) == ("exact", one.pk)


def test_a_document_may_be_attached_twice() -> None:
    receive(io.BytesIO(PDF), kind=Kind.DOCUMENT)
    assert receive(io.BytesIO(PDF), kind=Kind.DOCUMENT, task=8).duplicate_kind == ""


def test_nearly_the_same_picture_is_flagged_in_the_same_project_within_90_days(moment: datetime) -> None:
    with clock.at(moment - timedelta(days=89)):
        one = receive(photo(5))
    near = receive(photo(5, quality=50), task=8)
    assert (near.duplicate_kind, near.duplicate_of_id) == ("near", one.pk)
    assert receive(photo(5, quality=60), task=9, project_id=2).duplicate_kind == ""
    assert receive(photo(6), task=10).duplicate_kind == ""
    with clock.at(moment + timedelta(days=91)):
        assert receive(photo(5, quality=70), task=11).duplicate_kind == ""


def test_dark_photos_are_not_all_alike() -> None:
    for number in range(2):
        buffer = io.BytesIO()
        Image.new("RGB", (640, 480), (5, 5, 5 + 5 * number)).save(buffer, "JPEG")
        assert receive(buffer, task=number).duplicate_kind == ""


def test_the_nearest_is_found_by_indexes_among_many(moment: datetime) -> None:
    import random

    chance = random.Random(3)
    target = chance.getrandbits(64)

    def row(number: int, value: int) -> Evidence:
        parts = {f"band_{step}": band for step, band in enumerate(bands(value))}
        return Evidence(
            project_id=1,
            subject_kind="x",
            subject_id=str(number),
            subject_label="x",
            kind="photo",
            content_type="image/jpeg",
            size=1,
            sha256=f"{number:064x}",
            phash=f"{value:016x}",
            received_at=moment,
            original_path="x",
            served_path="x",
            by_id="x",
            by_label="x",
            **parts,
        )

    six_away = target ^ 0b111 << 3 ^ 0b111 << 40
    rows = [row(number, chance.getrandbits(64)) for number in range(3000)]
    rows += [row(5000, six_away), row(5001, six_away ^ 1 << 60)]
    Evidence.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as queries:
        found = nearest(1, target, now=moment)
    assert found is not None
    assert found.subject_id == "5000"
    assert len(queries) == 2
    assert nearest(2, target, now=moment) is None


def test_evidence_of_many_subjects_at_once() -> None:
    one, two = receive(seed=1), receive(seed=2)
    other = receive(seed=3, task=8)
    with CaptureQueriesContext(connection) as queries:
        found = evidence.evidence_of("work.task", [7, 8, 9])
    assert found == {"7": [one, two], "8": [other], "9": []}
    assert len(queries) == 1
    assert evidence.evidence_of("work.other", [7]) == {"7": []}
    assert list(evidence.evidence_in([1])) == [other, two, one]
    assert list(evidence.evidence_in([2])) == []


def test_looking_at_an_original_is_journaled() -> None:
    row = receive()
    with evidence.open_original(row, by=System("审计")) as file:
        assert hashlib.sha256(file.read()).hexdigest() == row.sha256
    entry = entries(["project:1"])[0]
    assert (entry.verb, entry.actor_id, entry.subject_id) == ("evidence.original_opened", "system:审计", str(row.pk))


def test_a_review_is_said_once() -> None:
    row = receive()
    evidence.review(row, by=System("主管"), verdict=Verdict.REJECTED, reason=" 看不清 ")
    fresh = Evidence.objects.get()
    assert (fresh.verdict, fresh.verdict_reason, fresh.reviewed_by_label) == ("rejected", "看不清", "主管")
    assert row.verdict == "rejected"
    with pytest.raises(Conflict):
        evidence.review(row, by=BY, verdict=Verdict.ACCEPTED)
    assert [entry.verb for entry in entries(["project:1"])] == ["evidence.reviewed", "evidence.received"]


def test_what_a_project_must_not_know_is_journaled_elsewhere() -> None:
    row = receive(chain="node:7")
    evidence.review(row, by=BY, verdict="rejected", reason="模糊", chain="node:7")
    assert [entry.verb for entry in entries(["node:7"])] == ["evidence.reviewed", "evidence.received"]
    assert list(entries(["project:1"])) == []


def test_a_rejection_needs_a_reason() -> None:
    row = receive()
    with pytest.raises(Invalid) as caught:
        evidence.review(row, by=BY, verdict=Verdict.REJECTED, reason=" ")
    assert [error.field for error in caught.value.fields] == ["reason"]
    evidence.review(row, by=BY, verdict=Verdict.ACCEPTED)
    assert Evidence.objects.get().verdict == "accepted"


def test_names_come_from_what_is_inside() -> None:
    row = receive(SimpleUploadedFile("../../etc/passwd.jpg", photo().getvalue()))
    assert row.original_path == f"evidence/original/{row.sha256[:2]}/{row.sha256}.jpg"


def test_asking_for_what_is_not_there() -> None:
    with pytest.raises(AttributeError):
        _ = evidence.nothing  # type: ignore[attr-defined]
