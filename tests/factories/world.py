"""A company with one of everything at one project, all of it marked, and a neighbour who must not see any of it."""

import datetime as dt
import io
from dataclasses import dataclass, field
from decimal import Decimal

from PIL import Image

from factories import appraised, inspections
from factories.assets import AssetFactory
from factories.campaigns import one_of_each
from factories.contracts import ContractFactory
from factories.corrections import case
from factories.org import AssignmentFactory, NodeFactory, ProjectFactory, RoleFactory, UserFactory
from factories.registry import (
    ContractorFactory,
    OccupancyFactory,
    PersonFactory,
    PlaceFactory,
    PostFactory,
    QualificationFactory,
    RoomFactory,
    StaffFactory,
    TeamFactory,
    ZoneFactory,
    place_below,
)
from factories.sheets import SheetFactory, SheetVersionFactory
from factories.standards import ClauseFactory, GradeFactory, StandardFactory, VersionFactory
from wuyou.domains.org import actions as org
from wuyou.domains.org.models import Project, User, WebhookEndpoint
from wuyou.domains.org.permissions import all_permissions
from wuyou.domains.quality.actions import improvement as improving
from wuyou.domains.quality.actions.appeal_proofs import attach_to_appeal
from wuyou.domains.quality.actions.appeals import file_appeal
from wuyou.domains.quality.actions.inspections import start_inspection
from wuyou.domains.quality.models import Campaign, Target
from wuyou.domains.quality.rules.appeals import Decision
from wuyou.domains.quality.rules.improvement import PlanSpec
from wuyou.domains.registry.actions import issue_tag
from wuyou.domains.standards.models import Clause
from wuyou.domains.work.actions.absence import record_absence
from wuyou.domains.work.actions.attaching import attach_evidence
from wuyou.domains.work.actions.binding import bind, deviate
from wuyou.domains.work.actions.ledgers import record_disinfection, record_refuse
from wuyou.domains.work.actions.problems import Found, open_problem
from wuyou.domains.work.models import Binding, Plan, PlanLine, Task
from wuyou.kernel import clock, imports, jobs
from wuyou.kernel.actors import System
from wuyou.kernel.notify import Notification

MARK = "甲方机密"
BY = System("test")


@dataclass
class World:
    """What `world()` made: ids of everything at the marked project, and three people."""

    project: Project
    insider: User  # holds every right at the project
    colleague: User  # a role at the project that allows nothing
    neighbour: User  # holds every right, at another project
    ids: dict[str, int | str] = field(default_factory=dict)


def somebody(project: Project, *permissions: str) -> User:
    """A user with a role at a project."""
    user = UserFactory()
    AssignmentFactory(user=user, node=project.node, role=RoleFactory(permissions=list(permissions)))
    return user


def world() -> World:
    """One of everything, each named with the mark."""
    every = [permission.code for permission in all_permissions()]
    here = ProjectFactory(node=NodeFactory(kind="project", parent=NodeFactory(), name=MARK), name=MARK)
    there = ProjectFactory(node=NodeFactory(kind="project", parent=NodeFactory()))
    _some_site(there)
    made = World(here, somebody(here, *every), somebody(here), somebody(there, *every))
    made.ids |= {"project": here.pk, "node": here.node_id, "user": made.insider.pk}
    _register(made)
    _standards(made)
    _work(made)
    _findings(made)
    _inspections(made)
    _appeals(made)
    _improvement(made)
    _appraisal(made)
    _workspace(made)
    made.ids["paper"] = "pdf"
    return made


def _inspections(made: World) -> None:
    sheet = inspections.sheet(code="sweep-walk")
    own = start_inspection(made.project, sheet_version=sheet, by=made.insider)
    inspections.fill(own)
    photo = inspections.shoot(own, "lamp")
    campaign = Campaign.objects.create(
        node=made.project.node, number=f"{MARK}JCH", name=f"{MARK}检查", level="city", sheet_version=sheet,
        starts_on=clock.today(), ends_on=clock.today(), state="open", made_at=clock.now(),
    )  # fmt: skip
    target = Target.objects.create(campaign=campaign, project=made.project)
    made.ids |= {"inspection": own.pk, "inspection_photo": photo.pk, "target": target.pk}
    each = one_of_each(made.project, mark=MARK, by=made.insider)
    made.ids |= {name: each[f"{name}s"].pk for name in ("campaign", "guest", "draw", "lot")}
    made.ids |= {"series": each["lot_series"].pk, "campaign_target": each["targets"].pk}


def _appeals(made: World) -> None:
    decision = Decision("test.score", 1, MARK, clock.now())
    appeal = file_appeal(project=made.project, decision=decision, grounds=MARK, wanted=MARK, by=made.insider)
    picture = io.BytesIO()
    Image.effect_noise((64, 64), 50).convert("RGB").save(picture, "JPEG")
    made.ids |= {"appeal": appeal.pk, "proof": attach_to_appeal(appeal, upload=picture, by=made.insider).pk}


def _improvement(made: World) -> None:
    node, by, first = made.project.node, made.insider, dt.date(2026, 1, 1)
    ends_on = clock.today() + dt.timedelta(days=30)
    spec = PlanSpec(MARK, MARK, "quality.recurrence", Decimal(1), first, first, ends_on)
    planned = improving.plan_improvement(node=node, spec=spec, by=by)
    made.ids |= {
        "improvement": planned.pk,
        "measure": improving.add_measure(planned, text=MARK, due_on=ends_on, by=by).pk,
        "proposal": improving.propose_change(planned, clause=line_clause(made.ids), text=MARK, by=by).pk,
        "lesson": improving.write_lesson(node=node, title=MARK, text=MARK, by=by).pk,
    }


def _some_site(project: Project) -> None:
    PlaceFactory(project=project, name="邻家小区")


def _register(made: World) -> None:
    here = made.project
    root = PlaceFactory(project=here, name=MARK)
    zone, team = ZoneFactory(project=here, name=f"{MARK}区"), TeamFactory(project=here, name=f"{MARK}队")
    spot = place_below(root, category="楼道楼梯", name=f"{MARK}楼道", zone=zone, area_m2=Decimal(10), x=1.0, y=1.0)
    room = RoomFactory(place=place_below(root, level="room", code="1-101", name=f"{MARK}房"))
    person = PersonFactory(node=here.node, name=MARK)
    staff = StaffFactory(team=team, name=f"{MARK}工", number=f"{MARK}1")
    asset = AssetFactory(project=here, name=f"{MARK}灯", place=spot)
    made.ids |= {
        "place": spot.pk, "zone": zone.pk, "team": team.pk, "room": room.pk, "person": person.pk, "staff": staff.pk,
        "occupancy": OccupancyFactory(room=room, person=person).pk, "asset": asset.pk,
        "qualification": QualificationFactory(staff=staff).pk, "post": PostFactory(team=team, name=f"{MARK}岗").pk,
        "contractor": ContractorFactory(node=here.node, name=f"{MARK}公司").pk,
        "other_person": PersonFactory(node=here.node, name=MARK).pk,
        "tag": issue_tag(here, kind="place", subject_id=spot.pk, by=BY).code,
    }  # fmt: skip


def _standards(made: World) -> None:
    standard = StandardFactory(node=made.project.node, name_zh=f"{MARK}标准")
    version = VersionFactory(standard=standard, issued=True)
    grade = GradeFactory(version=version)
    clause = ClauseFactory(version=version, requirement_zh=f"{MARK}条款", values={grade.code: "1/1 d"})
    sheet = SheetFactory(node=made.project.node, name_zh=f"{MARK}表")
    binding = bind(made.project, version, grade, starts_on=clock.today(), by=BY)
    made.ids |= {
        "standard": standard.pk, "version": version.pk, "grade": grade.pk, "clause": clause.pk, "sheet": sheet.pk,
        "sheet_version": SheetVersionFactory(sheet=sheet).pk, "binding": binding.pk,
        "contract": ContractFactory(project=made.project, name=f"{MARK}合同").pk,
    }  # fmt: skip


def _work(made: World) -> None:
    here, ids = made.project, made.ids
    plan = Plan.objects.create(project=here, number=1, drafted_at=clock.now())
    line = PlanLine.objects.create(
        plan=plan, project=here, key="k", title=f"{MARK}计划项", activity="sweep", cadence="1/1 d", minutes=Decimal(5),
        place_id=ids["place"], zone_id=ids["zone"], team_id=ids["team"],
    )  # fmt: skip
    opens = clock.now() - dt.timedelta(hours=1)
    task = Task.objects.create(
        project=here, line=line, title=f"{MARK}任务", activity="sweep", place_id=ids["place"], zone_id=ids["zone"],
        team_id=ids["team"], opens=opens, due=opens + dt.timedelta(hours=9), day=clock.today(), minutes=Decimal(5),
    )  # fmt: skip
    staff, place = StaffFactory._meta.model.objects.get(pk=ids["staff"]), line.place
    picture = io.BytesIO()
    Image.effect_noise((64, 64), 50).convert("RGB").save(picture, "JPEG")
    told = Notification.objects.create(
        user_id=made.insider.pk, event="work.problem_reported", texts={"zh-hans": [MARK, ""], "en": [MARK, ""]},
        created_at=clock.now(),
    )  # fmt: skip
    value = deviate(Binding.objects.get(pk=ids["binding"]), line_clause(ids), value="2/1 d", reason=MARK, by=BY)
    ids |= {
        "notification": told.pk, "deviation": value.pk,
        "plan": plan.pk, "line": line.pk, "task": task.pk, "problem": open_problem(task, found=Found(MARK), by=BY).pk,
        "evidence": attach_evidence(task, upload=picture, by=BY).pk,
        "absence": record_absence(staff, kind="sick", starts_on=clock.today(), ends_on=clock.today(), by=BY).absence.pk,
        "disinfection": record_disinfection(
            place=place, by=BY, agent=MARK, concentration_mg_l=Decimal(1), area_m2=Decimal(1)
        ).pk,
        "refuse": record_refuse(place=place, by=BY, sort="kitchen", weight_kg=Decimal(1), vehicle=MARK).pk,
    }  # fmt: skip


def _findings(made: World) -> None:
    place = PlaceFactory._meta.model.objects.get(pk=made.ids["place"])
    found = case(made.project, place, text=MARK, by=made.insider)
    made.ids |= {
        "finding": found.finding.pk, "finding_photo": found.photo.pk, "similar": found.similar.pk,
        "extension": found.extension.pk, "explanation": found.explanation.pk,
    }  # fmt: skip


def line_clause(ids: dict[str, int | str]) -> Clause:
    """The marked clause."""
    return Clause.objects.get(pk=ids["clause"])


def _appraisal(made: World) -> None:
    contract = ContractFactory._meta.model.objects.get(pk=made.ids["contract"])
    for name, row in appraised.one_of_each(made.project, contract, text=MARK, by=made.insider).items():
        made.ids[f"appraisal_{name}"] = row.pk


def _workspace(made: World) -> None:
    book = io.BytesIO("区域,楼栋,层数\nA区,1号楼,6\n".encode())
    book.name = f"{MARK}.csv"
    run = imports.upload_file(book, by=BY, importer="registry.buildings", project_id=made.project.pk)
    token, _text = org.create_token(made.insider, name=MARK, scopes=["*"], by=made.insider)
    hook = WebhookEndpoint.objects.create(
        node=made.project.node, url=f"https://example.com/{made.project.pk}", events=["task.done"], secret="s",
        made_by=MARK, made_at=clock.now(),
    )  # fmt: skip
    view = org.save_view(made.insider, page="work.tasks", name=MARK, query="")
    made.ids |= {
        "import": run.pk, "token": token.pk, "webhook": hook.pk, "view": view.pk,
        "assignment": made.insider.assignments.get().pk, "role": made.insider.assignments.get().role_id,
        "job": jobs.enqueue("work.generate", project_id=made.project.pk),
    }  # fmt: skip
