"""Buttons that post: one action, then back with what was done or why not."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from wuyou.kernel.errors import Denied, Missing, WuyouError
from wuyou.ui.addresses import own


def act(request: HttpRequest, what: Callable[[], Any], *, said: object, to: str) -> HttpResponse:
    """Call an action and go to `to`, saying `said` or what stood in the way; Denied and Missing pass through."""
    try:
        what()
    except (Denied, Missing):
        raise
    except WuyouError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(said))
    return redirect(to)


def came_from(request: HttpRequest, default: str) -> str:
    """The page a button was on, if it is ours."""
    given = request.POST.get("back") or request.GET.get("back", "")
    return own(request, given) if given else default
