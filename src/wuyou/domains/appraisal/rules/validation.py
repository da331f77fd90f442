"""Whether a scheme makes sense: what is wrong, by JSON pointer, and what is only worth knowing (spec 06)."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal.choices import Aggregation, ConsequenceKind, MoneyBase, SourceKind, SubjectKind
from wuyou.kernel.errors import Invalid, filled

from .scheme import HUNDRED, Band, Component, ConsequenceRule, Scheme, Table

MONEY_KINDS = frozenset(
    {ConsequenceKind.BOND_CHARGE, ConsequenceKind.FEE_DEDUCTION, ConsequenceKind.PENALTY, ConsequenceKind.BONUS}
)
NEEDS_CODE = frozenset({SourceKind.METRIC, SourceKind.SCHEME, SourceKind.COUNT})
COUNTED = frozenset({"complaints", "incidents", "findings", "praises"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at a JSON pointer; a warning does not keep the scheme from being issued."""

    pointer: str
    message: object
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the scheme may refer to: metric codes with their direction; per scheme code the schemes it reads."""

    metrics: Mapping[str, str]
    schemes: Mapping[str, Collection[str]]


def validate(scheme: Scheme, known: Known) -> list[Problem]:
    """Everything wrong with a scheme, errors and warnings, in the order of the document."""
    return [
        *_components(scheme, known),
        *_tables(scheme),
        *_vetoes(scheme),
        *_bands(scheme.bands),
        *_consequences(scheme),
        *_rest(scheme),
    ]


def check(scheme: Scheme, known: Known) -> None:
    """Raise Invalid with every error of a scheme by its pointer; warnings pass."""
    wrong = {one.pointer: one.message for one in validate(scheme, known) if not one.is_warning}
    if wrong:
        raise Invalid(fields=wrong)


def schemes_read(scheme: Scheme) -> set[str]:
    """Codes of the schemes whose results this one reads."""
    return {part.source.code for part in scheme.components() if part.source.kind == SourceKind.SCHEME}


# --- components


def _components(scheme: Scheme, known: Known) -> Iterator[Problem]:
    counts = Counter(part.key for part in scheme.components())
    for part, pointer in _placed(scheme.total, "/total"):
        if counts[part.key] > 1:
            yield Problem(f"{pointer}/key", _("Two components have this code."))
        yield from _component(part, pointer, scheme)
        yield from _source(part, pointer, scheme, known)
        yield from _gathering(part, pointer)


def _placed(part: Component, pointer: str) -> Iterator[tuple[Component, str]]:
    yield part, pointer
    for index, child in enumerate(part.source.parts):
        yield from _placed(child, f"{pointer}/source/parts/{index}")


def _component(part: Component, pointer: str, scheme: Scheme) -> Iterator[Problem]:
    if part.weight <= 0:
        yield Problem(f"{pointer}/weight", _("A weight is more than 0."))
    if part.table and part.table not in {table.key for table in scheme.tables}:
        yield Problem(f"{pointer}/table", _("The scheme has no such table of points."))
    if part.floor is not None and part.cap is not None and part.floor >= part.cap:
        yield Problem(f"{pointer}/cap", _("The upper bound must be above the lower bound."))
    if part.source.kind == SourceKind.PARTS and part.source.parts:
        total = sum((child.weight for child in part.source.parts), Decimal(0))
        if total != HUNDRED:
            said = filled(_("The weights add up to %(total)s, not to 100."), total=f"{total:f}")
            yield Problem(f"{pointer}/source/parts", said)


def _source(part: Component, pointer: str, scheme: Scheme, known: Known) -> Iterator[Problem]:
    source, at = part.source, f"{pointer}/source"
    if (source.kind == SourceKind.PARTS) != bool(source.parts):
        yield Problem(f"{at}/parts", _("A component made of parts needs parts; no other has any."))
    if source.kind == SourceKind.EVENTS and not part.table:
        yield Problem(f"{pointer}/table", _("Say which table of points the events are counted by."))
    if source.kind == SourceKind.EVENTS and source.start <= 0:
        yield Problem(f"{at}/start", _("The starting points must be more than 0."))
    if source.kind in NEEDS_CODE and not source.code:
        yield Problem(f"{at}/code", _("Say which one is meant."))
    yield from _referred(part, at, scheme, known)
    yield from _scored(part, at, known)


def _referred(part: Component, at: str, scheme: Scheme, known: Known) -> Iterator[Problem]:
    source = part.source
    if not source.code:
        return
    if source.kind == SourceKind.METRIC and source.code not in known.metrics:
        yield Problem(f"{at}/code", _("No figure of this code is registered."))
    if source.kind == SourceKind.COUNT and source.code not in COUNTED:
        yield Problem(f"{at}/code", filled(_("This must be one of: %(codes)s."), codes=", ".join(sorted(COUNTED))))
    if source.kind == SourceKind.SCHEME:
        yield from _other_scheme(source.code, at, scheme, known)


def _other_scheme(code: str, at: str, scheme: Scheme, known: Known) -> Iterator[Problem]:
    if code != scheme.code and code not in known.schemes:
        yield Problem(f"{at}/code", _("There is no scheme of this code."))
    elif reaches(code, scheme.code, {**known.schemes, scheme.code: schemes_read(scheme)}):
        yield Problem(f"{at}/code", _("The schemes read each other in a circle."))


def reaches(start: str, target: str, reads: Mapping[str, Collection[str]]) -> bool:
    """Whether one scheme is another, or reads it, directly or through others."""
    seen: set[str] = set()
    frontier = [start]
    while frontier:
        code = frontier.pop()
        if code == target:
            return True
        if code not in seen:
            seen.add(code)
            frontier += reads.get(code, ())
    return False


def _scored(part: Component, at: str, known: Known) -> Iterator[Problem]:
    line = part.source.scoring
    if line is None:
        if part.source.kind == SourceKind.COUNT:
            yield Problem(f"{at}/scoring", _("Say at which count there are full points and at which none."))
        return
    if line.zero == line.full:
        yield Problem(f"{at}/scoring/full", _("Full points and no points must be different values."))
        return
    direction = known.metrics.get(part.source.code) if part.source.kind == SourceKind.METRIC else None
    if direction is not None and (direction == "up") != (line.full > line.zero):
        yield Problem(
            f"{at}/scoring/full", _("This rewards the wrong direction: look at which way the figure gets better.")
        )


def _gathering(part: Component, pointer: str) -> Iterator[Problem]:
    rule, at = part.source.gathering, f"{pointer}/source/gathering"
    if rule.method == Aggregation.TRIMMED:
        if not rule.drop_high + rule.drop_low:
            yield Problem(f"{at}/drop_high", _("Trimming drops at least one value."))
        people = part.source.people
        if people and people < max(rule.at_least, rule.drop_high + rule.drop_low + 1):
            said = _("The panel is too small to drop any sheet: the plain mean will be taken, and the score says so.")
            yield Problem(f"{at}/at_least", said, is_warning=True)
    elif rule.drop_high or rule.drop_low:
        yield Problem(f"{at}/method", _("Values are dropped only by the trimmed mean."))
    if rule.method == Aggregation.SHARE and part.source.kind != SourceKind.SURVEY:
        yield Problem(f"{at}/method", _("Only a survey has a share of answers."))
    if part.source.kind == SourceKind.PANEL and not part.source.people:
        yield Problem(f"{pointer}/source/groups", _("A panel needs people."))


# --- tables, vetoes, bands, consequences


def _tables(scheme: Scheme) -> Iterator[Problem]:
    used = Counter(part.table for part in scheme.components() if part.table)
    counts = Counter(table.key for table in scheme.tables)
    for index, table in enumerate(scheme.tables):
        at = f"/tables/{index}"
        if counts[table.key] > 1:
            yield Problem(f"{at}/key", _("Two tables have this code."))
        if used[table.key] > 1:
            yield Problem(f"{at}/key", _("Two components count by this table: every event would count twice."))
        if not table.lines:
            yield Problem(f"{at}/lines", _("A table needs lines."))
        yield from _lines(table, at)


def _lines(table: Table, at: str) -> Iterator[Problem]:
    counts = Counter(line.item for line in table.lines)
    for index, line in enumerate(table.lines):
        if counts[line.item] > 1:
            yield Problem(f"{at}/lines/{index}/item", _("Two lines have this code."))
        if line.points <= 0:
            yield Problem(f"{at}/lines/{index}/points", _("Points are more than 0; a bonus is marked as one."))
        if line.cap is not None and line.cap < line.points:
            yield Problem(f"{at}/lines/{index}/cap", _("The cap is less than the points of one event."))
    for origin, factor in table.factors.items():
        if factor <= 0:
            yield Problem(f"{at}/factors/{origin}", _("A factor is more than 0."))
    if table.ceiling < 1:
        yield Problem(f"{at}/ceiling", _("The ceiling is at least 1 × the cap."))


def _vetoes(scheme: Scheme) -> Iterator[Problem]:
    counts = Counter(rule.key for rule in scheme.vetoes)
    for index, rule in enumerate(scheme.vetoes):
        at = f"/vetoes/{index}"
        if counts[rule.key] > 1:
            yield Problem(f"{at}/key", _("Two vetoes have this code."))
        if rule.at_most not in {band.code for band in scheme.bands}:
            yield Problem(f"{at}/at_most", _("The scheme has no such band."))
        if rule.is_figure and not rule.tests:
            yield Problem(f"{at}/tests", _("A veto on a figure needs a test."))


def _bands(bands: Sequence[Band]) -> Iterator[Problem]:
    if not bands:
        yield Problem("/bands", _("A scheme needs bands."))
    counts = Counter(band.code for band in bands)
    for index, band in enumerate(bands):
        if counts[band.code] > 1:
            yield Problem(f"/bands/{index}/code", _("Two bands have this code."))
        if band.is_gap and (band.low is not None or band.high is not None):
            yield Problem(f"/bands/{index}/is_gap", _("The band for gaps has no bounds of its own."))
        if band.low is not None and band.high is not None and band.low >= band.high:
            yield Problem(f"/bands/{index}/high", _("A band ends above its beginning."))
    if sum(band.is_gap for band in bands) > 1:
        yield Problem("/bands", _("Only one band can take the gaps."))
    yield from _stretches(bands)


def _stretches(bands: Sequence[Band]) -> Iterator[Problem]:
    """The bounds from the best band down: open at the top, each ending where the one above begins."""
    stretches = [(index, band) for index, band in enumerate(bands) if not band.is_gap]
    has_gap = len(stretches) < len(bands)
    if not stretches:
        return
    if stretches[0][1].high is not None and not has_gap:
        yield Problem(
            f"/bands/{stretches[0][0]}/high", _("No band covers the highest points: the best one is open above.")
        )
    if stretches[-1][1].low is not None and stretches[-1][1].low > 0 and not has_gap:
        yield Problem(f"/bands/{stretches[-1][0]}/low", _("No band covers the lowest points."))
    for (_above_index, above), (index, below) in pairwise(stretches):
        if above.low is None or below.high is None or below.high > above.low:
            yield Problem(
                f"/bands/{index}/high", _("This band overlaps the one above it: bands stand from best to worst.")
            )
        elif below.high < above.low and not has_gap:
            said = filled(
                _("No band covers %(low)s to %(high)s. Widen one, or declare a band for gaps."),
                low=f"{below.high:f}",
                high=f"{above.low:f}",
            )
            yield Problem(f"/bands/{index}/high", said)


def _consequences(scheme: Scheme) -> Iterator[Problem]:
    counts = Counter(rule.key for rule in scheme.consequences)
    codes = {band.code for band in scheme.bands}
    for index, rule in enumerate(scheme.consequences):
        at = f"/consequences/{index}"
        if counts[rule.key] > 1:
            yield Problem(f"{at}/key", _("Two consequences have this code."))
        if not rule.bands:
            yield Problem(f"{at}/bands", _("Say after which bands it follows."))
        yield from (
            Problem(f"{at}/bands/{place}", _("The scheme has no such band."))
            for place, code in enumerate(rule.bands)
            if code not in codes
        )
        yield from _money(rule, at)


def _money(rule: ConsequenceRule, at: str) -> Iterator[Problem]:
    money = rule.money
    if money is None:
        if rule.kind in MONEY_KINDS:
            yield Problem(f"{at}/money", _("Say how much."))
        return
    if rule.kind not in MONEY_KINDS | {ConsequenceKind.TERMINATION}:
        yield Problem(f"{at}/money", _("This kind of consequence is no money."))
    if money.base == MoneyBase.FIXED:
        if not money.amount_fen:
            yield Problem(f"{at}/money/amount_fen", _("Say how much."))
    elif not 0 < money.share <= HUNDRED:
        yield Problem(f"{at}/money/share", _("A share is more than 0 and at most 100 percent."))


def _rest(scheme: Scheme) -> Iterator[Problem]:
    counts = Counter(rule.grain for rule in scheme.rollups)
    for index, rule in enumerate(scheme.rollups):
        if counts[rule.grain] > 1:
            yield Problem(f"/rollups/{index}/grain", _("Two rules are for the same period."))
        if rule.grain == "quarter" and rule.at_least > 3:
            yield Problem(f"/rollups/{index}/at_least", _("A quarter has three months."))
    if scheme.split is not None:
        if scheme.subject != SubjectKind.PERSON:
            yield Problem("/split", _("Only a scheme for persons charges supervisors."))
        if not 0 <= scheme.split.supervisor <= HUNDRED:
            yield Problem("/split/supervisor", _("A share is from 0 to 100 percent."))
