"""Personal data: encrypted at rest, findable by a keyed digest, shown masked (spec 00 rule 4, spec 01)."""

import base64
import functools
import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import models


@functools.cache
def _keys(data_key: str) -> tuple[Fernet, bytes]:
    seed = data_key.encode()
    cipher = base64.urlsafe_b64encode(hashlib.sha256(b"cipher" + seed).digest())
    return Fernet(cipher), hashlib.sha256(b"digest" + seed).digest()


def encrypt(text: str) -> str:
    """The text as a token only this installation can read; the empty text stays empty."""
    return _keys(settings.DATA_KEY)[0].encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """The text of a token; raises cryptography.fernet.InvalidToken when the data key is another one."""
    return _keys(settings.DATA_KEY)[0].decrypt(token.encode()).decode() if token else ""


def digest(text: str) -> str:
    """A keyed digest to find equal values by; the empty text has none."""
    return hmac.new(_keys(settings.DATA_KEY)[1], text.encode(), hashlib.sha256).hexdigest()[:32] if text else ""


def mask_phone(phone: str) -> str:
    """138****5678; short numbers keep only their last two digits."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else ("****" + phone[-2:] if phone else "")


def mask_name(name: str) -> str:
    """张** for 张三丰, so that a list can be read aloud without naming anyone."""
    return name[:1] + "*" * (len(name) - 1)


def mask_id(number: str) -> str:
    """The first and the last character of an identity number."""
    return f"{number[:1]}{'*' * (len(number) - 2)}{number[-1:]}" if len(number) > 2 else "*" * len(number)


if TYPE_CHECKING:
    TextColumn = models.TextField[str, str]
else:
    TextColumn = models.TextField  # Django's own class takes no type arguments when it runs


class EncryptedText(TextColumn):
    """A text column that holds tokens and gives plain text."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        return encrypt(value) if isinstance(value, str) else value

    def from_db_value(self, value: str | None, *_args: object) -> str | None:
        """Decrypt on the way out."""
        return decrypt(value) if value else value
