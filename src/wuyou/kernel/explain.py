"""A value that explains itself: a tree of named operations from which anybody can work the number out again (spec 06).

A node says what it is (in both languages), its value, the operation that made it and the operation's parameters; its
children are the operation's inputs. Leaves carry `op="given"` and a link to the record the number came from. The
operations are defined, with their rounding, in docs/reference/explain.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from .errors import Invalid


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages of the product: stored trees are read by people of either."""

    zh: str
    en: str = ""

    def text(self, language: str) -> str:
        """The text in a language code such as `zh-hans` or `en`; Chinese where there is no English."""
        return self.zh if language.startswith("zh") or not self.en else self.en


@dataclass(frozen=True, slots=True)
class Link:
    """The record a number came from: its kind, its id and how people call it."""

    kind: str
    id: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One number of a tree; `value` None means that there is none (not applicable, no data) and `note` says why.

    `key` is unique among siblings; `op` names the operation; `detail` holds its parameters as text (decimal numbers
    without exponent), so that the tree survives JSON unchanged.
    """

    key: str
    label: Words
    value: Decimal | None
    op: str = "given"
    unit: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    children: tuple["Node", ...] = ()
    links: tuple[Link, ...] = ()
    note: Words | None = None

    def child(self, key: str) -> "Node":
        """The input of that key; raises LookupError when there is none."""
        for node in self.children:
            if node.key == key:
                return node
        raise LookupError(f"{self.key!r} has no input {key!r}")

    def walk(self) -> Iterator["Node"]:
        """This node and everything below it, parents first."""
        yield self
        for node in self.children:
            yield from node.walk()

    def under(self, *children: "Node") -> "Node":
        """The same node with other inputs."""
        return replace(self, children=children)


def plain(number: Decimal) -> str:
    """A decimal number as text without exponent: `1E+2` is 100."""
    return format(number, "f")


def to_json(node: Node) -> dict[str, Any]:
    """A tree as JSON: what the API serves and the database keeps; empty parts are left out."""
    found: dict[str, Any] = {"key": node.key, "label": _spoken(node.label), "op": node.op}
    found["value"] = None if node.value is None else plain(node.value)
    if node.unit:
        found["unit"] = node.unit
    if node.detail:
        found["detail"] = dict(node.detail)
    if node.note is not None:
        found["note"] = _spoken(node.note)
    if node.links:
        found["links"] = [{"kind": link.kind, "id": link.id, "label": link.label} for link in node.links]
    if node.children:
        found["inputs"] = [to_json(child) for child in node.children]
    return found


def _spoken(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def from_json(data: Mapping[str, Any]) -> Node:
    """A stored tree; raises Invalid when the data is none."""
    try:
        return _read(data)
    except (KeyError, TypeError, ArithmeticError, AttributeError) as error:
        raise Invalid("This is not an explained value.") from error


def _read(data: Mapping[str, Any]) -> Node:
    value = data["value"]
    return Node(
        key=data["key"],
        label=Words(**data["label"]),
        value=None if value is None else Decimal(value),
        op=data["op"],
        unit=data.get("unit", ""),
        detail=dict(data.get("detail", {})),
        children=tuple(_read(child) for child in data.get("inputs", ())),
        links=tuple(Link(**link) for link in data.get("links", ())),
        note=Words(**data["note"]) if "note" in data else None,
    )
