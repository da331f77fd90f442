"""Who is away: recorded with a look first at whom the work would go to (spec 03)."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from wuyou.domains.org.policies import require
from wuyou.domains.registry.queries import staff_visible_to
from wuyou.domains.work import policies
from wuyou.domains.work.actions.absence import cancel_absence, record_absence, share_of
from wuyou.domains.work.choices import AbsenceKind
from wuyou.domains.work.models import Absence
from wuyou.domains.work.queries.tasks import absences_visible_to
from wuyou.kernel import clock
from wuyou.ui import scope
from wuyou.ui.forms import FormPage
from wuyou.ui.lists import Column, ListPage, Preset, cells
from wuyou.ui.lists.filters import DateRangeFilter, ManyFilter, YesNoFilter
from wuyou.ui.pages import Button, Empty
from wuyou.ui.visitor import user_of

from .forms import staff_label


class AbsenceFilter(django_filters.FilterSet):
    """What absences may be looked for by."""

    kind = ManyFilter(label=_("Kind"), choices=AbsenceKind.choices)
    starts_on = DateRangeFilter(label=_("From"))
    away = YesNoFilter(label=_("Away today"), method="by_away")

    def by_away(self, rows: QuerySet[Absence], _name: str, value: bool | None) -> QuerySet[Absence]:  # noqa: FBT001
        """Those who are away today, or the others."""
        today = clock.today()
        now = {"cancelled_at__isnull": True, "starts_on__lte": today, "ends_on__gte": today}
        return rows.filter(**now) if value else rows.exclude(**now)


def state_of(row: Absence) -> tuple[object, str]:
    """Where an absence stands today."""
    today = clock.today()
    if row.cancelled_at:
        return _("Cancelled"), "muted"
    if row.ends_on < today:
        return _("Has ended"), "muted"
    return (_("Away now"), "warn") if row.starts_on <= today else (_("Planned"), "info")


COLUMNS = (
    Column("staff", _("Who"), lambda a: a.staff.name, sort="staff__name", always=True,
           link=lambda a: reverse("console:work:absence-detail", args=[a.pk])),
    Column("team", _("Team"), lambda a: a.staff.team.name, sort="staff__team__name"),
    Column("kind", _("Kind"), lambda a: a.get_kind_display(), sort="kind"),
    Column("starts_on", _("From"), lambda a: a.starts_on, cell=cells.day, sort="starts_on"),
    Column("ends_on", _("To"), lambda a: a.ends_on, cell=cells.day, sort="ends_on"),
    Column("state", _("State"), lambda a: str(state_of(a)[0]), cell=lambda a, v: cells.badge(v, state_of(a)[1])),
    Column("note", _("Note"), lambda a: a.note, shown=False),
    Column("project", _("Project"), lambda a: a.staff.project.name, shown=False),
)  # fmt: skip


class AbsenceList(ListPage):
    """Absences, the latest first."""

    code = "work.absence"
    title = _("Absences")
    icon = "beach"
    columns = COLUMNS
    filters = AbsenceFilter
    presets = (Preset("away", _("Away today"), "away=true"), Preset("all", _("All"), ""))

    def allowed(self) -> None:
        """Whoever sees tasks somewhere."""
        require(self.user, policies.VIEW_TASKS)

    def rows(self) -> QuerySet[Absence]:
        """Of visible projects."""
        return scope.of(self.request).narrow(absences_visible_to(self.user), "staff__project")

    def search(self, rows: QuerySet[Absence], text: str) -> QuerySet[Absence]:
        """By name."""
        return rows.filter(staff__name__icontains=text)

    def header_actions(self) -> list[Button]:
        """Record one."""
        url = reverse("console:work:absence-new")
        return [Button(_("Record an absence"), url, icon="plus", tone="primary")]

    def empty(self) -> Empty:
        """Nobody is away."""
        text = _now("Record who is away: the tasks of those days go to colleagues at once.")
        return Empty(_now("Nobody is away"), text, self.header_actions(), icon="beach")


class AbsenceForm(forms.Form):
    """Who, why, from when to when."""

    staff: Any = forms.ModelChoiceField(label=_("Who"), queryset=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=AbsenceKind.choices)
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(
        label=_("To (included)"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any):
        """`people` are the staff to choose from."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["staff"]
        field.queryset = people
        field.label_from_instance = staff_label

    def clean(self) -> dict[str, Any]:
        """The end is not before the start."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("An absence cannot end before it starts."))
        return data


class NewAbsence(FormPage):
    """First a look at who would take what, then the record."""

    title = _("Record an absence")
    form_class = AbsenceForm
    submit = _("See who takes the work")
    template_name = "console/work/absence_new.html"

    def allowed(self) -> None:
        """Whoever records absences somewhere."""
        require(self.user, policies.MANAGE_ABSENCE)

    def back(self) -> str:
        """To the list."""
        return reverse("console:work:absence")

    def initial(self) -> dict[str, Any]:
        """Today, and the person of the address."""
        today = clock.today()
        return {"starts_on": today, "ends_on": today, "staff": self.request.GET.get("staff")}

    def form_arguments(self) -> dict[str, Any]:
        """Staff who have not left, of the project looked at."""
        people = staff_visible_to(self.user, policies.MANAGE_ABSENCE).filter(left_on__isnull=True)
        return {"people": scope.of(self.request).narrow(people)}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Show the share-out; on the second press record it."""
        if "confirmed" not in self.request.POST:
            share = share_of(data["staff"], data["starts_on"], data["ends_on"])
            form = self.form_class(self.request.POST, **self.form_arguments())
            context = {
                "title": self.title, "form": form, "data": data, "share": share.counts, "left": len(share.left),
                "total": sum(share.counts.values()) + len(share.left), "cancel": self.back(),
            }  # fmt: skip
            return render(self.request, "console/work/absence_look.html", context)
        done = record_absence(by=self.user, **data)
        moved = sum(done.taken.values())
        said = _now("Recorded. %(moved)d tasks went to colleagues, %(left)d back to the team.")
        return self.done(said % {"moved": moved, "left": done.left_open}, to=self.back())


def absence_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One absence, and cancelling it."""
    row: Absence = get_object_or_404(absences_visible_to(user_of(request)), pk=pk)
    label, tone = state_of(row)
    is_open = row.cancelled_at is None and row.ends_on >= clock.today()
    context = {
        "absence": row,
        "label": label,
        "tone": tone,
        "is_open": is_open,
        "back": reverse("console:work:absence"),
    }
    return render(request, "console/work/absence.html", context)


@require_POST
def absence_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody comes after all."""
    row = get_object_or_404(absences_visible_to(user_of(request)), pk=pk)
    cancel_absence(row, by=user_of(request))
    messages.success(request, _now("The absence is cancelled; tasks stay where they went."))
    return redirect("console:work:absence")
