"""Compliance: every promise with its number, down to the task, its photo and the journal (spec 03, 11)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from wuyou.domains.org.models import Project, User
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import has_permission
from wuyou.domains.work.choices import SkipReason
from wuyou.domains.work.policies import VIEW_COMPLIANCE, VIEW_TASKS
from wuyou.domains.work.queries import compliance as numbers
from wuyou.domains.work.queries.compliance import Report, Row, Scope, projects_with_compliance, skip_reasons
from wuyou.domains.work.rules.periods import Period, period_named
from wuyou.kernel import clock
from wuyou.ui import scope, wording
from wuyou.ui.lists import Button, Column, Empty, ListPage, cells
from wuyou.ui.pages import Tab
from wuyou.ui.pictures import Chart, Series
from wuyou.ui.visitor import user_of

from .numbers import OUTCOMES, TaskLinks, change_words, number_cell, rate_cell, rate_words, tone_of

PERIODS = (
    ("today", _("Today")), ("7", _("7 days")), ("30", _("30 days")), ("month", _("This month")),
    ("last_month", _("Last month")),
)  # fmt: skip
DIMENSIONS = {
    "clause": _("Clause"), "zone": _("Zone"), "team": _("Team"), "person": _("Person"), "day": _("Day"),
    "project": _("Project"),
}  # fmt: skip
NOTHING = {
    "clause": _("Without a clause"), "zone": _("Without a zone"), "team": _("Without a team"),
    "person": _("Nobody named"),
}  # fmt: skip
NARROWED = ("clause", "zone", "team", "person")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: projects, days and what they are narrowed to."""

    projects: list[Project]
    code: str
    period: Period
    scope: Scope

    def query(self, **changes: object) -> str:
        """The same question with something changed, as the query of an address."""
        kept: dict[str, object] = {"period": self.code}
        if self.code == "custom":
            kept |= {"from": self.period.first, "to": self.period.last}
        kept |= {name: getattr(self.scope, name) for name in NARROWED if getattr(self.scope, name) is not None}
        return "?" + urlencode({name: value for name, value in (kept | changes).items() if value not in (None, "")})


def asked_of(request: HttpRequest) -> Asked:
    """Read the address; nonsense in it is as if it were not there."""
    chosen = scope.of(request).project
    projects = projects_with_compliance(user_of(request))
    if chosen is not None:
        projects = [project for project in projects if project.pk == chosen.pk]
    given = request.GET
    code = given.get("period", "7")
    period = period_named(code, today=clock.today(), first=_day(given.get("from")), last=_day(given.get("to")))
    narrowed = {name: int(given[name]) for name in NARROWED if given.get(name, "").isdecimal()}
    ids = tuple(project.pk for project in projects)
    return Asked(projects, code, period, Scope(ids, period.first, period.last, **narrowed))


def _day(text: str | None) -> dt.date | None:
    try:
        return parse_date(text or "")
    except ValueError:
        return None


def period_words(period: Period) -> str:
    """The days in words."""
    if period.first == period.last:
        return wording.day(period.first)
    return f"{wording.day(period.first)} – {wording.day(period.last)}"


def trend(report: Report, links: TaskLinks) -> Chart:
    """The rate day by day; the title says what it shows."""
    due = [row for row in report.days if isinstance(row.key, dt.date)]
    urls = [links.url("due", day=row.key) for row in due]
    labels = [wording.short_day(row.key) for row in due if isinstance(row.key, dt.date)]
    series = Series(_("Done in time"), [row.counts.rate for row in due], urls=urls if all(urls) else ())
    return Chart("line", finding(report), labels, [series], unit="%", is_short=True)


def finding(report: Report) -> str:
    """What the trend says, as a sentence."""
    now, before = report.total.rate, report.before.rate
    days = [
        (row.key, row.counts.rate)
        for row in report.days
        if isinstance(row.key, dt.date) and row.counts.rate is not None
    ]
    if now is None:
        return _now("Nothing fell due in these days")
    if before is not None and now != before:
        words = {"now": rate_words(now), "before": rate_words(before)}
        return (
            _now("Up from %(before)s to %(now)s") if now > before else _now("Down from %(before)s to %(now)s")
        ) % words
    days = [(day, rate) for day, rate in days if day != clock.today()] or days  # today is not over
    weakest, lowest = min(days, key=lambda pair: (pair[1], pair[0]))
    if lowest == max(rate for _day, rate in days):
        return _now("%(rate)s every day") % {"rate": rate_words(lowest)}
    words = {"day": wording.short_day(weakest), "rate": rate_words(lowest)}
    return _now("The weakest day was %(day)s with %(rate)s") % words


def may_see_tasks(user: User) -> bool:
    """Whether numbers can lead to tasks."""
    return bool(has_permission(user, VIEW_TASKS))


class CompliancePage(ListPage):
    """Headline, trend and one dimension as a list, worst first."""

    code = "work.compliance"
    title = _("Compliance")
    icon = "gauge"
    template_name = "console/work/compliance.html"
    default_sort = "rate"
    search_label = _("Search this table")

    def allowed(self) -> None:
        """Whoever may see compliance somewhere."""
        require(self.user, VIEW_COMPLIANCE)

    @cached_property
    def asked(self) -> Asked:
        """What is asked for."""
        return asked_of(self.request)

    @cached_property
    def by(self) -> str:
        """The dimension: projects when there are several and nothing else is said."""
        asked = self.request.GET.get("by", "")
        if asked in DIMENSIONS:
            return asked
        return "project" if len(self.asked.projects) > 1 else "clause"

    @cached_property
    def report(self) -> Report:
        """The numbers."""
        return numbers.report(self.asked.scope, by=self.by, since=self.asked.period.before.first)

    @cached_property
    def links(self) -> TaskLinks:
        """The tasks behind the numbers."""
        return TaskLinks(self.asked.scope, may_see_tasks(self.user))

    def rows(self) -> list[Row]:
        """The lines of the chosen dimension."""
        return list(self.report.rows)

    def search(self, rows: list[Row], text: str) -> list[Row]:
        """By what is written in the first column."""
        return [row for row in rows if text.lower() in self.label(row).lower()]

    def label(self, row: Row) -> str:
        """What a line is called."""
        if isinstance(row.key, dt.date):
            return wording.day(row.key)
        return row.label or str(NOTHING.get(self.by, row.key))

    def link(self, row: Row) -> str:
        """Where a line leads: a clause to its page, anything else to the clauses of it."""
        if self.by == "clause" and row.key:
            return reverse("console:work:compliance_clause", args=[row.key]) + self.asked.query()
        if isinstance(row.key, dt.date):
            return self.asked.query(**{"period": "custom", "from": row.key, "to": row.key, "by": "clause"})
        if self.by == "project":
            return self.asked.query(by="clause", project=self.codes.get(row.key, ""))
        return self.asked.query(by="clause", **{self.by: row.key}) if row.key and self.by != "clause" else ""

    @cached_property
    def codes(self) -> dict[object, str]:
        """Codes of projects by id."""
        return {project.pk: project.code for project in self.asked.projects}

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """Name, rate, and a number for every outcome."""
        order = "counts"  # any name: rows are values, they are sorted by what is shown
        named = Column("label", DIMENSIONS[self.by], self.label, cell=self._lead, sort=order, always=True)
        rate = Column("rate", _("Rate"), lambda row: row.counts.rate, cell=rate_cell, sort=order, always=True)
        counted = [self._counted(code) for code in OUTCOMES]
        waiting = Column("waiting", _("Not due yet"), lambda row: row.counts.waiting, numeric=True, shown=False)
        return [named, rate, *counted, waiting]

    def _lead(self, row: Row, value: str) -> Any:
        url = self.link(row)
        return cells.link(value, url) if url else value

    def _counted(self, code: str) -> Column:
        return Column(
            code, OUTCOMES[code][0], lambda row: getattr(row.counts, code), numeric=True, sort="counts",
            cell=lambda row, value: number_cell(value, self._tasks(code, row)),
        )  # fmt: skip

    def _tasks(self, code: str, row: Row) -> str:
        if not row.key:
            return ""
        key = self.codes.get(row.key, "") if self.by == "project" else row.key
        return self.links.url(code, **{self.by: key})

    def clear_url(self) -> str:
        """The same days and dimension without the words searched for."""
        return self.asked.query(by=self.by)

    def context(self) -> dict[str, Any]:
        """Headline, tiles, tabs, trend."""
        total, asked = self.report.total, self.asked
        moved, moved_tone = change_words(total, self.report.before)
        reasons = reverse("console:work:compliance_reasons") + asked.query()
        return {
            "total": total,
            "rate": rate_words(total.rate),
            "rate_tone": tone_of(total.rate),
            "moved": moved,
            "moved_tone": moved_tone,
            "before": rate_words(self.report.before.rate),
            "tiles": [(label, getattr(total, code), tone if getattr(total, code) else "", self.links.url(code))
                      for code, (label, tone, _query) in OUTCOMES.items()],
            "asked": asked,
            "period": period_words(asked.period),
            "periods": [(label, asked.query(period=code, by=self.by, **{"from": "", "to": ""}), code == asked.code)
                        for code, label in PERIODS],
            "dimension_tabs": self._tabs(),
            "narrowed": self._narrowed(),
            "trend": trend(self.report, self.links) if len(self.report.days) > 1 else None,
            "reasons_url": reasons,
            "by": self.by,
        }  # fmt: skip

    def _tabs(self) -> list[Tab]:
        shown = [name for name in DIMENSIONS if name != "project" or len(self.asked.projects) > 1]
        order = ["project", *shown[:-1]] if "project" in shown else shown
        return [Tab(DIMENSIONS[name], self.asked.query(by=name), current=name == self.by) for name in order]

    def _narrowed(self) -> list[tuple[object, str, str]]:
        found: list[tuple[object, str, str]] = []
        for name in NARROWED:
            value = getattr(self.asked.scope, name)
            if value is not None:
                words = numbers.name_of(name, value, self.asked.scope.projects) or str(value)
                found.append((DIMENSIONS[name], words, self.asked.query(by=self.by, **{name: ""})))
        return found

    def empty(self) -> Empty:
        """Numbers come from obligations, obligations from a published plan."""
        plan = Button(_now("See the plan"), reverse("console:work:plan"), icon="calendar-event")
        return Empty(_now("Nothing fell due in these days"), _now("Numbers appear once a plan is in force."), [plan])


@require_GET
def reasons(request: HttpRequest) -> HttpResponse:
    """Why tasks were not possible, as a fragment."""
    require(user_of(request), VIEW_COMPLIANCE)
    found = skip_reasons(asked_of(request).scope)
    return render(request, "console/work/parts/reasons.html", {"chart": reasons_chart(found)})


def reasons_chart(found: list[tuple[str, int]]) -> Chart | None:
    """Reasons as lying bars; None when everything was possible."""
    if not found:
        return None
    labels = [SkipReason(code).label for code, _count in found]
    title = _now("Not possible most often: %(reason)s") % {"reason": labels[0]}
    return Chart(
        "barh", title, labels, [Series(_("Tasks"), [count for _code, count in found], tone="muted")], is_short=True
    )
