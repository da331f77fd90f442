"""How appraisals look and are called on pages; no rule lives here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal.choices import ConsequenceState, LetterState, PanelState, PeriodState, VersionState
from wuyou.domains.appraisal.models import Consequence, Period
from wuyou.domains.appraisal.queries.schemes import value_of
from wuyou.kernel.explain import Words
from wuyou.ui import wording
from wuyou.ui.pages import Entry

TONES: Mapping[str, str] = {"good": "ok", "warn": "warn", "bad": "bad"}
PERIOD_TONES: Mapping[str, str] = {
    PeriodState.OPEN: "muted", PeriodState.COMPUTED: "info", PeriodState.DISCLOSED: "warn",
    PeriodState.PUBLISHED: "ok", PeriodState.FINAL: "muted",
}  # fmt: skip
CONSEQUENCE_TONES: Mapping[str, str] = {
    ConsequenceState.PROPOSED: "warn", ConsequenceState.APPROVED: "ok", ConsequenceState.DECLINED: "muted",
    ConsequenceState.REVERSED: "muted",
}  # fmt: skip
VERSION_TONES: Mapping[str, str] = {
    VersionState.DRAFT: "muted", VersionState.REVIEW: "warn", VersionState.ISSUED: "ok",
    VersionState.WITHDRAWN: "muted",
}  # fmt: skip
LETTER_TONES: Mapping[str, str] = {
    LetterState.DRAFT: "muted", LetterState.ISSUED: "ok", LetterState.CLOSED: "muted",
}  # fmt: skip
PANEL_TONES: Mapping[str, str] = {PanelState.COMMITTED: "warn", PanelState.OPEN: "info", PanelState.CLOSED: "muted"}
ORIGINS: Mapping[str, Any] = {
    "complaint": _("Valid complaint"), "praise": _("Praise"), "finding": _("Finding"), "repeat": _("Repeat"),
}  # fmt: skip
STEP_TONES: Mapping[str, str] = {"primary": "primary", "success": "primary"}


def language() -> str:
    """The language active now."""
    return get_language() or "zh-hans"


def said(words: Words) -> str:
    """A text of a scheme in the language active now."""
    return words.text(language())


def band_words(period: Period) -> tuple[str, str]:
    """The band of a month and its tone; a dash where there is none."""
    if not period.band:
        return _now("not rated"), "muted"
    band = value_of(period.version).band(period.band)
    return said(band.name), TONES.get(band.tone, "muted")


def points_words(points: Decimal | None) -> str:
    """Points as people read them."""
    return wording.NOTHING if points is None else f"{points:f}"


def name_of(row: Consequence) -> str:
    """What a consequence is called in the language active now."""
    return row.name_zh if language().startswith("zh") or not row.name_en else row.name_en


def period_url(row: Period) -> str:
    """The page of an appraised month."""
    return reverse("console:appraisal:month", args=[row.pk])


# --- the tree of a score


def limit_words(detail: Mapping[str, str]) -> str:
    """The bounds."""
    parts = []
    if "low" in detail:
        parts.append(_now("at least %(low)s") % detail)
    if "high" in detail:
        parts.append(_now("at most %(high)s") % detail)
    return ", ".join(parts)


def weights_words(detail: Mapping[str, str]) -> str:
    """The weights in order."""
    return " : ".join(value for name, value in detail.items() if name.startswith("weight."))


def condition_words(detail: Mapping[str, str]) -> str:
    """The tests of a veto."""
    tests = [text for name, text in detail.items() if name.startswith("test.")]
    return (" " + _now("or") + " ").join(tests)


def share_words(detail: Mapping[str, str]) -> str:
    """The percentage, by days where it is a part of the month."""
    percent = _now("%(percent)s %%") % detail
    return percent if detail["days"] == detail["of"] else f"{percent} × {detail['days']} / {detail['of']}"


OPERATIONS: Mapping[str, Callable[[Mapping[str, str]], str]] = {
    "sum": lambda _d: _now("sum"),
    "difference": lambda _d: _now("the first less the others"),
    "product": lambda _d: _now("multiplied"),
    "limit": limit_words,
    "round": lambda d: _now("rounded half up to %(places)s places") % d,
    "mean": lambda _d: _now("mean"),
    "weighted_mean": lambda d: _now("weighted mean (%(weights)s)") % {"weights": weights_words(d)},
    "trimmed_mean": lambda d: _now("mean without the %(drop_high)s highest and the %(drop_low)s lowest") % d,
    "median": lambda _d: _now("middle value"),
    "min": lambda _d: _now("lowest value"),
    "last": lambda _d: _now("last value"),
    "share_above": lambda d: _now("share at or above %(threshold)s") % d,
    "share": lambda _d: _now("100 × the first ÷ the second"),
    "linear": lambda d: _now("0 points at %(zero)s, 100 at %(full)s") % d,
    "between": lambda _d: _now("way from the baseline to the target, in percent"),
    "ease": lambda d: _now("lost points ÷ difficulty %(factor)s") % d,
    "ruled": lambda _d: _now("by decision on an appeal"),
    "condition": condition_words,
    "money_share": share_words,
    "withheld": lambda _d: _now("kept back by a veto"),
    "zero": lambda _d: _now("counts as zero"),
}


def tree_rows(tree: Mapping[str, Any]) -> dict[str, Any]:
    """A stored tree in the language active now, for the template that opens it level by level."""
    english = not language().startswith("zh")

    def spoken(words: Mapping[str, str]) -> str:
        return (words["en"] if english else "") or words["zh"]

    def row(node: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
        operation = OPERATIONS.get(node["op"])
        return {
            "is_open": depth < OPEN_LEVELS and not _is_quiet(node),
            "label": spoken(node["label"]),
            "value": _value(node),
            "operation": operation(node.get("detail", {})) if operation else "",
            "note": spoken(node["note"]) if "note" in node else "",
            "links": [link for one in node.get("links", ()) if (link := _link(one))],
            "inputs": [row(child, depth + 1) for child in node.get("inputs", ())],
        }

    return row(tree)


OPEN_LEVELS = 4  # down to the components


def _is_quiet(node: Mapping[str, Any]) -> bool:
    """Vetoes of which none holds need no look."""
    return bool(node["key"] == "vetoes" and not Decimal(node["value"]))


def _value(node: Mapping[str, Any]) -> str:
    if node["op"] in {"list", "act"}:
        return ""
    if node["value"] is None:
        return wording.NOTHING
    if node.get("unit") == "fen":
        return wording.yuan(int(Decimal(node["value"])))
    if node["op"] == "condition":
        return _now("holds") if Decimal(node["value"]) else _now("does not hold")
    return _short(Decimal(node["value"])) + (" %" if node.get("unit") == "%" else "")


def _short(number: Decimal) -> str:
    """At most four places: the stored value has twelve, and the file of the tree shows them all."""
    return f"{round(number, 4).normalize():f}" if number else "0"


PAGES: Mapping[str, str] = {
    "inspection": "console:quality:inspection",
    "finding": "console:quality:finding",
    "appeal": "console:quality:appeal",
    "appraisal_period": "console:appraisal:month",
    "draw": "console:quality:draw",
}
ANCHORS: Mapping[str, str] = {
    "appraisal_event": "event", "appraisal_veto": "veto", "appraisal_manual": "entry", "appraisal_survey": "survey",
}  # fmt: skip


def _link(link: Mapping[str, str]) -> dict[str, str] | None:
    if link["kind"] in ANCHORS:
        return {"href": f"#{ANCHORS[link['kind']]}-{link['id']}", "label": link["label"]}
    if link["kind"] in PAGES:
        return {"href": reverse(PAGES[link["kind"]], args=[link["id"]]), "label": link["label"]}
    return None


# --- history


@dataclass(frozen=True, slots=True)
class Look:
    """A verb in words, its icon and its tone."""

    label: object
    icon: str = "point"
    tone: str = "muted"


VERBS: Mapping[str, Look] = {
    "appraisal.bond_moved": Look(_("Bond moved"), icon="shield-check"),
    "appraisal.consequence_amended": Look(_("Another amount by appeal"), icon="scale", tone="warn"),
    "appraisal.consequence_approved": Look(_("Consequence approved"), icon="circle-check", tone="ok"),
    "appraisal.consequence_declined": Look(_("Consequence declined"), icon="circle-x"),
    "appraisal.consequence_proposed": Look(_("Consequence proposed"), icon="flag", tone="warn"),
    "appraisal.consequence_reversed": Look(_("Consequence reversed"), icon="history", tone="warn"),
    "appraisal.difficulty_set": Look(_("Difficulty of a zone set"), icon="stairs"),
    "appraisal.enrolled": Look(_("Put under an appraisal scheme"), icon="plus", tone="ok"),
    "appraisal.enrolment_ended": Look(_("Appraisal ended"), icon="lock"),
    "appraisal.event_entered": Look(_("Event entered"), icon="plus", tone="info"),
    "appraisal.event_voided": Look(_("Event void"), icon="ban", tone="warn"),
    "appraisal.kpi_entered": Look(_("KPI entered"), icon="gauge"),
    "appraisal.kpis_measured": Look(_("KPIs read from figures"), icon="gauge"),
    "appraisal.letter_changed": Look(_("Target letter changed"), icon="edit"),
    "appraisal.letter_close": Look(_("Target letter closed"), icon="lock"),
    "appraisal.letter_drafted": Look(_("Target letter drafted"), icon="file-text"),
    "appraisal.letter_issue": Look(_("Target letter issued"), icon="file-certificate", tone="ok"),
    "appraisal.panel_closed": Look(_("Panel closed"), icon="lock"),
    "appraisal.panel_drawn": Look(_("Panel drawn"), icon="users-group", tone="info"),
    "appraisal.panel_planned": Look(_("Panel planned, seed committed"), icon="lock"),
    "appraisal.payroll_exported": Look(_("Rewards and penalties exported"), icon="download"),
    "appraisal.period_closed": Look(_("Month closed"), icon="lock"),
    "appraisal.period_computed": Look(_("Score computed"), icon="gauge", tone="info"),
    "appraisal.period_disclosed": Look(_("Score made known to the party"), icon="eye", tone="warn"),
    "appraisal.period_opened": Look(_("Month opened"), icon="calendar"),
    "appraisal.period_published": Look(_("Score published"), icon="send", tone="ok"),
    "appraisal.period_rescored": Look(_("Scored again"), icon="refresh", tone="warn"),
    "appraisal.scheme_created": Look(_("Appraisal scheme begun"), icon="plus"),
    "appraisal.score_entered": Look(_("Score entered by hand"), icon="edit"),
    "appraisal.sheet_entered": Look(_("Rating sheet entered"), icon="clipboard-check"),
    "appraisal.statement_drafted": Look(_("Statement drafted"), icon="file-text"),
    "appraisal.statement_issued": Look(_("Statement issued"), icon="send", tone="ok"),
    "appraisal.survey_entered": Look(_("Survey entered"), icon="clipboard-list"),
    "appraisal.version_changed": Look(_("Draft of a scheme changed"), icon="edit"),
    "appraisal.version_issue": Look(_("Scheme issued"), icon="file-certificate", tone="ok"),
    "appraisal.version_loaded": Look(_("Shipped scheme loaded"), icon="download"),
    "appraisal.version_opened": Look(_("New version of a scheme begun"), icon="plus"),
    "appraisal.version_return": Look(_("Scheme sent back"), icon="history", tone="warn"),
    "appraisal.version_submit": Look(_("Scheme sent for review"), icon="send"),
    "appraisal.version_withdraw": Look(_("Scheme withdrawn"), icon="ban", tone="warn"),
    "appraisal.veto_recorded": Look(_("Veto recorded"), icon="ban", tone="bad"),
    "appraisal.veto_voided": Look(_("Veto void"), icon="history", tone="warn"),
}


def history_entry(row: Any) -> Entry:
    """A journal entry in words."""
    look = VERBS.get(row.verb, Look(row.verb))
    details = row.details
    detail = details.get("reason") or details.get("note") or details.get("points") or ""
    return Entry(row.at, row.actor_label, look.label, icon=look.icon, tone=look.tone, detail=detail, seal=row.hash[:12])
