"""Everything a month's evaluation looks at, read for many months at once: no query per month (spec 06)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum

from wuyou.domains.appraisal.models import (
    BondEntry,
    DeductionEvent,
    Enrolment,
    Period,
    Ruling,
    SchemeVersion,
    VetoRecord,
)
from wuyou.domains.appraisal.rules.inputs import Claim, Days, Happening, Inputs, Month, Reading, Standing, Verdict
from wuyou.domains.appraisal.rules.money import split_fen
from wuyou.domains.appraisal.rules.scheme import Scheme
from wuyou.domains.contracts.choices import ChangeState
from wuyou.domains.contracts.models import Contract, ContractChange
from wuyou.domains.contracts.rules.terms import FeeChange, yearly_fee_fen
from wuyou.kernel.explain import Link, Node, Words

from .readings import READERS, dissatisfied_figures
from .schemes import value_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """One month to gather: its period, as the readers take it."""

    period: Period
    scheme: Scheme

    @property
    def key(self) -> tuple[int, Month]:
        """Enrolment and month."""
        return (self.period.enrolment_id, month_of(self.period.month))


@dataclass(slots=True)
class Gathered:
    """What was read, by enrolment and month."""

    readings: dict[tuple[int, Month], dict[str, list[Reading]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    events: dict[tuple[int, Month], dict[str, list[Happening]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    claims: dict[tuple[int, Month], list[Claim]] = field(default_factory=lambda: defaultdict(list))
    figures: dict[tuple[int, Month], dict[str, Node]] = field(default_factory=lambda: defaultdict(dict))
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    bands: dict[int, dict[Month, str]] = field(default_factory=lambda: defaultdict(dict))
    money: "Bonds" = field(default_factory=lambda: Bonds())  # noqa: PLW0108 — the class stands below


def month_of(day: dt.date) -> Month:
    """The month of a day."""
    return Month(day.year, day.month)


def first_of(month: Month) -> dt.date:
    """The first day of a month."""
    return dt.date(month.year, month.month, 1)


def gather(periods: Sequence[Period]) -> dict[int, Inputs]:
    """The inputs of many months by period id; periods come with their enrolment and version."""
    wanted = [Wanted(period, value_of(period.version)) for period in periods]
    found = read_all(wanted)
    return {one.period.pk: inputs_of(one, found) for one in wanted}


def read_all(wanted: Sequence[Wanted]) -> Gathered:
    """Read every source of many months: a number of queries that depends on the schemes, not on the months."""
    found = Gathered()
    if not wanted:
        return found
    kinds = {id(one.scheme): {part.source.kind for part in one.scheme.components()} for one in wanted}
    for kind, reader in READERS.items():
        using = [one for one in wanted if kind in kinds[id(one.scheme)]]
        if using:
            reader(using, found.readings)
    _read_events(wanted, found)
    _read_claims(wanted, found)
    found.figures.update(dissatisfied_figures(wanted))
    _read_verdicts(wanted, found)
    _read_bands(wanted, found)
    found.money = bonds_of({one.period.enrolment.contract_id for one in wanted})
    return found


def inputs_of(one: Wanted, found: Gathered) -> Inputs:
    """The inputs of one month out of what was read; earlier months as they stand in `found.bands` now."""
    period, key = one.period, one.key
    month = key[1]
    return Inputs(
        month=month,
        readings=found.readings.get(key, {}),
        events=found.events.get(key, {}),
        figures=found.figures.get(key, {}),
        claims=found.claims.get(key, ()),
        earlier=[Standing(at, band) for at, band in found.bands[period.enrolment_id].items() if at < month],
        money=found.money.bases(period.enrolment, month),
        days=Days(period.days_present, period.days_of),
        verdict=found.verdicts.get(period.pk),
    )


def span(wanted: Iterable[Wanted]) -> tuple[dt.date, dt.date]:
    """The first and the last day of all months wanted."""
    months = [one.period.month for one in wanted]
    last = max(months)
    return min(months), (last + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def _read_events(wanted: Sequence[Wanted], found: Gathered) -> None:
    first, last = span(wanted)
    rows = DeductionEvent.objects.filter(
        enrolment__in={one.period.enrolment_id for one in wanted}, day__range=(first, last), void_because=""
    ).order_by("pk")
    names = ("pk", "enrolment_id", "day", "component", "item", "origin", "quantity", "text", "source_kind", "source_id")
    for pk, enrolment, day, component, item, origin, quantity, text, kind, source in rows.values_list(*names):
        links = [Link("appraisal_event", str(pk), text)]
        if source is not None:
            links.append(Link(kind, str(source), text))
        happening = Happening(item, Words(f"{day:%m-%d} {text}"), quantity, origin, tuple(links))
        found.events[enrolment, month_of(day)][component].append(happening)


def _read_claims(wanted: Sequence[Wanted], found: Gathered) -> None:
    first, last = span(wanted)
    rows = VetoRecord.objects.filter(
        enrolment__in={one.period.enrolment_id for one in wanted}, day__range=(first, last), void_because=""
    ).order_by("pk")
    for pk, enrolment, day, rule, text, facts in rows.values_list("pk", "enrolment_id", "day", "rule", "text", "facts"):
        numbers = {name: Decimal(number) for name, number in facts.items()}
        claim = Claim(rule, Words(f"{day:%m-%d} {text}"), numbers, (Link("appraisal_veto", str(pk), text),))
        found.claims[enrolment, month_of(day)].append(claim)


def _read_verdicts(wanted: Sequence[Wanted], found: Gathered) -> None:
    rows = Ruling.objects.filter(period__in=[one.period.pk for one in wanted]).order_by("pk")
    for row in rows:
        zh, en = f"申诉 {row.appeal_label} 决定", f"Decided on appeal {row.appeal_label}"
        link = Link("appeal", str(row.appeal_id), row.appeal_label)
        found.verdicts[row.period_id] = Verdict(row.points, Words(zh, en), (link,))


def _read_bands(wanted: Sequence[Wanted], found: Gathered) -> None:
    """The bands of the months before, of periods that were computed at all."""
    _first, last = span(wanted)
    rows = Period.objects.filter(
        enrolment__in={one.period.enrolment_id for one in wanted}, month__lt=last, scores__isnull=False
    ).distinct()
    for enrolment, month, band in rows.order_by("month").values_list("enrolment_id", "month", "band"):
        found.bands[enrolment][month_of(month)] = band


# --- money


@dataclass(slots=True)
class Bonds:
    """Contracts with their bond entries and fee changes, by contract id."""

    contracts: dict[int, Contract] = field(default_factory=dict)
    moved: dict[int, dict[dt.date, int]] = field(default_factory=lambda: defaultdict(dict))
    changes: dict[int, list[FeeChange]] = field(default_factory=lambda: defaultdict(list))

    def bases(self, enrolment: Enrolment, month: Month) -> dict[str, int]:
        """What shares of money are shares of, in fen; the bond's balance is that before the month."""
        contract = self.contracts.get(enrolment.contract_id or 0)
        if contract is None:
            return {}
        found = {"fee": self.fee(contract, month)}
        if contract.bond_fen:
            found["bond"] = contract.bond_fen
        moved = self.moved[contract.pk]
        if moved:
            found["bond_balance"] = sum(amount for at, amount in moved.items() if at < first_of(month))
        return found

    def fee(self, contract: Contract, month: Month) -> int:
        """The fee of a month: its twelfth of the yearly fee in force on its first day; twelve of them add up."""
        yearly = yearly_fee_fen(contract.yearly_fee_fen, self.changes[contract.pk], on=first_of(month))
        return split_fen(yearly, [Decimal(1)] * 12)[month.month - 1]


def bonds_of(contract_ids: Iterable[int | None]) -> Bonds:
    """The bonds and fees of some contracts, in three queries."""
    ids = {pk for pk in contract_ids if pk is not None}
    bonds = Bonds()
    if not ids:
        return bonds
    bonds.contracts = Contract.objects.in_bulk(ids)
    sums = BondEntry.objects.filter(contract__in=ids).order_by().values_list("contract", "month")
    for contract, month, amount in sums.annotate(total=Sum("amount_fen")):
        bonds.moved[contract][month] = amount
    approved = ContractChange.objects.filter(contract__in=ids, state=ChangeState.APPROVED)
    for contract, day, delta in approved.values_list("contract_id", "effective_on", "yearly_fee_delta_fen"):
        bonds.changes[contract].append(FeeChange(day, delta))
    return bonds


def simulated(version: SchemeVersion, enrolment: Enrolment, months: Sequence[Month]) -> dict[Month, Inputs]:
    """The inputs a version would have had in past months of an enrolment; nothing is written."""
    from wuyou.domains.appraisal.rules.periods import days_present  # noqa: PLC0415

    scheme = value_of(version)
    wanted = []
    for month in months:
        days = days_present(month, since=enrolment.starts_on, until=enrolment.ends_on)
        period = Period(
            enrolment=enrolment, version=version, project_id=enrolment.project_id, month=first_of(month),
            days_present=days.present, days_of=days.of,
        )  # fmt: skip
        wanted.append(Wanted(period, scheme))
    found = read_all(wanted)
    return {one.key[1]: inputs_of(one, found) for one in wanted}
