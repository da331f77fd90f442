"""Loading what the product ships and what a contract promises; the same source loads once (spec 03)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node
from wuyou.domains.standards import policies
from wuyou.domains.standards.choices import StandardKind
from wuyou.domains.standards.events import version_issued
from wuyou.domains.standards.flows import VERSION_FLOW
from wuyou.domains.standards.models import StaffingRatio, Standard, StandardVersion, Subject
from wuyou.domains.standards.queries import journal_chain, subjects_by_name
from wuyou.domains.standards.rules.clauses import ClauseSpec
from wuyou.domains.standards.rules.promises import CONTRACT_GRADE, Promise, promise_clauses
from wuyou.domains.standards.rules.subjects import check_subject, subject_values
from wuyou.domains.standards.shipped import ShippedStandard, shipped_ratios, shipped_standards, shipped_subjects
from wuyou.domains.standards.writing import check_specs, record, refuse_open_draft, write_clauses
from wuyou.kernel import clock, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict
from wuyou.kernel.flows import claim
from wuyou.kernel.transactions import action

from .library import GradeSpec, open_version


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load changed: codes of standards with a new version, numbers of subjects and ratios written."""

    standards: tuple[str, ...] = ()
    subjects: int = 0
    ratios: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether everything was there already."""
        return not (self.standards or self.subjects or self.ratios)


@action
def load_shipped(*, by: Actor) -> Loaded:
    """Load the shipped standards, subjects and ratios; a second run changes nothing, edited subjects are left alone.

    A shipped standard whose file has changed becomes a new issued version. Raises Denied.
    """
    policies.check_ship(by)
    loaded = Loaded(
        standards=tuple(one.code for one in shipped_standards() if _load_standard(one, by=by)),
        subjects=_load_subjects(),
        ratios=_load_ratios(),
    )
    if not loaded.is_nothing:
        entry = journal.Subject("standards.library", "shipped", "shipped data")
        data = {"standards": loaded.standards, "subjects": loaded.subjects, "ratios": loaded.ratios}
        journal.record("standards.shipped_loaded", chain=journal_chain(None), by=by, subject=entry, data=data)
    return loaded


def _load_standard(shipped: ShippedStandard, *, by: Actor) -> bool:
    standard, _made = Standard.objects.get_or_create(
        code=shipped.code,
        defaults={
            "name_zh": shipped.name_zh,
            "name_en": shipped.name_en,
            "kind": shipped.kind,
            "source": shipped.source,
        },
    )
    if standard.versions.filter(source_digest=shipped.digest).exists():
        return False
    _issue_at_once(
        standard,
        grades=[GradeSpec(*grade) for grade in shipped.grades],
        specs=shipped.clauses,
        digest=shipped.digest,
        by=by,
    )
    return True


def _issue_at_once(
    standard: Standard, *, grades: Sequence[GradeSpec], specs: Sequence[ClauseSpec], digest: str, by: Actor
) -> StandardVersion:
    """A version from a source that was agreed elsewhere: written, reviewed and issued in one step."""
    check_specs(specs, [grade.code for grade in grades])
    version = open_version(standard, grades=grades)
    write_clauses(version, specs)
    claim(version, VERSION_FLOW, "submit", source_digest=digest)
    claim(version, VERSION_FLOW, "issue", issued_on=clock.today())
    record("version_loaded", version, by=by, clauses=len(specs), digest=digest)
    version_issued.send(StandardVersion, version_id=version.pk)
    return version


def _load_subjects() -> int:
    """Insert new subjects and refresh those nobody edited; gives the number written."""
    specs = shipped_subjects()
    known = subjects_by_name()
    for spec in specs:
        check_subject(spec)
    new = [Subject(**subject_values(spec)) for spec in specs if spec.name not in known]
    Subject.objects.bulk_create(new)
    stale = []
    for spec in specs:
        subject, values = known.get(spec.name), subject_values(spec)
        if subject and not subject.is_edited and any(getattr(subject, name) != value for name, value in values.items()):
            stale.append(_refreshed(subject, values))
    if stale:
        Subject.objects.bulk_update(stale, [name for name in subject_values(specs[0]) if name != "name"])
    return len(new) + len(stale)


def _refreshed(subject: Subject, values: dict[str, object]) -> Subject:
    for name, value in values.items():
        setattr(subject, name, value)
    return subject


def _load_ratios() -> int:
    known = {(row.role, row.rank): (row.unit, row.low, row.high) for row in StaffingRatio.objects.all()}
    wanted = {(role, rank): (unit, low, high) for role, unit, rank, low, high in shipped_ratios()}
    changed = {key: values for key, values in wanted.items() if known.get(key) != values}
    StaffingRatio.objects.bulk_create(
        [
            StaffingRatio(role=role, rank=rank, unit=unit, low=low, high=high)
            for (role, rank), (unit, low, high) in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["role", "rank"],
        update_fields=["unit", "low", "high"],
    )
    return len(changed)


@action
def load_contract_promises(
    *, by: Actor, node: Node, code: str, name_zh: str, promises: Sequence[Promise], source: str = ""
) -> StandardVersion:
    """The promises of a contract as an issued version of kind contract; changed promises become the next version.

    A contract is agreed outside the product, so its version is issued at once. The same promises again give the
    version there is. Raises Denied, Conflict while the standard is being edited, and Invalid.
    """
    policies.check_promise(by, node)
    specs = promise_clauses(promises, subjects_by_name({promise.subject for promise in promises}))
    digest = _digest(specs)
    standard, _made = Standard.objects.get_or_create(
        code=code, defaults={"name_zh": name_zh, "kind": StandardKind.CONTRACT, "source": source, "node": node}
    )
    if standard.kind != StandardKind.CONTRACT or standard.node != node:
        raise Conflict(_("This code belongs to another standard."))
    known = standard.versions.filter(source_digest=digest).order_by("-number").first()
    if known:
        return known
    refuse_open_draft(standard)
    grades = [GradeSpec(CONTRACT_GRADE, 1, "合同", "Contract")]
    return _issue_at_once(standard, grades=grades, specs=specs, digest=digest, by=by)


def _digest(specs: Sequence[ClauseSpec]) -> str:
    return hashlib.sha256(
        repr([(spec.subject_name, spec.requirement_zh, spec.kind, dict(spec.values)) for spec in specs]).encode()
    ).hexdigest()
