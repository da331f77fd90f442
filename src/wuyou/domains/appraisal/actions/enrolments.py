"""Who is appraised by what, and the months that follow (spec 06)."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal import policies
from wuyou.domains.appraisal.choices import PeriodState, SubjectKind
from wuyou.domains.appraisal.models import Enrolment, Period, Scheme
from wuyou.domains.appraisal.queries.gathering import month_of
from wuyou.domains.appraisal.queries.schemes import issued_version
from wuyou.domains.appraisal.rules.periods import days_present
from wuyou.domains.appraisal.writing import case_of, record
from wuyou.domains.contracts.models import Contract
from wuyou.domains.org.models import Project
from wuyou.domains.registry.models import Contractor, Staff, Team
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is appraised: nothing but the project, or a contractor, team or person of it; the contract names the bond."""

    contractor: Contractor | None = None
    team: Team | None = None
    staff: Staff | None = None
    contract: Contract | None = None
    klass: str = ""


@action
def enrol(
    project: Project,
    *,
    scheme: Scheme,
    subject: Subject,
    starts_on: dt.date,
    by: Actor,
    ends_on: dt.date | None = None,
) -> Enrolment:
    """Put a project, contractor, team or person of a project under a scheme from a day on.

    Raises Denied, Conflict without an issued version or where the subject is under the scheme already, Invalid for a
    subject of another kind or another project.
    """
    policies.check_enrol(by, project, scheme.subject)
    policies.usable(scheme, issued_version(scheme))
    _check_subject(project, scheme, subject)
    if ends_on is not None and ends_on < starts_on:
        raise Invalid(fields={"ends_on": _("It cannot end before it starts.")})
    _refuse_second(project, scheme, subject, starts_on, ends_on)
    row = Enrolment.objects.create(
        project=project,
        scheme=scheme,
        kind=scheme.subject,
        contractor=subject.contractor,
        team=subject.team,
        staff=subject.staff,
        contract=subject.contract,
        klass=subject.klass.strip() or project.kind,
        label=_label(project, subject),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    entry = ("appraisal_enrolment", row.pk, row.label)
    record("enrolled", project, entry, by=by, scheme=scheme.code, starts_on=starts_on)
    return row


def _label(project: Project, subject: Subject) -> str:
    if subject.staff is not None:
        return f"{subject.staff.number} {subject.staff.name}"
    return str((subject.team or subject.contractor or project).name)


def _check_subject(project: Project, scheme: Scheme, subject: Subject) -> None:
    wrong: dict[str, object] = {}
    if (scheme.subject == SubjectKind.TEAM) != (subject.team is not None):
        wrong["team"] = _("This scheme appraises teams, and no other scheme does.")
    if (scheme.subject == SubjectKind.PERSON) != (subject.staff is not None):
        wrong["staff"] = _("This scheme appraises persons, and no other scheme does.")
    for name, thing in (("team", subject.team), ("staff", subject.staff), ("contract", subject.contract)):
        if thing is not None and thing.project_id != project.pk:
            wrong.setdefault(name, _("This belongs to another project."))
    if wrong:
        raise Invalid(fields=wrong)


def _refuse_second(
    project: Project, scheme: Scheme, subject: Subject, starts_on: dt.date, ends_on: dt.date | None
) -> None:
    rows = Enrolment.objects.filter(
        project=project, scheme=scheme, team=subject.team, staff=subject.staff, contractor=subject.contractor
    )
    for row in rows:
        begins_after = ends_on is not None and ends_on < row.starts_on
        ended_before = row.ends_on is not None and row.ends_on < starts_on
        if not (begins_after or ended_before):
            raise Conflict(_("%(name)s is under this scheme already."), name=row.label)


@action
def end_enrolment(enrolment: Enrolment, *, on: dt.date, by: Actor) -> None:
    """End an enrolment with a day, the last that counts. Raises Denied, Invalid, and Conflict when it has ended."""
    policies.check_enrol(by, enrolment.project, enrolment.kind)
    if on < enrolment.starts_on:
        raise Invalid(fields={"on": _("It cannot end before it starts.")})
    if Enrolment.objects.filter(pk=enrolment.pk, ends_on__isnull=True).update(ends_on=on) != 1:
        raise Conflict(_("This has ended already."))
    enrolment.ends_on = on
    for period in enrolment.periods.filter(state__in=(PeriodState.OPEN, PeriodState.COMPUTED)):
        _set_days(period, enrolment)
    entry = ("appraisal_enrolment", enrolment.pk, enrolment.label)
    record("enrolment_ended", enrolment.project, entry, by=by, on=on)


def _set_days(period: Period, enrolment: Enrolment) -> None:
    days = days_present(month_of(period.month), since=enrolment.starts_on, until=enrolment.ends_on)
    Period.objects.filter(pk=period.pk).update(days_present=days.present, days_of=days.of)


@action
def open_period(enrolment: Enrolment, *, month: dt.date, by: Actor) -> Period:
    """The month of an enrolment, opened under the version issued now; the same one when it is open already.

    Raises Denied, Conflict without an issued version, Invalid for a month outside the enrolment or yet to come.
    """
    policies.check_enter(by, enrolment)
    first = month.replace(day=1)
    known = enrolment.periods.filter(month=first).first()
    if known is not None:
        return known
    days = days_present(month_of(first), since=enrolment.starts_on, until=enrolment.ends_on)
    if not days.present:
        raise Invalid(fields={"month": _("This month is outside the time of the enrolment.")})
    if first > clock.today():
        raise Invalid(fields={"month": _("This month is yet to come.")})
    version = policies.usable(enrolment.scheme, issued_version(enrolment.scheme))
    period, is_new = Period.objects.get_or_create(
        enrolment=enrolment,
        month=first,
        defaults={
            "project_id": enrolment.project_id,
            "version": version,
            "days_present": days.present,
            "days_of": days.of,
        },
    )
    if is_new:
        record("period_opened", enrolment.project, case_of(period), by=by, version=str(version))
    return period


@action
def open_month(month: dt.date, *, by: Actor) -> int:
    """Open the month for every running enrolment whose scheme is issued; gives how many were opened."""
    first = month.replace(day=1)
    rows = Enrolment.objects.filter(starts_on__lt=_after(first)).exclude(ends_on__lt=first)
    missing = rows.exclude(periods__month=first).select_related("scheme", "project__node")
    opened = [open_period(row, month=first, by=by) for row in missing if issued_version(row.scheme) is not None]
    return len(opened)


def _after(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=31)).replace(day=1)
