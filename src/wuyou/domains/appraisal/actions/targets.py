"""Target letters: drafted, issued, followed month by month (spec 06)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal import policies
from wuyou.domains.appraisal.choices import LetterState, PeriodState, YearMethod
from wuyou.domains.appraisal.flows import LETTER_FLOW
from wuyou.domains.appraisal.models import Kpi, KpiMonth, Period, TargetLetter
from wuyou.domains.appraisal.queries.targets import target_of
from wuyou.domains.appraisal.rules.targets import Target, check_targets
from wuyou.domains.appraisal.writing import record
from wuyou.domains.org.models import Project, User
from wuyou.domains.quality.queries.figures import FIGURES, Over, measure
from wuyou.kernel import clock, flows
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.explain import Words
from wuyou.kernel.transactions import action

from .marking import mark_stale

LARGEST = Decimal(10) ** 9


@dataclass(frozen=True, slots=True)
class KpiSpec:
    """A KPI as it is written: names, numbers, the figure it is read from ("" by hand), who owns it."""

    key: str
    name_zh: str
    baseline: Decimal
    target: Decimal
    weight: Decimal
    name_en: str = ""
    stretch: Decimal | None = None
    unit: str = ""
    method: str = YearMethod.MEAN
    metric: str = ""
    owner: str = ""


@action
def draft_letter(
    project: Project, *, year: int, title: str, owner: User, kpis: Sequence[KpiSpec], by: Actor
) -> TargetLetter:
    """Write a target letter. Raises Denied, Invalid at `title` and `kpis.<position>.<field>`."""
    policies.check_targets(by, project)
    _check(title, kpis, year=year)
    letter = TargetLetter.objects.create(project=project, year=year, title=title.strip()[:120], owner=owner)
    _write(letter, kpis)
    record("letter_drafted", project, ("appraisal_letter", letter.pk, letter.title), by=by, year=year, kpis=len(kpis))
    return letter


@action
def change_letter(letter: TargetLetter, *, title: str, kpis: Sequence[KpiSpec], by: Actor) -> None:
    """Write a draft letter anew. Raises Denied, Invalid, Conflict for an issued one."""
    policies.check_targets(by, letter.project)
    if letter.state != LetterState.DRAFT:
        raise Conflict(_("An issued letter does not change."))
    _check(title, kpis, year=letter.year)
    if TargetLetter.objects.filter(pk=letter.pk, state=LetterState.DRAFT).update(title=title.strip()[:120]) != 1:
        raise Conflict(_("An issued letter does not change."))
    letter.kpis.all().delete()  # lines of a draft are written anew
    _write(letter, kpis)
    letter.refresh_from_db()
    record("letter_changed", letter.project, ("appraisal_letter", letter.pk, letter.title), by=by, kpis=len(kpis))


def _check(title: str, kpis: Sequence[KpiSpec], *, year: int) -> None:
    wrong: dict[str, object] = {}
    if not title.strip():
        wrong["title"] = _("This is needed.")
    if not 2000 <= year <= 2100:
        wrong["year"] = _("A year between 2000 and 2100.")
    for position, one in enumerate(kpis, start=1):
        wrong |= {f"kpis.{position}.{name}": text for name, text in _wrong(one).items()}
    if wrong:
        raise Invalid(fields=wrong)
    check_targets([_target(one) for one in kpis])


def _wrong(one: KpiSpec) -> dict[str, object]:
    wrong: dict[str, object] = {}
    if not one.name_zh.strip():
        wrong["name_zh"] = _("This is needed.")
    if one.method not in YearMethod.values:
        wrong["method"] = _("Choose how months become the year.")
    if one.metric and one.metric not in FIGURES:
        wrong["metric"] = _("This figure cannot be measured over a period.")
    for name in ("baseline", "target", "stretch"):
        number = getattr(one, name)
        if number is not None and abs(number) >= LARGEST:
            wrong[name] = _("This number is too large.")
    return wrong


def _target(one: KpiSpec) -> Target:
    name = Words(one.name_zh, one.name_en)
    return Target(one.key, name, one.baseline, one.target, one.weight, one.stretch, YearMethod(one.method), one.unit)


def _write(letter: TargetLetter, kpis: Sequence[KpiSpec]) -> None:
    Kpi.objects.bulk_create([
        Kpi(
            letter=letter, position=position, key=one.key, name_zh=one.name_zh.strip()[:120],
            name_en=one.name_en.strip()[:120], unit=one.unit[:20], baseline=one.baseline, target=one.target,
            stretch=one.stretch, weight=one.weight, method=one.method, metric=one.metric, owner=one.owner[:80],
        )
        for position, one in enumerate(kpis, start=1)
    ])  # fmt: skip


@action
def move_letter(letter: TargetLetter, *, step: str, by: Actor) -> None:
    """Issue or close a letter. Raises Denied, IllegalMove, Conflict where the year has another one in force."""
    policies.check_targets(by, letter.project)
    if step == "issue":
        check_targets([target_of(row) for row in letter.kpis.all()])
    values = {"issued_on": clock.today(), "issued_by": by.actor_label[:80]} if step == "issue" else {}
    try:
        with transaction.atomic():
            flows.claim(letter, LETTER_FLOW, step, **values)
    except IntegrityError:
        raise Conflict(_("This project has a letter in force for the year already.")) from None
    record(f"letter_{step}", letter.project, ("appraisal_letter", letter.pk, letter.title), by=by)


@action
def enter_kpi(kpi: Kpi, *, month: dt.date, value: Decimal, note: str = "", by: Actor) -> KpiMonth:
    """Enter a month's value of a KPI; the newest counts and months computed from it are marked.

    Raises Denied, Invalid for another year, a month to come or a number too large, Conflict for a draft or closed
    letter.
    """
    letter = kpi.letter
    policies.check_targets(by, letter.project)
    if letter.state != LetterState.ISSUED:
        raise Conflict(_("Only an issued letter is followed."))
    first = month.replace(day=1)
    wrong: dict[str, object] = {}
    if first.year != letter.year:
        wrong["month"] = _("This month is not of the letter's year.")
    elif first > clock.today():
        wrong["month"] = _("This month is yet to come.")
    if abs(value) >= LARGEST:
        wrong["value"] = _("This number is too large.")
    if wrong:
        raise Invalid(fields=wrong)
    row = _kept(kpi, first, value, note=note, is_measured=False, by=by)
    record(
        "kpi_entered", letter.project, ("appraisal_kpi", kpi.pk, kpi.name_zh), by=by, month=f"{first:%Y-%m}",
        value=f"{value:f}",
    )  # fmt: skip
    return row


def _kept(kpi: Kpi, month: dt.date, value: Decimal, *, note: str, is_measured: bool, by: Actor) -> KpiMonth:
    row = KpiMonth.objects.create(
        kpi=kpi, month=month, value=value, note=note.strip()[:200], is_measured=is_measured,
        by_label=by.actor_label[:80], at=clock.now(),
    )  # fmt: skip
    later = Period.objects.filter(
        project=kpi.letter.project_id, month__gte=month, month__year=month.year, enrolment__kind="project"
    ).exclude(state=PeriodState.OPEN)
    mark_stale(later, reason=str(_("A KPI of the target letter has a new value.")), cause=("appraisal_kpi", kpi.pk))
    return row


@action
def measure_kpis(letter: TargetLetter, *, month: dt.date, by: Actor) -> int:
    """Read the month's values of a letter's KPIs from the figures they name; gives how many are new or changed."""
    policies.check_targets(by, letter.project)
    if letter.state != LetterState.ISSUED:
        raise Conflict(_("Only an issued letter is followed."))
    first = month.replace(day=1)
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    count = 0
    for kpi in letter.kpis.exclude(metric="").select_related("letter__project"):
        value = measure(kpi.metric, Over([letter.project_id], first, last)).value
        known = kpi.months.filter(month=first).order_by("-pk").values_list("value", flat=True).first()
        if value is not None and value != known:
            _kept(kpi, first, value, note="", is_measured=True, by=by)
            count += 1
    if count:
        entry = ("appraisal_letter", letter.pk, letter.title)
        record("kpis_measured", letter.project, entry, by=by, month=f"{first:%Y-%m}", count=count)
    return count
