"""A person who is logged in, on pages made for trying the components."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from factories.org import AssignmentFactory, NodeFactory, ProjectFactory, RoleFactory, UserFactory

from wuyou.domains.org.models import Project, User
from wuyou.ui import navigation, palette


@pytest.fixture(autouse=True)
def pages_for_trying(settings: object) -> None:
    """The components on real records."""
    settings.ROOT_URLCONF = "ui.urls"


@pytest.fixture
def group(db: None) -> object:
    """The root of an organisation."""
    return NodeFactory(name="集团", code="ROOT")


@pytest.fixture
def project(group: object) -> Project:
    """A project under the root."""
    return ProjectFactory(node=NodeFactory(parent=group, kind="project", code="NJ"), code="JT", name="久泰家园")


@pytest.fixture
def user(group: object, project: Project) -> User:
    """Somebody with a role at the root."""
    user = UserFactory(username="spsi", full_name="宋平思")
    AssignmentFactory(
        user=user, node=group, role=RoleFactory(permissions=["org.view_journal"]), starts_on=date(2020, 1, 1)
    )
    return user


@pytest.fixture
def web(client: Client, user: User) -> Client:
    """A browser of that person."""
    client.force_login(user)
    return client


@pytest.fixture
def empty_registries() -> Iterator[None]:
    """Navigation and palette without what faces registered."""
    groups, kinds, providers = dict(navigation._groups), dict(palette._kinds), list(palette._providers)
    navigation._groups.clear()
    palette._kinds.clear()
    yield
    navigation._groups.clear()
    navigation._groups.update(groups)
    palette._kinds.clear()
    palette._kinds.update(kinds)
    palette._providers[:] = providers
