"""The only writers of the organisation."""

from .access import accept_invitation, create_token, invite_user, revoke_token, send_new_code
from .roles import add_role, change_role, end_assignment, grant_role, load_roles
from .system import cancel_job, retry_job, send_again
from .tree import add_node, add_project, change_node, change_project, close_project, move_node
from .users import appoint_administrator, change_preferences, change_user, deactivate_user, reactivate_user
from .webhooks import add_endpoint, announce, deliver, disable_endpoint
from .workspace import add_comment, forget_view, save_view, withdraw_comment

__all__ = [
    "accept_invitation", "add_comment", "add_endpoint", "add_node", "add_project", "add_role", "announce",
    "appoint_administrator", "cancel_job", "change_node", "change_preferences", "change_project", "change_role",
    "change_user", "close_project", "create_token", "deactivate_user", "deliver", "disable_endpoint",
    "end_assignment", "forget_view", "grant_role", "invite_user", "load_roles", "move_node", "reactivate_user",
    "retry_job", "revoke_token", "save_view", "send_again", "send_new_code", "withdraw_comment",
]  # fmt: skip
