"""What every page's template knows: the layout to extend and, when it is the full shell, what the shell shows."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from wuyou.domains.org.choices import Theme
from wuyou.kernel import notify

from . import navigation, scope, wording

SHELL = "ui/shell.html"
FRAGMENT = "ui/fragment.html"
THEME_COOKIE = "theme"
PANELS = {"drawer-body", "modal-body"}


def is_panel(request: HttpRequest) -> bool:
    """Whether the page was asked for by a drawer or a dialog."""
    return request.headers.get("HX-Target") in PANELS


def theme_of(request: HttpRequest) -> str:
    """light, dark or auto: the cookie, else what the user keeps."""
    chosen = request.COOKIES.get(THEME_COOKIE) or getattr(request.user, "theme", "") if hasattr(request, "user") else ""
    return chosen if chosen in Theme.values else Theme.AUTO.value


def unread_of(request: HttpRequest) -> int:
    """How many notifications wait for the person."""
    return notify.unread_count(request.user.pk) if request.user.pk else 0


def words() -> dict[str, str]:
    """What scripts say, in the language of the page."""
    return {
        "left": str(wording.LEFT) % {"duration": "{d}"},
        "late": str(wording.OVER) % {"duration": "{d}"},
        "day": _("%(count)d days") % {"count": 0},
        "hour": _("%(count)d h") % {"count": 0},
        "minute": _("%(count)d min") % {"count": 0},
        "restored": _("Text typed earlier was put back."),
        "discard": _("Discard it"),
        "failed": _("The server could not be reached. Nothing was changed; please try again."),
        "sure": _("Are you sure?"),
        "passkey": _("The passkey was not used: it was cancelled, or this device has none for this site."),
    }


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context: `layout`, `theme`, and the shell's parts, computed only when the template asks."""
    lazily: Callable[[Callable[[], Any]], Any] = SimpleLazyObject
    menu = lazily(lambda: navigation.for_request(request))
    return {
        "layout": FRAGMENT if is_panel(request) else SHELL,
        "theme": theme_of(request),
        "menu": menu,
        "bottom": lazily(lambda: navigation.bottom_of(menu)),
        "scope": lazily(lambda: scope.of(request)),
        "unread": lazily(lambda: unread_of(request)),
        "words": words,
        "email_configured": settings.EMAIL_CONFIGURED,
    }
