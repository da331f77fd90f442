"""Pure rules of the organisation: service hours, who may stand below whom, passwords, scopes, addresses."""

import ipaddress
import re
import string
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

RANKS = ("group", "region", "city", "project")
HOUR = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
DAYS = frozenset(["1", "2", "3", "4", "5", "6", "7", "holiday"])


def may_stand_below(kind: str, parent: str | None) -> bool:
    """Whether a node of `kind` may be below one of `parent` (None: a root): always deeper, never below a project."""
    if parent is None:
        return True
    return parent != "project" and RANKS.index(kind) > RANKS.index(parent)


def faulty_service_days(hours: Mapping[str, Sequence[str]]) -> list[str]:
    """The days of a week's service hours that are wrong: unknown, no pairs, backwards, overlapping."""
    return [day for day, times in hours.items() if day not in DAYS or not _are_windows(times)]


def _are_windows(times: Sequence[str]) -> bool:
    if isinstance(times, str) or len(times) % 2:
        return False
    return all(HOUR.fullmatch(time) for time in times) and all(a < b for a, b in pairwise(times))


def character_classes(password: str) -> int:
    """How many of lower case, upper case, digits and other characters a password has (spec 13 §6.3 asks for three)."""
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    found = sum(any(char in kind for char in password) for kind in kinds)
    return found + any(char not in string.ascii_letters + string.digits for char in password)


def scope_allows(scopes: Iterable[str], permission: str) -> bool:
    """Whether a token's scopes let it use a permission: `*`, `<app>.*`, `<app>.view_*` or the permission itself."""
    app, _, verb = permission.partition(".")
    wide = {"*", permission, f"{app}.*"} | ({"read", f"{app}.read"} if verb.startswith("view_") else set())
    return bool(wide & set(scopes))


def is_public_address(address: str) -> bool:
    """Whether an IP address is one of the open internet: a webhook must not reach into our own network."""
    return ipaddress.ip_address(address).is_global
