"""Errors a person can act on. Faces map them once: to form messages and to problem+json (spec 00, rule 2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _


def filled(message: object, **context: object) -> str | Promise:
    """A (lazily translated) message with its named placeholders, put together in the language of whoever reads it."""
    return _fill(message, context)


def _words(message: object, context: Mapping[str, object]) -> str:
    return str(message) % context if context else str(message)


_fill = lazy(_words, str)


class WuyouError(Exception):
    """What went wrong, in words for the person who can mend it; `status` is the HTTP status faces answer with."""

    status = 400
    code = "error"

    def __init__(self, message: object, **context: object) -> None:
        """Keep the (lazily translated) message; `context` fills its named placeholders."""
        super().__init__(message)
        self.message = message
        self.context = context

    def __str__(self) -> str:
        """The message in the language active now."""
        text = str(self.message)
        return text % self.context if self.context else text


class Denied(WuyouError):
    """The person may not do this."""

    status = 403
    code = "denied"


class Missing(WuyouError):
    """There is no such thing, or not for this person."""

    status = 404
    code = "missing"


class Conflict(WuyouError):
    """Somebody else was faster, or the record has changed since it was read."""

    status = 409
    code = "conflict"


class IllegalMove(Conflict):
    """The transition is not allowed from the state the case is in."""

    code = "illegal_move"


class TooLarge(WuyouError):
    """A file or text exceeds its limit."""

    status = 413
    code = "too_large"


class Unsupported(WuyouError):
    """A file is not of a kind that is taken here."""

    status = 415
    code = "unsupported"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong value: where (`field`, a form field or JSON pointer) and why."""

    field: str
    message: object


class Invalid(WuyouError):
    """One or more values are wrong; each says where."""

    status = 422
    code = "invalid"

    def __init__(
        self, message: object = None, *, fields: Mapping[str, object] | None = None, **context: object
    ) -> None:
        """`fields` maps a field's name to its message."""
        self.fields: Sequence[FieldError] = [FieldError(name, text) for name, text in (fields or {}).items()]
        first = self.fields[0].message if self.fields else _("The input is not valid.")
        super().__init__(message if message is not None else first, **context)
