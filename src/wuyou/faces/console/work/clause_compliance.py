"""One promise: what it asks, how it was kept, where it was not (spec 03)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wuyou.domains.standards.models import Clause
from wuyou.domains.work.queries import compliance as numbers
from wuyou.domains.work.queries.compliance import Promised, Report, Scope
from wuyou.faces.console.standards.words import grade_name, part_name, requirement, standard_name, value_words
from wuyou.ui.pictures import Cell, Matrix, MatrixRow
from wuyou.ui.visitor import user_of

from .compliance import PERIODS, Asked, asked_of, may_see_tasks, period_words, trend
from .looks import state_look
from .numbers import OUTCOMES, TaskLinks, change_words, rate_words, tone_of


@require_GET
def clause_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The promise next to its number, by zone and day, the worst places, the tasks that failed."""
    user = user_of(request)
    clause = get_object_or_404(numbers.clauses_with_compliance(user), pk=pk)
    asked = asked_of(request)
    scope = Scope(asked.scope.projects, asked.period.first, asked.period.last, clause=clause.pk)
    report = numbers.report(scope, by="zone", since=asked.period.before.first)
    links = TaskLinks(scope, may_see_tasks(user))
    context = _numbers(report, links) | _promise(clause, scope) | _days(asked)
    context |= {
        "title": f"{clause.code} {requirement(clause)}",
        "part": part_name(clause.part),
        "standard": standard_name(clause.version.standard),
        "back": reverse("console:work:compliance") + asked.query(by="clause"),
        "zones": zones_picture(report, links),
        "places": _places(scope, links),
        "failures": [(task, state_look(task)) for task in numbers.failures(scope)],
        "is_linked": links.is_allowed,
    }
    return render(request, "console/work/compliance_clause.html", context)


def _numbers(report: Report, links: TaskLinks) -> dict[str, Any]:
    total = report.total
    moved, tone = change_words(total, report.before)
    return {
        "total": total,
        "rate": rate_words(total.rate),
        "rate_tone": tone_of(total.rate),
        "moved": moved,
        "moved_tone": tone,
        "before": rate_words(report.before.rate),
        "tiles": [(label, getattr(total, code), tone if getattr(total, code) else "", links.url(code))
                  for code, (label, tone, _query) in OUTCOMES.items()],
        "trend": trend(report, links) if len(report.days) > 1 else None,
    }  # fmt: skip


def _promise(clause: Clause, scope: Scope) -> dict[str, Any]:
    stricter = numbers.proven_by([clause.pk]).get(clause.pk, [])
    return {
        "clause": clause,
        "promises": [_promised(clause, row) for row in numbers.promised(clause, scope.projects)],
        "also": numbers.also_proves([clause.pk]).get(clause.pk, []),
        "stricter": [(reverse("console:work:compliance_clause", args=[pk]), code) for pk, code in stricter],
        "proving": numbers.proving_counts(clause, scope) if stricter else None,
    }


def _promised(clause: Clause, row: Promised) -> tuple[str, str, str, Any]:
    return row.project, grade_name(row.grade), value_words(clause.kind, row.value), row.deviation


def _days(asked: Asked) -> dict[str, Any]:
    return {
        "asked": asked,
        "period": period_words(asked.period),
        "periods": [
            (label, asked.query(period=code, **{"from": "", "to": ""}), code == asked.code) for code, label in PERIODS
        ],
    }


def zones_picture(report: Report, links: TaskLinks) -> Matrix | None:
    """Zone × outcome, shaded by what went wrong; None without zones."""
    rows = [row for row in report.rows if row.key]
    if not rows:
        return None
    wrong = [code for code in OUTCOMES if code not in {"due", "on_time"}]
    lines = [
        MatrixRow(
            row.label,
            [Cell(getattr(row.counts, code), url=links.url(code, zone=row.key)) for code in wrong],
            links.url("due", zone=row.key),
        )
        for row in rows
    ]
    worst = min(rows, key=lambda row: (row.counts.rate is None, row.counts.rate))
    words = {"zone": worst.label, "rate": rate_words(worst.counts.rate)}
    title = _("Weakest zone: %(zone)s with %(rate)s in time") % words
    return Matrix(title, [OUTCOMES[code][0] for code in wrong], lines, scale="bad")


def _places(scope: Scope, links: TaskLinks) -> list[tuple[str, str, str, int, int]]:
    return [
        (name, links.url("due", place=pk), rate_words(counts.rate), counts.due - counts.on_time, counts.due)
        for pk, name, counts in numbers.worst_places(scope)
    ]
