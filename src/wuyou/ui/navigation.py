"""The pages offered on the left and, on a phone, at the bottom; every face registers its own."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import reverse

from wuyou.domains.org.queries import has_permission

from .visitor import user_of

BOTTOM_ITEMS = 4


@dataclass(frozen=True, slots=True)
class Item:
    """One page: shown to those who hold `permission` anywhere (everybody when None)."""

    code: str
    label: object
    icon: str
    url_name: str
    permission: str | None = None
    phone: bool = False
    keywords: str = ""

    @property
    def url(self) -> str:
        """The page's address."""
        return reverse(self.url_name)


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with its pages; groups with the same code are joined."""

    code: str
    label: object
    order: int
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Link:
    """An item as one request sees it."""

    item: Item
    url: str
    current: bool


_groups: dict[str, Group] = {}


def register(group: Group) -> None:
    """Offer a group of pages; an item of the same code replaces the earlier one."""
    kept = _groups.setdefault(group.code, Group(group.code, group.label, group.order))
    for item in group.items:
        kept.items[:] = [other for other in kept.items if other.code != item.code] + [item]


def groups() -> list[Group]:
    """All groups in their order."""
    return sorted(_groups.values(), key=lambda group: group.order)


def _visible(request: HttpRequest, items: Iterable[Item]) -> list[Item]:
    return [item for item in items if item.permission is None or has_permission(user_of(request), item.permission)]


def _current(path: str, urls: Iterable[str]) -> str:
    """The longest address the present one lies under."""
    return max((url for url in urls if path == url or (url != "/" and path.startswith(url))), key=len, default="")


def for_request(request: HttpRequest) -> list[tuple[Group, list[Link]]]:
    """The navigation of the person asking, with the present page marked; nothing before log-in."""
    if not request.user.is_authenticated:
        return []
    shown = [(group, [(item, item.url) for item in _visible(request, group.items)]) for group in groups()]
    current = _current(request.path, [url for _group, items in shown for _item, url in items])
    return [(group, [Link(item, url, url == current) for item, url in items]) for group, items in shown if items]


def bottom_of(menu: list[tuple[Group, list[Link]]]) -> list[Link]:
    """The few pages a phone offers at the bottom."""
    return [link for _group, links in menu for link in links if link.item.phone][:BOTTOM_ITEMS]
