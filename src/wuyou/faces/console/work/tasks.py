"""The list of tasks with its filters and what is done with many at once (spec 11: every list)."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wuyou.domains.org.queries import has_permission
from wuyou.domains.registry.queries import staff_visible_to, teams_visible_to, zones_visible_to
from wuyou.domains.standards.queries import clauses_visible_to
from wuyou.domains.work import policies
from wuyou.domains.work.actions.handing import hand_over, withdraw_tasks
from wuyou.domains.work.choices import Review, SkipReason, TaskState
from wuyou.domains.work.models import Task
from wuyou.domains.work.queries.day import is_timed, takers_of
from wuyou.domains.work.queries.tasks import due_on, proving, tasks_for_list, with_words
from wuyou.domains.work.tables import activities, activity_label
from wuyou.kernel import clock
from wuyou.ui import scope
from wuyou.ui.lists import BulkAction, Column, ListPage, Preset, cells
from wuyou.ui.lists.filters import DateRangeFilter, ManyFilter
from wuyou.ui.pages import Button, Empty
from wuyou.ui.visitor import user_of

from .forms import HandOverForm, ReasonForm
from .looks import PROOFS, TIMINGS, state_look

WHEN = (
    ("today", _("Due today")),
    ("tomorrow", _("Due tomorrow")),
    ("week", _("The next seven days")),
    ("all", _("Any day")),
)
NOBODY = "nobody"


def activity_choices() -> list[tuple[str, object]]:
    """Every activity in the language active now."""
    return [(code, row.label) for code, row in activities().items()]


def staff_choices(request: HttpRequest) -> list[tuple[str, object]]:
    """Nobody, and the staff of the projects one may see."""
    rows = scope.of(request).narrow(staff_visible_to(user_of(request))).filter(left_on__isnull=True)
    return [(NOBODY, _("Nobody yet")), *((str(row.pk), f"{row.name} · {row.team.name}") for row in rows[:500])]


def named(rows: Any) -> list[tuple[str, object]]:
    """Rows as choices."""
    return [(str(row.pk), str(row)) for row in rows[:300]]


class TaskFilter(django_filters.FilterSet):
    """What tasks may be looked for by."""

    when = django_filters.ChoiceFilter(label=_("When"), choices=WHEN, method="by_when", empty_label=None)
    day = DateRangeFilter(label=_("Due on"), method="by_day")
    timing = django_filters.ChoiceFilter(
        label=_("How it stands"),
        choices=[(str(code), look.label) for code, look in TIMINGS.items()],
        method="by_timing",
    )
    state = ManyFilter(label=_("State"), choices=TaskState.choices)
    activity = django_filters.ChoiceFilter(label=_("Activity"), choices=activity_choices)
    zone = django_filters.ChoiceFilter(label=_("Zone"), field_name="zone_id", choices=[])
    team = django_filters.ChoiceFilter(label=_("Team"), field_name="team_id", choices=[])
    person = django_filters.ChoiceFilter(label=_("Person"), choices=[], method="by_person")
    clause = django_filters.ModelChoiceFilter(
        label=_("Clause"), queryset=lambda request: clauses_visible_to(user_of(request)), method="by_clause",
        widget=forms.HiddenInput,
    )  # fmt: skip
    led = django_filters.NumberFilter(field_name="clause_id", widget=forms.HiddenInput)  # only what it leads
    review = django_filters.ChoiceFilter(
        label=_("Review"), choices=[("none", _("Not reviewed")), *Review.choices[1:]], method="by_review"
    )
    skip_reason = django_filters.ChoiceFilter(label=_("Why not possible"), choices=SkipReason.choices)
    place = django_filters.NumberFilter(field_name="place_id", widget=forms.HiddenInput)
    asset = django_filters.NumberFilter(field_name="asset_id", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Choices of the project looked at."""
        super().__init__(*args, **kwargs)
        request, user = self.request, user_of(self.request)
        narrow = scope.of(request).narrow
        self.filters["zone"].extra["choices"] = named(narrow(zones_visible_to(user)))
        self.filters["team"].extra["choices"] = named(narrow(teams_visible_to(user)))
        self.filters["person"].extra["choices"] = staff_choices(request)

    def by_when(self, rows: QuerySet[Task], _name: str, value: str) -> QuerySet[Task]:
        """Tasks due on some days counted from today."""
        today = clock.today()
        spans = {"today": (0, 0), "tomorrow": (1, 1), "week": (0, 6)}
        if value not in spans:
            return rows
        first, last = (today + dt.timedelta(days=number) for number in spans[value])
        return due_on(rows, first, last)

    def by_day(self, rows: QuerySet[Task], _name: str, value: slice) -> QuerySet[Task]:
        """Tasks due from one day to another."""
        first, last = (part.date() if part else None for part in (value.start, value.stop))
        return due_on(rows, first, last)

    def by_timing(self, rows: QuerySet[Task], _name: str, value: str) -> QuerySet[Task]:
        """Tasks that stand so at this moment."""
        return rows.filter(is_timed(value, clock.now()))

    def by_person(self, rows: QuerySet[Task], _name: str, value: str) -> QuerySet[Task]:
        """Of one person, or of nobody yet."""
        return rows.filter(assignee__isnull=True) if value == NOBODY else rows.filter(assignee_id=int(value))

    def by_clause(self, rows: QuerySet[Task], _name: str, value: Any) -> QuerySet[Task]:
        """Tasks that prove a clause, leading or covered."""
        return proving(rows, value)

    def by_review(self, rows: QuerySet[Task], _name: str, value: str) -> QuerySet[Task]:
        """By what the supervisor said."""
        return rows.filter(review=Review.NONE if value == "none" else value)


def task_url(row: Task) -> str:
    """A task's page."""
    return reverse("console:work:task", args=[row.pk])


def state_cell(row: Task, _value: object) -> Any:
    """The state as a badge."""
    look = state_look(row)
    return cells.badge(look.label, look.tone)


def due_cell(row: Task, value: Any) -> Any:
    """When it is due: red once that has passed and nothing was done."""
    return cells.due(value) if row.state in {TaskState.OPEN, TaskState.CLAIMED} else cells.moment(value)


COLUMNS = (
    Column("title", _("What"), lambda t: t.title, link=task_url, sort="title", always=True),
    Column("state", _("State"), lambda t: str(state_look(t).label), cell=state_cell, sort="state"),
    Column("due", _("Due"), lambda t: t.due, cell=due_cell, sort="due"),
    Column("opens", _("Opens"), lambda t: t.opens, cell=cells.moment, sort="opens", shown=False, phone=False),
    Column("zone", _("Zone"), lambda t: str(t.zone or ""), sort="zone__name", needs="zone"),
    Column("place", _("Place or device"), lambda t: str(t.place or t.asset or ""), shown=False,
           needs=("place", "asset")),
    Column("team", _("Team"), lambda t: str(t.team or ""), sort="team__name", shown=False, needs="team"),
    Column("person", _("Person"), lambda t: t.assignee.name if t.assignee else "", sort="assignee__name",
           needs="assignee"),
    Column("activity", _("Activity"), lambda t: activity_label(t.activity), sort="activity", shown=False),
    Column("clause", _("Clause"), lambda t: t.clause.code if t.clause else "", shown=False, phone=False,
           needs="clause"),
    Column("proof", _("Proof"), lambda t: str(PROOFS.get(t.evidence, PROOFS[""]).label), shown=False, phone=False),
    Column("done_at", _("Done at"), lambda t: t.done_at, cell=cells.moment, sort="done_at", phone=False),
    Column("photos", _("Photos"), lambda t: t.evidence_count, sort="evidence_count", numeric=True, shown=False),
    Column("review", _("Review"), lambda t: t.get_review_display() if t.review else "", shown=False),
    Column("minutes", _("Minutes"), lambda t: t.minutes, sort="minutes", numeric=True, shown=False, phone=False),
    Column("project", _("Project"), lambda t: t.project.name, sort="project__name", shown=False, needs="project"),
)  # fmt: skip


def hand_over_many(page: Any, rows: list[Task], data: dict[str, Any]) -> str:
    """Hand the ticked tasks over."""
    moved = hand_over(rows, to=data["to"], by=page.user, reason=data["reason"])
    return ngettext("%(count)d task went to %(name)s.", "%(count)d tasks went to %(name)s.", moved) % {
        "count": moved, "name": data["to"].name,
    }  # fmt: skip


def withdraw_many(page: Any, rows: list[Task], data: dict[str, Any]) -> str:
    """Withdraw the ticked tasks."""
    gone = withdraw_tasks(rows, by=page.user, reason=data["reason"])
    return ngettext("%(count)d task was withdrawn.", "%(count)d tasks were withdrawn.", gone) % {"count": gone}


class TaskList(ListPage):
    """Tasks, today's first."""

    code = "work.tasks"
    title = _("Tasks")
    icon = "checklist"
    columns = COLUMNS
    filters = TaskFilter
    default_sort = "due"
    search_label = _("Search what and where")
    presets = (
        Preset("today", _("Due today"), "when=today"),
        Preset("late", _("Late"), "timing=late"),
        Preset("back", _("Sent back"), "state=rejected"),
        Preset("nobody", _("Nobody yet"), "when=today&person=nobody&state=open"),
        Preset("week", _("Seven days"), "when=week"),
        Preset("all", _("All"), "when=all"),
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Today's tasks unless something else is asked for: nobody wants the oldest of a million first."""
        if not set(request.GET) - {"project"}:
            return redirect(f"{request.path}?when=today")
        return super().get(request, *args, **kwargs)

    def rows(self) -> QuerySet[Task]:
        """What the person may see of the project looked at."""
        rows = scope.of(self.request).narrow(tasks_for_list(self.user))
        related = ["project__node"] if self.request.method == "POST" else self.needed  # acts ask who may where
        return rows.select_related(None).select_related(*related) if related else rows.select_related(None)

    def search(self, rows: QuerySet[Task], text: str) -> QuerySet[Task]:
        """By what and by the place's code."""
        return with_words(rows, text)

    def bulk_for(self) -> list[BulkAction]:
        """Handing over and withdrawing, for those who assign work."""
        if not has_permission(self.user, policies.ASSIGN_TASKS):
            return []
        return [
            BulkAction("hand_over", _("Hand over"), hand_over_many, icon="user-share", form=to_whom(self)),
            BulkAction("withdraw", _("Withdraw"), withdraw_many, icon="trash", tone="danger", form=ReasonForm),
        ]

    def header_actions(self) -> list[Button]:
        """To the board."""
        return [Button(_("Team board"), reverse("console:work:board"), icon="layout-board")]

    def empty(self) -> Empty:
        """Tasks come from a plan."""
        return Empty(
            _now("No tasks here"), _now("Tasks are made from the plan in force, day by day."),
            [Button(_now("Any day"), "?when=all", icon="calendar")], icon="checklist",
        )  # fmt: skip


def to_whom(page: TaskList) -> type[forms.Form]:
    """The hand-over form with the people present at the project of the ticked tasks, looked up when it is shown."""

    class ToWhom(HandOverForm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            first = next(iter(page.picked()), None)
            people = takers_of(first.project, first.team_id) if first else staff_visible_to(page.user)
            super().__init__(*args, staff=people, **kwargs)

    return ToWhom
