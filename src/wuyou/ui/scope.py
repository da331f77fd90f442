"""The project a person is looking at: one of theirs, or all of them (kept in the session, switched in the top bar)."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest

from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import projects_visible_to

KEY = "project"
ALL = "all"

Rows = TypeVar("Rows", bound="QuerySet[Any]")


@dataclass(frozen=True, slots=True)
class Scope:
    """One project, or None for all that are visible."""

    project: Project | None

    def narrow(self, rows: Rows, field: str = "project") -> Rows:
        """The rows of the chosen project; all given rows when none is chosen."""
        return rows.filter(**{field: self.project}) if self.project else rows


def of(request: HttpRequest) -> Scope:
    """The request's scope, found once; `?project=CODE` chooses, `?project=all` opens up again."""
    found = getattr(request, "_scope", None)
    if found is None:
        found = _find(request)
        request._scope = found  # type: ignore[attr-defined]
    return found


def _find(request: HttpRequest) -> Scope:
    asked = request.GET.get(KEY, "")
    if asked:
        return choose(request, asked)
    kept = request.session.get(KEY)
    return Scope(visible(request).filter(pk=kept).first() if kept else None)


def choose(request: HttpRequest, code: str) -> Scope:
    """Switch to the project of that code, if it is visible; anything else means all."""
    project = None if code == ALL else visible(request).filter(code=code).first()
    request.session[KEY] = project.pk if project else None
    return Scope(project)


def visible(request: HttpRequest) -> "QuerySet[Project]":
    """The projects the person may switch to; none before log-in."""
    return projects_visible_to(request.user) if request.user.is_authenticated else Project.objects.none()
