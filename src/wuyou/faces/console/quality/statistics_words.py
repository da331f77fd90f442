"""What charts say, in one sentence each, computed from the numbers."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wuyou.domains.quality.queries.statistics import Charted, Funnel, Judged, Paired, Ranked
from wuyou.kernel.statistics.ageing import Bucket
from wuyou.kernel.statistics.intervals import Interval
from wuyou.kernel.statistics.pareto import Share, vital_few
from wuyou.kernel.statistics.rules import Signal

FEW_POINTS = 8
OLD = 15  # days
NAMED = 3


def rounded(value: float, places: int = 1) -> Decimal:
    """A float as it is shown; the last digits of a float are noise and decide no half."""
    return Decimal(str(round(value, 9))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def per_cent(share: float) -> Decimal:
    """A share as per cent."""
    return rounded(share * 100)


def percentage(share: float) -> str:
    """A share with its sign."""
    return f"{per_cent(share)}%"


def range_words(interval: Interval) -> str:
    """An interval of a share."""
    return f"{per_cent(interval.low)}–{percentage(interval.high)}"


def signed(value: float) -> str:
    """A difference with its sign."""
    shown = rounded(value)
    if not shown:
        return "0.0"
    return f"+{shown}" if shown > 0 else str(shown).replace("-", "−")


def stability(charted: Charted, labels: Sequence[str], values: Sequence[Decimal], centre: str) -> str:
    """What a control chart says: steady, too short to tell, or the latest pattern."""
    if charted.signals:
        last = max(charted.signals, key=lambda one: (one.index, -one.rule))
        return _pattern(last, labels[last.index], values[last.index], centre)
    if len(values) < FEW_POINTS:
        said = ngettext(
            "Around %(centre)s, but %(count)d point is too few to tell signals from chance",
            "Around %(centre)s, but %(count)d points are too few to tell signals from chance",
            len(values),
        )
        return said % {"centre": centre, "count": len(values)}
    return _("Steady around %(centre)s: nothing but the usual ups and downs") % {"centre": centre}


def _pattern(signal: Signal, label: str, value: Decimal, centre: str) -> str:
    words = {"where": label, "value": value, "centre": centre}
    if signal.rule == 1:
        if signal.side > 0:
            return _("%(where)s stands out above the limits: %(value)s, usual is %(centre)s") % words
        return _("%(where)s stands out below the limits: %(value)s, usual is %(centre)s") % words
    if signal.rule == 4:
        if signal.side > 0:
            return _("Eight in a row above %(centre)s up to %(where)s: the level has changed") % words
        return _("Eight in a row below %(centre)s up to %(where)s: the level has changed") % words
    if signal.side > 0:
        return _("More than chance above %(centre)s up to %(where)s: look what is different") % words
    return _("More than chance below %(centre)s up to %(where)s: look what is different") % words


def funnel_says(funnel: Funnel) -> str:
    """Which projects differ from the others by more than chance."""
    worse = [one for one in funnel.placed if one.standing == "alarm" and one.value < funnel.target]
    better = [one for one in funnel.placed if one.standing == "alarm" and one.value > funnel.target]
    if worse:
        return _("Worse than chance explains: %(names)s") % {"names": names_of([one.name for one in worse])}
    if better:
        return _("Better than chance explains: %(names)s") % {"names": names_of([one.name for one in better])}
    return _("No project differs from the others by more than chance")


def names_of(names: Sequence[str]) -> str:
    """The first names, and how many more."""
    shown = _(", ").join(names[:NAMED])
    more = len(names) - NAMED
    if more <= 0:
        return shown
    return ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", more) % {
        "names": shown,
        "count": more,
    }


def ranking_says(ranked: Sequence[Ranked]) -> str:
    """How many projects have a rank that is certain."""
    rankable = [one for one in ranked if one.shrunk.is_rankable]
    sure = sum(one.shrunk.best == one.shrunk.worst for one in rankable)
    if not sure:
        return _("No rank is certain: the order may be chance")
    said = ngettext(
        "%(sure)d of %(count)d projects has a certain rank, the others may change places by chance",
        "%(sure)d of %(count)d projects have a certain rank, the others may change places by chance",
        sure,
    )
    return said % {"sure": sure, "count": len(ranked)}


def severity_says(judged: Sequence[Judged]) -> str:
    """Who is certainly strict or lenient."""
    sure = [one for one in judged if one.severity.is_certain]
    if not sure:
        return _("No inspector is certainly stricter or more lenient than the others")
    most = max(sure, key=lambda one: round(abs(one.severity.effect), 6))
    words = {"name": most.name, "points": rounded(abs(most.severity.effect))}
    if most.severity.effect < 0:
        return _("%(name)s scores %(points)s points stricter than others at the same projects") % words
    return _("%(name)s scores %(points)s points more leniently than others at the same projects") % words


def agreement_says(paired: Paired) -> str:
    """How well two inspectors of the same agree."""
    if paired.kappa is None:
        return _("Two inspectors of the same gave one verdict throughout: nothing can be said beyond chance")
    words = {"word": agreement_word(paired.kappa.value), "same": paired.same, "items": paired.items}
    return _("Agreement beyond chance is %(word)s: %(same)s of %(items)s items were judged alike") % words


def agreement_word(kappa: float) -> str:
    """Kappa in a word, as Landis and Koch 1977 put it."""
    if kappa <= 0.2:
        return _("slight")
    if kappa <= 0.4:
        return _("fair")
    if kappa <= 0.6:
        return _("moderate")
    return _("substantial") if kappa <= 0.8 else _("almost perfect")


def pareto_says(shares: Sequence[Share], first: str) -> str:
    """How few make most of it."""
    few = len(vital_few(list(shares)))
    said = ngettext(
        "%(few)d of %(count)d makes four fifths of the findings, most of all: %(first)s",
        "%(few)d of %(count)d make four fifths of the findings, most of all: %(first)s",
        few,
    )
    return said % {"few": few, "count": len(shares), "first": first}


def causes_say(shares: Sequence[Share[str]], first: str) -> str:
    """The cause named most often."""
    words = {"first": first, "count": int(shares[0].count), "all": int(sum(share.count for share in shares))}
    return _("Most often it is %(first)s: %(count)s of %(all)s whose cause is known") % words


def ageing_says(buckets: Sequence[Bucket]) -> str:
    """How many are open, and how many for long."""
    count = sum(one.count for one in buckets)
    old = sum(one.count for one in buckets if one.low >= OLD)
    words = {"count": count, "old": old, "days": OLD}
    if not old:
        return _("%(count)s not put right yet, none for more than %(days)s days") % words
    return _("%(count)s not put right yet, %(old)s of them for more than %(days)s days") % words
