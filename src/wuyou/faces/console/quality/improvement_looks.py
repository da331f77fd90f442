"""How improvement projects look and are called on pages; no rule lives here."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wuyou.domains.quality.choices import ImprovementState, ProposalState
from wuyou.domains.quality.models import Improvement
from wuyou.domains.quality.rules.improvement import Observed
from wuyou.kernel.metrics import Metric, get
from wuyou.ui.pictures import Chart, Limit, Series

STATE_TONES: Mapping[str, str] = {
    ImprovementState.PLAN: "info", ImprovementState.DO: "accent", ImprovementState.CHECK: "warn",
    ImprovementState.ACT: "info", ImprovementState.CLOSED: "ok", ImprovementState.DROPPED: "muted",
}  # fmt: skip
PROPOSAL_TONES: Mapping[str, str] = {
    ProposalState.PROPOSED: "info", ProposalState.ACCEPTED: "ok", ProposalState.DECLINED: "muted",
}  # fmt: skip
VERDICTS: Mapping[str, tuple[object, str]] = {
    "better": (_("Better"), "ok"),
    "worse": (_("Worse"), "bad"),
    "unclear": (_("Cannot be told"), "warn"),
}
UNITS: Mapping[str, object] = {"%": "%", "points": _("points"), "d": _("days"), "count": ""}


def improvement_url(row: Improvement) -> str:
    """A project's page."""
    return reverse("console:quality:improvement", args=[row.pk])


def metric_of(improvement: Improvement) -> Metric:
    """What it measures."""
    return get(improvement.metric)


def shown(value: object, unit: str) -> str:
    """A figure with its unit, without noughts behind the point; a dash for none."""
    if value in (None, ""):
        return "–"
    number = f"{Decimal(str(value)).normalize():f}"
    word = str(UNITS.get(unit, unit))
    return f"{number}{word}" if word in ("", "%") else f"{number} {word}"


def figure(value: object, unit: str) -> str:
    """A measured figure to at most two decimals, with its unit."""
    if value in (None, ""):
        return "–"
    return shown(round(Decimal(str(value)), 2), unit)


def change_words(value: object, unit: str) -> str:
    """A difference with its sign; between shares in percentage points (pp)."""
    if value in (None, ""):
        return "–"
    number = round(Decimal(str(value)), 2)
    sign = "+" if number > 0 else "−" if number < 0 else ""
    words = figure(abs(number), "" if unit == "%" else unit)
    return sign + (_now("%(number)s pp") % {"number": words} if unit == "%" else words)


def verdict_of(improvement: Improvement) -> tuple[object, str]:
    """What the check says and the tone of it; empty before a check."""
    result = improvement.result or {}
    return VERDICTS.get(str(result.get("verdict", "")), ("", "muted"))


def sentence(improvement: Improvement) -> str:
    """What changed, how sure that is, and whether the target was reached; empty before a check."""
    result = improvement.result
    if not result:
        return ""
    unit = metric_of(improvement).unit
    words = {"name": metric_of(improvement).name, **_words(result, unit)}
    if result["is_too_few"]:
        return _now("%(name)s: too few cases to compare (%(few)s before, %(many)s after).") % words
    said = {
        "better": _now("%(name)s got better: from %(before)s to %(after)s."),
        "worse": _now("%(name)s got worse: from %(before)s to %(after)s."),
        "unclear": _now("%(name)s went from %(before)s to %(after)s: that may be chance."),
    }[result["verdict"]]
    sure = _now("The difference lies between %(low)s and %(high)s with %(confidence)s%% confidence.")
    met = _now("The target of %(target)s is reached.") if result["is_met"] else _now("The target of %(target)s is not.")
    return " ".join(part % words for part in (said, sure, met))


def _words(result: Mapping[str, Any], unit: str) -> dict[str, object]:
    figures = {name: figure(result[name], unit) for name in ("before", "after")}
    figures |= {name: change_words(result[name], unit) for name in ("low", "high")}
    confidence = f"{Decimal(str(result['confidence'])) * 100:.0f}"
    few, many = result["before_number"], result["after_number"]
    return {**figures, "target": shown(result["target"], unit), "confidence": confidence, "few": few, "many": many}


def number_words(kind: str, number: int) -> str:
    """On how many cases a figure rests."""
    if kind == "share":
        return ngettext("of %(number)s case", "of %(number)s cases", number) % {"number": number}
    return ngettext("mean of %(number)s value", "mean of %(number)s values", number) % {"number": number}


def trend_chart(improvement: Improvement, months: Sequence[tuple[dt.date, Observed]]) -> Chart:
    """The metric month by month with its target; the title says where it stands against it."""
    metric = metric_of(improvement)
    values = [None if one.value is None else round(one.value, 2) for _month, one in months]
    last = next((value for value in reversed(values) if value is not None), None)
    words = {"name": metric.name, "now": figure(last, metric.unit), "target": shown(improvement.target, metric.unit)}
    title = _now("%(name)s: %(now)s last, the target is %(target)s") % words
    limit = Limit(_("Target"), round(improvement.target, 2), tone="ok")
    unit = str(UNITS.get(metric.unit, metric.unit))
    labels = [f"{month:%Y-%m}" for month, _one in months]
    return Chart("line", title, labels, [Series(metric.name, values)], unit=unit, limits=[limit])
