"""What follows from appraisals: what waits for approval, one consequence with what it moved (spec 06)."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.appraisal import policies
from wuyou.domains.appraisal.actions.consequences import approve_consequence, decline_consequence, reverse_consequence
from wuyou.domains.appraisal.choices import ConsequenceKind, ConsequenceState
from wuyou.domains.appraisal.flows import APPROVE
from wuyou.domains.appraisal.models import Consequence
from wuyou.domains.appraisal.queries.periods import consequences_visible_to
from wuyou.domains.org.policies import may
from wuyou.domains.org.queries import has_permission
from wuyou.faces.console.acting import act
from wuyou.faces.console.quality.appeal_looks import appealing
from wuyou.kernel.errors import WuyouError
from wuyou.kernel.journal.queries import entries_of
from wuyou.ui import scope
from wuyou.ui.forms import FormPage
from wuyou.ui.lists import BulkAction, Column, Empty, ListPage, Preset, cells
from wuyou.ui.lists.filters import DateRangeFilter, ManyFilter
from wuyou.ui.visitor import user_of

from .entering import AREA
from .looks import CONSEQUENCE_TONES, history_entry, name_of, period_url


class ConsequenceFilter(django_filters.FilterSet):
    """What consequences may be looked for by."""

    state = ManyFilter(label=_("State"), choices=ConsequenceState.choices)
    kind = ManyFilter(label=_("Kind"), choices=ConsequenceKind.choices)
    month = DateRangeFilter(label=_("Month"), field_name="period__month")


def consequence_url(row: Consequence) -> str:
    """A consequence's page."""
    return reverse("console:appraisal:consequence", args=[row.pk])


COLUMNS = (
    Column("name", _("Consequence"), name_of, link=consequence_url, always=True,
           cell=lambda c, v: cells.two_lines(v, c.get_kind_display())),
    Column("subject", _("Appraised"), lambda c: c.period.enrolment.label, sort="period__enrolment__label"),
    Column("month", _("Month"), lambda c: f"{c.period.month:%Y-%m}", sort="period__month"),
    Column("amount", _("Amount"), lambda c: c.amount_fen, cell=cells.yuan, numeric=True, sort="amount_fen"),
    Column("run", _("In a row"), lambda c: c.run, numeric=True, shown=False),
    Column("state", _("State"), lambda c: c.get_state_display(), sort="state",
           cell=lambda c, v: cells.badge(v, CONSEQUENCE_TONES[c.state])),
    Column("decided", _("Decided by"), lambda c: str(c.decided_by or ""), shown=False),
    Column("project", _("Project"), lambda c: c.project.name, sort="project__name"),
)  # fmt: skip


def approve_many(page: Any, rows: list[Consequence], _data: dict[str, Any]) -> str:
    """Approve what is ticked; says how many, and the first reason where one stood in the way."""
    done, why = 0, ""
    for row in rows:
        try:
            approve_consequence(row, by=page.user)
            done += 1
        except WuyouError as error:
            why = why or str(error)
    words = _now("%(done)s of %(all)s approved.") % {"done": done, "all": len(rows)}
    return f"{words} {why}".strip()


class ConsequenceList(ListPage):
    """What follows from visible months."""

    code = "appraisal.consequences"
    title = _("Consequences")
    icon = "flag"
    columns = COLUMNS
    filters = ConsequenceFilter
    presets = (
        Preset("waiting", _("To approve"), "state=proposed"),
        Preset("force", _("In force"), "state=approved"),
        Preset("all", _("All"), ""),
    )
    bulk = (
        BulkAction("approve", _("Approve"), approve_many, icon="circle-check", confirm=_("Approve what is ticked?")),
    )

    def rows(self) -> QuerySet[Consequence]:
        """Visible ones of the project looked at."""
        return scope.of(self.request).narrow(consequences_visible_to(self.user))

    def bulk_for(self) -> Any:
        """Only for who approves."""
        return self.bulk if has_permission(self.user, APPROVE) else ()

    def search(self, rows: QuerySet[Consequence], text: str) -> QuerySet[Consequence]:
        """By name and by who is appraised."""
        return rows.filter(
            Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(period__enrolment__label__icontains=text)
        )

    def empty(self) -> Empty:
        """They come with published months."""
        return Empty(_now("No consequences"), _now("They are proposed when a month is published."), icon="flag")


def consequence_of(request: HttpRequest, pk: int) -> Consequence:
    """A visible consequence, or 404."""
    found: Consequence = get_object_or_404(consequences_visible_to(user_of(request)), pk=pk)
    return found


@require_GET
def consequence_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One consequence: what it is, what it moved, who decided."""
    row, user = consequence_of(request, pk), user_of(request)
    context = {
        "row": row,
        "name": name_of(row),
        "tone": CONSEQUENCE_TONES[row.state],
        "period_url": period_url(row.period),
        "may_decide": may(policies.check_decide, user, row),
        "bond": list(row.bond_entries.order_by("pk")),
        "payroll": list(row.payroll_entries.select_related("staff").order_by("pk")),
        "lines": list(row.statement_lines.select_related("statement").order_by("pk")),
        "appealing": appealing(user, "appraisal.consequence", row.pk) if row.state == "approved" else None,
        "entries": [history_entry(one) for one in reversed(entries_of("appraisal_consequence", row.pk))],
    }
    return render(request, "console/appraisal/consequence.html", context)


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve it."""
    row = consequence_of(request, pk)
    words = _("Approved.")
    return act(request, lambda: approve_consequence(row, by=user_of(request)), said=words, to=consequence_url(row))


class WhyForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=AREA)


class OfConsequence(FormPage):
    """A form about a consequence."""

    form_class = WhyForm

    @cached_property
    def row(self) -> Consequence:
        """The consequence."""
        return consequence_of(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who decides."""
        policies.check_decide(self.user, self.row)

    def back(self) -> str:
        """To its page."""
        return consequence_url(self.row)


class Decline(OfConsequence):
    """Decline it."""

    title = _("Decline the consequence")
    submit = _("Decline")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Decline."""
        decline_consequence(self.row, note=data["reason"], by=self.user)
        return self.done(_("Declined."), to=self.back())


class Reverse(OfConsequence):
    """Take it back."""

    title = _("Reverse the consequence")
    submit = _("Reverse")
    intro = _("What it moved is moved back; a statement that names it is corrected by another.")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Reverse."""
        reverse_consequence(self.row, reason=data["reason"], by=self.user)
        return self.done(_("Reversed."), to=self.back())
