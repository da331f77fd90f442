"""Writing schemes: a draft is edited, reviewed by somebody else, issued; an issued version never changes (spec 06)."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal import events, policies
from wuyou.domains.appraisal.choices import VersionState
from wuyou.domains.appraisal.flows import SCHEME_FLOW
from wuyou.domains.appraisal.models import Scheme, SchemeVersion
from wuyou.domains.appraisal.queries.schemes import known_now
from wuyou.domains.appraisal.rules.parsing import parse_scheme
from wuyou.domains.appraisal.rules.scheme import Scheme as SchemeValue
from wuyou.domains.appraisal.rules.validation import check
from wuyou.domains.appraisal.shipped import ShippedScheme, shipped_schemes
from wuyou.domains.org.models import Node
from wuyou.domains.standards.queries import journal_chain
from wuyou.kernel import clock, flows, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

Document = Mapping[str, Any]


@action
def create_scheme(*, document: Document, node: Node | None = None, note: str = "", by: Actor) -> SchemeVersion:
    """Begin a scheme of a node (of everybody without one) and give its first draft.

    Raises Denied, and Invalid at JSON pointers for a document that is no scheme or a code that is taken.
    """
    policies.check_edit_scheme(by, node)
    value = parse_scheme(document)
    if Scheme.objects.filter(code=value.code).exists():
        raise Invalid(fields={"/code": _("There is a scheme of this code already.")})
    scheme = Scheme.objects.create(
        code=value.code, name_zh=value.name.zh, name_en=value.name.en, subject=value.subject, node=node
    )
    version = _open_version(scheme, document, note=note, by=by)
    _record("scheme_created", version, by=by, code=value.code)
    return version


@action
def new_version(scheme: Scheme, *, note: str = "", by: Actor) -> SchemeVersion:
    """A new draft that begins as a copy of the last version. Raises Denied, and Conflict while one is being written."""
    policies.check_edit_scheme(by, scheme.node)
    last = scheme.versions.order_by("-number").first()
    if last is None or last.state in {VersionState.DRAFT, VersionState.REVIEW}:
        raise Conflict(_("A version of this scheme is being written already."))
    version = _open_version(scheme, last.document, note=note, by=by)
    _record("version_opened", version, by=by, number=version.number)
    return version


def _open_version(scheme: Scheme, document: Document, *, note: str, by: Actor, digest: str = "") -> SchemeVersion:
    last = scheme.versions.aggregate(last=Max("number"))["last"]
    try:
        with transaction.atomic():
            return SchemeVersion.objects.create(
                scheme=scheme,
                number=(last or 0) + 1,
                document=document,
                note=note.strip()[:300],
                drafted_by=by.actor_label[:80],
                drafted_by_id=by.actor_id,
                source_digest=digest,
            )
    except IntegrityError:  # two people opened one at once
        raise Conflict(_("A version of this scheme is being written already.")) from None


@action
def change_version(version: SchemeVersion, *, document: Document, revision: int, note: str = "", by: Actor) -> None:
    """Write a draft anew; `revision` is what the editor had read.

    Raises Denied, Invalid at JSON pointers, Conflict when it is no draft or somebody else has written meanwhile.
    """
    policies.check_edit_scheme(by, version.scheme.node)
    policies.check_draft(version)
    value = parse_scheme(document)
    _keep_code(version, value)
    rows = SchemeVersion.objects.filter(pk=version.pk, state=VersionState.DRAFT, revision=revision)
    changed = rows.update(
        document=document,
        note=note.strip()[:300],
        revision=F("revision") + 1,
        drafted_by=by.actor_label[:80],
        drafted_by_id=by.actor_id,
    )
    if changed != 1:
        raise Conflict(_("Somebody else has changed this draft since you opened it."))
    version.refresh_from_db()
    _record("version_changed", version, by=by, revision=version.revision)


def _keep_code(version: SchemeVersion, value: SchemeValue) -> None:
    if value.code != version.scheme.code:
        raise Invalid(fields={"/code": _("A scheme keeps its code.")})
    if value.subject != version.scheme.subject:
        raise Invalid(fields={"/subject": _("A scheme keeps whom it appraises.")})


@action
def move_version(version: SchemeVersion, *, step: str, by: Actor) -> None:
    """Submit, return, issue or withdraw a version (see the flow).

    Raises Denied (the author does not issue), IllegalMove, and Invalid at JSON pointers for a scheme without sense.
    """
    transition = SCHEME_FLOW.transition(step)
    if step == "submit":
        policies.check_edit_scheme(by, version.scheme.node)
    else:
        policies.check_issue_scheme(by, version)
    if step in {"submit", "issue"}:
        check(parse_scheme(version.document), known_now())
    dates = {"issue": "issued_on", "withdraw": "withdrawn_on"}
    flows.claim(version, SCHEME_FLOW, step, **({dates[step]: clock.today()} if step in dates else {}))
    if step == "issue":
        _rename(version)
        events.scheme_issued.send(SchemeVersion, version_id=version.pk)
    _record(f"version_{step}", version, by=by, state=transition.target)


def _rename(version: SchemeVersion) -> None:
    """The scheme is called as its issued version says."""
    value = parse_scheme(version.document)
    Scheme.objects.filter(pk=version.scheme_id).update(name_zh=value.name.zh, name_en=value.name.en)


@action
def load_shipped_schemes(*, by: Actor) -> list[str]:
    """Load the shipped schemes; gives the codes of those with a new version, none on a second run. Raises Denied."""
    policies.check_edit_scheme(by, None)
    return [shipped.document["code"] for shipped in shipped_schemes() if _load(shipped, by=by)]


def _load(shipped: ShippedScheme, *, by: Actor) -> bool:
    value = parse_scheme(shipped.document)
    scheme, _made = Scheme.objects.get_or_create(
        code=value.code,
        defaults={"name_zh": value.name.zh, "name_en": value.name.en, "subject": value.subject},
    )
    if scheme.versions.filter(source_digest=shipped.digest).exists():
        return False
    check(value, known_now())
    version = _open_version(scheme, shipped.document, note="", by=by, digest=shipped.digest)
    flows.claim(version, SCHEME_FLOW, "submit")
    flows.claim(version, SCHEME_FLOW, "issue", issued_on=clock.today())
    _record("version_loaded", version, by=by, digest=shipped.digest)
    events.scheme_issued.send(SchemeVersion, version_id=version.pk)
    return True


def _record(verb: str, version: SchemeVersion, *, by: Actor, **data: object) -> None:
    subject = journal.Subject("appraisal.scheme_version", version.pk, version)
    chain = journal_chain(version.scheme.node)
    journal.record(f"appraisal.{verb}", chain=chain, by=by, subject=subject, data=data)
