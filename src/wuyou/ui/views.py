"""What the shell itself needs: palette, project switcher, language and colours, the gallery of components."""

import functools
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org.actions import change_preferences
from wuyou.domains.org.choices import Language, Theme
from wuyou.kernel.errors import Invalid

from . import palette, scope
from .addresses import own
from .context import THEME_COOKIE, theme_of
from .gallery import examples

View = Callable[[HttpRequest], HttpResponse]

YEAR = 365 * 24 * 3600
MOST_PROJECTS = 200


def came_from(request: HttpRequest) -> str:
    """The page a small form was on, if it is ours, else the start page."""
    return own(request, request.POST.get("next") or request.headers.get("Referer", "/"))


@require_GET
def palette_hits(request: HttpRequest) -> HttpResponse:
    """What fits the text typed into the palette; a page of its own without scripts."""
    text = request.GET.get("q", "")[:80]
    context = {"text": text, "groups": palette.hits(request, text)}
    is_partial = request.headers.get("HX-Target") == "palette-list"
    return render(request, "ui/palette_hits.html" if is_partial else "ui/palette_page.html", context)


@require_GET
def projects(request: HttpRequest) -> HttpResponse:
    """The projects to switch to."""
    context = {"projects": scope.visible(request)[:MOST_PROJECTS], "next": request.GET.get("next", "/")}
    is_partial = request.headers.get("HX-Target") == "project-list"
    return render(request, "ui/projects.html" if is_partial else "ui/projects_page.html", context)


@require_POST
def switch_project(request: HttpRequest) -> HttpResponse:
    """Look at another project, or at all of them."""
    scope.choose(request, request.POST.get("project", scope.ALL))
    parts = urlsplit(came_from(request))
    return redirect(parts.path)


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Language and colours, in cookies and, for somebody logged in, with the user. Raises Invalid for unknown ones."""
    language = request.POST.get("language") or get_language() or settings.LANGUAGE_CODE
    theme = request.POST.get("theme") or theme_of(request)
    if language not in Language.values or theme not in Theme.values:
        raise Invalid(fields={"language": gettext("Unknown language or colours.")})
    if request.user.is_authenticated:
        change_preferences(request.user, language=language, theme=theme)
    response = HttpResponse(status=204) if request.headers.get("HX-Request") else redirect(came_from(request))
    for name, value in ((settings.LANGUAGE_COOKIE_NAME, language), (THEME_COOKIE, theme)):
        response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


def only_debugging(view: View) -> View:
    """The gallery is for those who build pages: 404 elsewhere."""

    @functools.wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        return view(request)

    return inner


@require_GET
@only_debugging
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component on one page."""
    return render(request, "ui/gallery.html", examples(request))
