"""What is one's own: who I am, preferences, tokens, saved views."""

from typing import Any

from django.http import HttpRequest

from wuyou.domains.org import actions, queries
from wuyou.domains.org.choices import Language, Theme
from wuyou.domains.org.models import ApiToken, SavedView, User
from wuyou.faces.api.access import CHANGE_SELF, SEE_SELF, token_of
from wuyou.faces.api.operations import Acts, maybe, told
from wuyou.faces.api.questions import ask
from wuyou.faces.api.resources import Filter, Resource
from wuyou.faces.api.shapes import extended, shape
from wuyou.faces.api.values import Bool, Code, Moment, choice, column, listed, text
from wuyou.ui.visitor import user_of

from . import router

RIGHT = told("Right", lambda held: held, path=str, role=str, permissions=list[str]).model


def _rights(user: User) -> list[dict[str, Any]]:
    """The roles in force: path of the node, role, rights (narrowed to the token's scopes)."""
    held = queries.held_by(user)
    return [{"path": one.path, "role": one.role, "permissions": sorted(one.permissions)} for one in held]


ME = extended(
    shape("Self", User, "id username full_name email language theme is_admin"),
    "Me",
    roles=(list[RIGHT], _rights),  # type: ignore[valid-type]
    scopes=(list[str] | None, lambda user: None),
)
TOKENS = Resource(
    "me/tokens",
    shape("Token", ApiToken, "id name prefix scopes made_at expires_at last_used_at revoked_at"),
    queries.tokens_of,
    view=[SEE_SELF],
    sorts={"made_at": "made_at"},
)
VIEWS = Resource(
    "me/views",
    shape("SavedView", SavedView, "id page name query is_shared"),
    queries.saved_views_of,
    view=[SEE_SELF],
    filters={"page_code": Filter(text(80), "page")},
    sorts={"name": "name"},
)


def me(request: HttpRequest, given: Any) -> dict[str, Any]:
    """Who is asking: the user, the rights in force, and the scopes of the token if there is one."""
    token = token_of(request)
    return ME.of(user_of(request)) | {"scopes": list(token.scopes) if token else None}


ask(router, "/me", "me_get", me, ME.model, [SEE_SELF])

TOKENS.expose(router)
on_tokens = Acts(router, TOKENS, [CHANGE_SELF])


def add_token(*, by: User, **given: Any) -> tuple[ApiToken, str]:
    """Make a token of one's own; its text is given once."""
    return actions.create_token(by, by=by, **given)


on_tokens.free(
    "/me/tokens",
    "add",
    add_token,
    {
        "name": column(ApiToken, "name"),
        "scopes": listed(Code | text(1, least=1), 50),
        "expires_at": maybe(Moment | None),
    },
    status=201,
    by_person=True,
    secret=True,
    answer=told(
        "NewToken", lambda made: {"id": made[0].pk, "name": made[0].name, "token": made[1]}, id=int, name=str, token=str
    ),
)
on_tokens.post("revoke", actions.revoke_token)


def change_preferences(*, by: User, **given: Any) -> User:
    """One's own language and colours."""
    return actions.change_preferences(by, **({"language": by.language, "theme": by.theme} | given))


on_tokens.free(
    "/me/preferences", "preferences", change_preferences,
    {"language": maybe(choice(Language)), "theme": maybe(choice(Theme))}, method="PATCH", answer=ME,
)  # fmt: skip

VIEWS.expose(router)
on_views = Acts(router, VIEWS, [CHANGE_SELF])


def keep_view(*, by: User, page: str, name: str, query: str, is_shared: bool = False) -> SavedView:
    """Keep the filters of a list under a name; the same name again replaces them."""
    return actions.save_view(by, page=page, name=name, query=query, is_shared=is_shared)


on_views.add(
    keep_view,
    {"page": text(80, least=1), "name": text(60, least=1), "query": text(2000), "is_shared": maybe(Bool)},
)
on_views.take_out(actions.forget_view)
