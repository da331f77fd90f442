"""Where people are reached. The kernel asks a directory; the organisation may put a fuller one in its place."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model

from .choices import Channel


@dataclass(frozen=True, slots=True)
class Address:
    """A person's language and, by channel, where to send to."""

    user_id: int
    language: str
    to: Mapping[str, str] = field(default_factory=dict)


Directory = Callable[[Collection[int]], list[Address]]


def users(user_ids: Collection[int]) -> list[Address]:
    """Active users with their e-mail addresses."""
    rows = get_user_model()._default_manager.filter(pk__in=user_ids, is_active=True).order_by("pk")
    return [
        Address(pk, language, {Channel.EMAIL.value: email} if email else {})
        for pk, language, email in rows.values_list("pk", "language", "email")
    ]


_directory: list[Directory] = [users]


def use_directory(directory: Directory) -> None:
    """Ask this directory from now on."""
    _directory[0] = directory


def addresses_of(user_ids: Collection[int]) -> list[Address]:
    """Where these people are reached; who is gone or inactive is left out."""
    return _directory[0](user_ids)
