"""Words to search by: every Chinese character and every pair of neighbours, Latin words and numbers whole.

No dictionary: one of 16 % of the cases missed by word segmentation was 困人. A person who types two characters finds
every text in which they stand side by side. Digits are found within plates and case numbers, long numbers also by their
last four digits.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

LONGEST = 60  # signs of a token
MOST_TOKENS = 2_000  # of a document
MOST_WORDS = 24  # of a query
_CHINESE = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"([{_CHINESE}]+)|([^\W_{_CHINESE}]+)")
_MIXED = re.compile(r"\d+|[^\W\d_]+")


def fold(text: str) -> str:
    """Compatibility forms (full-width, ㎡) folded, small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def tokens(text: str) -> list[str]:
    """What a text is found by, each once, in the order of appearance."""
    found = dict.fromkeys(token[:LONGEST] for run in _RUN.finditer(fold(text)) for token in _tokens_of(run))
    return list(found)[:MOST_TOKENS]


def _tokens_of(run: re.Match[str]) -> Iterator[str]:
    chinese, word = run.groups()
    if chinese:
        yield from chinese
        yield from (chinese[at : at + 2] for at in range(len(chinese) - 1))
        return
    yield word
    parts = _MIXED.findall(word)
    if len(parts) > 1:
        yield from parts
    yield from (part[-4:] for part in parts if part.isdigit() and len(part) >= 7)


def query_words(text: str) -> list[str]:
    """What must be in a document to answer a query: pairs for Chinese (a lone character by itself), words, numbers."""
    words: list[str] = []
    for run in _RUN.finditer(fold(text)):
        chinese, word = run.groups()
        if chinese and len(chinese) > 1:
            words += (chinese[at : at + 2] for at in range(len(chinese) - 1))
        else:
            words.append((chinese or word)[:LONGEST])
    return list(dict.fromkeys(words))[:MOST_WORDS]


def compact(text: str) -> str:
    """A text without anything but letters and digits: what titles are compared by."""
    return "".join(run.group() for run in _RUN.finditer(fold(text)))


def number_parts(number: str) -> Iterable[str]:
    """How a private number may be asked for: whole, its first seven, its last four signs."""
    plain = compact(number)
    if len(plain) < 4:
        return
    yield plain
    if len(plain) > 7:
        yield plain[:7]
    if len(plain) > 4:
        yield plain[-4:]
