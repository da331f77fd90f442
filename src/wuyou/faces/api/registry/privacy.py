"""What the law gives a person about their data (PIPL): reading, consent, export, restriction, erasure."""

from typing import Any

from wuyou.domains.registry import queries
from wuyou.domains.registry.actions import privacy as actions
from wuyou.domains.registry.models import Consent, Person
from wuyou.domains.registry.policies import (
    ERASE_PEOPLE,
    EXPORT_PEOPLE,
    MANAGE_PEOPLE,
    REVEAL_PEOPLE,
    VIEW_PEOPLE,
)
from wuyou.faces.api.operations import Acts, maybe, one, ref
from wuyou.faces.api.resources import Resource, ids
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import column, one_of, text

from . import router
from .people import PERSONS

CONSENTS = Resource(
    "consents",
    shape("Consent", Consent, "id person purpose version given_at withdrawn_at"),
    queries.consents_visible_to,
    view=[VIEW_PEOPLE],
    filters={"person_id": ids("person")},
    sorts={"given_at": "given_at"},
)
WHY = {"reason": text(200)}

on_persons = Acts(router, PERSONS, [ERASE_PEOPLE])
on_persons.post(
    "reveal", actions.reveal, {"field": one_of(actions.REVEALED), **WHY}, needs=[REVEAL_PEOPLE],
    secret=True, answer=one("Revealed", "value", str),
)  # fmt: skip
on_persons.post(
    "export", actions.export_person, WHY, needs=[EXPORT_PEOPLE], secret=True, answer=one("PersonData", "data", Any)
)
on_persons.post("restrict", actions.restrict_person, WHY)
on_persons.post("lift-restriction", actions.lift_restriction, WHY)
on_persons.post("erase", actions.erase_person, {**WHY, "legal_hold": maybe(text(200))})

CONSENTS.expose(router)
on_consents = Acts(router, CONSENTS, [MANAGE_PEOPLE])


def give_consent(*, person: Person, by: Any, **given: Any) -> Consent:
    """A person agrees to a purpose under a version of the notice."""
    return actions.give_consent(person, by=by, **given)


on_consents.add(
    give_consent,
    {"person": ref(PERSONS), "purpose": column(Consent, "purpose"), "version": column(Consent, "version")},
)
on_consents.post("withdraw", actions.withdraw_consent)
