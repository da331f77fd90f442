"""A contract from its file; the same file again changes nothing."""

from collections.abc import Sequence
from pathlib import Path

import yaml
from django.utils.translation import gettext_lazy as _

from wuyou.domains.contracts import policies
from wuyou.domains.contracts.models import Contract
from wuyou.domains.contracts.rules.document import ContractDocument, StaffingEntry, read_document
from wuyou.domains.contracts.rules.staffing import StaffingTerm
from wuyou.domains.org.models import Project
from wuyou.domains.registry.models import QualificationKind
from wuyou.domains.registry.rules.licences import kind_named
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid, TooLarge
from wuyou.kernel.transactions import action

from .contracts import ContractSpec, change_contract, record_contract, set_promises, set_staffing

MOST_BYTES = 1 << 20


def read_contract_file(path: Path) -> ContractDocument:
    """Read and check a contract file (YAML). Raises TooLarge, and Invalid naming every wrong place."""
    if path.stat().st_size > MOST_BYTES:
        raise TooLarge(_("A contract file has at most 1 MB."))
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(_("The file cannot be read as YAML: %(why)s"), why=str(error)[:200]) from error
    return read_document(data)


@action
def load_contract(path: Path, *, project: Project, by: Actor) -> Contract:
    """Record the contract in a file with its staffing and promises, or bring the recorded one up to the file.

    Raises Denied, TooLarge, and Invalid naming every wrong place of the file.
    """
    policies.check_manage(by, project)
    document = read_contract_file(path)
    if document.project_code and document.project_code != project.code:
        raise Invalid(fields={"project.code": _("The file is about another project.")})
    spec = _spec(document, project)
    terms = _terms(document.staffing)
    contract = Contract.objects.filter(project=project, code=spec.code).first()
    if contract is None:
        contract = record_contract(project, spec, by=by, staffing=terms)
    else:
        change_contract(contract, spec, by=by)
        set_staffing(contract, terms, by=by)
    set_promises(contract, document.promises, by=by)
    return contract


def _spec(document: ContractDocument, project: Project) -> ContractSpec:
    return ContractSpec(
        code=f"{project.code}-{document.starts_on:%Y%m%d}",
        name=document.name,
        client=document.client,
        mode=document.mode,
        starts_on=document.starts_on,
        ends_on=document.ends_on,
        yearly_fee_fen=document.yearly_fee_fen,
        bond_fen=document.bond_fen,
        terms=document.terms,
    )


def _terms(entries: Sequence[StaffingEntry]) -> list[StaffingTerm]:
    """Staffing with licences by code; raises Invalid for a licence nobody knows."""
    kinds = [(kind.code, kind.name_zh, kind.synonyms) for kind in QualificationKind.objects.all()]
    named = {entry.licence_name: kind_named(entry.licence_name, kinds) for entry in entries if entry.licence_name}
    wrong = {
        f"staffing.{position}.qualification": _("There is no such licence.")
        for position, entry in enumerate(entries, start=1)
        if entry.licence_name and named[entry.licence_name] is None
    }
    if wrong:
        raise Invalid(fields=wrong)
    return [
        StaffingTerm(
            job=entry.job,
            heads=entry.heads,
            max_age=entry.max_age,
            sex=entry.sex,
            education=entry.education,
            licence=named.get(entry.licence_name) or "",
            licence_name=entry.licence_name,
            coverage=entry.coverage,
        )
        for entry in entries
    ]
