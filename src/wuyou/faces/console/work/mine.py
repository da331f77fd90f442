"""The start page: one's own work in the order of time, and the day of the projects one looks after (spec 11)."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from wuyou.domains.org.models import Project, User
from wuyou.domains.org.queries import has_permission, projects_visible_to
from wuyou.domains.quality.queries.appeals import appeals_waiting_for, waiting_stage
from wuyou.domains.quality.queries.finding_waiting import waiting_for
from wuyou.domains.quality.queries.improvement import measures_waiting_for
from wuyou.domains.sheets.queries import items_of
from wuyou.domains.work import policies
from wuyou.domains.work.actions.attaching import attach_to_batch
from wuyou.domains.work.actions.batches import complete_batch
from wuyou.domains.work.choices import PlanState, ProblemState
from wuyou.domains.work.models import Plan, Task
from wuyou.domains.work.queries.day import (
    DayFigures,
    MyDay,
    Together,
    day_figures,
    group_of,
    grouped,
    my_day,
    projects_of_day,
)
from wuyou.domains.work.queries.plan import plans_visible_to
from wuyou.domains.work.queries.tasks import problems_visible_to
from wuyou.domains.work.tables import activity_label
from wuyou.faces.console.leading import address_of
from wuyou.kernel import clock, evidence
from wuyou.kernel.notify import notifications_of
from wuyou.ui import scope
from wuyou.ui.forms import UNPROCESSABLE, field_errors
from wuyou.ui.visitor import user_of

from .forms import TogetherForm
from .looks import PROBLEM_TONES, SEVERITY_TONES, photos_of, proof_look, sheet_name, state_look

MOST_CARDS = 40
SHOWN = ("project", "zone", "place", "asset")  # of each task
FINISHED = (*SHOWN, "project__node", "sheet_version__sheet")  # of tasks that are finished together
TOGETHER = ("late", "now")  # the parts of the day whose work is finished in groups


@dataclass(frozen=True, slots=True)
class Card:
    """One task, or a group finished together, on the start page."""

    title: object
    where: str
    icon: str
    url: str
    first: Task
    count: int = 1


def card_of(task: Task) -> Card:
    """A task as a card."""
    where = " · ".join(str(part) for part in (task.zone, task.place or task.asset) if part)
    return Card(task.title, where, proof_look(task).icon, reverse("console:work:task", args=[task.pk]), task)


def cards_of(group: Together, part: str) -> Card:
    """A group as a card."""
    first = group.first
    url = f"{reverse('console:work:together', args=[group.key])}?part={part}"
    where = str(first.zone) if first.zone else str(first.project)
    return Card(activity_label(first.activity), where, "stack-2", url, first, len(group.tasks))


def cards(tasks: list[Task], part: str) -> list[Card]:
    """Groups and single tasks, the first due first; `part` says of which part of the day."""
    groups, alone = grouped(tasks)
    found = [cards_of(group, part) for group in groups] + [card_of(task) for task in alone]
    return sorted(found, key=lambda card: (card.first.due, card.first.pk))[:MOST_CARDS]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its cards."""

    title: object
    tone: str
    cards: list[Card]
    count: int


def parts_of(day: MyDay) -> list[Part]:
    """The day in parts, the most urgent first; empty ones left out."""
    parts = (
        ("back", _("Sent back"), "bad", day.rejected),
        ("late", _("Late"), "bad", day.late),
        ("now", _("Open now"), "info", day.now),
        ("later", _("Later today"), "muted", day.later),
    )
    return [
        Part(title, tone, cards(rows, part) if part in TOGETHER else [card_of(row) for row in rows], len(rows))
        for part, title, tone, rows in parts
        if rows
    ]


def mine(request: HttpRequest) -> HttpResponse:
    """The start page."""
    user = user_of(request)
    project = scope.of(request).project
    is_staff = getattr(user, "staff", None) is not None
    day = my_day(user, related=SHOWN) if is_staff else None
    context = {
        "title": greeting(),
        "day": day,
        "parts": parts_of(day) if day else [],
        "today": clock.today(),
        "now": clock.now(),
        **glance(user, project),
    }
    return render(request, "console/work/mine.html", context)


def greeting() -> str:
    """By the hour."""
    hour = clock.local(clock.now()).hour
    return _("Good morning") if hour < 11 else _("Good day") if hour < 18 else _("Good evening")


def glance(user: User, project: Project | None) -> dict[str, Any]:
    """The day of the projects the person looks after; nothing for those who look after none."""
    if not has_permission(user, policies.VIEW_TASKS):
        return {"figures": None}
    projects = [one for one in projects_of_day(user) if project is None or one.pk == project.pk]
    by_project = day_figures(projects, clock.today())
    rows = [(one, by_project[one.pk]) for one in projects]
    return {
        "figures": sum((figures for _one, figures in rows), DayFigures()),
        "rows": sorted(rows, key=lambda row: (-row[1].late, row[0].code)) if len(rows) > 1 else [],
    }


def waiting(request: HttpRequest) -> HttpResponse:
    """The part of the start page that comes after it: problems, what waits for one's word, news."""
    user = user_of(request)
    narrow = scope.of(request).narrow
    problems = narrow(problems_visible_to(user).exclude(state=ProblemState.CLOSED))[:6]
    context = {
        "problems": [(one, SEVERITY_TONES[one.severity], PROBLEM_TONES[one.state]) for one in problems],
        "plans": list(narrow(plans_to_approve(user))[:5]),
        "may_review": has_permission(user, policies.REVIEW_TASKS),
        "findings": waiting_for(user),
        "appeals": [(one, waiting_stage(list(one.stages.all()))) for one in appeals_waiting_for(user)[:5]],
        "measures": list(measures_waiting_for(user)[:5]),
        "news": [(one, address_of(one.url)) for one in notifications_of(user.pk).filter(read_at__isnull=True)[:5]],
    }
    return render(request, "console/work/parts/waiting.html", context)


def plans_to_approve(user: User) -> QuerySet[Plan]:
    """Plans in review at projects where the person may publish."""
    in_review = plans_visible_to(user).filter(state=PlanState.REVIEW)
    return in_review.filter(project__in=projects_visible_to(user, policies.PUBLISH_PLAN)).select_related("project")


def part_of(request: HttpRequest) -> str:
    """The part of the day a group is of, as it stands in an address."""
    part = request.GET.get("part", "")
    return f"part={part}" if part in TOGETHER else ""


def work_of(request: HttpRequest) -> list[Task]:
    """The person's open work: what is late, what is open now, or both."""
    day = my_day(user_of(request), related=FINISHED)
    return {"part=late": day.late, "part=now": day.now}.get(part_of(request), day.open_now)


class TogetherPage(View):
    """A stair or a zone: look over the list, one photo, one press."""

    @cached_property
    def user(self) -> User:
        """Who is asking."""
        return user_of(self.request)

    @cached_property
    def group(self) -> Together:
        """What of the group is left to do."""
        return group_of(work_of(self.request), self.kwargs["key"])

    def form(self, *data: Any) -> TogetherForm:
        """The common form, with the sheet's items."""
        version = self.group.first.sheet_version
        return TogetherForm(*data, items=items_of(version) if version else (), initial={"batch": uuid.uuid4()})

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The list and the form."""
        return self.show(self.form(), [task.pk for task in self.group.tasks])

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Attach the photos, finish all that are ticked."""
        ticked = {int(text) for text in request.POST.getlist("task") if text.isdecimal()}
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, ticked, status=UNPROCESSABLE)
        tasks = [task for task in self.group.tasks if task.pk in ticked]
        batch = form.cleaned_data["batch"]
        with field_errors(form) as outcome:
            for upload in form.cleaned_data["photos"] if tasks else ():
                attach_to_batch(tasks, batch=batch, upload=upload, by=self.user)
            finished = complete_batch(
                tasks, by=self.user, note=form.cleaned_data["note"], batch=batch, answers=form.answers()
            )
        if not outcome.ok and outcome.error:
            return self.show(form, ticked, status=outcome.error.status)
        messages.success(request, _("%(count)d tasks finished.") % {"count": len(finished)})
        return redirect("console:work:mine")

    def show(self, form: TogetherForm, ticked: Any, *, status: int = 200) -> HttpResponse:
        """Render the page."""
        first = self.group.first
        batch = form["batch"].value()
        upload_url = reverse("console:work:together-photos", args=[self.group.key, batch])
        context = {
            "title": activity_label(first.activity),
            "first": first,
            "tasks": [(task, task.pk in ticked, state_look(task)) for task in self.group.tasks],
            "form": form,
            "sheet": sheet_name(first.sheet_version),
            "photos": photos_of(evidence.evidence_of("batch", [batch])[str(batch)]),
            "upload_url": f"{upload_url}?{part_of(self.request)}",
            "draft": f"{self.user.pk}:together:{self.group.key}",
        }
        return render(self.request, "console/work/together.html", context, status=status)


def together_photos(request: HttpRequest, key: str, batch: uuid.UUID) -> HttpResponse:
    """Take in photos of a batch as soon as they are shot."""
    user = user_of(request)
    group = group_of(work_of(request), key)
    for upload in request.FILES.getlist("photos"):
        attach_to_batch(group.tasks, batch=batch, upload=upload, by=user)
    context = {"photos": photos_of(evidence.evidence_of("batch", [batch])[str(batch)]), "upload_url": request.path}
    return render(request, "console/work/parts/proof.html", context)
