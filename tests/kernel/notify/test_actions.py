"""People are told, once, in their language, by the channels they want."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from factories.org import UserFactory

from wuyou.domains.org.models import User
from wuyou.kernel import clock, jobs, notify
from wuyou.kernel.notify import Channel, OutboxMessage, State, addresses, providers, templates
from wuyou.kernel.notify.actions import deliver_due, link_of
from wuyou.kernel.notify.models import Notification
from wuyou.kernel.notify.rules import LEASE, MOST_ATTEMPTS

pytestmark = pytest.mark.django_db

EVENT = "tests.late"
notify.declare(EVENT, _("Late"), title=_("%(task)s is late"), body=_("Due %(due)s"))
notify.declare("tests.alarm", "Alarm", title="Alarm %(place)s", channels=("email", "sms"), urgent=True)
CONTEXT = {"task": "大堂清洁", "due": datetime(2026, 11, 20, 6, 30, tzinfo=UTC)}


@pytest.fixture
def ann() -> User:
    return UserFactory(email="ann@example.com", language="en")


@pytest.fixture
def li() -> User:
    return UserFactory(email="", language="zh-hans")


@pytest.fixture
def texts_sent() -> Iterator[list[str]]:
    """A provider of text messages and a directory that knows phones; both are taken away afterwards."""
    sent: list[str] = []

    def send(message: OutboxMessage) -> None:
        if message.to == "bad":
            raise notify.Undelivered("no such number")
        sent.append(f"{message.to} {message.subject}")

    def directory(user_ids: object) -> list[notify.Address]:
        rows = User.objects.filter(pk__in=user_ids).order_by("pk")
        return [notify.Address(user.pk, user.language, {"sms": user.email}) for user in rows]

    before = dict(providers._providers)
    notify.register(notify.Provider("sms", lambda: True, send))
    notify.use_directory(directory)
    yield sent
    notify.use_directory(addresses.users)
    providers._providers.clear()
    providers._providers.update(before)


def tell(*users: User, event: str = EVENT, **more: object) -> int:
    context = {"place": "3号楼"} if event == "tests.alarm" else CONTEXT
    return notify.notify(event, recipients=[user.pk for user in users], context=context, url="/tasks/7", **more)  # type: ignore[arg-type]


def test_in_the_app_at_once_in_the_readers_language(ann: User, moment: datetime) -> None:
    assert tell(ann) == 1
    (row,) = notify.notifications_of(ann.pk)
    with translation.override("en"):
        assert (row.title, row.body) == ("大堂清洁 is late", "Due Fri 20 Nov, 14:30")
        assert str(row) == row.title
    assert (row.url, row.created_at, row.read_at) == ("/tasks/7", moment, None)
    with translation.override(None):
        assert row.title


def test_email_goes_out_by_job(ann: User) -> None:
    tell(ann)
    (message,) = notify.outbox()
    assert (message.state, message.to, message.channel) == ("queued", "ann@example.com", "email")
    jobs.drain()
    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == ("大堂清洁 is late", ["ann@example.com"])
    assert sent.body.endswith("http://localhost:8000/tasks/7")
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 1)
    assert str(message) == "大堂清洁 is late"


def test_nobody_without_an_address_is_written_to(li: User) -> None:
    assert tell(li) == 1
    assert notify.outbox().count() == 0
    assert notify.unread_count(li.pk) == 1


def test_without_a_provider_the_outbox_shows_what_would_have_gone_out(ann: User, settings: object) -> None:
    settings.EMAIL_BACKEND = providers.SMTP  # type: ignore[attr-defined]
    tell(ann)
    (message,) = notify.outbox()
    assert (message.state, message.subject) == ("suppressed", "大堂清洁 is late")
    jobs.drain()
    assert mail.outbox == []
    settings.EMAIL_CONFIGURED = True  # type: ignore[attr-defined]
    assert providers.has_mail()


def test_inactive_and_unknown_users_are_left_out(ann: User) -> None:
    gone = UserFactory(is_active=False)
    assert notify.notify(EVENT, recipients=[ann.pk, gone.pk, 999_999, ann.pk], context=CONTEXT) == 1


def test_the_same_thing_is_told_once(ann: User, li: User) -> None:
    for _again in range(2):
        tell(ann, li, dedupe="task:7")
    assert (notify.unread_count(ann.pk), notify.unread_count(li.pk), notify.outbox().count()) == (1, 1, 1)
    tell(ann, dedupe="task:8")
    tell(ann)
    tell(ann)
    assert notify.unread_count(ann.pk) == 4


def test_an_event_nobody_declared(ann: User) -> None:
    with pytest.raises(KeyError):
        notify.notify("tests.nothing", recipients=[ann.pk], context={})


def test_a_placeholder_without_a_value(ann: User) -> None:
    with pytest.raises(KeyError):
        notify.notify(EVENT, recipients=[ann.pk], context={"task": "x"})
    assert Notification.objects.count() == 0


def test_many_people_cost_no_more_queries(ann: User) -> None:
    crowd = UserFactory.create_batch(30, email="x@example.com")
    with CaptureQueriesContext(connection) as one:
        tell(ann, dedupe="a")
    with CaptureQueriesContext(connection) as many:
        tell(*crowd, dedupe="b")
    assert len(many) <= len(one)
    assert Notification.objects.count() == 31


# --- choices and quiet hours


def test_a_channel_can_be_switched_off_for_an_event_or_for_all(ann: User) -> None:
    notify.prefer(ann.pk, event="*", channel="email", is_on=False)
    tell(ann)
    assert notify.outbox().count() == 0
    notify.prefer(ann.pk, event=EVENT, channel="email", is_on=True)
    notify.prefer(ann.pk, event=EVENT, channel="in_app", is_on=False)
    tell(ann)
    assert (notify.outbox().count(), notify.unread_count(ann.pk)) == (1, 1)
    assert notify.preferences_of(ann.pk) == {("*", "email"): False, (EVENT, "email"): True, (EVENT, "in_app"): False}


def test_a_choice_for_an_event_nobody_declared(ann: User) -> None:
    with pytest.raises(KeyError):
        notify.prefer(ann.pk, event="tests.nothing", channel="email", is_on=True)


def test_quiet_hours_hold_back_what_goes_out_but_not_the_app(ann: User, moment: datetime) -> None:
    notify.set_quiet_hours(ann.pk, starts=time(9), ends=time(12))
    tell(ann)
    (message,) = notify.outbox()
    assert message.next_at == datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    assert notify.unread_count(ann.pk) == 1
    assert deliver_due() == 0
    with clock.at(moment + timedelta(hours=2)):
        assert deliver_due() == 1


def test_urgent_ones_override_quiet_hours_and_choices(ann: User, moment: datetime) -> None:
    notify.set_quiet_hours(ann.pk, starts=time(9), ends=time(12))
    notify.prefer(ann.pk, event="*", channel="email", is_on=False)
    tell(ann, urgent=True)
    tell(ann, event="tests.alarm")
    assert [message.next_at for message in notify.outbox()] == [moment, moment]
    assert {row.urgent for row in notify.notifications_of(ann.pk)} == {True}


def test_quiet_hours_can_be_changed_and_dropped(ann: User) -> None:
    notify.set_quiet_hours(ann.pk, starts=time(22), ends=time(7))
    notify.set_quiet_hours(ann.pk, starts=time(23), ends=time(6))
    assert notify.quiet_hours_of(ann.pk) == (time(23), time(6))
    notify.set_quiet_hours(ann.pk, starts=None, ends=None)
    assert notify.quiet_hours_of(ann.pk) is None


# --- delivery


def test_failures_are_tried_again_with_longer_waits_and_then_given_up(
    ann: User, moment: datetime, texts_sent: list[str]
) -> None:
    User.objects.filter(pk=ann.pk).update(email="bad")
    tell(ann, event="tests.alarm")
    now, waits = moment, []
    for _attempt in range(MOST_ATTEMPTS):
        with clock.at(now):
            assert deliver_due() == 0
            message = notify.outbox().get()
            waits.append(message.next_at - now)
            assert deliver_due() == 0
            assert notify.outbox().get().attempts == message.attempts
            now = message.next_at
    message = notify.outbox().get()
    assert (message.state, message.attempts, message.error) == ("failed", MOST_ATTEMPTS, "no such number")
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=4), timedelta(minutes=16)]
    User.objects.filter(pk=ann.pk).update(email="13800001111")
    OutboxMessage.objects.update(to="13800001111")
    assert notify.send_again(message) is True
    assert notify.send_again(message) is False
    jobs.drain()
    assert texts_sent == ["13800001111 Alarm 3号楼"]


def test_a_message_in_a_dead_workers_hands_is_taken_over(ann: User, moment: datetime, texts_sent: list[str]) -> None:
    tell(ann, event="tests.alarm")
    OutboxMessage.objects.update(state=State.SENDING, attempts=1, next_at=moment + LEASE)
    assert deliver_due() == 0
    with clock.at(moment + LEASE):
        assert deliver_due() == 1
    assert len(texts_sent) == 1


def test_two_workers_do_not_send_the_same_message(ann: User, texts_sent: list[str]) -> None:
    from wuyou.kernel.notify.actions import _claim

    tell(ann, event="tests.alarm")
    mine, theirs = notify.outbox().get(), notify.outbox().get()
    assert _claim(mine, clock.now()) is True
    assert _claim(theirs, clock.now()) is False


def test_a_provider_that_went_away(ann: User, texts_sent: list[str]) -> None:
    tell(ann, event="tests.alarm")
    del providers._providers["sms"]
    assert deliver_due() == 0
    assert notify.outbox().get().state == "suppressed"


def test_a_mail_server_that_cannot_be_reached(ann: User, settings: object) -> None:
    tell(ann)
    settings.EMAIL_BACKEND = providers.SMTP  # type: ignore[attr-defined]
    settings.EMAIL_CONFIGURED, settings.EMAIL_HOST, settings.EMAIL_PORT = True, "127.0.0.1", 1  # type: ignore[attr-defined]
    assert deliver_due() == 0
    message = notify.outbox().get()
    assert message.state == "queued"
    assert "Connection" in message.error or "refused" in message.error


# --- reading


def test_reading_some_or_all(ann: User, li: User) -> None:
    for number in range(3):
        tell(ann, li, dedupe=str(number))
    first = notify.notifications_of(ann.pk).first()
    assert first is not None
    assert notify.mark_read(ann.pk, [first.pk]) == 1
    assert notify.mark_read(ann.pk, [first.pk]) == 0
    assert notify.mark_read(li.pk, [first.pk]) == 0
    assert notify.unread_count(ann.pk) == 2
    assert notify.mark_read(ann.pk) == 2
    assert (notify.unread_count(ann.pk), notify.unread_count(li.pk)) == (0, 3)


# --- templates


def test_events_are_declared_once() -> None:
    known = templates.get(EVENT)
    assert known in notify.all_templates()
    assert notify.declare(EVENT, known.label, title=known.title, body=known.body) == known
    with pytest.raises(ValueError, match="twice"):
        notify.declare(EVENT, "Other", title="other")


def test_texts_in_every_language_with_dates_and_numbers() -> None:
    made = templates.Template("x", "x", "%(day)s %(count)d %(label)s", "")
    texts = templates.render(made, {"day": date(2026, 11, 20), "count": 3, "label": Channel.EMAIL.label})
    assert set(texts) == {"zh-hans", "en"}
    assert texts["en"][0] == "Fri 20 Nov 2026 3 e-mail"


def test_asking_for_what_is_not_there() -> None:
    with pytest.raises(AttributeError):
        _nothing = notify.nothing  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("url", "link"),
    [("", ""), ("/tasks/7/", "https://here/tasks/7/"), ("finding:7", "https://here/to/finding:7/")],
)
def test_messages_carry_whole_addresses(settings: Any, url: str, link: str) -> None:
    settings.BASE_URL = "https://here"
    assert link_of(url) == link
