"""An estate below a region and a city company, its people, and findings to be corrected there."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from factories.org import AssignmentFactory, NodeFactory, ProjectFactory, RoleFactory, UserFactory
from factories.quality import inspection
from factories.registry import PlaceFactory, StaffFactory, TeamFactory, ZoneFactory, place_below
from factories.standards import ClauseFactory, SubjectFactory
from factories.tasks import photo
from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.org.roles import STANDARD_ROLES
from wuyou.domains.quality.actions import findings as actions
from wuyou.domains.quality.actions.findings import FindingEntry
from wuyou.domains.quality.choices import SourceKind
from wuyou.domains.quality.models import Explanation, Extension, Finding, SimilarPlace
from wuyou.domains.registry.models import Place, Staff, Team, Zone
from wuyou.domains.standards.models import Clause
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor, System
from wuyou.kernel.evidence.models import Evidence

WORDS = {role.code: role for role in STANDARD_ROLES}
BY = System("test")


@dataclass
class Estate:
    """What `estate()` made: four levels, one estate, its people by role."""

    group: Node
    region: Node
    city: Node
    project: Project
    team: Team
    zone: Zone
    stairs: list[Place]
    clause: Clause
    cleaner: Staff
    people: dict[str, User]

    def user(self, role: str) -> User:
        """Somebody of a standard role, at the node where that role sits."""
        return self.people[role]


def role_at(code: str, node: Node, name: str = "") -> User:
    """A user who holds a standard role at a node."""
    given = WORDS[code]
    values = {"code": code, "name_zh": given.name_zh, "name_en": given.name_en, "permissions": list(given.permissions)}
    role = RoleFactory._meta.model.objects.filter(code=code).first() or RoleFactory(**values)
    user = UserFactory(full_name=name or given.name_zh)
    AssignmentFactory(user=user, role=role, node=node)
    return user


def estate(*, stairs: int = 3) -> Estate:
    """Group, region, city company and an estate of one zone with stairs swept by one cleaner."""
    group = NodeFactory(kind="group")
    region = NodeFactory(kind="region", parent=group)
    city = NodeFactory(kind="city", parent=region)
    project = ProjectFactory(node=NodeFactory(kind="project", parent=city))
    team = TeamFactory(project=project, name="环境")
    zone = ZoneFactory(project=project)
    places = _stairs(project, zone, stairs)
    SubjectFactory._meta.model.objects.filter(name="楼道楼梯").exists() or SubjectFactory(name="楼道楼梯")
    where = {"group_quality": group, "region": region, "city": city}
    roles = ("group_quality", "region", "city", "project_manager", "department_lead", "front_desk", "client",
             "owners_committee", "field_staff")  # fmt: skip
    people = {code: role_at(code, where.get(code, project.node)) for code in roles}
    cleaner = StaffFactory(team=team, user=people["field_staff"], job="保洁员")
    cleaner.zones.add(zone)
    zone.owner = cleaner
    zone.save()
    return Estate(group, region, city, project, team, zone, places, ClauseFactory(), cleaner, people)


def _stairs(project: Project, zone: Zone, count: int) -> list[Place]:
    root = PlaceFactory(project=project)
    return [place_below(root, category="楼道楼梯", zone=zone, name=f"{number}号楼道") for number in range(count)]


def entry(estate: Estate, *, stair: int = 0, **given: Any) -> FindingEntry:
    """Dust on a stair, a minor thing, unless said otherwise."""
    values = {
        "source": SourceKind.MANUAL, "text": "楼梯有积灰", "severity": "minor", "found_by": None,
        "clause": estate.clause, "place": estate.stairs[stair],
    }  # fmt: skip
    return FindingEntry(**(values | given))


def enter(estate: Estate, *, by: Actor = BY, **given: Any) -> Finding:
    """Enter a finding as the product does."""
    return actions.enter_finding(project=estate.project, entry=entry(estate, **given), by=by)


def proved(finding: Finding, *, by: Actor) -> Finding:
    """Take a finding from open to proved, with a photo."""
    if finding.state == "open":
        actions.contain(finding, containment="先围起来", by=by)
    if finding.state == "contained":
        actions.analyse(finding, cause="method", whys=["没人扫", "排班漏了", "新人没带"], by=by)
    if finding.state == "analysed":
        owner = finding.owner or finding.project.staff.first()
        actions.act(finding, action="重新排班", action_owner=owner, action_due=clock.today(), by=by)
    actions.attach_proof(finding, upload=photo(), by=by)
    return actions.prove(finding, proof="已清扫并重新排班", by=by)


def verified(finding: Finding, *, by: Actor, doer: Actor) -> Finding:
    """Take a finding to verified, the similar places looked at."""
    proved(finding, by=doer)
    for similar in finding.similar.filter(state="owed"):
        actions.look_at_similar(similar, state="fine", by=doer)
    return actions.verify(finding, by=by)


def days(count: float) -> dt.timedelta:
    """So many days."""
    return dt.timedelta(days=count)


@dataclass
class Case:
    """One finding with one record of every kind that hangs on it."""

    finding: Finding
    similar: SimilarPlace
    extension: Extension
    explanation: Explanation
    photo: Evidence


def case(project: Project, place: Place, *, text: str, by: User) -> Case:
    """A finding at a place with a similar place, a wish for more time, an owed explanation and a photo."""
    site = Place.objects.get_parent(place) or place
    place_below(site, level=place.level, category=place.category, name=text)
    given = FindingEntry(source=SourceKind.MANUAL, text=text, severity="major", found_by=by, place=place)
    finding = actions.enter_finding(project=project, entry=given, by=by)
    until = finding.deadline + days(9)
    visit = inspection(project=project, inspector=by)
    explanation = Explanation.objects.create(finding=finding, inspection=visit, due_at=clock.now() + days(3))
    return Case(
        finding,
        finding.similar.order_by("pk")[0],
        actions.ask_extension(finding, until=until, reason=text, by=by),
        explanation,
        actions.attach_to_finding(finding, upload=photo(), by=by),
    )
