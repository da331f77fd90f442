"""Put records into the index and find them again, best first (spec 02: search)."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from wuyou.kernel.privacy import digest

from . import engine
from .models import Document
from .tokens import compact, number_parts, query_words, tokens

CANDIDATES = 400  # matches that are ranked; a query that matches more says too little to rank them all
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A record to be found: what it is called and what else is said about it.

    `private` holds phones and other personal numbers: only keyed digests of the whole, the first seven and the last
    four signs are kept, never the number.
    """

    kind: str
    object_id: object
    project_id: int | None
    title: str
    text: str = ""
    subtitle: str = ""
    url_name: str = ""
    url_args: Sequence[object] = ()
    private: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Hit:
    """A found record; the page is `reverse(url_name, args=url_args)`."""

    kind: str
    object_id: str
    project_id: int | None
    title: str
    subtitle: str
    url_name: str
    url_args: Sequence[Any]


def index(
    kind: str,
    object_id: object,
    *,
    project_id: int | None,
    title: str,
    text: str = "",
    subtitle: str = "",
    url_name: str = "",
    url_args: Sequence[object] | None = None,
    private: Sequence[str] = (),
) -> None:
    """Make one record findable, or renew how it is found; `url_args` is the object's id unless given."""
    args = (object_id,) if url_args is None else url_args
    bulk_index([Entry(kind, object_id, project_id, title, text, subtitle, url_name, args, private)])


def bulk_index(entries: Iterable[Entry]) -> int:
    """Make many records findable, set-wise; gives their number; of two entries for one record the last counts."""
    rows = list({(entry.kind, str(entry.object_id)): _row(entry) for entry in entries}.values())
    for start in range(0, len(rows), BATCH):
        engine.upsert(rows[start : start + BATCH])
    return len(rows)


def _row(entry: Entry) -> tuple[Any, ...]:
    title, subtitle = entry.title[:200], entry.subtitle[:300]
    words = tokens(f"{title}\n{subtitle}\n{entry.text}")
    secret = [_secret(part) for number in entry.private for part in number_parts(number)]
    return (
        entry.kind,
        str(entry.object_id),
        entry.project_id,
        title,
        subtitle,
        compact(title)[:200],
        " ".join(dict.fromkeys([*words, *secret])),
        entry.url_name,
        json.dumps([number if isinstance(number, int) else str(number) for number in entry.url_args]),
    )


def _secret(number: str) -> str:
    return "p" + digest(f"search:{number}")[:20]


def remove(kind: str, object_id: object) -> None:
    """Make a record unfindable."""
    remove_many(kind, [object_id])


def remove_many(kind: str, object_ids: Collection[object]) -> None:
    """Make records unfindable, set-wise."""
    known = [str(number) for number in object_ids]
    for start in range(0, len(known), BATCH):
        Document.objects.filter(kind=kind, object_id__in=known[start : start + BATCH]).delete()


def find(
    query: str, *, project_ids: Collection[int] | QuerySet[Any], kinds: Collection[str] | None = None, limit: int = 20
) -> list[Hit]:
    """Records of these projects (and those above projects) that hold every word of the query, the best first.

    The last word may be unfinished. A title that is or starts with the query goes before one that holds it, and that
    before a text that holds the words apart.
    """
    words = query_words(query)
    if not words:
        return []
    seen = Document.objects.filter(Q(project_id__in=project_ids) | Q(project_id__isnull=True))
    if kinds is not None:
        seen = seen.filter(kind__in=kinds)
    wanted = compact(query)
    found = {row.pk: row for row in engine.titled(seen, wanted).order_by("title_key", "id")[:limit]}
    for row in engine.matching(seen, _wanted(words))[:CANDIDATES]:
        found.setdefault(row.pk, row)
    return [_hit(row) for row in sorted(found.values(), key=lambda row: _rank(row, wanted))[:limit]]


def _wanted(words: Sequence[str]) -> list[list[str]]:
    """Each word, the last one also unfinished; digits also as (part of) a private number."""
    last = len(words) - 1
    return [
        [word + "*" if at == last and word.isascii() else word, *([_secret(word)] if _may_be_number(word) else [])]
        for at, word in enumerate(words)
    ]


def _may_be_number(word: str) -> bool:
    return len(word) >= 4 and word.isascii() and any(sign.isdigit() for sign in word)


def _rank(row: Document, wanted: str) -> tuple[int, int, str, int]:
    """Smaller is better: the title is it, starts with it, holds it, the subtitle holds it, somewhere else."""
    places = [
        row.title_key == wanted,
        row.title_key.startswith(wanted),
        wanted in row.title_key,
        wanted in compact(row.subtitle),
        True,
    ]
    return places.index(True), len(row.title_key), row.title_key, row.pk


def _hit(row: Document) -> Hit:
    return Hit(row.kind, row.object_id, row.project_id, row.title, row.subtitle, row.url_name, row.url_args)


def indexed_ids(kind: str, *, project_id: int) -> list[str]:
    """Ids of a project's records of a kind that can be found: to take out those that are no more."""
    return list(Document.objects.filter(kind=kind, project_id=project_id).values_list("object_id", flat=True))
