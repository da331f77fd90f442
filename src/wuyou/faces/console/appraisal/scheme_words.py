"""A scheme in words, part by part, for whoever is judged by it."""

from typing import Any

from django.utils.translation import gettext as _

from wuyou.domains.appraisal.choices import Absence, Aggregation, MoneyBase, Partial, SourceKind
from wuyou.domains.appraisal.rules.scheme import Band, Component, ConsequenceRule, Scheme, VetoRule
from wuyou.ui import wording

from .looks import TONES, said


def words_of(scheme: Scheme) -> dict[str, Any]:
    """What the page of a version shows."""
    return {
        "subject": scheme.subject.label,
        "parts": [_part(part, depth) for part, depth in _walk(scheme.total, 0)],
        "tables": [_table(table) for table in scheme.tables],
        "vetoes": [(said(rule.name), _veto(rule), said(scheme.band(rule.at_most).name)) for rule in scheme.vetoes],
        "bands": [(said(band.name), _band(band), TONES.get(band.tone, "muted")) for band in scheme.bands],
        "consequences": [(said(rule.name), _when(rule, scheme), _money(rule)) for rule in scheme.consequences],
        "rules": _rules(scheme),
    }


def _walk(part: Component, depth: int) -> list[tuple[Component, int]]:
    return [(part, depth), *(pair for child in part.source.parts for pair in _walk(child, depth + 1))]


def _part(part: Component, depth: int) -> dict[str, Any]:
    return {
        "name": said(part.name),
        "weight": f"{part.weight:f} %" if depth else "",
        "depth": depth,
        "says": "; ".join(text for text in (*_source(part), _absence(part), _bounds(part)) if text),
    }


def _source(part: Component) -> list[str]:
    source = part.source
    texts = [str(source.kind.label)]
    if source.code:
        texts.append(source.code)
    if source.levels:
        texts.append(", ".join(source.levels))
    if source.groups:
        texts.append(", ".join(f"{name} {count}" for name, count in source.groups.items()))
    if source.kind not in {SourceKind.PARTS, SourceKind.EVENTS}:
        texts.append(_gathering(part))
    if source.scoring is not None:
        words = _("0 points at %(zero)s, 100 at %(full)s")
        texts.append(words % {"zero": f"{source.scoring.zero:f}", "full": f"{source.scoring.full:f}"})
    if source.eased:
        texts.append(_("lost points divided by the zone's difficulty"))
    if source.months > 1:
        texts.append(_("of the last %(months)s months") % {"months": source.months})
    return texts


def _gathering(part: Component) -> str:
    rule = part.source.gathering
    if rule.method == Aggregation.TRIMMED:
        words = _("mean without the %(high)s highest and %(low)s lowest, from %(least)s values on")
        return words % {"high": rule.drop_high, "low": rule.drop_low, "least": rule.at_least}
    if rule.method == Aggregation.SHARE_ABOVE:
        return _("share at or above %(threshold)s") % {"threshold": f"{rule.threshold:f}"}
    return str(rule.method.label)


def _absence(part: Component) -> str:
    return "" if part.absence == Absence.NOT_RATED else _("without data: %(rule)s") % {"rule": part.absence.label}


def _bounds(part: Component) -> str:
    if part.cap is not None and part.cap != 100:
        return _("at most %(high)s") % {"high": f"{part.cap:f}"}
    return ""


def _table(table: Any) -> dict[str, Any]:
    factors = [
        _("%(origin)s × %(factor)s") % {"origin": name, "factor": f"{number:f}"}
        for name, number in table.factors.items()
    ]
    if table.factors:
        factors.append(
            _("outside the cap, altogether at most %(ceiling)s × the cap") % {"ceiling": f"{table.ceiling:f}"}
        )
    lines = [
        (
            said(line.name),
            said(line.event),
            f"{'+' if line.is_bonus else '−'}{line.points:f}",
            "" if line.cap is None else f"{line.cap:f}",
        )
        for line in table.lines
    ]
    return {"name": said(table.name), "lines": lines, "factors": "; ".join(factors)}


def _veto(rule: VetoRule) -> str:
    return (" " + _("or") + " ").join(f"{test.fact} {test.op} {test.than:f}" for test in rule.tests)


def _band(band: Band) -> str:
    if band.is_gap:
        return _("what lies between")
    if band.low is None:
        return _("below %(high)s") % {"high": f"{band.high:f}"} if band.high is not None else ""
    if band.high is None:
        return _("from %(low)s") % {"low": f"{band.low:f}"}
    return _("from %(low)s, below %(high)s") % {"low": f"{band.low:f}", "high": f"{band.high:f}"}


def _when(rule: ConsequenceRule, scheme: Scheme) -> str:
    bands = ", ".join(said(scheme.band(code).name) for code in rule.bands)
    return (
        bands if rule.in_a_row == 1 else _("%(bands)s, %(count)s in a row") % {"bands": bands, "count": rule.in_a_row}
    )


def _money(rule: ConsequenceRule) -> str:
    if rule.money is None:
        return str(rule.kind.label)
    if rule.money.base == MoneyBase.FIXED:
        return wording.yuan(rule.money.amount_fen)
    return _("%(share)s %% of: %(base)s") % {"share": f"{rule.money.share:f}", "base": rule.money.base.label}


def _rules(scheme: Scheme) -> list[str]:
    found = [
        _("%(grain)s: %(method)s, at least %(count)s rated months")
        % {"grain": rule.grain.label, "method": rule.method.label, "count": rule.at_least}
        for rule in scheme.rollups
    ]
    if scheme.presence.min_days:
        found.append(_("Fewer than %(days)s days present: not rated") % {"days": scheme.presence.min_days})
    if scheme.presence.partial == Partial.PRO_RATA:
        found.append(str(scheme.presence.partial.label))
    if scheme.ranking is not None:
        words = _("Review of the last %(last)s of each class of at least %(least)s")
        found.append(words % {"last": scheme.ranking.last, "least": scheme.ranking.min_class})
    if scheme.split is not None:
        words = _("The direct supervisor is charged %(share)s %% of a person's penalty as well")
        found.append(words % {"share": f"{scheme.split.supervisor:f}"})
    streak = (
        _("A month not rated ends a run")
        if scheme.unrated_breaks_streak
        else _("A month not rated is passed over in a run")
    )
    return [*found, streak, _("Appeals within %(days)s working days") % {"days": scheme.appeal_days}]
