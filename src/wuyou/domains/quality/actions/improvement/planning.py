"""Plan: what is to get better by how much, and by which measures (spec 05: PDCA)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, User
from wuyou.domains.quality.choices import ImprovementState
from wuyou.domains.quality.models import Finding, Improvement, Measure
from wuyou.domains.quality.policies import improvement as policies
from wuyou.domains.quality.queries.figures import FIGURES
from wuyou.domains.quality.queries.improvement import OPEN, chain_at, owners_at, staff_at
from wuyou.domains.quality.rules.improvement import PlanSpec, check_plan, rounded
from wuyou.domains.registry.models import Staff
from wuyou.kernel import clock, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.numbering import next_number
from wuyou.kernel.transactions import action

NUMBER_PREFIX = "GS"  # 改善
LONGEST = {"name": 120, "problem": 3000}


@action
def plan_improvement(
    *, node: Node, spec: PlanSpec, by: Actor, owner: User | None = None, findings: Sequence[Finding] = ()
) -> Improvement:
    """Plan an improvement project at a node, owned by `owner` (else by who plans it), about some findings (spec 05).

    Raises Denied, and Invalid by field.
    """
    person = policies.check_plan(by, node)
    _check(node, spec, findings=findings, owner=owner)
    improvement = Improvement.objects.create(
        node=node,
        number=next_number(NUMBER_PREFIX, node.code, clock.today()),
        owner=owner or person,
        made_at=clock.now(),
        **_columns(spec),
    )
    improvement.findings.set(findings)
    data = {"metric": spec.metric, "target": spec.target, "findings": [one.number for one in findings]}
    record("planned", improvement, by=by, data=data)
    return improvement


@action
def change_plan(
    improvement: Improvement, *, spec: PlanSpec, by: Actor, owner: User | None = None,
    findings: Sequence[Finding] | None = None,
) -> Improvement:  # fmt: skip
    """Change what is planned, before the work begins. Raises Denied, Invalid, and Conflict once it has begun."""
    policies.check_run(by, improvement)
    _check(improvement.node, spec, findings=findings or (), owner=owner)
    before = {name: getattr(improvement, name) for name in _columns(spec)}
    values = _columns(spec) | ({"owner": owner} if owner else {})
    rows = Improvement.objects.filter(pk=improvement.pk, state=ImprovementState.PLAN)
    if rows.update(**values) != 1:
        raise Conflict(_("The work has begun: the plan stands. Drop the project and plan another one."))
    improvement.refresh_from_db()
    if findings is not None:
        improvement.findings.set(findings)
    record("plan_changed", improvement, by=by, data={"before": before, "after": asdict(spec)})
    return improvement


def _columns(spec: PlanSpec) -> dict[str, object]:
    texts = {name: getattr(spec, name).strip() for name in LONGEST}
    return asdict(spec) | texts | {"target": rounded(spec.target)}


def _check(node: Node, spec: PlanSpec, *, findings: Sequence[Finding], owner: User | None) -> None:
    check_plan(spec, metrics=FIGURES, today=clock.today())
    fields: dict[str, object] = {
        name: _("At most %(most)s characters.") % {"most": most}
        for name, most in LONGEST.items()
        if len(getattr(spec, name).strip()) > most
    }
    if any(not one.project.node.path.startswith(node.path) for one in findings):
        fields["findings"] = _("Only findings below this node can be what the project is about.")
    if owner is not None and not owners_at(node).filter(pk=owner.pk).exists():
        fields["owner"] = _("This person has no role here.")
    if fields:
        raise Invalid(fields=fields)


@action
def add_measure(
    improvement: Improvement, *, text: str, due_on: dt.date, by: Actor, owner: Staff | None = None
) -> Measure:
    """Add a measure with who does it and until when. Raises Denied, Invalid, Conflict for a project that is over."""
    policies.check_run(by, improvement)
    if improvement.state not in OPEN:
        raise Conflict(_("This project is over."))
    fields: dict[str, object] = {}
    if not text.strip() or len(text.strip()) > 300:
        fields["text"] = _("Say in at most 300 characters what will be done.")
    if due_on < clock.today():
        fields["due_on"] = _("This day is over.")
    if owner is not None and not staff_at(improvement.node).filter(pk=owner.pk).exists():
        fields["owner"] = _("This person does not work here.")
    if fields:
        raise Invalid(fields=fields)
    measure = Measure.objects.create(improvement=improvement, text=text.strip(), owner=owner, due_on=due_on)
    record("measure_added", improvement, by=by, data={"measure": measure.text, "due": due_on})
    return measure


@action
def finish_measure(measure: Measure, *, note: str, by: Actor) -> Measure:
    """Say that a measure is done, and what was done. Raises Denied, Invalid without a note, Conflict a second time."""
    policies.check_finish(by, measure)
    if not note.strip() or len(note.strip()) > 300:
        raise Invalid(fields={"note": _("Say in at most 300 characters what was done.")})
    rows = Measure.objects.filter(pk=measure.pk, done_on__isnull=True, improvement__state__in=OPEN)
    values = {"done_on": clock.today(), "note": note.strip()}
    if rows.update(**values) != 1:
        raise Conflict(_("This measure is done already, or its project is over."))
    for name, value in values.items():
        setattr(measure, name, value)
    record("measure_done", measure.improvement, by=by, data={"measure": measure.text, "note": measure.note})
    return measure


def record(what: str, improvement: Improvement, *, by: Actor, data: Mapping[str, object]) -> None:
    """Enter a step of a project in the journal of its node."""
    journal.record(
        f"quality.improvement_{what}",
        chain=chain_at(improvement.node),
        by=by,
        subject=("improvement", improvement.pk, improvement.number),
        data=data,
    )
