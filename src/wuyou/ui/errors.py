"""Errors as pages a person can act on: what is wrong, what to do, a reference for whoever helps (style: Writing)."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from wuyou.kernel.errors import WuyouError

from .context import is_panel

PROBLEM = "application/problem+json"


def title_of(status: int) -> str:
    """The heading of an error page."""
    titles = {
        400: _("This address or form was not understood"),
        403: _("You may not see or do this"),
        404: _("There is no such page, or not for you"),
        409: _("Somebody was faster"),
        413: _("That is too large"),
        415: _("This kind of file is not taken here"),
        422: _("Something in the input is wrong"),
        500: _("Something went wrong on our side"),
    }
    return titles.get(status, titles[400])


def advice_of(status: int) -> str:
    """What the person can do now."""
    advice = {
        403: _("If you need it for your work, ask the person who manages roles in your company."),
        404: _("Check the address, or search for what you need."),
        409: _("Open the page again to see where it stands now, then decide anew. Nothing of yours was changed."),
        500: _("Nothing you entered was saved half-way. Please try again; if it happens again, tell us the reference."),
    }
    return advice.get(status, _("Go back, correct it and try again."))


def reference_of(request: HttpRequest) -> str:
    """The id under which the logs know this request."""
    return str(getattr(request, "reference", ""))


def error_response(request: HttpRequest, error: WuyouError) -> HttpResponse:
    """A kernel error as a page, a panel's content, or a short message for a part of a page."""
    if "HX-Request" in request.headers and not is_panel(request):
        return toast_response(str(error), status=error.status)
    return page(request, status=error.status, message=str(error))


def toast_response(text: str, *, status: int) -> HttpResponse:
    """No content, only a message that pops up."""
    return HttpResponse(status=status, headers={"HX-Trigger": json.dumps({"toast": [{"tone": "bad", "text": text}]})})


def page(request: HttpRequest, *, status: int, message: str = "") -> HttpResponse:
    """The error page, inside the shell for people who are logged in."""
    if request.path.startswith("/api/"):
        return problem(request, status=status, detail=message)
    context = {
        "status": status,
        "title": title_of(status),
        "message": message,
        "advice": advice_of(status),
        "reference": reference_of(request),
    }
    user = getattr(request, "user", None)
    template = "ui/error.html" if user is not None and user.is_authenticated else "ui/error_bare.html"
    return render(request, template, context, status=status)


def problem(request: HttpRequest, *, status: int, detail: str = "") -> JsonResponse:
    """RFC 9457 for whoever speaks to the API."""
    body = {
        "type": "about:blank",
        "title": title_of(status),
        "status": status,
        "detail": detail,
        "reference": reference_of(request),
    }
    return JsonResponse(body, status=status, content_type=PROBLEM)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 400."""
    return page(request, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 403."""
    return page(request, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's 404; the exception's text is for developers and stays out."""
    return page(request, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: without the shell, the session or the database, any of which may be what is broken."""
    if request.path.startswith("/api/"):
        return problem(request, status=500)
    context = {
        "status": 500,
        "title": title_of(500),
        "advice": advice_of(500),
        "reference": reference_of(request),
        "theme": "auto",
    }
    return HttpResponse(render_to_string("ui/error_bare.html", context), status=500)


def csrf_failed(request: HttpRequest, reason: Any = "") -> HttpResponse:
    """The form's secret did not fit: the log-in changed meanwhile, or cookies are off."""
    text = _("This page was open for too long or the log-in has changed. Load it again and repeat the last step.")
    return page(request, status=403, message=text)
