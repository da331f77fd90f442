"""Users: their details, their preferences, leaving and coming back."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org import events, policies
from wuyou.domains.org.choices import Language, Theme
from wuyou.domains.org.models import ApiToken, Node, User
from wuyou.domains.org.queries import chain_of, forget_held
from wuyou.kernel import clock, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action


@action
def change_user(user: User, *, full_name: str, email: str, by: Actor) -> User:
    """Correct a user's name and e-mail."""
    policies.check_manage_user(by, user)
    if not full_name.strip():
        raise Invalid(fields={"full_name": _("A name is needed.")})
    user.full_name, user.email = full_name.strip(), email.strip()
    user.save(update_fields=["full_name", "email"])
    record_user("org.user_changed", user, by=by)
    return user


@action
def change_preferences(user: User, *, language: str, theme: str) -> User:
    """A user's own language and colours; raises Invalid for unknown ones."""
    if language not in Language.values:
        raise Invalid(fields={"language": _("Unknown language.")})
    if theme not in Theme.values:
        raise Invalid(fields={"theme": _("Unknown theme.")})
    user.language, user.theme = language, theme
    user.save(update_fields=["language", "theme"])
    return user


@action
def deactivate_user(user: User, *, by: Actor) -> User:
    """Shut a user out at once, tokens included; what they did stays theirs. Raises Conflict when shut out already."""
    policies.check_manage_user(by, user)
    if isinstance(by, User) and by.pk == user.pk:
        raise Conflict(_("Nobody shuts themselves out."))
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False) != 1:
        raise Conflict(_("This user is shut out already."))
    user.is_active = False
    forget_held(user)
    ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=clock.now())
    record_user("org.user_deactivated", user, by=by)
    events.user_deactivated.send(User, user_id=user.pk)
    return user


@action
def appoint_administrator(user: User, *, by: Actor) -> User:
    """Let a user manage the installation itself; raises Denied, or Conflict when the user does already."""
    policies.require_admin(by)
    if User.objects.filter(pk=user.pk, is_admin=False).update(is_admin=True) != 1:
        raise Conflict(_("This user is an administrator already."))
    user.is_admin = True
    forget_held(user)
    record_user("org.administrator_appointed", user, by=by)
    return user


@action
def reactivate_user(user: User, *, by: Actor) -> User:
    """Let a user back in; tokens stay revoked. Raises Conflict when the user is active."""
    policies.check_manage_user(by, user)
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True) != 1:
        raise Conflict(_("This user is active."))
    user.is_active = True
    forget_held(user)
    record_user("org.user_reactivated", user, by=by)
    return user


def record_user(verb: str, user: User, *, by: Actor, **data: object) -> None:
    """Enter an act on a user in the chain of every root they belong to (of all roots while they hold no role)."""
    paths = {row.node.path[: Node.steplen] for row in user.assignments.select_related("node")}
    roots = Node.objects.get_root_nodes()
    for root in roots.filter(path__in=paths) if paths else roots:
        journal.record(verb, chain=chain_of(root), by=by, subject=("user", user.pk, user.actor_label), data=data)
