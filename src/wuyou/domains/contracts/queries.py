"""Reads of contracts."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.registry.models import Qualification
from wuyou.domains.registry.queries.staff import staff_present
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor

from .choices import ChangeState
from .models import Contract, ContractChange, StaffingPromise
from .policies import VIEW_CONTRACTS
from .rules.staffing import LicenceHeld, StaffingResult, StaffingTerm, Worker, check_staffing
from .rules.terms import ALERTS, FeeChange, renewal_alert, yearly_fee_fen


def contracts_visible_to(user: Actor) -> QuerySet[Contract]:
    """Contracts of visible projects, the latest first."""
    rows = Contract.objects.filter(project__in=projects_visible_to(user, VIEW_CONTRACTS))
    return rows.select_related("project", "promises").order_by("-starts_on", "id")


def changes_visible_to(user: Actor) -> QuerySet[ContractChange]:
    """Changes of visible contracts."""
    return ContractChange.objects.filter(contract__in=contracts_visible_to(user).order_by()).select_related("contract")


def _running(project: Project, *, first: date, last: date) -> QuerySet[Contract]:
    """Contracts of a project that run on any day from `first` to `last`, the latest first."""
    open_ended = Q(terminated_on__isnull=True, ends_on__gte=first) | Q(terminated_on__gte=first)
    return Contract.objects.filter(open_ended, project=project, starts_on__lte=last).order_by("-starts_on")


def contract_of(project: Project, *, on: date | None = None) -> Contract | None:
    """The contract in force at a project on a day (today by default)."""
    day = on or clock.today()
    return _running(project, first=day, last=day).first()


def overlapping(project: Project, *, starts_on: date, ends_on: date, but: int | None = None) -> Contract | None:
    """Another contract of the project that runs on any day of a term."""
    return next((row for row in _running(project, first=starts_on, last=ends_on) if row.pk != but), None)


@dataclass(frozen=True, slots=True)
class Renewal:
    """A contract whose end is near or behind, with the alert that applies today (180, 90, 30, expired)."""

    contract: Contract
    alert: str
    days_left: int


def renewals_due(user: Actor, *, on: date | None = None) -> list[Renewal]:
    """Visible contracts within 180 days of their end, or past it without a successor, the nearest end first."""
    day = on or clock.today()
    horizon = day + timedelta(days=max(ALERTS))
    followed = set(Contract.objects.filter(ends_on__gt=horizon).values_list("project_id", flat=True))
    rows = contracts_visible_to(user).filter(ends_on__lte=horizon, terminated_on__isnull=True).order_by("ends_on", "id")
    due = [row for row in rows if row.project_id not in followed]
    return [Renewal(row, renewal_alert(row.ends_on, on=day), (row.ends_on - day).days) for row in due]


def fee_on(contract: Contract, *, on: date | None = None) -> int:
    """The yearly fee in force on a day (today by default), approved changes included, in fen."""
    approved = contract.changes.filter(state=ChangeState.APPROVED).values_list("effective_on", "yearly_fee_delta_fen")
    return yearly_fee_fen(contract.yearly_fee_fen, (FeeChange(*row) for row in approved), on=on or clock.today())


# --- staffing promised and present


def terms_of(contract: Contract) -> list[StaffingTerm]:
    """The staffing promises of a contract as values, in its order."""
    return [_term(row) for row in contract.staffing.select_related("qualification")]


def _term(row: StaffingPromise) -> StaffingTerm:
    return StaffingTerm(
        job=row.job,
        heads=row.heads,
        max_age=row.max_age,
        sex=row.sex,
        education=row.education,
        licence=row.qualification.code if row.qualification else "",
        licence_name=row.qualification.name_zh if row.qualification else "",
        coverage=row.coverage,
    )


def workers_of(project: Project, *, on: date) -> list[Worker]:
    """The staff present at a project on a day with their licences, in two queries."""
    staff = list(staff_present(project, on=on))
    held = licences_by_staff([row.pk for row in staff])
    return [
        Worker(
            id=row.pk,
            number=row.number,
            name=row.name,
            job=row.job,
            sex=row.sex,
            born_on=row.born_on,
            education=row.education,
            licences=tuple(held.get(row.pk, ())),
            hired_on=row.hired_on,
            left_on=row.left_on,
        )
        for row in staff
    ]


def licences_by_staff(staff_ids: list[int]) -> dict[int, list[LicenceHeld]]:
    """Licences that were not revoked, by staff id."""
    rows = Qualification.objects.filter(staff__in=staff_ids, revoked_on__isnull=True)
    fields = ("staff_id", "kind__code", "valid_from", "valid_to", "reviewed_on")
    held: dict[int, list[LicenceHeld]] = {}
    for staff_id, kind, valid_from, valid_to, reviewed_on in rows.order_by("id").values_list(*fields):
        held.setdefault(staff_id, []).append(LicenceHeld(kind, valid_from, valid_to, reviewed_on))
    return held


def staffing_of(contract: Contract, *, on: date | None = None) -> list[StaffingResult]:
    """The contract's staffing promises against the staff present on a day (today by default), job by job."""
    day = on or clock.today()
    return check_staffing(terms_of(contract), workers_of(contract.project, on=day), on=day)
