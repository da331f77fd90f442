"""How inspections, answers and scores look and are called on pages; no rule lives here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.choices import InspectionState
from wuyou.domains.quality.models import Inspection, InspectionAnswer
from wuyou.domains.quality.queries.inspections import EVIDENCE_KIND
from wuyou.domains.sheets.choices import AnswerType
from wuyou.domains.sheets.models import Item
from wuyou.domains.sheets.rules.answers import FAIL, NOT_APPLICABLE, NOTHING, PASS
from wuyou.faces.console.work.forms import PASS_FAIL
from wuyou.faces.console.work.looks import said
from wuyou.kernel.evidence.models import Evidence
from wuyou.ui.pages import Photo

from .proofs import proofs_shown

TONES: Mapping[str, str] = {
    InspectionState.UNDER_WAY: "info", InspectionState.SUBMITTED: "accent", InspectionState.PUBLISHED: "ok",
    InspectionState.VOID: "muted",
}  # fmt: skip
VERDICT_TONES: Mapping[str, str] = {PASS: "ok", FAIL: "bad", NOT_APPLICABLE: "muted"}
OPERATIONS: Mapping[str, object] = {
    "sum": _("added up"), "product": _("multiplied"), "difference": _("the first less the others"),
    "quotient": _("the first ÷ the second"), "percent": _("the first ÷ the second × 100"),
    "veto": _("0, because a red line was crossed"),
}  # fmt: skip
GOOD, FAIR = Decimal(90), Decimal(80)


def inspection_url(row: Inspection) -> str:
    """An inspection's page."""
    return reverse("console:quality:inspection", args=[row.pk])


def fill_url(row: Inspection, part: int = 1) -> str:
    """Where it is filled in, section by section."""
    return reverse("console:quality:inspect", args=[row.pk, part])


def sheet_of(row: Inspection) -> str:
    """What the sheet is called."""
    sheet = row.sheet_version.sheet
    return said(sheet.name_zh, sheet.name_en)


def section_name(item: Item) -> str:
    """What a section is called."""
    return said(item.section, item.section_en) or str(_("Questions"))


def score_tone(row: Inspection) -> str:
    """Green from 90, yellow from 80, red below and where a red line was crossed."""
    if row.score is None:
        return "muted"
    if row.is_vetoed or row.score < FAIR:
        return "bad"
    return "ok" if row.score >= GOOD else "warn"


def plain(number: Decimal | None) -> str:
    """A number without trailing zeros; empty for none."""
    return "" if number is None else f"{number.normalize():f}"


def ask_of(item: Item) -> str:
    """What is asked."""
    return said(item.text_zh, item.text_en)


def answer_words(item: Item, value: str) -> str:
    """An answer as people say it; empty before there is one."""
    words = {code: str(label) for code, label in PASS_FAIL}
    if item.answer_type == AnswerType.DEDUCT:
        reasons = {one["code"]: said(one["zh"], one.get("en", "")) for one in item.deductions}
        words[NOTHING] = str(_("Nothing to deduct"))
        return "、".join(reasons.get(code, words.get(code, code)) for code in value.split(",") if code)
    if item.answer_type == AnswerType.CHOICE:
        words |= {one["code"]: said(one["zh"], one.get("en", "")) for one in item.options}
    if item.answer_type == AnswerType.PHOTO:
        return ""
    return words.get(value, f"{value} {item.unit}".strip() if value else "")


def limits_of(item: Item) -> str:
    """What an answer must keep to, where a number decides."""
    if item.answer_type == AnswerType.COUNT:
        return str(_("at most %(limit)s %(unit)s")) % {"limit": item.limit, "unit": item.unit}
    if item.answer_type == AnswerType.MEASURE:
        bounds = {"low": plain(item.tolerance_low) or "…", "high": plain(item.tolerance_high) or "…", "unit": item.unit}
        return str(_("passes from %(low)s to %(high)s %(unit)s")) % bounds
    return ""


def shown_photos(rows: Iterable[Evidence]) -> list[Photo]:
    """Pictures of an inspection; those taken by mistake are left out."""
    return proofs_shown(row for row in rows if row.verdict != "rejected")


@dataclass(frozen=True, slots=True)
class Answered:
    """One line of a filled sheet as a page shows it."""

    item: Item
    ask: str
    answer: str
    verdict: object
    tone: str
    row: InspectionAnswer | None
    photos: list[Photo]
    finding: Any


# --- arithmetic


def arithmetic(tree: Mapping[str, Any]) -> dict[str, Any]:
    """A stored tree of a score in the language active now, for the template that opens it level by level."""
    english = not (get_language() or "").startswith("zh")
    return _node(tree, english=english)


def _node(node: Mapping[str, Any], *, english: bool) -> dict[str, Any]:
    return {
        "label": _spoken(node["label"], english=english),
        "value": "–" if node["value"] is None else plain(Decimal(node["value"])),
        "operation": OPERATIONS.get(node["op"], ""),
        "note": _spoken(node["note"], english=english) if "note" in node else "",
        "links": [{"href": _href(link), "label": link["label"]} for link in node.get("links", ()) if _href(link)],
        "inputs": [_node(child, english=english) for child in node.get("inputs", ())],
    }


def _spoken(words: Mapping[str, str], *, english: bool) -> str:
    return (words["en"] if english else "") or words["zh"]


def _href(link: Mapping[str, str]) -> str:
    if link["kind"] == EVIDENCE_KIND:
        return f"#answer-{link['id']}"
    return reverse("console:quality:finding", args=[link["id"]]) if link["kind"] == "finding" else ""
