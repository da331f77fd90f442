"""The vendors' SQL of search in one place: FTS5 on SQLite, tsvector with GIN on PostgreSQL (stack: Chinese search)."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from .models import Document

# SQLite: an index without content of its own, kept in step by triggers
SQLITE_UP = [
    """CREATE VIRTUAL TABLE search_index USING fts5(
        tokens, content='search_document', content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='3'
    )""",
    """CREATE TRIGGER search_document_insert AFTER INSERT ON search_document BEGIN
        INSERT INTO search_index(rowid, tokens) VALUES (new.id, new.tokens);
    END""",
    """CREATE TRIGGER search_document_delete AFTER DELETE ON search_document BEGIN
        INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', old.id, old.tokens);
    END""",
    """CREATE TRIGGER search_document_update AFTER UPDATE OF tokens ON search_document
        WHEN old.tokens <> new.tokens BEGIN
        INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', old.id, old.tokens);
        INSERT INTO search_index(rowid, tokens) VALUES (new.id, new.tokens);
    END""",
]
SQLITE_DOWN = [
    "DROP TRIGGER search_document_update",
    "DROP TRIGGER search_document_delete",
    "DROP TRIGGER search_document_insert",
    "DROP TABLE search_index",
]
# PostgreSQL: the tokens are ours already, so no parser touches them; prefixes of titles need byte order
POSTGRESQL_UP = [
    'ALTER TABLE search_document ALTER COLUMN title_key TYPE varchar(200) COLLATE "C"',
    """ALTER TABLE search_document ADD COLUMN vector tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(tokens, ' '))) STORED""",
    "CREATE INDEX search_vector ON search_document USING gin (vector)",
]
POSTGRESQL_DOWN = [
    "DROP INDEX search_vector",
    "ALTER TABLE search_document DROP COLUMN vector",
    'ALTER TABLE search_document ALTER COLUMN title_key TYPE varchar(200) COLLATE "default"',
]
UPSERT = """
    INSERT INTO search_document
        (kind, object_id, project_id, title, subtitle, title_key, tokens, url_name, url_args)
    VALUES {values}
    ON CONFLICT (kind, object_id) DO UPDATE SET
        project_id = excluded.project_id, title = excluded.title, subtitle = excluded.subtitle,
        title_key = excluded.title_key, tokens = excluded.tokens, url_name = excluded.url_name,
        url_args = excluded.url_args
"""

Alternatives = Sequence[str]  # tokens of which one must be there; a trailing * takes any token that starts so


def upsert(rows: Sequence[tuple[Any, ...]]) -> None:
    """Write documents, new or known, in one statement; no two of `rows` may be the same document."""
    one = f"({', '.join(['%s'] * len(rows[0]))})"
    with connection.cursor() as cursor:
        cursor.execute(UPSERT.format(values=", ".join([one] * len(rows))), [value for row in rows for value in row])


def matching(documents: QuerySet[Document], wanted: Sequence[Alternatives]) -> QuerySet[Document]:
    """Those documents that hold one token of every set of alternatives."""
    if connection.vendor == "postgresql":
        condition = RawSQL("search_document.vector @@ %s::tsquery", [_tsquery(wanted)], output_field=BooleanField())
        return documents.filter(condition)
    found = RawSQL("SELECT rowid FROM search_index WHERE search_index MATCH %s", [_fts5(wanted)])
    return documents.filter(pk__in=found)


def titled(documents: QuerySet[Document], start: str) -> QuerySet[Document]:
    """Those documents whose title key starts with `start`: a range of the index, which is in byte order on both."""
    return documents.filter(title_key__gte=start, title_key__lt=start + "\U0010ffff")


def _tsquery(wanted: Sequence[Alternatives]) -> str:
    return " & ".join("(" + " | ".join(_lexeme(token) for token in options) + ")" for options in wanted)


def _lexeme(token: str) -> str:
    return f"'{token[:-1]}':*" if token.endswith("*") else f"'{token}'"


def _fts5(wanted: Sequence[Alternatives]) -> str:
    return " AND ".join("(" + " OR ".join(_phrase(token) for token in options) + ")" for options in wanted)


def _phrase(token: str) -> str:
    return f'"{token[:-1]}"*' if token.endswith("*") else f'"{token}"'
