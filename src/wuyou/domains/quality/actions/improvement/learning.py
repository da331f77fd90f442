"""Act: proposals that change a standard, and lessons to be found again (spec 05: PDCA)."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, User
from wuyou.domains.quality.flows.improvement import PROPOSAL_FLOW
from wuyou.domains.quality.models import Improvement, Lesson, Proposal
from wuyou.domains.quality.notices import improvement as notices
from wuyou.domains.quality.policies import improvement as policies
from wuyou.domains.quality.queries.improvement import OPEN, chain_at
from wuyou.domains.standards.actions.clauses import change_clause
from wuyou.domains.standards.actions.library import new_version
from wuyou.domains.standards.choices import VersionState
from wuyou.domains.standards.models import Clause, StandardVersion
from wuyou.domains.standards.queries import latest_version, spec_of
from wuyou.kernel import clock, flows, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Denied, Invalid
from wuyou.kernel.transactions import action

from .planning import record

LONGEST_NOTE = 300
LONGEST = {"title": 120, "text": 3000, "keywords": 200}


@action
def propose_change(improvement: Improvement, *, clause: Clause, text: str, by: Actor) -> Proposal:
    """Propose that a clause says something else. Raises Denied, Invalid, Conflict for a project that is over."""
    policies.check_run(by, improvement)
    if improvement.state not in OPEN:
        raise Conflict(_("This project is over."))
    if not text.strip() or len(text.strip()) > LONGEST_NOTE:
        raise Invalid(fields={"text": _("Say in at most 300 characters what the clause should say.")})
    if text.strip() == clause.requirement_zh:
        raise Invalid(fields={"text": _("The clause says this already.")})
    proposal = Proposal.objects.create(improvement=improvement, clause=clause, text=text.strip())
    record("proposed", improvement, by=by, data={"clause": str(clause.pk), "code": clause.code, "text": proposal.text})
    notices.tell_of_proposal(proposal)
    return proposal


@action
def decide_proposal(proposal: Proposal, *, accept: bool, note: str, by: Actor) -> Proposal:
    """Accept or decline a proposal; an accepted one goes into a draft of the company's own standard (spec 05).

    What has no owner (law, shipped standards) is not rewritten, and a version under review is left alone: then the
    acceptance stands, and `version` stays empty for somebody to write it. Raises Denied, Invalid for a decline without
    a note, IllegalMove.
    """
    policies.check_decide(by, proposal)
    step = PROPOSAL_FLOW.check("accept" if accept else "decline", proposal.state)
    step.require({"note": note.strip()})
    decider = by if isinstance(by, User) else None
    flows.claim(
        proposal, PROPOSAL_FLOW, step.name, note=note.strip()[:LONGEST_NOTE], decided_by=decider, decided_at=clock.now()
    )
    if accept:
        proposal.version = _write(proposal, by=by)
        proposal.save(update_fields=["version"])
    data = {"code": proposal.clause.code, "outcome": proposal.state, "note": proposal.note}
    version = str(proposal.version) if proposal.version else ""
    record("proposal_decided", proposal.improvement, by=by, data=data | {"version": version})
    notices.tell_of_proposal_decided(proposal)
    return proposal


def _write(proposal: Proposal, *, by: Actor) -> StandardVersion | None:
    """Put the new words into the standard's draft, opening one if there is none; None where that is not possible."""
    standard = proposal.clause.version.standard
    last = latest_version(standard)
    if standard.node is None or (last is not None and last.state == VersionState.REVIEW):
        return None
    note = f"{proposal.improvement.number} {proposal.improvement.name}"[:LONGEST_NOTE]
    is_draft = last is not None and last.state == VersionState.DRAFT
    draft = last if is_draft and last is not None else new_version(standard, by=by, note=note)
    clause = draft.clauses.filter(code=proposal.clause.code).first()
    if clause is None:  # the draft no longer has it
        return None
    change_clause(clause, replace(spec_of(clause), requirement_zh=proposal.text), by=by)
    return draft


@action
def write_lesson(
    *, node: Node, title: str, text: str, by: Actor, keywords: str = "", improvement: Improvement | None = None
) -> Lesson:
    """Write down what was learnt, by a project or without one. Raises Denied and Invalid."""
    if improvement is None:
        policies.check_learn(by, node)
    else:
        policies.check_run(by, improvement)
    if not isinstance(by, User):
        raise Denied(_("A person writes a lesson."))
    values = _lesson(title=title, text=text, keywords=keywords)
    where = improvement.node if improvement else node
    lesson = Lesson.objects.create(node=where, improvement=improvement, made_by=by, made_at=clock.now(), **values)
    _record("written", lesson, by=by)
    return lesson


@action
def change_lesson(lesson: Lesson, *, title: str, text: str, by: Actor, keywords: str = "") -> Lesson:
    """Say it better; the journal keeps what it said before. Raises Denied for anybody but who runs projects there."""
    policies.check_learn(by, lesson.node)
    before = {name: getattr(lesson, name) for name in LONGEST}
    for name, value in _lesson(title=title, text=text, keywords=keywords).items():
        setattr(lesson, name, value)
    lesson.save(update_fields=list(LONGEST))
    _record("changed", lesson, by=by, before=before)
    return lesson


def _lesson(**given: str) -> dict[str, str]:
    values = {name: text.strip() for name, text in given.items()}
    fields: dict[str, object] = {name: _("This is needed.") for name in ("title", "text") if not values[name]}
    for name, most in LONGEST.items():
        if len(values[name]) > most:
            fields[name] = _("At most %(most)s characters.") % {"most": most}
    if fields:
        raise Invalid(fields=fields)
    return values


def _record(what: str, lesson: Lesson, *, by: Actor, **data: object) -> None:
    subject = ("lesson", lesson.pk, lesson.title)
    journal.record(f"quality.lesson_{what}", chain=chain_at(lesson.node), by=by, subject=subject, data=data)
