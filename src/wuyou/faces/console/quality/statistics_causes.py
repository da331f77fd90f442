"""What goes wrong, why, for how long, and whether it comes back (spec 05, Correction)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wuyou.domains.org.policies import require
from wuyou.domains.quality.choices import Cause
from wuyou.domains.quality.policies.rights import VIEW_FINDINGS
from wuyou.domains.quality.queries import statistics
from wuyou.domains.quality.queries.statistics import Clause, Handled
from wuyou.faces.console.work.looks import said
from wuyou.kernel import clock
from wuyou.kernel.statistics.ageing import Bucket
from wuyou.kernel.statistics.intervals import Interval
from wuyou.kernel.statistics.pareto import Share
from wuyou.ui.pictures import Chart, Series

from .statistics_asked import Asked, asked_of, findings_url, open_url
from .statistics_words import ageing_says, causes_say, pareto_says, percentage, range_words

MOST = 12
LONGEST = 24


@require_GET
def causes_page(request: HttpRequest) -> HttpResponse:
    """Pareto by clause and by cause, ageing of what is open, closure in time, recurrence."""
    asked = asked_of(request, "statistics_causes")
    require(asked.user, VIEW_FINDINGS)
    now = clock.now()
    findings = statistics.findings_of(asked.user, asked.window)
    clauses = statistics.pareto_by_clause(findings.within)
    causes = statistics.pareto_by_cause(findings.within)
    ages = statistics.ages(findings.still_open, today=clock.today())
    context = asked.context() | {
        "handled": _handled(statistics.handled(findings.within, now=now), asked),
        "clauses": clause_chart(clauses, asked) if clauses else None,
        "clause_rows": [_clause_row(share, asked) for share in clauses[:MOST]],
        "causes": cause_chart(causes, asked) if causes else None,
        "ages": age_chart(ages, asked) if any(one.count for one in ages) else None,
    }
    return render(request, "console/quality/statistics/causes.html", context)


def clause_name(clause: Clause | None) -> str:
    """A clause by its code and the beginning of what it asks."""
    if clause is None:
        return _("Without a clause")
    text = said(f"{clause.subject_name} · {clause.requirement_zh}", clause.requirement_en)
    return f"{clause.code} {text[:LONGEST]}{'…' if len(text) > LONGEST else ''}"


def clause_chart(shares: list[Share[Clause | None]], asked: Asked) -> Chart:
    """The clauses with most findings, lying."""
    shown = shares[:MOST]
    title = pareto_says(shares, clause_name(shares[0].key))
    urls = [_clause_url(share.key, asked) for share in shown]
    series = Series(_("Findings"), [int(share.count) for share in shown], "bad", urls=urls)
    return Chart("barh", title, [clause_name(share.key) for share in shown], [series])


def _clause_url(clause: Clause | None, asked: Asked) -> str:
    return findings_url(asked, clause=clause.pk) if clause else ""


def _clause_row(share: Share[Clause | None], asked: Asked) -> dict[str, Any]:
    return {
        "name": clause_name(share.key),
        "url": _clause_url(share.key, asked),
        "count": int(share.count),
        "share": percentage(share.share),
        "cumulative": percentage(share.cumulative),
    }


def cause_chart(shares: list[Share[str]], asked: Asked) -> Chart:
    """Categories of causes; the title names those that make most."""
    labels = [str(Cause(share.key).label) for share in shares]
    urls = [findings_url(asked, cause=share.key) for share in shares]
    return Chart(
        "bar",
        causes_say(shares, labels[0]),
        labels,
        [Series(_("Findings"), [int(share.count) for share in shares], urls=urls)],
    )


def age_chart(buckets: list[Bucket], asked: Asked) -> Chart:
    """What is not put right yet, by age."""
    urls = [open_url(asked, oldest=one.high, youngest=int(one.low)) for one in buckets]
    series = Series(_("Findings"), [one.count for one in buckets], "warn", urls=urls)
    return Chart("bar", ageing_says(buckets), [_age(one) for one in buckets], [series], is_short=True)


def _age(bucket: Bucket) -> str:
    if bucket.high is None:
        return _("%(low)d d or more") % {"low": int(bucket.low)}
    if bucket.low == 0:
        return _("today")
    return _("%(low)d–%(high)d d") % {"low": int(bucket.low), "high": int(bucket.high) - 1}


def _handled(one: Handled, asked: Asked) -> dict[str, Any]:
    return {
        "found": one.found,
        "found_url": findings_url(asked),
        "in_time": _share(one.in_time),
        "in_time_range": range_words(one.in_time) if one.in_time else "",
        "due": one.due,
        "repeated": _share(one.repeated),
        "repeated_range": range_words(one.repeated) if one.repeated else "",
        "repeats": one.repeats,
        "repeats_url": findings_url(asked, repeats="true"),
    }


def _share(interval: Interval | None) -> str:
    return percentage(interval.estimate) if interval else "–"
