"""Statutory duties: which law asks what, when it applies, and whether it does here (spec 03, 13 §3)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wuyou.domains.org.models import Project
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.standards.choices import Certainty, StandardKind
from wuyou.domains.standards.policies import VIEW_STANDARDS
from wuyou.domains.standards.queries import ClauseRow, clause_table, issued_versions_visible_to
from wuyou.domains.standards.rules.facts import KNOWN, Facts, facts_lacking, holds, is_per_object
from wuyou.domains.standards.rules.values import NO_DUTY
from wuyou.domains.work.policies import VIEW_PLAN
from wuyou.domains.work.queries.site import collect_facts
from wuyou.ui import scope
from wuyou.ui.visitor import user_of

from .words import CERTAINTY_TONES, part_name, predicate_words, requirement, value_words


@require_GET
def duties(request: HttpRequest) -> HttpResponse:
    """Every duty with its predicate in words; for the project looked at, whether it holds and why."""
    user = user_of(request)
    require(user, VIEW_STANDARDS)
    project = _project(request)
    facts = collect_facts(project) if project else None
    versions = issued_versions_visible_to(user).filter(standard__kind=StandardKind.STATUTORY)
    version = versions.order_by("-number").first()
    rows = clause_table(version).rows if version else ()
    lines = [_line(row, facts) for row in rows]
    only = request.GET.get("show")
    context = {
        "version": version,
        "project": project,
        "groups": _groups([line for line in lines if only in (None, "", line["answer"])]),
        "counts": {answer: sum(line["answer"] == answer for line in lines) for answer in ("yes", "no", "unknown")},
        "all": len(lines),
        "show": only or "",
        "facts": _facts(facts) if facts is not None else [],
        "back": reverse("console:standards:list"),
    }
    return render(request, "console/standards/duties.html", context)


def _project(request: HttpRequest) -> Project | None:
    visible = projects_visible_to(user_of(request), VIEW_PLAN)
    chosen = scope.of(request).project
    if chosen is not None:
        return visible.filter(pk=chosen.pk).first()
    few = list(visible[:2])
    return few[0] if len(few) == 1 else None


def _line(row: ClauseRow, facts: Facts | None) -> dict[str, Any]:
    clause = row.clause
    missing = facts_lacking([clause.applies_when], facts) if facts is not None and clause.applies_when else frozenset()
    answer = ""
    if facts is not None:
        answer = "unknown" if missing else "yes" if holds(clause.applies_when, facts) else "no"
    return {
        "clause": clause,
        "text": requirement(clause),
        "value": value_words(clause.kind, next(iter(row.values), NO_DUTY)),
        "when": predicate_words(clause.applies_when),
        "certainty": clause.get_certainty_display(),
        "tone": CERTAINTY_TONES[Certainty(clause.certainty)],
        "answer": answer,
        "missing": [KNOWN[name].meaning for name in sorted(missing) if name in KNOWN],
        "is_per_object": is_per_object(clause.applies_when),
    }


def _groups(lines: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        found.setdefault(line["clause"].part, []).append(line)
    return [(part_name(part), group) for part, group in found.items()]


def _facts(facts: Facts) -> list[tuple[object, str]]:
    return [(fact.meaning, _value(facts.get(name))) for name, fact in KNOWN.items() if name != "it"]


def _value(value: object) -> str:
    if value is None:
        return _("not recorded")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (list, tuple)):
        numbers = [f"{number.normalize():f}" if hasattr(number, "normalize") else str(number) for number in value]
        return _("none") if not numbers else numbers[0] if len(numbers) == 1 else f"{numbers[0]} – {numbers[-1]}"
    return str(value)
