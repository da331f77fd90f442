"""Acts on the organisation: each exit once."""

import datetime as dt
import json

import pytest
from factories.org import AssignmentFactory, NodeFactory, ProjectFactory, RoleFactory, UserFactory, user_with

from wuyou.domains.org import actions
from wuyou.domains.org.models import Assignment, Comment, Invitation, Node, Role, SavedView, User
from wuyou.domains.org.permissions import all_permissions
from wuyou.domains.org.queries import comments_on, has_permission, saved_views_for
from wuyou.domains.org.roles import STANDARD_ROLES
from wuyou.kernel import clock
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Conflict, Denied, Invalid, Missing
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db
SETUP = System("set-up")


def verbs():
    return list(Entry.objects.order_by("id").values_list("verb", flat=True))


@pytest.fixture
def group():
    return actions.add_node(parent=None, kind="group", name="万物集团", code="WW", by=SETUP)


@pytest.fixture
def project(group):
    return actions.add_project(parent=group, code="JT", name="九台", by=SETUP, service_hours={"1": ["08:00", "18:00"]})


class TestTree:
    def test_adding_is_journaled(self, group, project):
        assert project.node.path.startswith(group.path)
        assert verbs() == ["org.node_added", "org.project_added"]

    @pytest.mark.parametrize(
        ("fields", "where"),
        [
            ({"kind": "group"}, "kind"),
            ({"name": " "}, "name"),
            ({"code": ""}, "code"),
            ({"code": "WW"}, "code"),
        ],
    )
    def test_bad_nodes_say_where(self, group, fields, where):
        good = {"kind": "region", "name": "东区", "code": "DQ"}
        with pytest.raises(Invalid) as error:
            actions.add_node(parent=group, by=SETUP, **(good | fields))
        assert [field.field for field in error.value.fields] == [where]
        assert Node.objects.count() == 1

    def test_bad_service_hours(self, group):
        with pytest.raises(Invalid):
            actions.add_project(parent=group, code="X", name="X", by=SETUP, service_hours={"1": ["18:00", "08:00"]})

    def test_only_who_manages_the_organisation(self, group):
        with pytest.raises(Denied):
            actions.add_node(parent=group, kind="region", name="东", code="D", by=UserFactory())

    def test_renaming_renames_the_project(self, project):
        actions.change_node(project.node, name=" 九台新居 ", by=SETUP)
        project.refresh_from_db()
        assert project.name == "九台新居"
        with pytest.raises(Invalid):
            actions.change_node(project.node, name=" ", by=SETUP)

    def test_moving_takes_the_subtree_along_and_keeps_roles(self, group, project):
        region = actions.add_node(parent=group, kind="region", name="东区", code="DQ", by=SETUP)
        manager = user_with("x.y", at=project)
        actions.move_node(project.node, to=region, by=SETUP)
        project.refresh_from_db()
        assert Node.objects.get(pk=project.node_id).path.startswith(region.path)
        assert has_permission(User.objects.get(pk=manager.pk), "x.y", Node.objects.get(pk=project.node_id))

    def test_a_node_cannot_stand_below_itself_or_too_deep(self, group, project):
        region = actions.add_node(parent=group, kind="region", name="东区", code="DQ", by=SETUP)
        with pytest.raises(Invalid):
            actions.move_node(group, to=region, by=SETUP)
        with pytest.raises(Invalid):
            actions.move_node(region, to=Node.objects.get(pk=project.node_id), by=SETUP)

    def test_changing_a_project(self, project):
        actions.change_project(project, city="长春", by=SETUP)
        entry = Entry.objects.get(verb="org.project_changed")
        data = entry.data if isinstance(entry.data, dict) else json.loads(entry.data)
        assert data == {"before": {"city": ""}, "after": {"city": "长春"}}

    def test_closing_once(self, project):
        actions.close_project(project, on=dt.date(2026, 12, 31), by=SETUP)
        with pytest.raises(Conflict):
            actions.close_project(project, on=dt.date(2026, 12, 31), by=SETUP)


class TestRoles:
    def test_standard_roles_load_once_and_name_known_permissions(self):
        assert actions.load_roles() == actions.load_roles() == Role.objects.count()
        known = {permission.code for permission in all_permissions()}
        named = {code for role in STANDARD_ROLES for code in role.permissions}
        assert named <= known, named - known

    def test_own_roles(self, group):
        admin = UserFactory(is_admin=True)
        role = actions.add_role(code="own", name_zh="自定", name_en="Own", permissions=["org.view_journal"], by=admin)
        actions.change_role(role, name_zh="改", name_en="Own", permissions=[], by=admin)
        assert Role.objects.get(code="own").permissions == []
        assert verbs()[-2:] == ["org.role_added", "org.role_changed"]
        with pytest.raises(Invalid):
            actions.add_role(code="own", name_zh="x", name_en="x", permissions=[], by=admin)
        with pytest.raises(Invalid):
            actions.add_role(code="other", name_zh="x", name_en="x", permissions=["no.such"], by=admin)
        with pytest.raises(Denied):
            actions.add_role(code="z", name_zh="x", name_en="x", permissions=[], by=UserFactory())

    def test_standard_roles_do_not_change(self):
        actions.load_roles()
        with pytest.raises(Conflict):
            actions.change_role(Role.objects.first(), name_zh="x", name_en="x", permissions=[], by=SETUP)

    def test_granting_and_ending(self, project):
        user, role = UserFactory(), RoleFactory(permissions=["x.y"])
        row = actions.grant_role(user, role=role, node=project.node, by=SETUP)
        assert has_permission(user, "x.y", project.node)
        with pytest.raises(Conflict):
            actions.grant_role(user, role=role, node=project.node, by=SETUP)
        actions.end_assignment(row, by=SETUP)
        assert not has_permission(user, "x.y", project.node)
        with pytest.raises(Conflict):
            actions.end_assignment(row, by=SETUP)
        assert Assignment.objects.count() == 1

    def test_granting_backwards(self, project):
        with pytest.raises(Invalid):
            actions.grant_role(
                UserFactory(), role=RoleFactory(), node=project.node, by=SETUP,
                starts_on=dt.date(2026, 2, 1), ends_on=dt.date(2026, 1, 1),
            )  # fmt: skip

    def test_nobody_gives_more_than_they_hold(self, project):
        manager = user_with("org.manage_users", at=project)
        with pytest.raises(Denied):
            actions.grant_role(manager, role=RoleFactory(permissions=["x.y"]), node=project.node, by=manager)


class TestUsers:
    def test_invitation_to_first_password(self, project):
        user, code = actions.invite_user(
            username=" Wang ", full_name="王芳", role=RoleFactory(), node=project.node, by=SETUP
        )
        assert user.username == "wang"
        assert not user.has_usable_password()
        same = actions.accept_invitation(f"{code[:5].lower()}-{code[5:]}", password="Kaishi-2026")
        assert same == user
        assert User.objects.get(pk=user.pk).check_password("Kaishi-2026")
        with pytest.raises(Missing):
            actions.accept_invitation(code, password="Kaishi-2027")

    def test_codes_are_not_stored(self, project):
        _user, code = actions.invite_user(username="a", full_name="a", role=RoleFactory(), node=project.node, by=SETUP)
        assert not Invitation.objects.filter(code_digest__contains=code).exists()

    @pytest.mark.parametrize("password", ["short1A", "alllowercase", "12345678"])
    def test_weak_passwords(self, project, password):
        _user, code = actions.invite_user(username="a", full_name="a", role=RoleFactory(), node=project.node, by=SETUP)
        with pytest.raises(Invalid):
            actions.accept_invitation(code, password=password)
        assert actions.accept_invitation(code, password="Kaishi-2026").username == "a"

    def test_codes_expire_and_are_replaced(self, project):
        user, code = actions.invite_user(username="a", full_name="a", role=RoleFactory(), node=project.node, by=SETUP)
        newer = actions.send_new_code(user, by=SETUP)
        with pytest.raises(Missing):
            actions.accept_invitation(code, password="Kaishi-2026")
        with clock.at(clock.now() + dt.timedelta(days=8)), pytest.raises(Missing):
            actions.accept_invitation(newer, password="Kaishi-2026")

    @pytest.mark.parametrize(("username", "full_name"), [("", "x"), ("x", " "), ("taken", "x")])
    def test_bad_invitations(self, project, username, full_name):
        UserFactory(username="taken")
        with pytest.raises(Invalid):
            actions.invite_user(username=username, full_name=full_name, role=RoleFactory(), node=project.node, by=SETUP)

    def test_details_and_preferences(self, project):
        user = user_with(at=project)
        actions.change_user(user, full_name="李强", email="li@example.com", by=SETUP)
        actions.change_preferences(user, language="en", theme="dark")
        kept = User.objects.get(pk=user.pk)
        assert (kept.full_name, kept.email, kept.language, kept.theme) == ("李强", "li@example.com", "en", "dark")
        with pytest.raises(Invalid):
            actions.change_user(user, full_name="", email="", by=SETUP)
        with pytest.raises(Invalid):
            actions.change_preferences(user, language="fr", theme="dark")
        with pytest.raises(Invalid):
            actions.change_preferences(user, language="en", theme="pink")

    def test_shutting_out_and_letting_in(self, project):
        manager, user = user_with("org.manage_users", at=project), user_with("x.y", at=project)
        token, _text = actions.create_token(user, name="t", scopes=["read"], by=user)
        actions.deactivate_user(user, by=manager)
        token.refresh_from_db()
        assert token.revoked_at
        assert not has_permission(user, "x.y")
        with pytest.raises(Conflict):
            actions.deactivate_user(user, by=manager)
        actions.reactivate_user(user, by=manager)
        assert has_permission(user, "x.y")
        with pytest.raises(Conflict):
            actions.reactivate_user(user, by=manager)
        with pytest.raises(Conflict):
            actions.deactivate_user(manager, by=manager)

    def test_administrators_are_appointed_once_and_by_one(self, project):
        user, other = UserFactory(), UserFactory()
        with pytest.raises(Denied):
            actions.appoint_administrator(user, by=other)
        actions.appoint_administrator(user, by=System("installation"))
        user.refresh_from_db()
        assert user.is_admin
        with pytest.raises(Conflict):
            actions.appoint_administrator(user, by=user)

    def test_managers_manage_only_theirs(self, project):
        manager = user_with("org.manage_users", at=project)
        for other in (UserFactory(), UserFactory(is_admin=True), user_with("x.y", at=ProjectFactory())):
            with pytest.raises(Denied):
                actions.deactivate_user(other, by=manager)


class TestTokens:
    def test_own_tokens(self, project):
        user = user_with("x.y", at=project)
        token, text = actions.create_token(user, name="BI", scopes=["read"], by=user)
        assert text.startswith(token.prefix)
        assert token.digest != text
        actions.revoke_token(token, by=user)
        with pytest.raises(Conflict):
            actions.revoke_token(token, by=user)

    def test_bad_tokens(self, project):
        user = user_with("x.y", at=project)
        with pytest.raises(Invalid):
            actions.create_token(user, name="", scopes=["read"], by=user)
        with pytest.raises(Invalid):
            actions.create_token(user, name="x", scopes=["read"], by=user, expires_at=clock.now())
        with pytest.raises(Denied):
            actions.create_token(user, name="x", scopes=["read"], by=UserFactory())
        token, _text = actions.create_token(user, name="BI", scopes=["read"], by=user)
        with pytest.raises(Denied):
            actions.revoke_token(token, by=UserFactory())


class TestWorkspace:
    def test_views_replace_share_and_go(self, project):
        mine, other = user_with(at=project), user_with(at=project)
        actions.save_view(mine, page="tasks", name="迟到", query="state=open")
        view = actions.save_view(mine, page="tasks", name="迟到", query="late=1", is_shared=True)
        assert [(row.name, row.query) for row in saved_views_for(other, "tasks")] == [("迟到", "late=1")]
        with pytest.raises(Denied):
            actions.forget_view(view, by=other)
        actions.forget_view(view, by=mine)
        assert not SavedView.objects.exists()
        with pytest.raises(Invalid):
            actions.save_view(mine, page="tasks", name=" ", query="")

    def test_comments(self, project):
        author = user_with("work.view_tasks", at=project)
        comment = actions.add_comment(project=project, subject=("task", 1, "扫地"), text=" 已看 ", by=author)
        assert [row.text for row in comments_on("task", 1)] == ["已看"]
        with pytest.raises(Denied):
            actions.withdraw_comment(comment, by=UserFactory())
        actions.withdraw_comment(comment, by=author)
        assert Comment.objects.get().withdrawn_at
        with pytest.raises(Conflict):
            actions.withdraw_comment(comment, by=author)
        with pytest.raises(Invalid):
            actions.add_comment(project=project, subject=("task", 1, "扫地"), text=" ", by=author)
        with pytest.raises(Denied):
            actions.add_comment(project=project, subject=("task", 1, "扫地"), text="x", by=UserFactory())


def test_permission_of_an_assignment_survives_another_role_ending(project):
    user = user_with("x.y", at=project)
    extra = AssignmentFactory(user=user, node=project.node, role=RoleFactory(permissions=["x.z"]))
    actions.end_assignment(extra, by=SETUP)
    assert has_permission(user, "x.y")
    assert not has_permission(user, "x.z")


def test_new_nodes_are_roots_of_their_own_chain():
    node = NodeFactory()
    actions.change_node(node, name="改名", by=SETUP)
    assert Entry.objects.count() == 1
