"""A company with two regions and people of standard roles, and campaigns in it."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from factories.org import AssignmentFactory, NodeFactory, ProjectFactory, RoleFactory, UserFactory
from factories.sheets import ItemFactory, SheetFactory, SheetVersionFactory
from wuyou.domains.org.choices import NodeKind
from wuyou.domains.org.models import Node, Project, Role, User
from wuyou.domains.org.roles import STANDARD_ROLES
from wuyou.domains.quality.actions.campaigns import CampaignSpec, open_campaign, plan_campaign
from wuyou.domains.quality.actions.drawing import commit_project_draw
from wuyou.domains.quality.actions.levels import set_level
from wuyou.domains.quality.actions.lots import begin_series, open_lot
from wuyou.domains.quality.actions.targets import invite_guest
from wuyou.domains.quality.models import Campaign, Target
from wuyou.domains.sheets.choices import SheetPurpose
from wuyou.domains.sheets.models import SheetVersion
from wuyou.kernel import clock
from wuyou.kernel.actors import System
from wuyou.kernel.draws.sampling import Method

BY = System("test")


@dataclass
class Company:
    """Group → two regions → a city each → projects A, B, C (first region) and D (second)."""

    group: Node
    regions: list[Node]
    cities: list[Node]
    projects: list[Project]
    people: dict[str, User] = field(default_factory=dict)

    def person(self, role: str, at: Node | Project) -> User:
        """Somebody with a standard role, made at the first asking for a role and place."""
        node = at.node if isinstance(at, Project) else at
        key = f"{role}@{node.pk}"
        if key not in self.people:
            self.people[key] = somebody(role, node)
        return self.people[key]

    @property
    def quality(self) -> User:
        """The group's quality centre."""
        return self.person("group_quality", self.group)

    @property
    def colleague(self) -> User:
        """Somebody else of the quality centre's rank: holds the same at the first region."""
        return self.person("region", self.regions[0])

    @property
    def manager(self) -> User:
        """The manager of project A."""
        return self.person("project_manager", self.projects[0])


def somebody(role: str, node: Node) -> User:
    """A user with a standard role at a node."""
    user = UserFactory()
    AssignmentFactory(user=user, role=standard_role(role), node=node)
    return user


def standard_role(code: str) -> Role:
    """A standard role as shipped."""
    shipped = next(role for role in STANDARD_ROLES if role.code == code)
    known = Role.objects.filter(code=code).first()
    return known or RoleFactory(code=code, permissions=list(shipped.permissions))


def company() -> Company:
    """The whole company."""
    group = NodeFactory(name="集团")
    regions = [NodeFactory(parent=group, kind=NodeKind.REGION, name=name) for name in ("东区", "西区")]
    cities = [NodeFactory(parent=region, kind=NodeKind.CITY) for region in regions]
    homes = [cities[0], cities[0], cities[0], cities[1]]
    projects = [
        ProjectFactory(node=NodeFactory(parent=city, kind=NodeKind.PROJECT), code=code, name=f"{code}园")
        for city, code in zip(homes, "ABCD", strict=True)
    ]
    return Company(group, regions, cities, projects)


def inspection_sheet() -> SheetVersion:
    """An issued inspection sheet with one item."""
    version = SheetVersionFactory(sheet=SheetFactory(purpose=SheetPurpose.INSPECTION), issued=True)
    ItemFactory(version=version, code="clean")
    return version


def spec(**given: Any) -> CampaignSpec:
    """A city's inspection from today for a week."""
    values: dict[str, Any] = {
        "name": "城市月检", "level": "city", "starts_on": clock.today(),
        "ends_on": clock.today() + dt.timedelta(days=6), **given,
    }  # fmt: skip
    values.setdefault("sheet_version", given.get("sheet_version") or inspection_sheet())
    return CampaignSpec(**values)


def drafted(at: Company, *, node: Node | None = None, by: Any = BY, **given: Any) -> Campaign:
    """A draft at the group, without projects unless given."""
    return plan_campaign(node=node or at.group, spec=spec(**given), by=by)


def opened(at: Company, *, by: Any = BY, **given: Any) -> Campaign:
    """A campaign under way; of all projects unless given."""
    given.setdefault("projects", tuple(at.projects))
    return open_campaign(drafted(at, by=by, **given), by=by)


def target_of(campaign: Campaign, project: Project) -> Target:
    """What a campaign owes a project."""
    return Target.objects.select_related("campaign__node", "project__node").get(campaign=campaign, project=project)


def one_of_each(project: Project, *, mark: str, by: User) -> dict[str, Any]:
    """A campaign of a project under way with a guest, a draft with a draw, a level, a series with an open lot."""
    node = project.node
    version = inspection_sheet()
    given = {"level": "project", "sheet_version": version, "name": mark, "note": mark}
    own = plan_campaign(node=node, spec=spec(projects=(project,), **given), by=by)
    target = target_of(own, project)
    guest = invite_guest(target, user=UserFactory(full_name=mark), organisation=mark, until=own.ends_on, by=by)
    draft = plan_campaign(node=node, spec=spec(**given), by=by)
    series = begin_series(node=node, name=mark, inspection_level="II", aql="1.5", by=by)
    level = set_level(
        node, level="project", weight=Decimal(1), cover_percent=1, feedback="none", starts_on=clock.today(), by=by
    )
    return {
        "campaigns": open_campaign(own, by=by),
        "targets": target,
        "guests": guest,
        "draws": commit_project_draw(draft, method=Method(1, needs_word=True), by=by),
        "lot_series": series,
        "lots": open_lot(series, name=mark, size=150, by=by),
        "levels": level,
    }
