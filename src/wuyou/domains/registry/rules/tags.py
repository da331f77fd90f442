"""Short codes on stickers: readable aloud, no look-alikes, with a check sign (spec 01: printable code)."""

import unicodedata
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 signs, a prime: every single mistake and every swap is noticed
BODY = 7


def check_sign(body: str) -> str:
    """The last sign of a code from those before it."""
    total = sum((position + 1) * ALPHABET.index(sign) for position, sign in enumerate(body))
    return ALPHABET[total % len(ALPHABET)]


def new_code(pick: Callable[[str], str]) -> str:
    """A code whose signs `pick` draws from the alphabet, e.g. secrets.choice."""
    body = "".join(pick(ALPHABET) for _sign in range(BODY))
    return body + check_sign(body)


def shown(code: str) -> str:
    """The code as printed: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def read_code(text: str) -> str:
    """A code as scanned or typed; raises Invalid when a sign is mistyped."""
    code = "".join(unicodedata.normalize("NFKC", text).replace("-", "").split()).upper()
    is_whole = len(code) == BODY + 1 and all(sign in ALPHABET for sign in code)
    if not is_whole or check_sign(code[:BODY]) != code[BODY:]:
        raise Invalid(_("This is not a code of ours: check the signs on the sticker."))
    return code
