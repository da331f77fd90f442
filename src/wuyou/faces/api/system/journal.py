"""The journal: what happened, verified, sealed (spec 02)."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from wuyou.domains.org.models import User
from wuyou.domains.org.policies import VIEW_JOURNAL
from wuyou.domains.org.queries import chains_visible_to
from wuyou.faces.api.operations import told
from wuyou.faces.api.questions import ask
from wuyou.faces.api.resources import Filter, Resource
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Day, text
from wuyou.kernel import clock, journal
from wuyou.kernel.errors import Missing
from wuyou.kernel.journal import queries
from wuyou.kernel.journal.models import Entry, Seal
from wuyou.ui.visitor import user_of

from . import router

ENTRY = shape(
    "JournalEntry", Entry,
    "id seq at actor_id actor_label on_behalf verb subject_kind subject_id subject_label prev_hash hash",
    chain="chain.key", data=(dict[str, Any], "details"),
)  # fmt: skip


def _on(rows: Any, day: Any) -> Any:
    start, end = clock.day_bounds(day)
    return rows.filter(at__gte=start, at__lt=end)


def _verb(rows: Any, verb: str) -> Any:
    return rows.filter(verb__startswith=verb) if verb.endswith(".") else rows.filter(verb=verb)


def readable_chains(user: User) -> list[str]:
    """The keys of the chains a user may read."""
    return [chain.key for chain in chains_visible_to(user)]


def _readable(user: User) -> Any:
    return queries.entries(readable_chains(user))


ENTRIES = Resource(
    "journal",
    ENTRY,
    _readable,
    view=[VIEW_JOURNAL],
    filters={
        "chain": Filter(text(60), "chain__key"), "actor_id": Filter(text(60), "actor_id"),
        "verb": Filter(text(80), _verb), "subject_kind": Filter(text(60), "subject_kind"),
        "subject_id": Filter(text(60), "subject_id"), "day": Filter(Day, _on),
    },
    sorts={"at": "at", "seq": "seq"},
)  # fmt: skip
ENTRIES.expose(router)

CHAIN = told("JournalChain", lambda one: one, chain=str, entries=int, hash=str).model


def chains(request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """The chains one may read, with where they end."""
    heads = ((key, queries.head_of(key)) for key in readable_chains(user_of(request))[:500])
    return [{"chain": key, "entries": head.head_seq, "hash": head.head_hash} for key, head in heads if head]


ask(router, "/journal-chains", "journal_chains_list", chains, list[CHAIN], [VIEW_JOURNAL])  # type: ignore[valid-type]
SEAL = shape("JournalSeal", Seal, "day seq hash sealed_at", chain="chain.key")


def _checked(request: HttpRequest, chain: str) -> str:
    """A chain that may be read; raises Missing for any other."""
    if chain not in readable_chains(user_of(request)):
        raise Missing(_("There is no such thing, or not for you."))
    return chain


def seals(request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """The seals of a chain, latest first; at most four hundred."""
    return SEAL.all(queries.seals(_checked(request, given.chain))[:400])


ask(
    router, "/journal-seals", "journal_seals_list", seals, list[SEAL.model], [VIEW_JOURNAL],  # type: ignore[name-defined]
    chain=text(60, least=1),
)  # fmt: skip
BREAK = shape("JournalBreak", None, "", chain="chain", seq=(int, "seq"), reason="reason")
VERDICT = told("JournalVerdict", lambda one: one, entries=int, is_intact=bool, breaks=list[BREAK.model]).model  # type: ignore[name-defined]


def verify(request: HttpRequest, given: Any) -> dict[str, Any]:
    """Re-compute a chain and name its first broken entry, if any."""
    found = journal.verify(_checked(request, given.chain), from_seq=given.from_seq)
    return {"entries": found.entries, "is_intact": found.is_intact, "breaks": BREAK.all(found.breaks)}


ask(
    router, "/journal-verify", "journal_verify", verify, VERDICT, [VIEW_JOURNAL], chain=text(60, least=1),
    from_seq=(Annotated[int, Field(ge=1, le=2**62)], 1),
)  # fmt: skip
