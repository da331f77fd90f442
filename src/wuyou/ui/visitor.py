"""Who is asking."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import User
from wuyou.kernel.errors import Denied


def user_of(request: HttpRequest) -> User:
    """The user who is logged in; raises Denied for a stranger (the log-in is asked for before, so this is a guard)."""
    if not isinstance(request.user, User):
        raise Denied(_("Please log in first."))
    return request.user
