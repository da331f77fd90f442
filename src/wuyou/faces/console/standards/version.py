"""One version: the table clause × grade, its way, comparing, workbooks (spec 03)."""

from typing import Any
from urllib.parse import quote

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org.policies import may
from wuyou.domains.org.queries import has_permission
from wuyou.domains.standards import actions
from wuyou.domains.standards.choices import Certainty, VersionState
from wuyou.domains.standards.flows import VERSION_FLOW
from wuyou.domains.standards.models import Grade, StandardVersion
from wuyou.domains.standards.policies import EDIT_STANDARDS, check_edit, check_issue
from wuyou.domains.standards.queries import (
    ClauseRow,
    clause_table,
    differences,
    issues_of,
    latest_version,
    standards_visible_to,
    versions_visible_to,
)
from wuyou.domains.standards.rules.comparing import LOOSER, STRICTER
from wuyou.domains.work.queries.plan import bindings_visible_to
from wuyou.faces.console.acting import act
from wuyou.kernel.errors import Missing
from wuyou.ui.forms import FormPage
from wuyou.ui.visitor import user_of

from .library import version_for, version_url
from .words import (
    CERTAINTY_TONES,
    VERSION_TONES,
    grade_name,
    part_name,
    predicate_words,
    requirement,
    standard_name,
    value_words,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def version_title(version: StandardVersion) -> str:
    """Name and number."""
    return f"{standard_name(version.standard)} v{version.number}"


def steps_for(request: HttpRequest, version: StandardVersion) -> set[str]:
    """What the person may do with the version now."""
    user = user_of(request)
    can_edit, can_issue = may(check_edit, user, version.standard), may(check_issue, user, version.standard)
    allowed = {"submit": can_edit, "send_back": can_issue, "issue": can_issue, "withdraw": can_issue}
    found = {one.name for one in VERSION_FLOW.from_state(version.state) if allowed[one.name]}
    if can_edit:
        found.add("edit" if version.state == VersionState.DRAFT else "next")
    if has_permission(user, EDIT_STANDARDS):
        found.add("copy")
    return found


def head(request: HttpRequest, version: StandardVersion) -> dict[str, Any]:
    """What every page of a version shows."""
    return {
        "version": version,
        "title": version_title(version),
        "state": version.get_state_display(),
        "tone": VERSION_TONES[version.state],
        "steps": steps_for(request, version),
    }


@require_GET
def version_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The table clause × grade."""
    version = version_for(request, pk)
    table = clause_table(version)
    part, text = request.GET.get("part", ""), request.GET.get("q", "").strip()
    parts = list(dict.fromkeys(row.clause.part for row in table.rows))
    rows = [row for row in table.rows if part in ("", row.clause.part) and _fits(row, text)]
    context = head(request, version) | {
        "grades": [(grade, grade_name(grade)) for grade in table.grades],
        "groups": _groups(rows, table.grades),
        "parts": [(code, part_name(code), code == part) for code in parts],
        "part": part,
        "text": text,
        "found": len(rows),
        "all": len(table.rows),
        "certainties": _certainties(table.rows),
        "issues": issues_of(version) if version.state in {VersionState.DRAFT, VersionState.REVIEW} else [],
        "bindings": _bindings(request, version),
        "others": _others(request, version),
    }
    return render(request, "console/standards/version.html", context)


def _fits(row: ClauseRow, text: str) -> bool:
    clause = row.clause
    spoken = (clause.code, clause.subject_name, clause.requirement_zh, clause.requirement_en)
    return not text or any(text.lower() in part.lower() for part in spoken)


def _groups(rows: list[ClauseRow], grades: tuple[Grade, ...]) -> list[tuple[str, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.clause.part, []).append(clause_line(row, grades))
    return [(part_name(part), lines) for part, lines in found.items()]


def clause_line(row: ClauseRow, grades: tuple[Grade, ...]) -> dict[str, Any]:
    """A clause in words with its values; `differs` when the grades do not agree."""
    clause = row.clause
    return {
        "clause": clause,
        "text": requirement(clause),
        "values": [
            (grade_name(grade), value_words(clause.kind, value), value)
            for grade, value in zip(grades, row.values, strict=True)
        ],
        "differs": len(set(row.values)) > 1,
        "when": predicate_words(clause.applies_when) if clause.applies_when else "",
        "certainty": clause.get_certainty_display(),
        "tone": CERTAINTY_TONES[Certainty(clause.certainty)],
    }


def _certainties(rows: tuple[ClauseRow, ...]) -> list[tuple[object, str, int]]:
    counts = {code: sum(row.clause.certainty == code for row in rows) for code in Certainty}
    return [(code.label, CERTAINTY_TONES[code], count) for code, count in counts.items() if count]


def _bindings(request: HttpRequest, version: StandardVersion) -> list[tuple[str, str, str]]:
    rows = bindings_visible_to(user_of(request)).filter(version=version)
    return [(row.project.name, grade_name(row.grade), reverse("console:work:binding", args=[row.pk])) for row in rows]


def _others(request: HttpRequest, version: StandardVersion) -> list[StandardVersion]:
    rows = versions_visible_to(user_of(request)).filter(standard=version.standard_id)
    return [row for row in rows if row.pk != version.pk]


@require_GET
def newest(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest version of a standard."""
    standard = get_object_or_404(standards_visible_to(user_of(request)), pk=pk)
    version = latest_version(standard)
    return redirect(version_url(version) if version else reverse("console:standards:list"))


# --- comparing


@require_GET
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions clause by clause, or two grades side by side."""
    version = version_for(request, pk)
    asked = request.GET.get("with", "")
    context = head(request, version) | {"others": _others(request, version), "grades": list(version.grades.all())}
    if asked.isdecimal():
        return render(request, "console/standards/compare.html", context | _versions(request, version, int(asked)))
    return render(request, "console/standards/compare_grades.html", context | _grades(request, version))


EFFECTS = {STRICTER: (_("stricter"), "warn", "arrow-up"), LOOSER: (_("looser"), "info", "arrow-down"), "": ("", "", "")}


def _versions(request: HttpRequest, version: StandardVersion, other: int) -> dict[str, Any]:
    before = get_object_or_404(versions_visible_to(user_of(request)).filter(standard=version.standard_id), pk=other)
    if before.number > version.number:
        before, version = version, before
    found = differences(before, version)
    labels = {grade.code: grade_name(grade) for one in (before, version) for grade in one.grades.all()}
    changed: dict[str, list[tuple[str, str, str, Any]]] = {}
    for change in found.changed:
        name, _dot, grade = change.field.partition(".")
        label = labels.get(grade, grade) if grade else str(FIELD_NAMES.get(name, name))
        changed.setdefault(change.code, []).append((label, change.before, change.after, EFFECTS[change.effect]))
    texts = {clause.code: requirement(clause) for clause in version.clauses.all()}
    return {
        "before": before,
        "after": version,
        "found": found,
        "changed": [(code, texts.get(code, ""), fields) for code, fields in changed.items()],
    }


FIELD_NAMES = {
    "part": _("Part"),
    "subject_name": _("Clause subject"),
    "requirement_zh": _("Requirement"),
    "requirement_en": _("Requirement (English)"),
    "kind": _("Kind of value"),
    "window": _("Window in the day"),
    "applies_when": _("Applies when"),
    "basis": _("Basis"),
    "certainty": _("Certainty"),
    "in_force_from": _("In force from"),
    "in_force_to": _("In force to"),
    "check_text": _("What an inspector checks"),
}


def _grades(request: HttpRequest, version: StandardVersion) -> dict[str, Any]:
    table = clause_table(version)
    chosen = [grade for grade in table.grades if grade.code in request.GET.getlist("grade")] or list(table.grades[:2])
    places = [table.grades.index(grade) for grade in chosen]
    only = request.GET.get("show") == "different"
    rows = [ClauseRow(row.clause, tuple(row.values[place] for place in places)) for row in table.rows]
    lines = [clause_line(row, tuple(chosen)) for row in rows]
    return {
        "chosen": [(grade, grade_name(grade)) for grade in chosen],
        "choices": [(grade, grade_name(grade), grade in chosen) for grade in table.grades],
        "lines": [line for line in lines if line["differs"]] if only else lines,
        "different": sum(line["differs"] for line in lines),
        "all": len(lines),
        "is_only": only,
        "chosen_query": "&".join(f"grade={grade.code}" for grade in chosen),
    }


# --- the way of a version


STEPS = {
    "submit": (actions.submit, _("The version waits for review.")),
    "issue": (actions.issue, _("The version was issued; from now on it never changes.")),
}


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Submit or issue."""
    version = version_for(request, pk)
    if name not in STEPS:
        raise Missing(_("There is no such step."))
    action, said = STEPS[name]
    return act(request, lambda: action(version, by=user_of(request)), said=said, to=version_url(version))


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class VersionForm(FormPage):
    """A form about a version."""

    form_class: type[forms.BaseForm] = ReasonForm

    @cached_property
    def version(self) -> StandardVersion:
        """The version."""
        return version_for(self.request, self.kwargs["pk"])

    def back(self) -> str:
        """To the version."""
        return version_url(self.version)


class SendBack(VersionForm):
    """Back to the writer."""

    title = _("Send the version back")
    submit = _("Send back")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Give it back."""
        actions.send_back(self.version, by=self.user, reason=data["reason"])
        return self.done(_("The version was sent back."), to=self.back())


class Withdraw(VersionForm):
    """Out of use."""

    title = _("Withdraw the version")
    submit = _("Withdraw")
    intro = _("Nobody can be bound to it any more. Projects that are bound stay bound until they change.")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Withdraw it."""
        actions.withdraw(self.version, by=self.user, reason=data["reason"])
        return self.done(_("The version was withdrawn."), to=self.back())


# --- workbooks


@require_GET
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The version as a workbook."""
    version = version_for(request, pk)
    response = HttpResponse(actions.export_clauses(version, by=user_of(request)), content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(version_title(version))}.xlsx"
    return response


class FileForm(forms.Form):
    """A workbook."""

    file = forms.FileField(label=_("Workbook (.xlsx)"), widget=forms.FileInput(attrs={"accept": ".xlsx"}))


class Import(VersionForm):
    """A draft says what a workbook says."""

    title = _("Load clauses from a workbook")
    form_class = FileForm
    submit = _("Load")
    intro = _(
        "The draft becomes what the workbook says: joined by code, all or nothing. Export it first for its columns."
    )

    def allowed(self) -> None:
        """Only who writes it."""
        check_edit(self.user, self.version.standard)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Load it and say what changed."""
        found = actions.import_workbook(self.version, data["file"], by=self.user)
        words = {
            "added": len(found.added),
            "removed": len(found.removed),
            "changed": len({one.code for one in found.changed}),
        }
        return self.done(
            _("%(added)s clauses added, %(removed)s removed, %(changed)s changed.") % words, to=self.back()
        )
