"""A small estate: one area, two buildings of two units, in the register of a group."""

import pytest
from factories.org import NodeFactory, ProjectFactory
from factories.tables import load, sheet

from wuyou.domains.org.choices import NodeKind
from wuyou.domains.org.models import Project

BUILDINGS = (
    ["区域", "楼栋", "层数", "高度(米)", "单元数", "有电梯", "电梯监检合格月份", "自动消防设施"],
    ["A区", "1号楼", 6, 17.7, 2, "否", "", "无"],
    ["A区", "2号楼", 11, 32.6, 2, "是", "2015-06", "有"],
)


@pytest.fixture
def project(db: None) -> Project:
    """A project below a group."""
    group = NodeFactory(code="G")
    return ProjectFactory(node=NodeFactory(parent=group, kind=NodeKind.PROJECT, code="JT"), code="JT", name="九台")


@pytest.fixture
def estate(project: Project) -> Project:
    """The project with its buildings."""
    load("registry.buildings", sheet(*BUILDINGS), project)
    return project
