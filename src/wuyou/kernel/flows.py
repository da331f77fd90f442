"""Flows as data: the one source of actions, buttons, permission checks, diagrams and tests of illegal moves (spec 02).

A domain declares its table once in its own `flows.py` and registers it:

    TICKET = flows.register(Flow("ticket", _("Ticket"), "open", states, (Transition("accept", ("open",), "taken", …),)))

An action then moves a row with `flows.claim(row, TICKET, "accept", taken_by_id=by.pk)`: of two people pressing at
once one wins and the other is told where the case stands now.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .errors import Conflict, IllegalMove, Invalid, Missing

Label = str | Promise

_flows: dict[str, "Flow"] = {}


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow of a flow: from any of `sources` to `target`, for whoever holds `permission`.

    `needs` names what must be given, `starts` and `stops` name kinds of clock, `notifies` names notification events,
    `tone` is the colour of the button ("", "primary", "success", "warning", "danger").
    """

    name: str
    sources: tuple[str, ...]
    target: str
    label: Label
    permission: str
    needs: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    notifies: tuple[str, ...] = ()
    tone: str = ""

    def __post_init__(self) -> None:
        """Take members of choices for their plain values, and a single text for a tuple of one."""
        for name in ("sources", "needs", "starts", "stops", "notifies"):
            given = getattr(self, name)
            texts = (given,) if isinstance(given, str) else given
            object.__setattr__(self, name, tuple(str(text) for text in texts))
        object.__setattr__(self, "target", str(self.target))

    def require(self, given: Mapping[str, object]) -> None:
        """Raise Invalid, with one message per field, where something in `needs` is absent or empty in `given`."""
        absent = [name for name in self.needs if given.get(name) in (None, "", (), [])]
        if absent:
            raise Invalid(fields={name: _("This is needed for this step.") for name in absent})


@dataclass(frozen=True, eq=False)
class Flow:
    """States and transitions of one kind of case; `states` maps codes to labels, `field` is the column of the state."""

    name: str
    label: Label
    initial: str
    states: Mapping[str, Label]
    transitions: tuple[Transition, ...]
    field: str = "state"

    def __post_init__(self) -> None:
        """Take members of choices for their plain values."""
        object.__setattr__(self, "initial", str(self.initial))
        object.__setattr__(self, "states", {str(code): label for code, label in self.states.items()})
        object.__setattr__(self, "transitions", tuple(self.transitions))

    def transition(self, name: str) -> Transition:
        """The transition of that name; raises IllegalMove when the flow has none."""
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise IllegalMove(_("There is no step “%(name)s” here."), name=name)

    def check(self, name: str, state: str) -> Transition:
        """The transition `name` if it may be taken in `state`; raises IllegalMove that names the state otherwise."""
        transition = self.transition(name)
        if str(state) not in transition.sources:
            raise IllegalMove(
                _("“%(step)s” is not possible while the state is “%(state)s”."),
                step=transition.label,
                state=self.label_of(state),
            )
        return transition

    def from_state(self, state: str) -> list[Transition]:
        """The transitions that may be taken in `state`, in the order they were declared."""
        return [transition for transition in self.transitions if str(state) in transition.sources]

    def label_of(self, state: str) -> Label:
        """A state's label; the code itself for a state the table does not know."""
        return self.states.get(str(state), str(state))

    def is_final(self, state: str) -> bool:
        """True when no transition leads to another state."""
        return all(transition.target == str(state) for transition in self.from_state(state))

    def mermaid(self) -> str:
        """The flow as a Mermaid state diagram, with labels in the language active now."""
        lines = ["stateDiagram-v2"]
        lines += [f'    state "{_drawn(label)}" as {_node(code)}' for code, label in self.states.items()]
        lines.append(f"    [*] --> {_node(self.initial)}")
        lines += [
            f"    {_node(source)} --> {_node(transition.target)}: {_drawn(transition.label)}"
            for transition in self.transitions
            for source in transition.sources
        ]
        lines += [f"    {_node(code)} --> [*]" for code in self.states if self.is_final(code)]
        return "\n".join(lines) + "\n"


def _drawn(label: Label) -> str:
    """A label Mermaid does not stumble over: colons and semicolons end its statements, quotes its names."""
    return str(label).translate({ord('"'): "'", ord(":"): " ", ord(";"): ",", ord("\n"): " "})


def _node(code: str) -> str:
    """A state's code as a Mermaid identifier; `end` and the like are words of the language, hence the prefix."""
    return "s_" + re.sub(r"\W", "_", code)


def problems(flow: Flow) -> list[str]:
    """What is wrong with a flow's table, for the engineer who wrote it; empty when it is well formed."""
    return [*_unknown_states(flow), *_doubled_names(flow), *_unreachable(flow)]


def _unknown_states(flow: Flow) -> Iterator[str]:
    if flow.initial not in flow.states:
        yield f"the initial state {flow.initial!r} is not among the states"
    for transition in flow.transitions:
        if not transition.sources:
            yield f"transition {transition.name!r} starts nowhere"
        for state in (*transition.sources, transition.target):
            if state not in flow.states:
                yield f"transition {transition.name!r} speaks of an unknown state {state!r}"


def _doubled_names(flow: Flow) -> Iterator[str]:
    names = [transition.name for transition in flow.transitions]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"two transitions are called {name!r}"


def _unreachable(flow: Flow) -> Iterator[str]:
    reached, frontier = {flow.initial}, [flow.initial]
    while frontier:
        targets = {transition.target for transition in flow.from_state(frontier.pop())} - reached
        reached |= targets
        frontier += sorted(targets)
    for state in flow.states:
        if state not in reached:
            yield f"no transition leads to state {state!r}"


def register(flow: Flow) -> Flow:
    """Make a flow known and give it back; raises ValueError for a name taken twice or a malformed table."""
    wrong = problems(flow)
    if flow.name in _flows:
        wrong.append("a flow of this name is registered already")
    if wrong:
        raise ValueError(f"flow {flow.name!r}: " + "; ".join(wrong))
    _flows[flow.name] = flow
    return flow


def all_flows() -> list[Flow]:
    """Every registered flow, by name."""
    return [_flows[name] for name in sorted(_flows)]


def illegal_moves(flow: Flow) -> Iterator[tuple[str, str]]:
    """Every (state, transition name) the flow forbids: tests of illegal moves are derived from it."""
    for state in flow.states:
        for transition in flow.transitions:
            if state not in transition.sources:
                yield state, transition.name


def claim(row: Model, flow: Flow, name: str, /, **updates: Any) -> Transition:
    """Move `row` by transition `name` with one conditional UPDATE and set the same values on the object.

    A need of the transition that is a column of the row must be given in `updates` or be filled already. Raises
    Invalid for an empty need, IllegalMove when the row was known to be in another state, Conflict when somebody else
    was faster, Missing when the row is gone. Call inside an action.
    """
    transition = flow.transition(name)
    _require_columns(row, transition, updates)
    values = {flow.field: transition.target, **updates}
    rows = type(row)._base_manager.filter(pk=row.pk, **{f"{flow.field}__in": transition.sources})
    if rows.update(**values) != 1:
        raise _lost(row, flow, transition)
    _mirror(row, values)
    return transition


def _require_columns(row: Model, transition: Transition, updates: Mapping[str, object]) -> None:
    columns = {name for column in row._meta.concrete_fields for name in (column.name, column.attname)}
    seen = {name: updates.get(name, getattr(row, name)) for name in transition.needs if name in columns}
    given = {name: True for name in transition.needs if name not in columns}
    transition.require({**given, **seen})


def _mirror(row: Model, values: Mapping[str, Any]) -> None:
    """Set what was written on the object; database expressions are read back."""
    computed = [name for name, value in values.items() if hasattr(value, "resolve_expression")]
    for name, value in values.items():
        if name not in computed:
            setattr(row, name, value)
    if computed:
        row.refresh_from_db(fields=computed)


def _lost(row: Model, flow: Flow, transition: Transition) -> Exception:
    """Why the conditional UPDATE touched nothing, in words for the person who pressed the button."""
    known = str(getattr(row, flow.field))
    state = type(row)._base_manager.filter(pk=row.pk).values_list(flow.field, flat=True).first()
    if state is None:
        return Missing(_("This record no longer exists."))
    words = {"step": transition.label, "state": flow.label_of(state)}
    if known not in transition.sources:
        return IllegalMove(_("“%(step)s” is not possible while the state is “%(state)s”."), **words)
    return Conflict(_("Somebody else was faster: the state is now “%(state)s”."), **words)


def flow_page() -> str:
    """All registered flows as one Markdown page in English, the source of docs/reference/flows.md."""
    with translation.override("en"):
        return "\n".join(["# Flows", "", *(_section(flow) for flow in all_flows())])


def _section(flow: Flow) -> str:
    head = ["step", "name", "from", "to", "permission", "needs", "starts", "stops", "notifies"]
    rows = [head, ["---"] * len(head), *(_cells(flow, transition) for transition in flow.transitions)]
    table = [f"| {' | '.join(cells)} |" for cells in rows]
    return "\n".join([f"## {flow.label} (`{flow.name}`)", "", "```mermaid", flow.mermaid() + "```", "", *table, ""])


def _cells(flow: Flow, transition: Transition) -> list[str]:
    lists = (transition.needs, transition.starts, transition.stops, transition.notifies)
    cells = [
        str(transition.label),
        f"`{transition.name}`",
        ", ".join(str(flow.label_of(state)) for state in transition.sources),
        str(flow.label_of(transition.target)),
        f"`{transition.permission}`",
        *(", ".join(names) for names in lists),
    ]
    return [cell.replace("|", "\\|") for cell in cells]
