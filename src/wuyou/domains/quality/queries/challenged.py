"""What may be appealed against: kinds of decisions, and how one of each is found (spec 05).

A domain above declares its own kinds (`appraisal.score`) and hears the outcome by `events.appeal_decided`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.quality.rules.appeals import Decision
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid, Missing

Amended = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Challenge:
    """A decision somebody may see, and the project it was made about."""

    project: Project
    decision: Decision


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of decision: `find(actor, id)` gives one that is visible and made known, or raises Missing.

    `amend(id, given)` gives `amended_to` as it is kept, or raises Invalid at `amended_to`.
    """

    code: str
    label: str | Promise
    find: Callable[[Actor, int], Challenge]
    amend: Callable[[int, Amended], Amended]


_kinds: dict[str, Kind] = {}


def declare(kind: Kind) -> Kind:
    """Make a kind of decision known and give it back; raises ValueError for a code taken twice."""
    if kind.code in _kinds:
        raise ValueError(f"the kind {kind.code} is declared twice")
    _kinds[kind.code] = kind
    return kind


def forget(code: str) -> None:
    """Take a kind out again: for tests."""
    _kinds.pop(code, None)


def kind_of(code: str) -> Kind:
    """A declared kind; raises Missing."""
    if code not in _kinds:
        raise Missing(_("Nothing of this kind can be appealed against."))
    return _kinds[code]


def all_kinds() -> list[Kind]:
    """Every kind, by code."""
    return [_kinds[code] for code in sorted(_kinds)]


def challenge(by: Actor, code: str, pk: int) -> Challenge:
    """The decision of that kind and id as `by` may see it; raises Missing."""
    return kind_of(code).find(by, pk)


def amend_value(_pk: int, given: Amended) -> Amended:
    """`{"value": "85.00"}`: another number in the decision's own unit; for kinds that are one number."""
    try:
        value = Decimal(str(given["value"])) if set(given) == {"value"} else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite():
        raise Invalid(fields={"amended_to": _("Say the number it becomes.")})
    return {"value": f"{value:f}"}
