"""Organisation, users, roles, access codes, what people keep for themselves, webhooks."""

from .access import ApiToken, Invitation
from .people import Assignment, Node, Project, Role, User
from .webhooks import WebhookDelivery, WebhookEndpoint
from .workspace import Comment, SavedView

__all__ = [
    "ApiToken", "Assignment", "Comment", "Invitation", "Node", "Project", "Role", "SavedView", "User",
    "WebhookDelivery", "WebhookEndpoint",
]  # fmt: skip
