"""Codes that are shown once: as text and as a QR code to scan."""

import re
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from wuyou.domains.org.models import User
from wuyou.domains.registry.labels import qr_of


def join_address(code: str) -> str:
    """The address a phone opens to set the password."""
    return f"{settings.BASE_URL}{reverse('console:join')}?{urlencode({'code': code})}"


def scalable(svg: str) -> str:
    """The picture without a size of its own, to be as large as the page says."""
    return re.sub(r'width="(\d+)" height="(\d+)"', r'viewBox="0 0 \1 \2"', svg, count=1)


def show_code(request: HttpRequest, user: User, code: str, *, back: str) -> HttpResponse:
    """The one-time code of somebody invited: not kept anywhere, so it is on this answer only."""
    address = join_address(code)
    context = {
        "invited": user,
        "code": f"{code[:5]}-{code[5:]}",
        "qr": scalable(qr_of(address)),
        "address": f"{settings.BASE_URL}{reverse('console:join')}",
        "back": back,
    }
    response = render(request, "console/org/code.html", context)
    response["Cache-Control"] = "no-store"
    return response
