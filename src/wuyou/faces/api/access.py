"""Who is asking: a program with a token, or a person's browser with its session and CSRF token (spec 11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer
from ninja.security.session import SessionAuth

from wuyou.domains.org import rules
from wuyou.domains.org.actions.access import user_of_token
from wuyou.domains.org.models import ApiToken, User
from wuyou.domains.org.queries import has_permission, narrow_to
from wuyou.kernel import clock
from wuyou.kernel.errors import Denied

from .problems import TooMany, Unauthenticated

SEE_SELF, CHANGE_SELF = "org.view_self", "org.manage_self"  # scopes of what is one's own; users need no right for it
OWN = frozenset({SEE_SELF, CHANGE_SELF})
ADMINISTRATION = frozenset({"org.manage_organisation", "org.manage_users", "org.manage_system", "org.view_journal"})


@dataclass(frozen=True, slots=True)
class Needs:
    """What an operation asks of whoever calls it: one of some rights; a person where no token will do."""

    rights: Sequence[str]
    by_person: bool = False


class Token(HttpBearer):
    """`Authorization: Bearer wy_…`: acts for its user within its scopes and never beyond the user's own rights."""

    def __init__(self, needs: Needs) -> None:
        """Guard one operation."""
        super().__init__()
        self.needs = needs

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        """The token's row; the request is its user's from here on. Raises Unauthenticated, TooMany, Denied."""
        row = user_of_token(token)
        if row is None:
            raise Unauthenticated(_("This token is unknown, revoked or expired."))
        count(f"token:{row.pk}")
        narrow_to(row.user, row.scopes)
        request.user = row.user
        if self.needs.by_person:
            raise Denied(_("A person does this in the console, not a token."))
        if not any(rules.scope_allows(row.scopes, code) for code in self.needs.rights):
            wanted = " / ".join(self.needs.rights)
            raise Denied(_("The token's scopes do not allow this: it needs %(scope)s."), scope=wanted)
        admit(row.user, self.needs)
        return row


class Session(SessionAuth):
    """The browser's session; requests that change something carry the CSRF token."""

    def __init__(self, needs: Needs) -> None:
        """Guard one operation."""
        super().__init__()
        self.needs = needs

    def __call__(self, request: HttpRequest) -> User | None:
        """The user who is logged in; None for a stranger. Raises HttpError without the CSRF token, TooMany, Denied."""
        user = request.user
        if not isinstance(user, User):
            return None
        self._get_key(request)
        count(f"user:{user.pk}")
        admit(user, self.needs)
        return user


def gates(rights: Sequence[str], *, by_person: bool = False) -> list[Any]:
    """The ways into an operation. Who may not come in hears so before the request is even read."""
    needs = Needs(tuple(rights), by_person)
    return [Token(needs), Session(needs)]


def count(who: str) -> None:
    """Count a request; raises TooMany beyond the limit of a minute."""
    minute = int(clock.now().timestamp()) // 60
    key = f"api:{who}:{minute}"
    seen = cache.get(key, 0) + 1  # two requests at the same moment may count as one: it is a limit, not a ledger
    cache.set(key, seen, timeout=120)
    if seen > settings.API_PER_MINUTE:
        raise TooMany(_("Wait a minute, then go on."))


def token_of(request: HttpRequest) -> ApiToken | None:
    """The token a request came with."""
    found = getattr(request, "auth", None)
    return found if isinstance(found, ApiToken) else None


def admit(user: User, needs: Needs) -> None:
    """Raise Denied unless the user holds one of the rights somewhere.

    The action itself decides at which project; this only keeps out who has no business here at all.
    """
    if not any(_holds(user, code) for code in needs.rights):
        raise Denied(_("You are not allowed to do this here."))


def _holds(user: User, code: str) -> bool:
    return code in OWN or has_permission(user, code) or (user.is_admin and code in ADMINISTRATION)
