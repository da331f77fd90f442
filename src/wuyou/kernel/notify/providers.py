"""Who carries a message out. Without a provider for a channel its messages stay in the outbox, to be seen."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage

from wuyou.kernel.errors import WuyouError

from .choices import Channel
from .models import OutboxMessage

SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Undelivered(WuyouError):
    """The provider did not take the message; it will be tried again."""

    status = 502
    code = "undelivered"


@dataclass(frozen=True, slots=True)
class Provider:
    """Carries messages of one channel; `send` raises Undelivered."""

    channel: str
    is_configured: Callable[[], bool]
    send: Callable[[OutboxMessage], None]


_providers: dict[str, Provider] = {}


def register(provider: Provider) -> Provider:
    """Carry a channel's messages with this provider from now on."""
    _providers[str(provider.channel)] = provider
    return provider


def provider_of(channel: str) -> Provider | None:
    """The channel's provider, if there is one and it is configured."""
    provider = _providers.get(str(channel))
    return provider if provider and provider.is_configured() else None


def has_mail() -> bool:
    """Whether e-mail can go out: a mail server is named, or a backend other than SMTP is chosen."""
    return bool(settings.EMAIL_BACKEND != SMTP or getattr(settings, "EMAIL_CONFIGURED", False))


def send_mail(message: OutboxMessage) -> None:
    """Send by Django's mail backend; raises Undelivered."""
    text = f"{message.body}\n\n{message.url}".strip()
    try:
        EmailMessage(message.subject, text, to=[message.to]).send()
    except (OSError, smtplib.SMTPException) as error:
        raise Undelivered(f"{type(error).__name__}: {error}") from error


register(Provider(Channel.EMAIL.value, has_mail, send_mail))
