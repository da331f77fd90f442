"""Photos and documents that prove something: the small copy, the copy to look at, and with a reason the original."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.work import policies
from wuyou.domains.work.actions.spotting import open_original
from wuyou.domains.work.queries.day import proof_visible_to
from wuyou.kernel import evidence
from wuyou.kernel.errors import Missing
from wuyou.kernel.evidence.models import Evidence
from wuyou.ui.forms import FormPage
from wuyou.ui.visitor import user_of

from .forms import OriginalForm

A_DAY = 24 * 3600
INLINE = ("image/", "audio/", "video/")


def answer(file: Any, content_type: str, *, name: str, is_shown: bool) -> HttpResponse:
    """A file of at most 20 MB as it is; shown in the page or downloaded under a name."""
    with file:
        response = HttpResponse(file.read(), content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=not is_shown, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


def served(file: Any, content_type: str, *, name: str) -> HttpResponse:
    """A copy that never changes, for this person alone; what is no picture is downloaded, never run."""
    response = answer(file, content_type, name=name, is_shown=content_type.startswith(INLINE))
    response["Cache-Control"] = f"private, max-age={A_DAY}, immutable"
    return response


def small_copy(row: Evidence) -> HttpResponse:
    """The thumbnail; raises Missing for what is no picture."""
    file = evidence.thumbnail_file(row)
    if file is None:
        raise Missing(_("This is no picture."))
    return served(file, "image/jpeg", name=f"{row.pk}-small.jpg")


def copy(row: Evidence) -> HttpResponse:
    """The copy to look at: without metadata, with its watermark; documents as they came."""
    kind = "image/jpeg" if row.thumbnail_path else row.content_type
    return served(evidence.served_file(row), kind, name=row.served_path.rsplit("/", 1)[-1])


@require_GET
def thumb(request: HttpRequest, pk: int) -> HttpResponse:
    """The thumbnail of a task's or problem's photo."""
    return small_copy(proof_visible_to(user_of(request), pk))


@require_GET
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A task's or problem's photo or document."""
    return copy(proof_visible_to(user_of(request), pk))


class Original(FormPage):
    """The file as it came, for reviewers who say why; the journal keeps who, what and why."""

    title = _("Original file")
    form_class = OriginalForm
    submit = _("Download the original")
    intro = _("The original shows where and when the photo was taken. Your reason is recorded in the journal.")

    def allowed(self) -> None:
        """Whoever reviews somewhere; where exactly is asked again by the action."""
        require(self.user, policies.REVIEW_TASKS)
        proof_visible_to(self.user, self.kwargs["pk"])

    def back(self) -> str:
        """To the copy."""
        return reverse("console:work:photo", args=[self.kwargs["pk"]])

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Hand it out."""
        row = proof_visible_to(self.user, self.kwargs["pk"])
        project = get_object_or_404(projects_visible_to(self.user), pk=row.project_id)
        file = open_original(row, project=project, by=self.user, reason=data["reason"])
        name = row.original_path.rsplit("/", 1)[-1]
        return answer(file, row.content_type, name=name, is_shown=False)
