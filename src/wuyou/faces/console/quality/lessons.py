"""What was learnt, to be found again (spec 05: lessons in the knowledge base)."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from wuyou.domains.org.policies import may, require
from wuyou.domains.org.queries import has_permission
from wuyou.domains.quality.actions.improvement import change_lesson, write_lesson
from wuyou.domains.quality.models import Lesson
from wuyou.domains.quality.policies import improvement as policies
from wuyou.domains.quality.policies.rights import MANAGE_IMPROVEMENT
from wuyou.domains.quality.queries.improvement import improvements_visible_to, lessons_visible_to, nodes_to_improve
from wuyou.faces.console.offering import offer
from wuyou.kernel.errors import Denied
from wuyou.ui.forms import FormPage
from wuyou.ui.lists import Button, Column, Empty, ListPage, cells
from wuyou.ui.visitor import user_of

from .improvement_forms import OfImprovement
from .improvement_looks import improvement_url


def lesson_url(row: Lesson) -> str:
    """A lesson's page."""
    return reverse("console:quality:lesson", args=[row.pk])


class LessonList(ListPage):
    """Lessons, the newest first."""

    code = "quality.lessons"
    title = _("Lessons")
    sub = _("What was learnt anywhere in the company.")
    icon = "book"
    search_label = _("Search title, text or keywords")
    columns = (
        Column("title", _("Lesson"), lambda one: one.title, link=lesson_url, sort="title", always=True,
               cell=lambda one, value: cells.two_lines(value, one.keywords)),
        Column("where", _("Where"), lambda one: one.node.name, sort="node__name"),
        Column("from", _("From"), lambda one: one.improvement.number if one.improvement else "", shown=False),
        Column("by", _("Written by"), lambda one: str(one.made_by)),
        Column("at", _("When"), lambda one: one.made_at, cell=cells.moment, sort="made_at"),
    )  # fmt: skip

    def rows(self) -> QuerySet[Lesson]:
        """Lessons of the company."""
        return lessons_visible_to(self.user)

    def search(self, rows: QuerySet[Lesson], text: str) -> QuerySet[Lesson]:
        """By every word: each has to stand somewhere in title, text or keywords."""
        for word in text.split():
            rows = rows.filter(Q(title__icontains=word) | Q(text__icontains=word) | Q(keywords__icontains=word))
        return rows

    def header_actions(self) -> list[Button]:
        """Write one."""
        if not has_permission(self.user, MANAGE_IMPROVEMENT):
            return []
        url = reverse("console:quality:lesson_new")
        return [Button(_("Write a lesson"), url, icon="plus", tone="primary", drawer=True)]

    def empty(self) -> Empty:
        """Where they come from."""
        text = _now("An improvement project is closed with what was learnt; lessons can be written without one too.")
        return Empty(_now("No lessons yet"), text, self.header_actions(), icon="book")


def lesson_of(request: HttpRequest, pk: int) -> Lesson:
    """A visible lesson, or 404."""
    found: Lesson = get_object_or_404(lessons_visible_to(user_of(request)), pk=pk)
    return found


@require_GET
def lesson_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One lesson."""
    lesson, user = lesson_of(request, pk), user_of(request)
    origin = lesson.improvement
    sees_origin = origin is not None and improvements_visible_to(user).filter(pk=origin.pk).exists()
    context = {
        "lesson": lesson,
        "origin": origin,
        "origin_url": improvement_url(origin) if origin is not None and sees_origin else "",
        "may_change": may(policies.check_learn, user, lesson.node),
        "back": reverse("console:quality:lessons"),
    }
    return render(request, "console/quality/lesson.html", context)


class LessonForm(forms.Form):
    """What was learnt."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(label=_("What was learnt?"), widget=forms.Textarea, max_length=3000)
    keywords = forms.CharField(label=_("Keywords"), max_length=200, required=False)


class LessonAtForm(LessonForm):
    """What was learnt, and where."""

    node: Any = forms.ModelChoiceField(label=_("Where"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, nodes: QuerySet[Any], **kwargs: Any) -> None:
        """Offer the nodes where the person runs projects."""
        super().__init__(*args, **kwargs)
        offer(self, node=nodes)


class NewLesson(FormPage):
    """Write a lesson without a project."""

    title = _("Write a lesson")
    form_class = LessonAtForm
    draft = "quality.lesson.new"

    def allowed(self) -> None:
        """Whoever runs improvement projects somewhere."""
        require(self.user, MANAGE_IMPROVEMENT)

    def form_arguments(self) -> dict[str, Any]:
        """Where."""
        return {"nodes": nodes_to_improve(self.user)}

    def back(self) -> str:
        """To the list."""
        return reverse("console:quality:lessons")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Write it."""
        lesson = write_lesson(by=self.user, **data)
        return self.done(_now("The lesson is written down."), to=lesson_url(lesson))


class LessonOf(OfImprovement):
    """Write down what a project taught."""

    title = _("Write a lesson")
    form_class = LessonForm

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Write it."""
        row = self.improvement()
        write_lesson(node=row.node, improvement=row, by=self.user, **data)
        return self.done(_now("The lesson is written down."), to=improvement_url(row))


class ChangeLesson(FormPage):
    """Say it better."""

    title = _("Change the lesson")
    form_class = LessonForm

    def allowed(self) -> None:
        """Whoever runs improvement projects there."""
        if not may(policies.check_learn, self.user, self.lesson().node):
            raise Denied(_("You are not allowed to do this here."))

    def lesson(self) -> Lesson:
        """The lesson of the address, or 404."""
        return lesson_of(self.request, self.kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        """What it says now."""
        lesson = self.lesson()
        return {"title": lesson.title, "text": lesson.text, "keywords": lesson.keywords}

    def back(self) -> str:
        """To its page."""
        return reverse("console:quality:lesson", args=[self.kwargs["pk"]])

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change it."""
        lesson = change_lesson(self.lesson(), by=self.user, **data)
        return self.done(_now("The lesson is changed."), to=lesson_url(lesson))
