"""How answers leave the house: kernel errors as pages, redirects and messages in the form htmx understands."""

import json
from collections.abc import Callable
from urllib.parse import urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.cache import patch_vary_headers

from wuyou.kernel import clock
from wuyou.kernel.errors import WuyouError
from wuyou.ui.errors import error_response

SEEN, SEEN_EVERY = "seen", 600  # seconds
REDIRECTS = {301, 302, 303, 307, 308}
TONES = {"error": "bad", "warning": "warn", "success": "ok"}
PERMISSIONS_POLICY = "camera=(self), geolocation=(self), microphone=(self), payment=(), usb=(), browsing-topics=()"


class Answers:
    """The innermost middleware: everything a view gives back passes here first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the view."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the person's language."""
        speak(request)
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if "HX-Request" not in request.headers:
            return response
        patch_vary_headers(response, ["HX-Request"])
        return lead_on(request, response) if response.status_code in REDIRECTS else with_toasts(request, response)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A kernel error is an answer, not an accident."""
        return error_response(request, exception) if isinstance(exception, WuyouError) else None


class Seen:
    """Notes which devices a person uses, at most every ten minutes: a page that only reads should write nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note, then answer."""
        now = int(clock.now().timestamp())
        if request.user.is_authenticated and now - request.session.get(SEEN, 0) >= SEEN_EVERY:
            request.session[SEEN] = now
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


def speak(request: HttpRequest) -> None:
    """The language kept with the user, unless this browser was told another one."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or not request.user.is_authenticated:
        return
    translation.activate(request.user.language)
    request.LANGUAGE_CODE = translation.get_language()


def lead_on(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A redirect moves the whole page, never a part of it; log-in leads back to the page, not the part."""
    target = response["Location"]
    if urlsplit(target).path == resolve_url(settings.LOGIN_URL):
        target = f"{resolve_url(settings.LOGIN_URL)}?next={urlsplit(request.headers.get('HX-Current-URL', '/')).path}"
    moved = HttpResponse(status=204, headers={"HX-Redirect": target})
    moved.cookies = response.cookies
    return moved


def with_toasts(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Messages that the answer itself did not show travel in a header."""
    waiting = get_messages(request)
    if getattr(waiting, "used", False) or "HX-Redirect" in response or not len(waiting):
        return response
    toasts = [{"tone": TONES.get(message.level_tag, "info"), "text": str(message)} for message in waiting]
    triggers = json.loads(response.get("HX-Trigger", "{}"))
    response["HX-Trigger"] = json.dumps(triggers | {"toast": toasts})
    return response
