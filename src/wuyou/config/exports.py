"""`wuyou export`: the lists of the console as files, with a person's rights, and noted in the journal like theirs."""

import argparse
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

from wuyou.config.cli.commands import CommandError
from wuyou.domains.org.models import User
from wuyou.domains.org.queries import users_visible_to
from wuyou.kernel.actors import System
from wuyou.ui.lists import ListPage
from wuyou.ui.lists.export import TYPES, export_response


def export_file(given: argparse.Namespace) -> int:
    """Write one list, or name the lists."""
    pages = {page.code: page for page in list_pages()}
    if given.kind is None or given.file is None:
        for code in sorted(pages):
            print(f"{code:28} {pages[code].title}")
        return 0
    if given.kind not in pages:
        raise CommandError(f"there is no list {given.kind}; `wuyou export` without arguments names them")
    kind = given.file.suffix.lstrip(".").lower()
    if kind not in TYPES:
        raise CommandError("the file's ending says the kind: .xlsx or .csv")
    content = exported(pages[given.kind], kind, request_of(given))
    given.file.write_bytes(content)
    print(f"{given.file}: {len(content):,} bytes")
    return 0


def exported(page_class: type[ListPage], kind: str, request: HttpRequest) -> bytes:
    """The list as the person would get it, in their language; raises Denied where they may not see it."""
    page = page_class()
    page.setup(request)
    with translation.override(request.user.language):  # type: ignore[union-attr]
        page.allowed()
        return bytes(export_response(page, kind).content)


def request_of(given: argparse.Namespace) -> HttpRequest:
    """What the person's browser would ask: filters, order and columns as in the address of the list."""
    request = HttpRequest()
    query = QueryDict(given.where or "", mutable=True)
    if given.project:
        query["project"] = given.project
    request.method, request.user = "GET", person(given.login)
    request.GET = query  # type: ignore[assignment]
    request.session = {}  # type: ignore[assignment]
    return request


def person(login: str | None) -> User:
    """The active user of that log-in name."""
    if not login:
        raise CommandError("please give --as LOGIN: a list is exported with somebody's rights")
    user = users_visible_to(System("command line")).filter(username=login.lower(), is_active=True).first()
    if user is None:
        raise CommandError(f"there is no active user {login}")
    return user


def list_pages(urls: Any = None) -> Iterator[type[ListPage]]:
    """Every list that has an address without parameters."""
    for pattern in urls or get_resolver().url_patterns:
        if pattern.pattern.converters:
            continue
        if isinstance(pattern, URLResolver):
            yield from list_pages(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and is_list(pattern):
            yield view_of(pattern)


def is_list(pattern: URLPattern) -> bool:
    """Whether an address leads to a list."""
    view = view_of(pattern)
    return isinstance(view, type) and issubclass(view, ListPage)


def view_of(pattern: URLPattern) -> Any:
    """The class behind an address; None where a plain function is."""
    return getattr(pattern.callback, "view_class", None)
