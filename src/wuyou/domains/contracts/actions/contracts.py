"""Recording contracts, their staffing and their promised frequencies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.domains.contracts import policies
from wuyou.domains.contracts.choices import ContractMode
from wuyou.domains.contracts.events import contract_changed, contract_recorded, promises_changed
from wuyou.domains.contracts.models import Contract, StaffingPromise
from wuyou.domains.contracts.queries import overlapping, terms_of
from wuyou.domains.contracts.rules.staffing import StaffingTerm, education_rank
from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import chain_of
from wuyou.domains.registry.choices import Sex
from wuyou.domains.registry.models import QualificationKind
from wuyou.domains.standards.actions import load_contract_promises
from wuyou.domains.standards.models import StandardVersion
from wuyou.domains.standards.rules.promises import Promise
from wuyou.domains.standards.writing import refuse_long
from wuyou.kernel import journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

LARGEST_FEN = 10**15


@dataclass(frozen=True, slots=True)
class ContractSpec:
    """What a contract says of itself; money in fen, both days inclusive."""

    code: str
    name: str
    client: str
    mode: str
    starts_on: date
    ends_on: date
    yearly_fee_fen: int = 0
    bond_fen: int = 0
    terms: Mapping[str, Any] = field(default_factory=dict)


def _checked(project: Project, spec: ContractSpec, *, but: int | None = None) -> dict[str, Any]:
    """The spec as column values; raises Invalid by field, also for a term another contract of the project covers."""
    wrong: dict[str, object] = {
        name: _("This is needed.") for name in ("code", "name", "client") if not getattr(spec, name).strip()
    }
    if spec.mode not in ContractMode.values:
        wrong["mode"] = _("There is no such mode.")
    for name in ("yearly_fee_fen", "bond_fen"):
        if not 0 <= getattr(spec, name) < LARGEST_FEN:
            wrong[name] = _("This is not an amount.")
    if any(pk != but for pk in Contract.objects.filter(code=spec.code).values_list("pk", flat=True)):
        wrong["code"] = _("There is a contract of this number already.")
    wrong |= _wrong_term(project, spec, but)
    if wrong:
        raise Invalid(fields=wrong)
    values = {one.name: getattr(spec, one.name) for one in fields(spec)}
    refuse_long(Contract, values)
    return values | {"terms": dict(spec.terms)}


def _wrong_term(project: Project, spec: ContractSpec, but: int | None) -> dict[str, object]:
    if spec.ends_on <= spec.starts_on:
        return {"ends_on": _("A contract ends after it starts.")}
    other = overlapping(project, starts_on=spec.starts_on, ends_on=spec.ends_on, but=but)
    if other:
        return {"starts_on": _("“%(other)s” covers part of this time.") % {"other": other.name}}
    return {}


@action
def record_contract(
    project: Project, spec: ContractSpec, *, by: Actor, staffing: Sequence[StaffingTerm] = ()
) -> Contract:
    """Record the contract of a project with its staffing promises. Raises Denied and Invalid by field."""
    policies.check_manage(by, project)
    _lock(project)
    contract = Contract.objects.create(project=project, **_checked(project, spec))
    _write_staffing(contract, staffing)
    data = {
        "code": spec.code,
        "starts_on": spec.starts_on,
        "ends_on": spec.ends_on,
        "yearly_fee_fen": spec.yearly_fee_fen,
    }
    record("contract_recorded", contract, by=by, **data)
    contract_recorded.send(Contract, contract_id=contract.pk)
    return contract


def _lock(project: Project) -> None:
    """Two contracts recorded at once must see each other's term."""
    Project.objects.select_for_update().get(pk=project.pk)


@action
def change_contract(contract: Contract, spec: ContractSpec, *, by: Actor) -> Contract:
    """Correct what is recorded of a contract; a change agreed with the client is `propose_change`.

    Raises Denied and Invalid by field.
    """
    policies.check_manage(by, contract.project)
    _lock(contract.project)
    values = _checked(contract.project, spec, but=contract.pk)
    before = {name: getattr(contract, name) for name in values}
    changed = {name: value for name, value in values.items() if before[name] != value}
    if not changed:
        return contract
    Contract.objects.filter(pk=contract.pk).update(**changed)
    contract.refresh_from_db()
    record("contract_changed", contract, by=by, before={name: before[name] for name in changed}, after=changed)
    contract_changed.send(Contract, contract_id=contract.pk)
    return contract


@action
def terminate_contract(contract: Contract, *, by: Actor, on: date, reason: str) -> Contract:
    """End a contract before its time; `on` is its last day. Raises Denied, Conflict when it is ended, and Invalid."""
    policies.check_manage(by, contract.project)
    if not reason.strip():
        raise Invalid(fields={"reason": _("This is needed for this step.")})
    if not contract.starts_on <= on < contract.ends_on:
        raise Invalid(fields={"on": _("This day is not within the term of the contract.")})
    if Contract.objects.filter(pk=contract.pk, terminated_on__isnull=True).update(terminated_on=on) != 1:
        raise Conflict(_("This contract is terminated already."))
    contract.terminated_on = on
    record("contract_terminated", contract, by=by, on=on, reason=reason.strip())
    contract_changed.send(Contract, contract_id=contract.pk)
    return contract


@action
def set_staffing(contract: Contract, terms: Sequence[StaffingTerm], *, by: Actor) -> list[StaffingPromise]:
    """Make the staffing promises exactly these, in this order; the same again changes nothing.

    Raises Denied, and Invalid at `staffing.<position>.<field>`.
    """
    policies.check_manage(by, contract.project)
    before = terms_of(contract)
    if [_bare(term) for term in before] == [_bare(term) for term in terms]:
        return list(contract.staffing.all())
    contract.staffing.all().delete()
    promises = _write_staffing(contract, terms)
    record("staffing_changed", contract, by=by, before=_told(before), after=_told(terms))
    contract_changed.send(Contract, contract_id=contract.pk)
    return promises


def _bare(term: StaffingTerm) -> tuple[object, ...]:
    return (term.job, term.heads, term.max_age, term.sex, term.education, term.licence, term.coverage)


def _told(terms: Sequence[StaffingTerm]) -> list[str]:
    return ["|".join("" if part is None else str(part) for part in _bare(term)) for term in terms]


def _write_staffing(contract: Contract, terms: Sequence[StaffingTerm]) -> list[StaffingPromise]:
    kinds = {kind.code: kind for kind in QualificationKind.objects.filter(code__in={term.licence for term in terms})}
    _check_staffing(terms, kinds)
    return StaffingPromise.objects.bulk_create(
        StaffingPromise(
            contract=contract,
            position=position,
            job=term.job,
            heads=term.heads,
            max_age=term.max_age,
            sex=term.sex,
            education=term.education,
            qualification=kinds.get(term.licence),
            coverage=term.coverage,
        )
        for position, term in enumerate(terms, start=1)
    )


def _check_staffing(terms: Sequence[StaffingTerm], kinds: Mapping[str, QualificationKind]) -> None:
    wrong: dict[str, object] = {}
    seen: set[str] = set()
    for position, term in enumerate(terms, start=1):
        found = _wrong_staffing(term, kinds)
        if term.job in seen:
            found["job"] = _("This job stands twice.")
        seen.add(term.job)
        wrong |= {f"staffing.{position}.{name}": message for name, message in found.items()}
        refuse_long(StaffingPromise, {"job": term.job, "coverage": term.coverage})
    if wrong:
        raise Invalid(fields=wrong)


def _wrong_staffing(term: StaffingTerm, kinds: Mapping[str, QualificationKind]) -> dict[str, object]:
    wrong: dict[str, object] = {}
    if not term.job.strip():
        wrong["job"] = _("This is needed.")
    if term.heads is not None and not 1 <= term.heads <= 9999:
        wrong["heads"] = _("Write a whole number from %(least)s to %(most)s.") % {"least": 1, "most": 9999}
    if term.max_age is not None and not 16 <= term.max_age <= 99:
        wrong["max_age"] = _("Write a whole number from %(least)s to %(most)s.") % {"least": 16, "most": 99}
    if term.sex and term.sex not in Sex.values:
        wrong["sex"] = _("There is no such choice.")
    if term.education and education_rank(term.education) is None:
        wrong["education"] = _("This education is not known.")
    if term.licence and term.licence not in kinds:
        wrong["qualification"] = _("There is no such licence.")
    return wrong


@action
def set_promises(contract: Contract, promises: Sequence[Promise], *, by: Actor) -> StandardVersion:
    """What the contract promises, as an issued version of its own standard; changed promises are its next version.

    Raises Denied, Conflict and Invalid.
    """
    policies.check_manage(by, contract.project)
    version = load_contract_promises(
        by=by,
        node=contract.project.node,
        code=promises_code(contract),
        name_zh=contract.name[:110] + "·合同承诺",
        promises=promises,
        source=contract.code,
    )
    if contract.promises_id != version.pk:
        Contract.objects.filter(pk=contract.pk).update(promises=version)
        contract.promises = version
        record("promises_set", contract, by=by, version=version.number, clauses=len(promises))
        promises_changed.send(Contract, contract_id=contract.pk, version_id=version.pk)
    return version


def promises_code(contract: Contract) -> str:
    """The code of the standard that holds a contract's promises."""
    return f"contract-{contract.pk}"


def record(verb: str, contract: Contract, *, by: Actor, **data: Any) -> None:
    """Enter an act on a contract in its project's chain."""
    subject = journal.Subject("contracts.contract", contract.pk, contract)
    journal.record(f"contracts.{verb}", chain=chain_of(contract.project), by=by, subject=subject, data=data)
