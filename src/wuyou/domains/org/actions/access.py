"""Ways in: one-time codes for people, tokens for programs (spec 11; no e-mail needed)."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org import policies
from wuyou.domains.org.models import ApiToken, Invitation, Node, Role, User
from wuyou.domains.org.queries import is_all_powerful
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Denied, Invalid, Missing
from wuyou.kernel.transactions import action

from .roles import grant_role
from .users import record_user

CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no letters that look like digits
CODE_LENGTH = 10
CODE_LIFE = dt.timedelta(days=7)
TOKEN_PREFIX = "wy_"  # noqa: S105 - the visible start of every token


def digest_of(secret: str) -> str:
    """What is stored of a code or token; they are random enough to need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


@action
def invite_user(*, username: str, full_name: str, role: Role, node: Node, by: Actor) -> tuple[User, str]:
    """Add a user with a role at a node; gives the user and the one-time code to hand over (or show as QR)."""
    policies.check_grant(by, role, node)
    name = username.strip().lower()
    fields: dict[str, object] = {}
    if not name or not full_name.strip():
        fields = {"username": _("A log-in name and a name are needed.")}
    elif User.objects.filter(username=name).exists():
        fields = {"username": _("This log-in name is in use.")}
    if fields:
        raise Invalid(fields=fields)
    user = User(username=name, full_name=full_name.strip())
    user.set_unusable_password()
    user.save()
    grant_role(user, role=role, node=node, by=by)
    code = _new_code(user, by)
    record_user("org.user_invited", user, by=by)
    return user, code


@action
def send_new_code(user: User, *, by: Actor) -> str:
    """A new one-time code for somebody who lost the password; older codes stop working."""
    policies.check_manage_user(by, user)
    user.invitations.filter(used_at__isnull=True, revoked_at__isnull=True).update(revoked_at=clock.now())
    record_user("org.code_made", user, by=by)
    return _new_code(user, by)


def _new_code(user: User, by: Actor) -> str:
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    made = clock.now()
    Invitation.objects.create(
        user=user, code_digest=digest_of(code), made_by=by.actor_label, made_at=made, expires_at=made + CODE_LIFE
    )
    return code


@action
def accept_invitation(code: str, *, password: str) -> User:
    """Set the first password with a one-time code; Missing: a wrong, used or expired code; Invalid: weak."""
    now = clock.now()
    digest = digest_of(code.strip().upper().replace("-", ""))
    found = Invitation.objects.filter(
        code_digest=digest, used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now, user__is_active=True
    )
    invitation = found.select_related("user").first()
    if invitation is None:
        raise Missing(_("This code is not valid (any more). Ask for a new one."))
    user = invitation.user
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(fields={"password": " ".join(error.messages)}) from error
    if found.update(used_at=now) != 1:
        raise Conflict(_("This code was just used."))
    user.set_password(password)
    user.save(update_fields=["password"])
    record_user("org.invitation_accepted", user, by=user)
    return user


@action
def create_token(
    user: User, *, name: str, scopes: Iterable[str], by: Actor, expires_at: dt.datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a token for a user; its text is given once and only its digest is kept."""
    if getattr(by, "pk", None) != user.pk:
        policies.require_admin(by)
    wanted = sorted(set(scopes))
    if not name.strip() or not wanted:
        raise Invalid(fields={"name": _("A token needs a name and at least one scope.")})
    if expires_at is not None and expires_at <= clock.now():
        raise Invalid(fields={"expires_at": _("A token cannot expire in the past.")})
    text = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user, name=name.strip(), prefix=text[:8], digest=digest_of(text), scopes=wanted, made_at=clock.now(),
        expires_at=expires_at,
    )  # fmt: skip
    record_user("org.token_made", user, by=by, name=token.name, scopes=wanted)
    return token, text


TOKEN_SEEN_EVERY = dt.timedelta(minutes=10)


def user_of_token(text: str) -> ApiToken | None:
    """The usable token of that text with its user, None for an unknown, revoked or expired one, or a user shut out.

    That it was used is noted at most every ten minutes: a request that only reads should write nothing.
    """
    now = clock.now()
    token = (
        ApiToken.objects.filter(digest=digest_of(text), revoked_at__isnull=True, user__is_active=True)
        .select_related("user")
        .first()
    )
    if token is None or (token.expires_at is not None and token.expires_at <= now):
        return None
    if token.last_used_at is None or now - token.last_used_at >= TOKEN_SEEN_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        token.last_used_at = now
    return token


@action
def revoke_token(token: ApiToken, *, by: Actor) -> None:
    """Stop a token; raises Denied for somebody else's, Conflict when it is revoked already."""
    if getattr(by, "pk", None) != token.user_id and not is_all_powerful(by):
        raise Denied(_("This is somebody else's token."))
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=clock.now()) != 1:
        raise Conflict(_("This token is revoked already."))
    record_user("org.token_revoked", token.user, by=by, name=token.name)
