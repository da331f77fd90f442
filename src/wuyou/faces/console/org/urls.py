"""Addresses of organisation, users, roles and of my account."""

from django.urls import URLPattern, path

from . import account, roles, tree, users

app_name = "org"
urlpatterns: list[URLPattern] = [
    path("", tree.tree, name="tree"),
    path("nodes/<int:pk>/add/", tree.AddNode.as_view(), name="node_add"),
    path("nodes/<int:pk>/rename/", tree.RenameNode.as_view(), name="node_rename"),
    path("nodes/<int:pk>/move/", tree.MoveNode.as_view(), name="node_move"),
    path("projects/<int:pk>/", tree.ProjectPage.as_view(), name="project"),
    path("projects/<int:pk>/close/", tree.CloseProject.as_view(), name="project_close"),
    path("users/", users.UserList.as_view(), name="users"),
    path("users/invite/", users.Invite.as_view(), name="invite"),
    path("users/<int:pk>/", users.user_page, name="user"),
    path("users/<int:pk>/change/", users.ChangeUser.as_view(), name="user_change"),
    path("users/<int:pk>/grant/", users.GrantRole.as_view(), name="grant"),
    path("users/<int:pk>/step/<slug:name>/", users.user_step, name="user_step"),
    path("users/<int:pk>/step/<slug:name>/<int:row>/", users.user_step, name="user_row_step"),
    path("roles/", roles.roles, name="roles"),
    path("roles/new/", roles.NewRole.as_view(), name="role_new"),
    path("roles/<int:pk>/", roles.role_page, name="role"),
    path("roles/<int:pk>/change/", roles.ChangeRole.as_view(), name="role_change"),
    path("account/", account.account, name="account"),
    path("account/notices/", account.Notices.as_view(), name="notices"),
    path("account/tokens/", account.tokens, name="tokens"),
    path("account/tokens/new/", account.NewToken.as_view(), name="token_new"),
    path("account/tokens/<int:pk>/stop/", account.stop_token, name="token_stop"),
]
