"""The report of an inspection as a paper: score by section, what failed with photos, every answer, signatures."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from wuyou.domains.quality.models import Finding, Inspection
from wuyou.domains.quality.queries import inspections as queries
from wuyou.domains.sheets.models import Item
from wuyou.domains.sheets.rules.answers import asked_items
from wuyou.kernel import evidence
from wuyou.kernel.evidence.models import Evidence
from wuyou.ui import wording
from wuyou.ui.papers import Figures, Heading, Paper, Picture, Pictures, Signatures, Table, Text
from wuyou.ui.papers.blocks import Block

from .inspection_looks import answer_words, arithmetic, ask_of, plain, section_name, sheet_of

MOST_PHOTOS = 4  # of one finding


def report(inspection: Inspection) -> Paper:
    """What the project, its client and its owners get."""
    filled = queries.filled_of(inspection)
    findings = list(queries.findings_of(inspection))
    photos = queries.photos_of([row for row in filled.answers.values() if row.photos])
    blocks: list[Block] = [_figures(inspection, filled, findings), *_arithmetic(inspection)]
    blocks += _findings(findings, photos)
    blocks += _answers(filled)
    if inspection.note:
        blocks += [Heading(_("Summary")), Text(inspection.note)]
    blocks += [Heading(_("Signatures")), *_signed(inspection)]
    about = f"{inspection.project.name} · {sheet_of(inspection)}"
    return Paper(_("Inspection report"), blocks, subtitle=about, meta=_meta(inspection))


def _meta(inspection: Inspection) -> list[tuple[object, object]]:
    rows: list[tuple[object, object]] = [
        (_("Number"), inspection.number),
        (_("Project"), inspection.project.name),
        (_("Level"), inspection.get_level_display()),
        (_("Check sheet"), f"{sheet_of(inspection)} v{inspection.sheet_version.number}"),
        (_("Day"), inspection.day),
        (_("Inspector"), inspection.inspector),
        (_("State"), inspection.get_state_display()),
    ]
    if inspection.campaign:
        rows.insert(2, (_("Campaign"), inspection.campaign))
    if inspection.place:
        rows.append((_("Where"), inspection.place))
    return rows


def _figures(inspection: Inspection, filled: queries.Filled, findings: list[Finding]) -> Figures:
    score = "–" if inspection.score is None else plain(inspection.score)
    told: list[tuple[object, object]] = [
        (_("Score"), score),
        (_("Questions answered"), f"{filled.progress.answered}/{filled.progress.asked}"),
        (_("Findings"), len([one for one in findings if one.state != "void"])),
    ]
    if inspection.is_vetoed:
        told.append((_("Red line crossed"), _("yes")))
    return Figures(told)


def _arithmetic(inspection: Inspection) -> list[Block]:
    """The score by section: what was won or lost, and how it adds up."""
    score = queries.score_in_force(inspection)
    if score is None:
        return []
    tree = arithmetic(score.tree)
    whole = tree["inputs"][0] if _is_veto(score.tree) else tree
    parts = [part for part in whole["inputs"] if part["inputs"]]
    names = [section["label"] for section in parts[0]["inputs"]]
    values = [[section["value"] for section in part["inputs"]] for part in parts]
    rows = [*zip(names, *values, strict=True), (_("Together"), *(part["value"] for part in parts))]
    head = [_("Section"), *(part["label"] for part in parts)]
    table = Table(head, rows, align=["left", *("right" for _part in parts)], has_total=True)
    sums = " ".join(f"{part['label']} {part['value']}" for part in whole["inputs"])
    told = Text(f"{whole['label']} {whole['value']} = {whole['operation']} ({sums})", is_strong=True)
    blocks: list[Block] = [Heading(_("How the score adds up")), table, told]
    if _is_veto(score.tree):
        crossed = "、".join(line["label"] for line in tree["inputs"][1:])
        said = _("A red line was crossed, so the score is 0: %(items)s") % {"items": crossed}
        blocks.append(Text(said, is_strong=True))
    if score.reason:
        blocks.append(Text(_("Scored again: %(reason)s") % {"reason": score.reason}, is_note=True))
    return blocks


def _is_veto(tree: Mapping[str, Any]) -> bool:
    return bool(tree["op"] == "veto")


def _findings(findings: list[Finding], photos: Mapping[int, list[Evidence]]) -> list[Block]:
    if not findings:
        return [Heading(_("Findings")), Text(_("Nothing was found wrong."))]
    blocks: list[Block] = [Heading(_("Findings"))]
    for finding in findings:
        blocks.append(Heading(f"{finding.number} {finding.text}", level=3))
        facts = [
            finding.get_severity_display(),
            finding.get_state_display(),
            str(finding.place or finding.asset or ""),
            str(finding.clause or ""),
            _("to be put right by %(moment)s") % {"moment": wording.when(finding.deadline)},
        ]
        blocks.append(Text(" · ".join(fact for fact in facts if fact)))
        taken = photos.get(finding.answer_id or 0, [])
        shown = [row for row in taken if row.thumbnail_path and row.verdict != "rejected"]
        if shown:
            blocks.append(Pictures([_picture(row) for row in shown[:MOST_PHOTOS]]))
    return blocks


def _picture(row: Evidence) -> Picture:
    with evidence.served_file(row) as file:
        return Picture(file.read(), f"{row.by_label} · {wording.when(row.taken_at or row.received_at)}")


def _answers(filled: queries.Filled) -> list[Block]:
    asked = {item.code for item in asked_items(filled.specs, filled.values)}
    found: dict[str, list[tuple[object, object, object]]] = {}
    for item in filled.items:
        if item.code in asked:
            found.setdefault(section_name(item), []).append(_answer(item, filled))
    blocks: list[Block] = [Heading(_("Every answer"))]
    for name, rows in found.items():
        head = [_("Question"), _("Answer"), _("Remark")]
        blocks += [Heading(name, level=2), Table(head, rows, widths=[5, 3, 3])]
    return blocks


def _answer(item: Item, filled: queries.Filled) -> tuple[object, object, object]:
    row = filled.answers.get(item.code)
    if row is None:
        return ask_of(item), "–", ""
    words = answer_words(item, row.value)
    if row.photos:
        words = f"{words} ({_('photos: %(count)s') % {'count': row.photos}})".strip()
    return ask_of(item), words or "–", " · ".join(str(part) for part in (row.place, row.note) if part)


def _signed(inspection: Inspection) -> list[Block]:
    blocks: list[Block] = []
    if inspection.submitted_at:
        given = {"name": inspection.signed_as, "moment": wording.when(inspection.submitted_at)}
        blocks.append(Text(_("Signed in the system by %(name)s, %(moment)s.") % given, is_note=True))
    return [*blocks, Signatures([_("Inspector"), _("For the project")])]
