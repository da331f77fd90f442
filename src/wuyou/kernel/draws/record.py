"""The record of a draw as it is published: canonical JSON, digests and the commitment (docs/reference/draws.md).

Canonical JSON: UTF-8, keys sorted, no white space, characters beyond ASCII as themselves, only texts, whole numbers,
true, false, null, lists and objects.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from .choices import Allocation
from .generator import VERSION, Stream, key_of
from .sampling import Drawn, Method, Unit, draw

Json = dict[str, Any]
METHOD_KEYS = {
    "number": int,
    "allocation": str,
    "at_least_one": bool,
    "numbers": list,
    "is_weighted": bool,
    "needs_word": bool,
}
UNIT_KEYS = {"id": str, "label": str, "stratum": str, "weight": int}
SHARE_KEYS = {"stratum": str, "number": int}


class Malformed(Exception):
    """A record's part is not what it should be; `where` is a JSON pointer."""

    def __init__(self, where: str) -> None:
        """Keep the place."""
        super().__init__(where)
        self.where = where


def canonical(value: object) -> str:
    """The one text of a JSON value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON of a value, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def commitment_of(seed: str, frame_digest: str, method_digest: str) -> str:
    """What is published before the draw: it binds seed, frame and method and gives none of the seed away."""
    lines = [VERSION, "commitment", seed, frame_digest, method_digest]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def frame_json(units: Sequence[Unit]) -> list[Json]:
    """A frame as it is published, in its own order."""
    return [{"id": unit.id, "label": unit.label, "stratum": unit.stratum, "weight": unit.weight} for unit in units]


def method_json(method: Method) -> Json:
    """A method as it is published."""
    return {
        "number": method.number,
        "allocation": str(method.allocation),
        "at_least_one": method.at_least_one,
        "numbers": [{"stratum": name, "number": number} for name, number in sorted(method.numbers.items())],
        "is_weighted": method.is_weighted,
        "needs_word": method.needs_word,
    }


def result_json(result: Sequence[Drawn]) -> list[Json]:
    """A result as it is published: in order drawn, with the number that chose each unit and its bound."""
    return [
        {
            "position": one.position,
            "id": one.unit.id,
            "label": one.unit.label,
            "stratum": one.unit.stratum,
            "turn": one.turn,
            "roll": one.roll,
            "of": one.of,
        }
        for one in result
    ]


def read_frame(data: object, where: str = "/frame") -> list[Unit]:
    """The units of a published frame; raises Malformed."""
    if not isinstance(data, list):
        raise Malformed(where)
    return [Unit(**_object(one, UNIT_KEYS, f"{where}/{number}")) for number, one in enumerate(data)]


def read_method(data: object, where: str = "/method") -> Method:
    """A published method; raises Malformed."""
    values = _object(data, METHOD_KEYS, where)
    shares = [_object(one, SHARE_KEYS, f"{where}/numbers/{number}") for number, one in enumerate(values.pop("numbers"))]
    numbers = {share["stratum"]: share["number"] for share in shares}
    if len(numbers) < len(shares):
        raise Malformed(f"{where}/numbers")
    if values["allocation"] not in Allocation.values:
        raise Malformed(f"{where}/allocation")
    return Method(numbers=numbers, **values)


def _object(data: object, keys: Mapping[str, type], where: str) -> Json:
    """An object with exactly these keys and types of value."""
    if not isinstance(data, dict) or set(data) != set(keys):
        raise Malformed(where)
    for key, kind in keys.items():
        if type(data[key]) is not kind:  # a bool is an int for isinstance
            raise Malformed(f"{where}/{key}")
    return dict(data)


def redraw(frame: Sequence[Unit], method: Method, *, seed: str, word: str) -> list[Json]:
    """The result that follows from seed, word, method and frame; raises Invalid for a frame that cannot serve it."""
    return result_json(draw(Stream(key_of(seed, word)), frame, method))
