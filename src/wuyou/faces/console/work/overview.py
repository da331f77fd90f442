"""Projects at a glance, as a fragment of the start page (spec 11, home)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from wuyou.domains.work.queries.overview import overview
from wuyou.ui.visitor import user_of

from .numbers import change_words, rate_cell

RENEWAL_TONES = {"180": "info", "90": "warn", "30": "bad", "expired": "bad"}


@require_GET
def projects_today(request: HttpRequest) -> HttpResponse:
    """One line for each project: compliance with the days before, late, rejected, licences, plans, contracts."""
    rows = overview(user_of(request))
    compliance, tasks = reverse("console:work:compliance"), reverse("console:work:tasks")
    lines = [
        {
            "row": row,
            "rate": rate_cell(row.now.rate),
            "moved": change_words(row.now, row.before),
            "url": f"{compliance}?project={row.project.code}&period=7",
            "late_url": f"{tasks}?project={row.project.code}&timing=late",
            "rejected_url": f"{tasks}?project={row.project.code}&state=rejected",
            "renewal_tone": RENEWAL_TONES.get(row.renewal, "muted"),
        }
        for row in rows
    ]
    return render(request, "console/work/parts/projects_today.html", {"lines": lines, "compliance_url": compliance})
