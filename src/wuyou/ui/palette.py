"""Command palette and global search: pages, commands and records from every provider, best first."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.queries import has_permission, projects_visible_to
from wuyou.kernel import search

from . import navigation
from .visitor import user_of

MOST = 30
EACH = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing to go to; `group` is the heading it stands under."""

    label: object
    url: str
    icon: str = "arrow-right"
    hint: object = ""
    group: object = ""


Provider = Callable[[HttpRequest, str], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of searched record: its heading, its icon, and the permission to see it."""

    code: str
    label: object
    icon: str
    permission: str


_providers: list[Provider] = []
_kinds: dict[str, Kind] = {}


def show_kind(code: str, label: object, *, icon: str, permission: str) -> None:
    """Offer records of this kind (as in kernel.search) to those who hold the permission, where they hold it."""
    _kinds[code] = Kind(code, label, icon, permission)


def provide(provider: Provider) -> Provider:
    """Add a source of hits; usable as a decorator."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


@provide
def pages(request: HttpRequest, text: str) -> Iterator[Hit]:
    """The pages of the navigation whose name or keywords hold the text; all of them for no text."""
    asked = text.lower()
    for group, links in navigation.for_request(request):
        for link in links:
            if asked in f"{link.item.label} {group.label} {link.item.keywords}".lower():
                yield Hit(link.item.label, link.url, icon=link.item.icon, hint=group.label, group=_("Go to"))


@provide
def records(request: HttpRequest, text: str) -> Iterator[Hit]:
    """Records of every kind the person may see, each only in the projects where they may."""
    for permission in sorted({kind.permission for kind in _kinds.values()}) if text else ():
        if has_permission(user_of(request), permission):
            yield from _records(request, text, permission)


def _records(request: HttpRequest, text: str, permission: str) -> Iterator[Hit]:
    kinds = [kind.code for kind in _kinds.values() if kind.permission == permission]
    projects = projects_visible_to(user_of(request), permission).values("pk")
    for found in search.find(text, project_ids=projects, kinds=kinds, limit=EACH):
        if found.url_name:
            kind = _kinds[found.kind]
            url = reverse(found.url_name, args=list(found.url_args))
            yield Hit(found.title, url, icon=kind.icon, hint=found.subtitle, group=kind.label)


def hits(request: HttpRequest, text: str) -> dict[str, list[Hit]]:
    """What fits the text, by heading, in the order of the providers."""
    found: dict[str, list[Hit]] = {}
    for provider in _providers if request.user.is_authenticated else ():
        for hit in islice(provider(request, text.strip()), MOST):
            found.setdefault(str(hit.group), []).append(hit)
    return found
