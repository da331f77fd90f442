"""Service contracts, staffing promised and present, changes, renewals (spec 09)."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from wuyou.domains.contracts import actions, queries
from wuyou.domains.contracts.actions.contracts import LARGEST_FEN
from wuyou.domains.contracts.choices import ChangeState, ContractMode
from wuyou.domains.contracts.flows import CHANGE_FLOW
from wuyou.domains.contracts.models import Contract, ContractChange, StaffingPromise
from wuyou.domains.contracts.policies import MANAGE_CONTRACTS, VIEW_CONTRACTS
from wuyou.domains.contracts.rules.staffing import StaffingResult, StaffingTerm
from wuyou.domains.org.models import Project, User
from wuyou.domains.registry.choices import Sex
from wuyou.domains.standards.choices import ClauseKind
from wuyou.domains.standards.models import Clause
from wuyou.domains.standards.rules.promises import Promise
from wuyou.ui.visitor import user_of

from .operations import Acts, maybe, possible, ref, steps, told
from .org.tree import PROJECTS
from .questions import ask, ask_of
from .resources import Filter, Resource, ids
from .shapes import shape
from .values import Day, Given, Json, choice, column, listed, number, one_of, text

router = Router()

FEN = number(0, LARGEST_FEN)
PROMISED = shape("StaffingPromise", StaffingPromise, "job heads max_age sex education qualification coverage")
CONTRACTS = Resource(
    "contracts",
    shape(
        "Contract",
        Contract,
        "id project code name client mode starts_on ends_on yearly_fee_fen bond_fen promises terms terminated_on",
        staffing=(list[PROMISED.model], lambda contract: PROMISED.all(contract.staffing.all())),  # type: ignore[name-defined]
    ),
    lambda user: (
        queries.contracts_visible_to(user).select_related("project__node", "promises").prefetch_related("staffing")
    ),
    view=[VIEW_CONTRACTS],
    filters={
        "project_id": ids("project"),
        "mode": Filter(choice(ContractMode), "mode"),
        "ends_by": Filter(Day, "ends_on__lte"),
    },
    sorts={"starts_on": "starts_on", "ends_on": "ends_on", "code": "code"},
    search=("name", "code", "client"),
)
CHANGES = Resource(
    "contract-changes",
    shape(
        "ContractChange",
        ContractChange,
        "id contract state summary effective_on yearly_fee_delta_fen proposed_by proposed_at approved_on reference"
        " declined_why",
        steps=possible(CHANGE_FLOW),
    ),
    lambda user: queries.changes_visible_to(user).select_related("contract__project__node").order_by("-id"),
    view=[VIEW_CONTRACTS],
    filters={"contract_id": ids("contract"), "state": Filter(choice(ChangeState), "state")},
    sorts={"effective_on": "effective_on"},
)
SPEC = {
    "code": column(Contract, "code"),
    "name": column(Contract, "name"),
    "client": column(Contract, "client"),
    "mode": choice(ContractMode),
    "starts_on": Day,
    "ends_on": Day,
    "yearly_fee_fen": maybe(FEN),
    "bond_fen": maybe(FEN),
    "terms": maybe(Json),
}


class TermGiven(Given):
    """Heads, age, sex, education and licence promised for a job."""

    job: column(StaffingPromise, "job")  # type: ignore[valid-type]
    heads: number(0, 10_000) | None = None  # type: ignore[valid-type]
    max_age: number(16, 100) | None = None  # type: ignore[valid-type]
    sex: one_of(("", *Sex.values)) = ""  # type: ignore[valid-type]
    education: column(StaffingPromise, "education") = ""  # type: ignore[valid-type]
    licence: text(40) = ""  # type: ignore[valid-type]
    coverage: column(StaffingPromise, "coverage") = ""  # type: ignore[valid-type]


class PromiseGiven(Given):
    """One line of a contract: do what to a subject, as often as the value says."""

    subject: column(Clause, "subject_name")  # type: ignore[valid-type]
    what: text(200, least=1)  # type: ignore[valid-type]
    value: text(120, least=1)  # type: ignore[valid-type]
    kind: choice(ClauseKind) = ClauseKind.CADENCE.value  # type: ignore[valid-type]
    unit: text(12) = ""  # type: ignore[valid-type]


def _terms(given: list[TermGiven]) -> list[StaffingTerm]:
    return [StaffingTerm(**term.model_dump()) for term in given]


def record(*, project: Project, by: User, staffing: list[TermGiven] | None = None, **given: Any) -> Contract:
    """Record the contract of a project with its staffing promises; money in fen."""
    return actions.record_contract(project, actions.ContractSpec(**given), by=by, staffing=_terms(staffing or []))


def change(contract: Contract, *, by: User, **given: Any) -> Contract:
    """Correct what is recorded; what is left out stays. A change agreed with the client is proposed instead."""
    present = {name: getattr(contract, name) for name in SPEC}
    return actions.change_contract(contract, actions.ContractSpec(**present | given), by=by)


def set_staffing(contract: Contract, *, by: User, staffing: list[TermGiven]) -> Contract:
    """Make the staffing promises exactly these, in this order."""
    actions.set_staffing(contract, _terms(staffing), by=by)
    return contract


def set_promises(contract: Contract, *, by: User, promises: list[PromiseGiven]) -> Contract:
    """What the contract promises, as an issued version of its own standard."""
    actions.set_promises(contract, [Promise(**one.model_dump()) for one in promises], by=by)
    return contract


CONTRACTS.expose(router)
on_contracts = Acts(router, CONTRACTS, [MANAGE_CONTRACTS])
on_contracts.add(record, {"project": ref(PROJECTS), **SPEC, "staffing": maybe(listed(TermGiven, 100, 0))})
on_contracts.patch(change, {name: kind if hasattr(kind, "kind") else maybe(kind) for name, kind in SPEC.items()})
on_contracts.post("terminate", actions.terminate_contract, {"on": Day, "reason": text(300)})
on_contracts.put("staffing", set_staffing, {"staffing": listed(TermGiven, 100, 0)})
on_contracts.put("promises", set_promises, {"promises": listed(PromiseGiven, 300)})


# --- staffing promised and present
FAILING = told("StaffingFailing", lambda one: one, staff_id=int, number=str, name=str, reasons=list[str]).model
CHECKED = told(
    "StaffingCheck", lambda one: one, job=str, needed=int, present=int, fitting=int, short=int, is_kept=bool,
    failing=list[FAILING],  # type: ignore[valid-type]
).model  # fmt: skip


def staffing_check(contract: Contract, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """The staffing promises against the staff present on a day (today by default), job by job."""
    return [_checked(result) for result in queries.staffing_of(contract, on=given.on)]


def _checked(result: StaffingResult) -> dict[str, Any]:
    failing = [
        {
            "staff_id": one.worker.id, "number": one.worker.number, "name": one.worker.name,
            "reasons": [str(reason) for reason in one.reasons],
        }
        for one in result.failing
    ]  # fmt: skip
    return {
        "job": result.term.job, "needed": result.needed, "present": result.present, "fitting": result.fitting,
        "short": result.short, "is_kept": result.is_kept, "failing": failing,
    }  # fmt: skip


ask_of(
    router, CONTRACTS, "staffing-check", staffing_check, list[CHECKED], [VIEW_CONTRACTS], on=(Day | None, None),  # type: ignore[valid-type]
)  # fmt: skip
FEE = told("Fee", lambda one: one, yearly_fee_fen=int).model


def fee(contract: Contract, request: HttpRequest, given: Any) -> dict[str, Any]:
    """The yearly fee in force on a day (today by default), approved changes included."""
    return {"yearly_fee_fen": queries.fee_on(contract, on=given.on)}


ask_of(router, CONTRACTS, "fee", fee, FEE, [VIEW_CONTRACTS], on=(Day | None, None))
RENEWAL = shape("Renewal", None, "", contract_id=(int, "contract.pk"), alert="alert", days_left=(int, "days_left"))


def renewals(request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """Contracts within 180 days of their end, or past it without a successor, the nearest end first."""
    return RENEWAL.all(queries.renewals_due(user_of(request)))


ask(router, "/contract-renewals", "contract_renewals_list", renewals, list[RENEWAL.model], [VIEW_CONTRACTS])  # type: ignore[name-defined]

# --- changes
CHANGES.expose(router)
on_changes = Acts(router, CHANGES, [MANAGE_CONTRACTS])


def propose(*, contract: Contract, by: User, **given: Any) -> ContractChange:
    """Write down a change before it is agreed; the fee changes by so many fen a year."""
    return actions.propose_change(contract, by=by, **given)


def decline(change: ContractChange, *, by: User, declined_why: str) -> ContractChange:
    """Record that the client declined, and why."""
    return actions.decline_change(change, by=by, reason=declined_why)


on_changes.add(
    propose,
    {
        "contract": ref(CONTRACTS), "summary": column(ContractChange, "summary"), "effective_on": Day,
        "yearly_fee_delta_fen": maybe(number(-LARGEST_FEN, LARGEST_FEN)),
    },
)  # fmt: skip
steps(
    on_changes,
    CHANGE_FLOW,
    {
        "approve": (
            actions.approve_change, {"approved_on": Day, "reference": column(ContractChange, "reference")}
        ),
        "decline": (decline, {"declined_why": column(ContractChange, "declined_why")}),
    },
)  # fmt: skip
