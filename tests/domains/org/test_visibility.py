"""Who sees and may do what: default deny, subtree only, dates, shut-out users."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from factories.org import AssignmentFactory, NodeFactory, ProjectFactory, RoleFactory, UserFactory, user_with

from wuyou.domains.org import policies
from wuyou.domains.org.actions import save_view
from wuyou.domains.org.queries import (
    chain_of,
    forget_held,
    has_permission,
    nodes_visible_to,
    projects_visible_to,
    roles_grantable_by,
    saved_views_for,
    users_visible_to,
)
from wuyou.kernel import clock
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Denied

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    group = NodeFactory(name="集团")
    north, south = (NodeFactory(kind="region", parent=group, name=name) for name in ("北区", "南区"))
    one = ProjectFactory(node=NodeFactory(kind="project", parent=north))
    two = ProjectFactory(node=NodeFactory(kind="project", parent=south))
    return {"group": group, "north": north, "south": south, "one": one, "two": two}


def test_nobody_sees_anything_without_a_role(company):
    stranger = UserFactory()
    assert not nodes_visible_to(stranger).exists()
    assert not projects_visible_to(stranger).exists()
    assert not has_permission(stranger, "work.view_tasks")


def test_a_role_covers_its_subtree_and_nothing_else(company):
    user = user_with("work.view_tasks", at=company["north"])
    assert list(projects_visible_to(user, "work.view_tasks")) == [company["one"]]
    assert has_permission(user, "work.view_tasks", company["one"].node)
    assert not has_permission(user, "work.view_tasks", company["two"].node)
    assert not has_permission(user, "work.view_tasks", company["group"])


def test_the_permission_counts_where_it_is_held(company):
    user = user_with("work.view_tasks", at=company["north"])
    AssignmentFactory(user=user, node=company["south"], role=RoleFactory(permissions=["work.do_tasks"]))
    assert list(projects_visible_to(user, "work.do_tasks")) == [company["two"]]
    assert set(projects_visible_to(user)) == {company["one"], company["two"]}


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [(0, None, True), (0, 0, True), (1, None, False), (-9, -1, False), (-9, 0, True)],
)
def test_roles_hold_between_their_dates(company, starts, ends, holds):
    today = clock.today()
    user = UserFactory()
    AssignmentFactory(
        user=user, node=company["group"], role=RoleFactory(permissions=["x.y"]),
        starts_on=today + dt.timedelta(days=starts), ends_on=None if ends is None else today + dt.timedelta(days=ends),
    )  # fmt: skip
    assert has_permission(user, "x.y") is holds


def test_a_user_shut_out_holds_nothing(company):
    user = user_with("x.y", at=company["group"])
    user.is_active = False
    user.save()
    assert not has_permission(user, "x.y")
    assert not nodes_visible_to(user).exists()


def test_roles_are_read_once_until_forgotten(company, django_assert_num_queries):
    user = user_with("x.y", at=company["group"])
    with django_assert_num_queries(1):
        assert has_permission(user, "x.y")
        assert has_permission(user, "x.y")
        assert not has_permission(user, "x.z")
    user.assignments.update(revoked_at=clock.now())
    forget_held(user)
    assert not has_permission(user, "x.y")


def test_machines_pass(company):
    assert projects_visible_to(System("demo")).count() == 2
    assert nodes_visible_to(System("demo")).count() == 5
    assert has_permission(System("demo"), "any.thing", company["one"].node)


def test_require_says_no(company):
    user = user_with("x.y", at=company["one"])
    policies.require(user, "x.y", company["one"])
    with pytest.raises(Denied):
        policies.require(user, "x.y", company["two"])
    assert policies.may(policies.require, user, "x.y", company["one"])
    assert not policies.may(policies.require, user, "x.y", company["two"])


def test_users_are_seen_where_they_are_managed(company):
    manager = user_with("org.manage_users", at=company["north"])
    theirs = user_with("x.y", at=company["one"])
    user_with("x.y", at=company["two"])
    assert set(users_visible_to(manager)) == {manager, theirs}
    assert users_visible_to(UserFactory(is_admin=True)).count() == 4


def test_only_rights_one_holds_can_be_granted(company):
    manager = user_with("org.manage_users", "x.y", at=company["north"])
    small, big = RoleFactory(permissions=["x.y"]), RoleFactory(permissions=["x.y", "x.z"])
    offered = roles_grantable_by(manager, company["one"].node)
    assert small in offered
    assert big not in offered
    assert big in roles_grantable_by(UserFactory(is_admin=True), company["one"].node)


def test_chains(company):
    assert chain_of(company["one"]) == f"project:{company['one'].pk}"
    assert chain_of(company["north"]) == chain_of(company["group"]) == f"node:{company['group'].pk}"


def test_a_stranger_is_no_machine(company):
    stranger = AnonymousUser()
    assert not nodes_visible_to(stranger).exists()
    assert not projects_visible_to(stranger).exists()
    assert not users_visible_to(stranger).exists()
    assert not has_permission(stranger, "x.y", company["one"].node)
    with pytest.raises(Denied):
        policies.require_admin(stranger)


def test_shared_views_stay_in_the_company(company):
    mine, colleague, other = (user_with("x.y", at=node) for node in (company["one"], company["two"], NodeFactory()))
    save_view(colleague, page="tasks", name="迟到", query="late=1", is_shared=True)
    assert saved_views_for(mine, "tasks").count() == 1
    assert saved_views_for(other, "tasks").count() == 0
    assert saved_views_for(UserFactory(), "tasks").count() == 0
