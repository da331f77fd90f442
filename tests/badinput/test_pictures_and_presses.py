"""What goes wrong with a task on a real page: files that are no photos, two people at once, a button pressed twice."""

import datetime as dt
import io
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from factories.tasks import MORNING, Site, photo, site, task
from kernel.evidence.photos import huge_png

from wuyou.domains.org.models import User
from wuyou.domains.work.actions.attaching import attach_evidence
from wuyou.domains.work.actions.tasks import Completion, claim_task, complete_task, skip_task
from wuyou.domains.work.models import Task
from wuyou.kernel import clock, journal
from wuyou.kernel.errors import Conflict, Denied
from wuyou.kernel.evidence.models import Evidence
from wuyou.kernel.journal.models import Entry

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"
PEOPLE = 4


@pytest.fixture
def moment() -> Iterator[dt.datetime]:
    """09:00: the tasks opened an hour ago."""
    now = MORNING + dt.timedelta(hours=1)
    with clock.at(now):
        yield now


def browser(user: User) -> Client:
    """Somebody's browser."""
    client = Client()
    client.force_login(user)
    return client


# --- photos


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "status"),
    [
        (PDF, 415),  # a renamed PDF
        (huge_png(10_000, 5_001), 413),  # more than 50 megapixels
        (photo().getvalue() + PDF, 415),  # a picture and a document at once
        (photo().getvalue() + b"PK\x03\x04" + b"\0" * 26, 415),
        (photo().getvalue()[: len(photo().getvalue()) // 2], 415),  # cut off
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", 415),
        (b"MZ\x90\0", 415),
    ],
)
def test_what_is_no_photo_is_refused_and_the_words_are_kept(moment: dt.datetime, data: bytes, status: int) -> None:
    made = site()
    row = task(made, evidence="photo")
    upload = SimpleUploadedFile("photo.jpg", data, content_type="image/jpeg")
    answer = browser(made.cleaners[0].user).post(f"/tasks/{row.pk}/", {"photos": upload, "note": "扫过三楼了"})
    assert answer.status_code == status
    assert "扫过三楼了" in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, row.evidence_count, Evidence.objects.count()) == ("open", 0, 0)


@pytest.mark.django_db
def test_a_good_photo_beside_a_bad_one_is_kept(moment: dt.datetime) -> None:
    made = site()
    row = task(made, evidence="photo")
    bad = SimpleUploadedFile("b.jpg", PDF, content_type="image/jpeg")
    me = browser(made.cleaners[0].user)
    answer = me.post(f"/tasks/{row.pk}/", {"photos": [photo(), bad]})
    row.refresh_from_db()
    assert (answer.status_code, row.state, Evidence.objects.count()) == (415, "open", 1)
    assert me.post(f"/tasks/{row.pk}/", {}).status_code == 302  # what was sent is there and need not be sent again
    row.refresh_from_db()
    assert (row.state, row.evidence_count) == ("done", 1)


# --- at once


@pytest.fixture
def shared(moment: dt.datetime, transactional_db: None) -> Site:
    """An estate everybody's threads can see."""
    return site()


def at_once(acts: list[object]) -> Counter[str]:
    """Everybody acts at the same moment; who did and who was told no (somebody else's by then, or done)."""
    barrier = Barrier(len(acts))

    def press(act: object) -> str:
        barrier.wait()
        try:
            act()  # type: ignore[operator]
        except (Conflict, Denied):
            return "told"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(press, acts))


def finish(pk: int, user: User, key: uuid.UUID) -> None:
    """One person's press of Done."""
    complete_task(Task.objects.get(pk=pk), by=user, with_=Completion(client_id=key))


@pytest.mark.slow
def test_of_many_who_finish_one_task_one_does(shared: Site) -> None:
    row = task(shared, assignee=None)
    people = [shared.cleaners[0].user, shared.cleaners[2].user, shared.lead]
    pressed = at_once([lambda user=user: finish(row.pk, user, uuid.uuid4()) for user in people])
    assert pressed == {"done": 1, "told": 2}
    assert Entry.objects.filter(verb="work.task_done").count() == 1
    assert Task.objects.get().done_by is not None
    assert journal.verify().is_intact


@pytest.mark.slow
def test_a_button_pressed_many_times_at_once_is_one_press(shared: Site) -> None:
    row, key = task(shared), uuid.uuid4()
    pressed = at_once([lambda: finish(row.pk, shared.cleaners[0].user, key)] * PEOPLE)
    assert pressed["done"] >= 1
    assert sum(pressed.values()) == PEOPLE
    assert Entry.objects.filter(verb="work.task_done").count() == 1
    assert (Task.objects.get().state, Task.objects.get().client_id) == ("done", key)


@pytest.mark.slow
def test_one_finishes_while_another_skips(shared: Site) -> None:
    row = task(shared)
    pressed = at_once(
        [
            lambda: finish(row.pk, shared.cleaners[0].user, uuid.uuid4()),
            lambda: skip_task(Task.objects.get(pk=row.pk), by=shared.lead, skip_reason="other", note="下雨"),
        ]
    )
    assert pressed == {"done": 1, "told": 1}
    assert Entry.objects.filter(verb__in=["work.task_done", "work.task_skipped"]).count() == 1
    assert Task.objects.get().state in {"done", "skipped"}


@pytest.mark.slow
def test_one_of_many_takes_it(shared: Site) -> None:
    row = task(shared, assignee=None)
    people = [shared.cleaners[0].user, shared.cleaners[2].user]
    assert at_once([lambda user=user: claim_task(Task.objects.get(pk=row.pk), by=user) for user in people]) == {
        "done": 1, "told": 1,
    }  # fmt: skip


@pytest.mark.slow
def test_the_same_photo_sent_twice_at_once_is_kept_once(shared: Site) -> None:
    row, data = task(shared, evidence="photo"), photo().getvalue()

    def send() -> None:
        upload = io.BytesIO(data)
        upload.name = "photo.jpg"
        attach_evidence(Task.objects.get(pk=row.pk), upload=upload, by=shared.cleaners[0].user)

    assert at_once([send, send]) == {"done": 2}
    finish(row.pk, shared.cleaners[0].user, uuid.uuid4())
    assert (Evidence.objects.count(), Task.objects.get().evidence_count) == (1, 1)
    assert journal.verify().is_intact
