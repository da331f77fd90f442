"""What is hashed and how: SHA-256 over canonical JSON (sorted keys, no spaces, UTF-8). Pure, no database."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

GENESIS = "0" * 64
_encode = json.encoder.encode_basestring  # the C routine: JSON string without ASCII escapes


class Line(NamedTuple):
    """One entry exactly as it is stored, in the order of the stored columns; `at` is UTC text to the microsecond."""

    seq: int
    at: str
    actor_id: str
    actor_label: str
    on_behalf: str
    verb: str
    subject_kind: str
    subject_id: str
    subject_label: str
    data: str
    prev_hash: str


def canonical(value: Any) -> str:
    """Canonical JSON of plain values; Decimals, dates, floats and whatever else become strings first."""
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def plain(value: Any) -> Any:
    """Mappings, lists, strings, ints, booleans and None stay; everything else becomes the text it will be read as."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(str(item) for item in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def moment_text(moment: datetime) -> str:
    """An aware moment as it is stored and hashed: UTC, always six digits of a second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def preimage(chain: str, line: tuple[Any, ...]) -> str:
    """The canonical JSON of an entry; written out because `verify` builds millions."""
    seq, at, actor_id, actor_label, on_behalf, verb, kind, subject_id, subject_label, data, prev_hash = line
    return (
        f'{{"actor_id":{_encode(actor_id)},"actor_label":{_encode(actor_label)},"at":"{at}","chain":{_encode(chain)},'
        f'"data":{data},"on_behalf":{_encode(on_behalf)},"prev_hash":"{prev_hash}","seq":{seq},'
        f'"subject_id":{_encode(subject_id)},"subject_kind":{_encode(kind)},'
        f'"subject_label":{_encode(subject_label)},"verb":{_encode(verb)}}}'
    )


def hash_line(chain: str, line: tuple[Any, ...]) -> str:
    """The entry's hash, 64 hexadecimal digits."""
    return hashlib.sha256(preimage(chain, line).encode()).hexdigest()


def digest_rows(rows: Iterable[Any]) -> str:
    """One digest over a batch of rows in their order, for the single entry that bulk generation writes (spec 02)."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(canonical(row).encode())
        digest.update(b"\n")
    return digest.hexdigest()
