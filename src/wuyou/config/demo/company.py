"""The demo's company: a group with two regions and three city companies, and ten people who log in."""

from collections.abc import Callable
from dataclasses import dataclass

from wuyou.domains.org import actions, queries
from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.registry.actions import link_user
from wuyou.domains.registry.models import Staff
from wuyou.kernel.actors import System

from . import PASSWORD

BY = System("demo")
NODES = (  # code, kind, name, parent
    ("WANHE", "group", "万和物业集团", None),
    ("NORTH", "region", "北方区域", "WANHE"),
    ("SOUTH", "region", "南方区域", "WANHE"),
    ("CC", "city", "长春城市公司", "NORTH"),
    ("SY", "city", "沈阳城市公司", "NORTH"),
    ("GZ", "city", "广州城市公司", "SOUTH"),
)


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who logs in: where, as what, and which member of staff they are."""

    username: str
    full_name: str
    role: str
    node: str
    what: str
    staff: str = ""


PEOPLE = (
    Login("admin", "林建国", "administrator", "WANHE", "系统管理员 administrator of the installation"),
    Login("pinzhi", "周雅琴", "group_quality", "WANHE", "总部品质管理中心 group quality centre"),
    Login("quyu", "郑海涛", "region", "NORTH", "北方区域负责人 region"),
    Login("chengshi", "吴晓东", "city", "CC", "长春城市公司负责人 city company"),
    Login("jingli", "宋平思", "project_manager", "JT", "九台项目经理 project manager", "JT001"),
    Login("zhuguan", "郝子飞", "department_lead", "JT", "环境主管 department lead", "JT013"),
    Login("qiantai", "石珍春", "front_desk", "JT", "客服前台 front desk", "JT002"),
    Login("baojie", "郭淑春", "field_staff", "JT", "保洁员 cleaner (try on a phone)", "JT014"),
    Login("diangong", "赵杰涛", "field_staff", "JT", "电工 electrician (try on a phone)", "JT034"),
    Login("jiafang", "何文静", "client", "JT", "甲方(住建局) client, sees plan and compliance"),
)


def open_company(report: Callable[..., None]) -> dict[str, Node]:
    """Enter the organisation; gives the nodes by code."""
    nodes: dict[str, Node] = {}
    for code, kind, name, parent in NODES:
        above = nodes[parent] if parent else None
        nodes[code] = actions.add_node(parent=above, kind=kind, name=name, code=code, by=BY)
    report(done=1)
    return nodes


def let_in(login: Login, node: Node) -> User:
    """Invite somebody and accept with the one-time code, as they would."""
    role = queries.role_of(login.role)
    user, code = actions.invite_user(username=login.username, full_name=login.full_name, role=role, node=node, by=BY)
    actions.accept_invitation(code, password=PASSWORD)
    if login.role == "administrator":
        actions.appoint_administrator(user, by=BY)
    return user


def let_in_people(nodes: dict[str, Node], project: Project, staff: dict[str, Staff]) -> None:
    """Everybody who logs in, once the first estate's staff are known."""
    for login in PEOPLE:
        user = let_in(login, nodes.get(login.node, project.node))
        if login.staff:
            link_user(staff[login.staff], user=user, by=BY)
