"""Organisation, users and roles for tests."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from wuyou.domains.org.choices import NodeKind, ProjectKind
from wuyou.domains.org.models import Assignment, Node, Project, Role, User


class NodeFactory(DjangoModelFactory):
    """A root by default; `parent=` puts it below another node."""

    class Meta:
        model = Node

    parent = None
    kind = NodeKind.GROUP
    name = factory.Sequence(lambda n: f"节点{n}")
    code = factory.Sequence(lambda n: f"N{n}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        parent = kwargs.pop("parent", None)
        if parent is None:
            return model_class.objects.add_root(create_kwargs=kwargs)
        parent.refresh_from_db()
        return model_class.objects.add_child(parent, create_kwargs=kwargs)


class ProjectFactory(DjangoModelFactory):
    """A residential estate open 08:00-18:00 every day."""

    class Meta:
        model = Project

    node = factory.SubFactory(NodeFactory, kind=NodeKind.PROJECT)
    code = factory.Sequence(lambda n: f"P{n}")
    name = factory.Sequence(lambda n: f"小区{n}")
    kind = ProjectKind.RESIDENTIAL
    service_hours = factory.LazyFunction(lambda: {str(day): ["08:00", "18:00"] for day in range(1, 8)})


class UserFactory(DjangoModelFactory):
    """An active user without any role."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    full_name = factory.Sequence(lambda n: f"用户{n}")


class RoleFactory(DjangoModelFactory):
    """A role with no permission."""

    class Meta:
        model = Role

    code = factory.Sequence(lambda n: f"role-{n}")
    name_zh = factory.Sequence(lambda n: f"角色{n}")
    name_en = factory.Sequence(lambda n: f"Role {n}")
    permissions = factory.LazyFunction(list)


class AssignmentFactory(DjangoModelFactory):
    """A role held since 2020."""

    class Meta:
        model = Assignment

    user = factory.SubFactory(UserFactory)
    role = factory.SubFactory(RoleFactory)
    node = factory.SubFactory(NodeFactory)
    starts_on = dt.date(2020, 1, 1)


def user_with(*permissions: str, at: Node | Project) -> User:
    """A user who holds exactly these permissions at a node or project."""
    node = at.node if isinstance(at, Project) else at
    user = UserFactory()
    AssignmentFactory(user=user, role=RoleFactory(permissions=list(permissions)), node=node)
    return user
