"""A company with everybody who has a part in appeals, and appeals made by calling the actions."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from factories.org import AssignmentFactory, NodeFactory, ProjectFactory, RoleFactory, UserFactory
from wuyou.domains.org.choices import NodeKind
from wuyou.domains.org.models import Node, Project, Role, User
from wuyou.domains.org.roles import STANDARD_ROLES
from wuyou.domains.quality.actions.appeals import file_appeal
from wuyou.domains.quality.models import Appeal
from wuyou.domains.quality.rules.appeals import Decision
from wuyou.kernel import clock

KIND = "test.score"


@dataclass(frozen=True, slots=True)
class Company:
    """Group, region, project; who manages the project, who keeps its quality, who heads the region."""

    group: Node
    region: Node
    project: Project
    manager: User
    quality: User
    head: User


def standard_role(code: str) -> Role:
    """A standard role as it is shipped."""
    known = Role.objects.filter(code=code).first()
    if known:
        return known
    shipped = next(role for role in STANDARD_ROLES if role.code == code)
    return RoleFactory(
        code=code,
        name_zh=shipped.name_zh,
        name_en=shipped.name_en,
        permissions=list(shipped.permissions),
        is_standard=True,
    )


def holder(code: str, node: Node, name: str = "") -> User:
    """Somebody in a standard role at a node."""
    user = UserFactory(full_name=name) if name else UserFactory()
    AssignmentFactory(user=user, role=standard_role(code), node=node)
    return user


def company() -> Company:
    """A company of one project with one person in each of the roles of the ladder."""
    group = NodeFactory(name="集团")
    region = NodeFactory(parent=group, kind=NodeKind.REGION, name="华东区域")
    project = ProjectFactory(node=NodeFactory(parent=region, kind=NodeKind.PROJECT, name="翠湖花园"), name="翠湖花园")
    return Company(
        group,
        region,
        project,
        holder("project_manager", project.node, "项目经理"),
        holder("group_quality", group, "品质主管"),
        holder("region", region, "区域总"),
    )


def decision(**given: Any) -> Decision:
    """A score made known now by nobody in particular."""
    values = {"kind": KIND, "id": 1, "label": "十一月考核 82.50", "decided_at": clock.now(), **given}
    return Decision(**values)


def appeal(firm: Company, *, by: User | None = None, **given: Any) -> Appeal:
    """An appeal of the project's manager against a score."""
    return file_appeal(
        project=firm.project,
        decision=decision(**given),
        grounds="扣分照片不是我们项目",
        wanted="撤销扣分",
        by=by or firm.manager,
    )


def after(days: float) -> dt.datetime:
    """So many days from now."""
    return clock.now() + dt.timedelta(days=days)
