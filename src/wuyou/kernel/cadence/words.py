"""Cadences in words for people, in the language active now."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .forms import Anniversaries, Cadence, DaysOff, Hours, Never, Often, OnCondition, Rate, Season, Unit, clock_text


def describe(cadence: Cadence) -> str:
    """For example “Twice a week, on any two days” (spec 02)."""
    if isinstance(cadence, Rate):
        return _rate(cadence)
    if isinstance(cadence, Anniversaries):
        return _anniversaries(cadence)
    return _triggered(cadence)


def _with_details(words: str, details: Sequence[str]) -> str:
    given = [detail for detail in details if detail]
    if not given:
        return words
    return _("%(cadence)s, %(details)s") % {"cadence": words, "details": _listed(given)}


def _listed(parts: Sequence[str]) -> str:
    words = parts[0]
    for part in parts[1:]:
        words = _("%(before)s, %(after)s") % {"before": words, "after": part}
    return words


def _rate(rate: Rate) -> str:
    details = [
        _distinct(rate),
        _weekdays(rate),
        _hours(rate.hours),
        _season(rate.season) if rate.season else "",
        _("otherwise %(cadence)s") % {"cadence": _often(rate.otherwise).lower()} if rate.otherwise else "",
        _days_off(rate.days_off),
        _("counted from the %(anchor)s") % {"anchor": _anchor(rate.anchor)} if rate.anchor else "",
    ]
    return _with_details(_often(Often(rate.times, rate.every, rate.unit)), details)


def _times(times: int) -> str:
    words = {1: _("Once"), 2: _("Twice")}
    return words.get(times) or _("%(times)s times") % {"times": times}


def _often(often: Often) -> str:
    single, several = _units()[often.unit]
    return (single if often.every == 1 else several) % {"times": _times(often.times), "every": often.every}


def _units() -> dict[Unit, tuple[str, str]]:
    half_month = _("%(times)s every half month")
    return {
        Unit.HOUR: (_("%(times)s an hour"), _("%(times)s every %(every)s hours")),
        Unit.DAY: (_("%(times)s a day"), _("%(times)s every %(every)s days")),
        Unit.WEEK: (_("%(times)s a week"), _("%(times)s every %(every)s weeks")),
        Unit.HALF_MONTH: (half_month, half_month),
        Unit.MONTH: (_("%(times)s a month"), _("%(times)s every %(every)s months")),
        Unit.QUARTER: (_("%(times)s a quarter"), _("%(times)s every %(every)s quarters")),
        Unit.HALF_YEAR: (_("%(times)s every half year"), _("%(times)s every %(every)s half years")),
        Unit.YEAR: (_("%(times)s a year"), _("%(times)s every %(every)s years")),
    }


def _distinct(rate: Rate) -> str:
    if not rate.distinct_days or rate.weekdays:
        return ""
    if rate.times == 2:
        return _("on any two days")
    return _("on any %(days)s days") % {"days": rate.times}


def _weekdays(rate: Rate) -> str:
    if not rate.weekdays:
        return ""
    names = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
    words = _enumerated([names[day - 1] for day in rate.weekdays])
    is_choice = rate.unit == Unit.WEEK and not rate.is_on_fixed_days and rate.times < len(rate.weekdays)
    return (_("on any of %(days)s") if is_choice else _("on %(days)s")) % {"days": words}


def _enumerated(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    words = names[0]
    for name in names[1:-1]:
        words = _("%(names)s, %(name)s") % {"names": words, "name": name}
    return _("%(names)s and %(last)s") % {"names": words, "last": names[-1]}


def _hours(hours: Sequence[Hours]) -> str:
    return _enumerated([_span(*span) for span in hours]) if hours else ""


def _span(opens: int, closes: int) -> str:
    if opens == 0:
        return _("before %(time)s") % {"time": clock_text(closes)}
    if closes == 24 * 60:
        return _("after %(time)s") % {"time": clock_text(opens)}
    return f"{clock_text(opens)}–{clock_text(closes)}"


def _season(season: Season) -> str:
    if not season.is_whole_months:
        days = ["{}/{}".format(*day) for day in season]
        return _("from %(first)s to %(last)s") % {"first": days[0], "last": days[1]}
    first, last = _month(season.first[0]), _month(season.last[0])
    if first == last:
        return _("in %(month)s") % {"month": first}
    return _("from %(first)s to %(last)s") % {"first": first, "last": last}


def _month(number: int) -> str:
    names = [
        _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"),
        _("August"), _("September"), _("October"), _("November"), _("December"),
    ]  # fmt: skip
    return names[number - 1]


def _days_off(days_off: DaysOff) -> str:
    words = {DaysOff.WORKDAYS: _("on working days only"), DaysOff.NO_HOLIDAYS: _("not on public holidays")}
    return words.get(days_off, "")


def _anchor(name: str) -> str:
    known = {
        "acceptance month": _("acceptance month"),
        "acceptance date": _("acceptance date"),
        "manufacture date": _("date of manufacture"),
        "installation date": _("date of installation"),
    }
    return known.get(name, name)


def _anniversaries(cadence: Anniversaries) -> str:
    years = {"years": _enumerated([str(year) for year in cadence.years])}
    listed = ngettext("In year %(years)s", "In years %(years)s", len(cadence.years))
    others = ngettext("Every year except year %(years)s", "Every year except years %(years)s", len(cadence.years))
    details = [
        _then(cadence),
        _("replaced in year %(year)s") % {"year": cadence.scrap} if cadence.scrap else "",
        _("counted from the %(anchor)s") % {"anchor": _anchor(cadence.anchor)} if cadence.anchor else "",
        _early(cadence.early) if cadence.early else "",
    ]
    words = (others if cadence.is_inverted else listed) % years
    return _with_details(words, details)


def _early(months: int) -> str:
    words = ngettext("up to %(months)s month early", "up to %(months)s months early", months)
    return words % {"months": months}


def _then(cadence: Anniversaries) -> str:
    if cadence.is_inverted:
        return _after_others(cadence.then)
    if cadence.then == 1:
        return _("then every year")
    return _("then every %(years)s years") % {"years": cadence.then} if cadence.then else ""


def _after_others(then: int) -> str:
    if then == 1:
        return _("none after them")
    return _("nor every %(years)s years after them") % {"years": then} if then else ""


def _triggered(cadence: OnCondition | Never) -> str:
    if isinstance(cadence, Never):
        return _("Not required")
    if cadence.trigger == "job":
        return _("%(times)s per job") % {"times": _times(cadence.times)}
    if not cadence.trigger:
        return _("When needed")
    return _("When this happens: %(trigger)s") % {"trigger": _trigger(cadence.trigger)}


def _trigger(name: str) -> str:
    known = {
        "trapped": _("people trapped"),
        "after cleaning": _("after cleaning"),
        "age>15y": _("in use for more than 15 years"),
        "snow": _("snow"),
        "storm": _("storm"),
        "complaint": _("complaint"),
        "vacancy": _("vacancy"),
    }
    return known.get(name, name)
