"""One record of every kind the API speaks of, at one estate; and the people who ask."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from factories import appraised, inspections
from factories.assets import AssetFactory
from factories.campaigns import one_of_each
from factories.contracts import ContractFactory, StaffingPromiseFactory
from factories.corrections import case
from factories.org import AssignmentFactory, NodeFactory, ProjectFactory, RoleFactory, UserFactory, user_with
from factories.registry import (
    BuildingFactory,
    ContractorFactory,
    OccupancyFactory,
    PersonFactory,
    PlaceFactory,
    PostFactory,
    QualificationFactory,
    RoomFactory,
    StaffFactory,
    TagFactory,
    TeamFactory,
    VehicleFactory,
    ZoneFactory,
    place_below,
)
from factories.sheets import ItemFactory, SheetFactory, SheetVersionFactory
from factories.standards import ClauseFactory, GradeFactory, StandardFactory, SubjectFactory, VersionFactory
from wuyou.domains.contracts.models import ContractChange
from wuyou.domains.org.actions import create_token, save_view
from wuyou.domains.org.models import Comment, Project, User, WebhookEndpoint
from wuyou.domains.org.permissions import all_permissions
from wuyou.domains.quality.actions import improvement as improving
from wuyou.domains.quality.actions.appeals import file_appeal
from wuyou.domains.quality.actions.inspections import start_inspection
from wuyou.domains.quality.models import AppealLadder
from wuyou.domains.quality.rules.appeals import Decision
from wuyou.domains.quality.rules.improvement import PlanSpec
from wuyou.domains.registry.models import CareFlag, Consent, Place, Staff
from wuyou.domains.work.models import (
    Absence,
    Binding,
    Deviation,
    DisinfectionEntry,
    Plan,
    PlanLine,
    Problem,
    RefuseEntry,
    Task,
)
from wuyou.kernel import clock, jobs, journal
from wuyou.kernel.evidence.models import Evidence
from wuyou.kernel.imports.models import ImportRun
from wuyou.kernel.jobs.models import Job
from wuyou.kernel.journal.models import Entry
from wuyou.kernel.notify.models import Notification
from wuyou.kernel.transactions import unit_of_work

EVERYTHING = tuple(right.code for right in all_permissions())
DAY = dt.date(2026, 11, 20)


@dataclass
class World:
    """An estate with its records by the name of their resource, who runs it, and who has no business there."""

    project: Project
    manager: User
    outsider: User
    colleague: User
    place: Place
    staff: Staff
    ids: dict[str, int] = field(default_factory=dict)


def token_for(user: User, *scopes: str) -> str:
    """The text of a new token."""
    return create_token(user, name="test", scopes=scopes or ["*"], by=user)[1]


def bearer(user: User, *scopes: str) -> dict[str, str]:
    """The headers of a program acting for a user."""
    return {"authorization": f"Bearer {token_for(user, *scopes)}"}


def world() -> World:
    """One record of every kind."""
    root = NodeFactory(name="秘密集团")
    project = ProjectFactory(node=NodeFactory(kind="project", parent=root), name="秘密小区", code="SECRET")
    elsewhere = ProjectFactory(node=NodeFactory(kind="project", parent=NodeFactory()))
    manager = UserFactory(full_name="秘密经理", is_admin=True)
    AssignmentFactory(user=manager, role=RoleFactory(permissions=list(EVERYTHING)), node=root)
    found = World(
        project, manager, user_with(*EVERYTHING, at=elsewhere), user_with(at=project), place=None, staff=None,  # type: ignore[arg-type]
    )  # fmt: skip
    found.ids |= {"projects": project.pk, "nodes": project.node.pk}
    parts = (
        _org, _registry, _standards, _contracts, _plan, _work, _findings, _inspections, _appraisal, _appeals,
        _improvements, _campaigns, _system,
    )  # fmt: skip
    for part in parts:
        found.ids |= {name.replace("_", "-"): row.pk for name, row in part(found).items()}
    Comment.objects.update(subject_id=str(found.ids["places"]))
    found.ids |= {"me/tokens": found.ids.pop("me-tokens"), "me/views": found.ids.pop("me-views")}
    return found


def _org(at: World) -> dict[str, Any]:
    member = AssignmentFactory(user=UserFactory(full_name="秘密员工"), node=at.project.node)
    hook = WebhookEndpoint.objects.create(
        node=at.project.node, url="https://secret.example/hook", events=["task.done"], secret="s", made_by="秘密",
        made_at=clock.now(),
    )  # fmt: skip
    comment = Comment.objects.create(
        project=at.project, subject_kind="place", subject_id="0", author=at.manager, text="秘密", at=clock.now()
    )
    return {
        "users": member.user, "roles": member.role, "assignments": member, "webhooks": hook, "comments": comment,
        "me_tokens": create_token(at.manager, name="秘密", scopes=["read"], by=at.manager)[0],
        "me_views": save_view(at.manager, page="tasks", name="秘密", query="a=1"),
    }  # fmt: skip


def _registry(at: World) -> dict[str, Any]:
    site = PlaceFactory(project=at.project, name="秘密园区")
    zone = ZoneFactory(project=at.project, name="秘密片区")
    spot = place_below(site, name="秘密楼道", category="楼道楼梯", zone=zone, area_m2=100)
    team = TeamFactory(project=at.project, name="秘密环境")
    person = PersonFactory(node=at.project.node, name="秘密住户")
    room = RoomFactory(parent=site)
    staff = StaffFactory(team=team, name="秘密保洁")
    qualification = QualificationFactory(staff=staff)
    at.place, at.staff = spot, staff
    return {
        "places": spot, "zones": zone, "teams": team, "persons": person, "rooms": room, "staff": staff,
        "buildings": BuildingFactory(place=place_below(site, "building", name="秘密楼")),
        "posts": PostFactory(team=team), "occupancies": OccupancyFactory(room=room, person=person),
        "vehicles": VehicleFactory(project=at.project, person=person), "qualifications": qualification,
        "qualification_kinds": qualification.kind, "contractors": ContractorFactory(node=at.project.node),
        "care_flags": CareFlag.objects.create(person=person, kind="child", reason="秘密", review_on=DAY),
        "consents": Consent.objects.create(person=person, purpose="秘密", version="1", given_at=clock.now()),
        "tags": TagFactory(project=at.project, subject_id=spot.pk),
        "assets": AssetFactory(project=at.project, place=spot, name="秘密路灯"),
    }  # fmt: skip


def _standards(at: World) -> dict[str, Any]:
    standard = StandardFactory(node=at.project.node, name_zh="秘密标准")
    version = VersionFactory(standard=standard, issued=True)
    grade = GradeFactory(version=version)
    sheet = SheetFactory(node=at.project.node, name_zh="秘密表")
    sheet_version = SheetVersionFactory(sheet=sheet, issued=True)
    ItemFactory(version=sheet_version)
    return {
        "standards": standard, "standard_versions": version, "grades": grade, "subjects": SubjectFactory(),
        "clauses": ClauseFactory(version=version, values={"g1": "1/1 d"}), "sheets": sheet,
        "sheet_versions": sheet_version,
    }  # fmt: skip


def _contracts(at: World) -> dict[str, Any]:
    contract = ContractFactory(project=at.project, name="秘密合同")
    StaffingPromiseFactory(contract=contract)
    change = ContractChange.objects.create(
        contract=contract, summary="秘密", effective_on=DAY, proposed_by="秘密", proposed_at=clock.now()
    )
    return {"contracts": contract, "contract_changes": change}


def _plan(at: World) -> dict[str, Any]:
    version, grade, clause = (at.ids[name] for name in ("standard-versions", "grades", "clauses"))
    binding = Binding.objects.create(
        project=at.project, layer="grade", version_id=version, grade_id=grade, starts_on=DAY, bound_by="秘密"
    )
    deviation = Deviation.objects.create(
        binding=binding, clause_id=clause, value="1/2 d", reason="秘密", made_by="秘密", made_at=clock.now()
    )
    plan = Plan.objects.create(project=at.project, number=1, drafted_at=clock.now())
    line = PlanLine.objects.create(
        plan=plan, project=at.project, key="sweep:1", title="秘密清扫", activity="sweep", cadence="1/1 d",
        minutes=10, clause_id=clause, place=at.place,
    )  # fmt: skip
    return {"bindings": binding, "deviations": deviation, "plans": plan, "plan_lines": line}


def _work(at: World) -> dict[str, Any]:
    opens = clock.now() - dt.timedelta(hours=1)
    task = Task.objects.create(
        project=at.project, title="秘密清扫", activity="sweep", place=at.place, opens=opens,
        due=opens + dt.timedelta(hours=8), day=clock.today(),
    )  # fmt: skip
    shared = {"project": at.project, "place": at.place}
    return {
        "tasks": task,
        "problems": Problem.objects.create(
            **shared, number="WT-1", text="秘密", severity="minor", reported_at=clock.now()
        ),
        "absences": Absence.objects.create(staff=at.staff, kind="sick", starts_on=DAY, ends_on=DAY),
        "disinfections": DisinfectionEntry.objects.create(
            **shared, at=clock.now(), agent="秘密", concentration_mg_l=500, area_m2=10, by_label="秘密"
        ),
        "refuse": RefuseEntry.objects.create(
            **shared, at=clock.now(), sort="kitchen", weight_kg=10, by_label="秘密"
        ),
        "evidence": Evidence.objects.create(
            project_id=at.project.pk, subject_kind="task", subject_id=str(task.pk), subject_label="秘密", kind="photo",
            content_type="image/jpeg", size=1, sha256="0" * 64, received_at=clock.now(), by_id="user:0",
            by_label="秘密", original_path="none", served_path="none",
        ),
    }  # fmt: skip


def _findings(at: World) -> dict[str, Any]:
    found = case(at.project, at.place, text="秘密", by=at.manager)
    return {
        "findings": found.finding, "similar_places": found.similar, "finding_extensions": found.extension,
        "finding_explanations": found.explanation,
    }  # fmt: skip


def _inspections(at: World) -> dict[str, Any]:
    sheet = inspections.sheet(code="secret-walk")
    own = start_inspection(at.project, sheet_version=sheet, by=at.manager)
    return {"inspections": inspections.fill(own), "inspection_photos": inspections.shoot(own, "lamp")}


def _appraisal(at: World) -> dict[str, Any]:
    contract = ContractFactory._meta.model.objects.get(pk=at.ids["contracts"])
    rows = appraised.one_of_each(at.project, contract, text="秘密", by=at.manager)
    return {
        "appraisal_schemes": rows["scheme"], "appraisal_versions": rows["scheme_version"],
        "enrolments": rows["enrolment"], "appraisals": rows["period"], "deduction_events": rows["event"],
        "veto_records": rows["veto"], "rating_panels": rows["panel"], "consequences": rows["consequence"],
        "statements": rows["statement"], "target_letters": rows["letter"], "payroll_entries": rows["payroll"],
    }  # fmt: skip


def _appeals(at: World) -> dict[str, Any]:
    known = clock.now()
    decision = Decision("test.score", 1, "秘密", known)
    appeal = file_appeal(project=at.project, decision=decision, grounds="秘密", wanted="秘密", by=at.manager)
    ladder = AppealLadder.objects.create(
        node=at.project.node, starts_on=DAY, days=5, steps=[{"step": "department", "role": "秘密", "days": 1}]
    )
    return {"appeals": appeal, "appeal_ladders": ladder}


def _improvements(at: World) -> dict[str, Any]:
    node, first = at.project.node, dt.date(2026, 1, 1)
    spec = PlanSpec("秘密", "秘密", "quality.recurrence", Decimal(1), first, first, DAY)
    planned = improving.plan_improvement(node=node, spec=spec, by=at.manager)
    standard = StandardFactory(node=node, name_zh="秘密")
    clause = ClauseFactory(version=VersionFactory(standard=standard, issued=True))
    return {
        "improvements": planned,
        "measures": improving.add_measure(planned, text="秘密", due_on=DAY, by=at.manager),
        "standard_proposals": improving.propose_change(planned, clause=clause, text="秘密", by=at.manager),
        "lessons": improving.write_lesson(node=node, title="秘密", text="秘密", by=at.manager),
    }


def _campaigns(at: World) -> dict[str, Any]:
    return one_of_each(at.project, mark="秘密", by=at.manager)


def _system(at: World) -> dict[str, Any]:
    Notification.objects.all().delete()  # what making the others has told the manager
    with unit_of_work():
        journal.record(
            "work.test", chain=f"project:{at.project.pk}", by=at.manager, subject=("task", at.ids["tasks"], "秘密")
        )
        jobs.enqueue("work.reconcile", project_id=at.project.pk)
    run = ImportRun.objects.create(
        project_id=at.project.pk, importer="registry.rooms", file_name="秘密.xlsx", sha256="0" * 64, stored_as="none",
        size=1, language="en", by_id="user:0", by_label="秘密", uploaded_at=clock.now(),
    )  # fmt: skip
    notice = Notification.objects.create(
        user_id=at.manager.pk, event="work.task_late", texts={"zh-hans": ["秘密", ""], "en": ["secret", ""]},
        created_at=clock.now(),
    )  # fmt: skip
    return {
        "journal": Entry.objects.order_by("-id")[0], "jobs": Job.objects.order_by("-id")[0], "imports": run,
        "notifications": notice,
    }  # fmt: skip
