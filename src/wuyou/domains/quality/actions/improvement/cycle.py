"""Do, check, act: the steps of an improvement project, each verdict with its numbers (spec 05: PDCA)."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.flows.improvement import IMPROVEMENT_FLOW
from wuyou.domains.quality.models import Improvement
from wuyou.domains.quality.policies.improvement import check_run
from wuyou.domains.quality.queries.figures import Over, measure
from wuyou.domains.quality.queries.improvement import baseline_of, projects_below
from wuyou.domains.quality.rules.improvement import check_period, compare, to_json
from wuyou.kernel import clock, flows
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict
from wuyou.kernel.metrics import get
from wuyou.kernel.transactions import action

from .planning import record


@action
def start(improvement: Improvement, *, by: Actor) -> Improvement:
    """Begin the work: the baseline is measured and kept. Raises Denied, IllegalMove, Conflict without a measure."""
    check_run(by, improvement)
    IMPROVEMENT_FLOW.check("start", improvement.state)
    if not improvement.measures.exists():
        raise Conflict(_("Say first by which measures it shall get better."))
    found = baseline_of(improvement)
    baseline = {
        "value": None if found.value is None else f"{found.value:f}",
        "number": found.number,
        "kind": found.kind,
        "measured_at": clock.now().isoformat(),
    }
    flows.claim(improvement, IMPROVEMENT_FLOW, "start", baseline=baseline)
    record("started", improvement, by=by, data={"baseline": baseline})
    return improvement


@action
def check(improvement: Improvement, *, after_from: dt.date, after_to: dt.date, by: Actor) -> Improvement:
    """Measure a period after the baseline and keep what changed with its confidence; may be done again (spec 05).

    Raises Denied, IllegalMove, Invalid for a period that cannot be compared, Conflict while measures are open.
    """
    check_run(by, improvement)
    IMPROVEMENT_FLOW.check("check", improvement.state)
    check_period(after_from, after_to, after=improvement.before_to, today=clock.today())
    if improvement.measures.filter(done_on__isnull=True).exists():
        raise Conflict(_("Not every measure is done: what they bring cannot be measured yet."))
    after = measure(improvement.metric, Over(projects_below(improvement.node), after_from, after_to))
    direction = get(improvement.metric).direction
    found = compare(baseline_of(improvement), after, direction=direction, target=improvement.target)
    result = to_json(found) | {"measured_at": clock.now().isoformat()}
    flows.claim(improvement, IMPROVEMENT_FLOW, "check", after_from=after_from, after_to=after_to, result=result)
    record("checked", improvement, by=by, data=result)
    return improvement


@action
def adjust(improvement: Improvement, *, by: Actor) -> Improvement:
    """Go on with other measures after a check; what was found stays in the journal. Raises Denied, IllegalMove."""
    return _step(improvement, "adjust", by=by)


@action
def standardise(improvement: Improvement, *, by: Actor) -> Improvement:
    """Make what helped the rule. Raises Denied, IllegalMove, Conflict unless the check says that it got better."""
    check_run(by, improvement)
    IMPROVEMENT_FLOW.check("standardise", improvement.state)
    if (improvement.result or {}).get("verdict") != "better":
        raise Conflict(_("The check does not show that it got better: there is nothing to make the standard."))
    return _step(improvement, "standardise", by=by)


@action
def close(improvement: Improvement, *, by: Actor) -> Improvement:
    """Close a project whose effect was checked. Raises Denied, IllegalMove, Conflict before a lesson is written."""
    check_run(by, improvement)
    IMPROVEMENT_FLOW.check("close", improvement.state)
    if not improvement.lessons.exists():
        raise Conflict(_("Write down first what was learnt, also when it did not help."))
    return _step(improvement, "close", by=by, closed_at=clock.now())


@action
def drop(improvement: Improvement, *, reason: str, by: Actor) -> Improvement:
    """Give a project up, saying why. Raises Denied, IllegalMove, Invalid without a reason."""
    return _step(improvement, "drop", by=by, dropped_because=reason.strip()[:300])


def _step(improvement: Improvement, step: str, *, by: Actor, **updates: object) -> Improvement:
    check_run(by, improvement)
    flows.claim(improvement, IMPROVEMENT_FLOW, step, **updates)
    said = {name: value for name, value in updates.items() if name == "dropped_because"}
    record(f"step_{step}", improvement, by=by, data=said)
    return improvement
