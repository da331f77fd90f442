"""Translations without system gettext: find the texts, keep the Chinese catalogue complete, compile it.

python -m wuyou.config.catalogue update [pairs.json …]   rewrite the catalogue; pairs add {"English": "中文"}
python -m wuyou.config.catalogue missing                 texts without a Chinese translation
python -m wuyou.config.catalogue compile                 build what Django reads
"""

import argparse
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
CHINESE = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS = DEFAULT_KEYWORDS | {
    "_now": None,  # gettext where the module's _ is the lazy one
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)  # a header that never changes makes no needless differences

Key = tuple[str, str | None]


def sources() -> list[Path]:
    """Every file that may hold words for people."""
    code = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]
    pages = [path for path in PACKAGE.glob("**/templates/**/*") if path.suffix in {".html", ".txt", ".svg"}]
    return sorted(code) + sorted(pages)


def as_python(path: Path) -> bytes:
    """A file as text the extractor reads: templates become calls of gettext."""
    text = path.read_text(encoding="utf8")
    if path.suffix == ".py":
        return text.encode()
    # indentation of a page means nothing, and the extractor's tokens would stumble over it
    lines = templatize(text, origin=str(path)).splitlines()
    return "\n".join(line.strip() for line in lines).encode()


def extract() -> Catalog:
    """All texts in use, without where they stand (line numbers make needless differences)."""
    found = Catalog(locale="zh_Hans")
    for path in sources():
        for _line, name, arguments, _notes in extract_python(io.BytesIO(as_python(path)), KEYWORDS, (), {}):
            add_call(found, name=str(name), arguments=arguments)
    return found


def add_call(found: Catalog, *, name: str, arguments: object) -> None:
    """Enter the text of one gettext call; calls without a literal text have none."""
    values = [str(value or "") for value in (arguments if isinstance(arguments, tuple | list) else [arguments])]
    context = values.pop(0) if name.lstrip("n").startswith("pgettext") else None
    if not values or not values[0]:
        return
    is_plural = name.startswith("n") and len(values) > 1
    found.add((values[0], values[1]) if is_plural else values[0], context=context)


def key(message: Message) -> Key:
    """What identifies a message: its (singular) text and its context."""
    text = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return text, message.context


def words(message: Message) -> str:
    """The translation; Chinese has one form for any number."""
    text = message.string[0] if isinstance(message.string, tuple | list) else message.string
    return text or ""


def messages(catalog: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its header."""
    return (message for message in catalog if message.id)


def read() -> Catalog:
    """The Chinese catalogue as it is kept; empty when there is none yet."""
    if not CHINESE.exists():
        return Catalog(locale="zh_Hans")
    with CHINESE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def update(pairs: dict[str, str]) -> Catalog:
    """Rewrite the catalogue: texts in use only, known translations kept, `pairs` added and winning."""
    known = {key(message): words(message) for message in messages(read())}
    fresh = Catalog(
        locale="zh_Hans", project="wuyou", charset="utf-8", fuzzy=False, creation_date=WRITTEN, revision_date=WRITTEN
    )
    for message in messages(extract()):
        text = chosen(message, pairs, known.get(key(message), ""))
        fresh.add(message.id, (text,) if message.pluralizable else text, context=message.context)
    CHINESE.parent.mkdir(parents=True, exist_ok=True)
    with CHINESE.open("wb") as file:
        write_po(file, fresh, no_location=True, sort_output=True, width=0)
    return fresh


def chosen(message: Message, pairs: dict[str, str], known: str) -> str:
    """The translation to keep: a pair wins; for a text with a context the pair `context|text`, else what was known."""
    plain = pairs.get(key(message)[0], "")
    if message.context is None:
        return plain or known
    return pairs.get(f"{message.context}|{key(message)[0]}") or known or plain


def missing() -> list[str]:
    """Texts in use that have no Chinese translation."""
    known = {key(message) for message in messages(read()) if words(message) and not message.fuzzy}
    return sorted(text for text, context in map(key, messages(extract())) if (text, context) not in known)


def mismatched() -> list[str]:
    """Translations whose placeholders are not those of the text."""
    return sorted(
        key(message)[0]
        for message in messages(read())
        if words(message) and set(PLACEHOLDER.findall(words(message))) != placeholders(message)
    )


def placeholders(message: Message) -> set[str]:
    """The placeholders of a text; the plural form counts, for it is the one that names the number."""
    text = message.id[-1] if isinstance(message.id, tuple | list) else message.id
    return set(PLACEHOLDER.findall(text))


def compile_catalogue() -> None:
    """Build the file Django reads, unless it is newer than its source."""
    built = CHINESE.with_suffix(".mo")
    if CHINESE.exists() and not (built.exists() and built.stat().st_mtime >= CHINESE.stat().st_mtime):
        with built.open("wb") as file:
            write_mo(file, read())


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["update", "missing", "compile"])
    parser.add_argument("pairs", nargs="*", type=Path)
    given = parser.parse_args()
    if given.verb == "update":
        pairs: dict[str, str] = {}
        for path in given.pairs:
            pairs |= json.loads(path.read_text(encoding="utf8"))
        update(pairs)
    if given.verb == "compile":
        compile_catalogue()
    else:
        print("\n".join(missing()) or "every text has a Chinese translation")


if __name__ == "__main__":
    main()
