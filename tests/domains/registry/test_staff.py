"""Staff, licences and contractors are changed by their actions only."""

import datetime as dt
from collections.abc import Iterator

import pytest
from factories.org import NodeFactory, ProjectFactory, UserFactory, user_with
from factories.registry import (
    ContractorFactory,
    PersonFactory,
    PlaceFactory,
    QualificationFactory,
    QualificationKindFactory,
    StaffFactory,
    TeamFactory,
    ZoneFactory,
)

from wuyou.domains.org.models import Project, User
from wuyou.domains.registry import actions, events, queries
from wuyou.domains.registry.models import Contractor, Qualification, QualificationKind, Staff, Team, Zone
from wuyou.kernel import notify, search
from wuyou.kernel.errors import Conflict, Denied, Invalid
from wuyou.kernel.journal.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def team() -> Team:
    """The guards of a project."""
    return TeamFactory(name="秩序")


@pytest.fixture
def project(team: Team) -> Project:
    """Their project."""
    return team.project


@pytest.fixture
def chief(project: Project) -> User:
    """Somebody who keeps the staff."""
    return user_with("registry.manage_staff", "registry.view_staff", at=project)


@pytest.fixture
def guard(team: Team) -> Staff:
    """One of the guards."""
    return StaffFactory(team=team, number="JT003")


@pytest.fixture
def heard() -> Iterator[list[tuple[object, ...]]]:
    """What was announced of staff and licences."""
    told: list[tuple[object, ...]] = []

    def left(staff_id: int, left_on: dt.date, **_more: object) -> None:
        told.append(("left", staff_id, left_on))

    def changed(staff_id: int, kind: str, **_more: object) -> None:
        told.append(("licence", staff_id, kind))

    events.staff_left.connect(left)
    events.qualification_changed.connect(changed)
    yield told
    events.staff_left.disconnect(left)
    events.qualification_changed.disconnect(changed)


def verbs() -> list[str]:
    """What the journal says happened, in order."""
    return list(Entry.objects.order_by("id").values_list("verb", flat=True))


def test_somebody_is_hired(team: Team, chief: User) -> None:
    person = PersonFactory(name="傅然")
    staff = actions.hire(
        person=person, team=team, number="JT9", job="保安员", by=chief, born_on=dt.date(1990, 1, 1),
        weekly_hours={"1": ["08:00", "17:00"]},
    )  # fmt: skip
    staff.refresh_from_db()
    assert (staff.name, staff.hired_on, staff.employment, staff.project) == ("傅然", TODAY, "own", team.project)
    assert verbs() == ["registry.staff_hired"]
    assert [hit.title for hit in search.find("JT9", project_ids=[team.project_id])] == ["傅然"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"number": "JT003"}, "number"), ({"number": ""}, "number"), ({"job": " "}, "job"),
        ({"weekly_hours": {"9": ["08:00", "17:00"]}}, "weekly_hours"), ({"employment": "outsourced"}, "contractor"),
        ({"left_on": TODAY}, "left_on"), ({"sex": "x"}, "sex"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(team: Team, guard: Staff, chief: User, given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as raised:
        actions.hire(
            **{"person": PersonFactory(), "team": team, "number": "JT9", "job": "保安员", "by": chief, **given}
        )
    assert field in [error.field for error in raised.value.fields]
    assert Staff.objects.count() == 1


def test_staff_change(guard: Staff, team: Team, chief: User, project: Project) -> None:
    company = ContractorFactory(node=project.node)
    actions.change_staff(guard, by=chief, job="班长", born_on=dt.date(1985, 5, 5))
    actions.change_staff(guard, by=chief, employment="outsourced", contractor=company)
    guard.refresh_from_db()
    assert (guard.job, guard.contractor) == ("班长", company)
    assert "1985" not in Entry.objects.order_by("id").first().data
    with pytest.raises(Invalid):
        actions.change_staff(guard, by=chief, employment="own")
    with pytest.raises(Invalid):
        actions.change_staff(guard, by=chief, team=TeamFactory())
    with pytest.raises(Invalid):
        actions.change_staff(guard, by=chief, number="X")
    guard.refresh_from_db()
    actions.change_staff(guard, by=chief, job="班长")
    assert verbs() == ["registry.staff_changed"] * 2


def test_who_leaves_leaves_zones_and_log_in(
    guard: Staff, chief: User, project: Project, heard: list[tuple[object, ...]]
) -> None:
    zone = ZoneFactory(project=project, owner=guard)
    actions.link_user(guard, user=UserFactory(), by=chief)
    with pytest.raises(Invalid):
        actions.leave(guard, by=chief, on=dt.date(2024, 12, 31))
    actions.leave(guard, by=chief)
    guard.refresh_from_db()
    zone.refresh_from_db()
    assert (guard.left_on, guard.user, zone.owner, heard) == (TODAY, None, None, [("left", guard.pk, TODAY)])
    for act in (
        lambda: actions.leave(guard, by=chief),
        lambda: actions.change_staff(guard, by=chief, job="x"),
        lambda: actions.set_supervisor(guard, supervisor=None, by=chief),
        lambda: actions.set_zones(guard, zones=[], by=chief),
        lambda: actions.link_user(guard, user=None, by=chief),
        lambda: actions.add_qualification(guard, kind=QualificationKindFactory(), by=chief),
    ):
        with pytest.raises(Conflict):
            act()


def test_supervisors_do_not_go_round(team: Team, guard: Staff, chief: User) -> None:
    leader, head = StaffFactory(team=team), StaffFactory(team=team)
    actions.set_supervisor(guard, supervisor=leader, by=chief)
    actions.set_supervisor(leader, supervisor=head, by=chief)
    for above in (guard, leader, head):
        with pytest.raises(Invalid):
            actions.set_supervisor(head, supervisor=Staff.objects.get(pk=above.pk), by=chief)
    with pytest.raises(Invalid):
        actions.set_supervisor(guard, supervisor=StaffFactory(), by=chief)
    actions.set_supervisor(guard, supervisor=None, by=chief)
    assert Staff.objects.get(pk=guard.pk).supervisor is None


def test_zones_of_staff(guard: Staff, project: Project, chief: User) -> None:
    one, two = ZoneFactory(project=project), ZoneFactory(project=project)
    actions.set_zones(guard, zones=[one, two], by=chief)
    actions.set_zones(guard, zones=[two], by=chief)
    assert list(guard.zones.all()) == [two]
    assert queries.staff_by_zone(project) == {two.pk: [guard]}
    with pytest.raises(Invalid):
        actions.set_zones(guard, zones=[ZoneFactory()], by=chief)


def test_a_log_in_belongs_to_one(guard: Staff, team: Team, chief: User) -> None:
    user = UserFactory()
    actions.link_user(guard, user=user, by=chief)
    actions.link_user(guard, user=user, by=chief)
    assert queries.staff_of_user(user) == guard
    assert queries.staff_of_user(user, ProjectFactory()) is None
    with pytest.raises(Conflict):
        actions.link_user(StaffFactory(team=team), user=user, by=chief)


def test_licences_are_entered_renewed_and_revoked(guard: Staff, chief: User, heard: list[tuple[object, ...]]) -> None:
    kind = QualificationKind.objects.get(code="electrician_lv")
    row = actions.add_qualification(guard, kind=kind, by=chief, number="T1", valid_from=dt.date(2021, 3, 1))
    assert (row.valid_to, queries.lacks_qualification(guard, "electrician_lv", on=TODAY)) == (
        dt.date(2027, 3, 1),
        False,
    )
    with pytest.raises(Conflict):
        actions.add_qualification(guard, kind=kind, by=chief, number="T1")
    actions.renew_qualification(row, by=chief, valid_from=dt.date(2026, 11, 1), number="T2")
    row.refresh_from_db()
    assert (row.valid_to, row.number) == (dt.date(2032, 11, 1), "T2")
    actions.renew_qualification(row, by=chief, number="T2")
    with pytest.raises(Invalid):
        actions.renew_qualification(row, by=chief, valid_to=dt.date(2020, 1, 1))
    with pytest.raises(Invalid):
        actions.renew_qualification(row, by=chief, kind=kind)
    row.refresh_from_db()
    actions.revoke_qualification(row, by=chief, reason="伪造")
    assert queries.lacks_qualification(guard, "electrician_lv", on=TODAY) is True
    with pytest.raises(Conflict):
        actions.revoke_qualification(row, by=chief, reason="x")
    with pytest.raises(Conflict):
        actions.renew_qualification(row, by=chief, number="x")
    with pytest.raises(Invalid):
        actions.revoke_qualification(row, by=chief, reason="")
    assert heard == [("licence", guard.pk, "electrician_lv")] * 3
    assert verbs() == [f"registry.qualification_{verb}" for verb in ("added", "renewed", "revoked")]


def test_a_licence_does_not_end_before_it_starts(guard: Staff, chief: User) -> None:
    with pytest.raises(Invalid) as raised:
        actions.add_qualification(
            guard, kind=QualificationKindFactory(), by=chief, valid_from=TODAY, valid_to=dt.date(2026, 1, 1)
        )
    assert [error.field for error in raised.value.fields] == ["valid_to"]
    with pytest.raises(Invalid):
        actions.add_qualification(guard, kind=QualificationKindFactory(), by=chief, revoked_on=TODAY)


def test_kinds_of_licence(chief: User) -> None:
    kind = actions.add_qualification_kind(code="pool", name_zh="救生员证", by=chief)
    assert kind in queries.qualification_kinds()
    with pytest.raises(Invalid) as raised:
        actions.add_qualification_kind(code="pool", name_zh="x", by=chief)
    assert [error.field for error in raised.value.fields] == ["code"]
    assert actions.load_qualification_kinds() == 10
    assert QualificationKind.objects.filter(code="guard").count() == 1


def test_contractors_come_and_go(project: Project, chief: User) -> None:
    row = actions.add_contractor(node=project, name="洁净公司", by=chief, insured_until=dt.date(2027, 1, 1))
    actions.change_contractor(row, by=chief, trade="保洁", contact="王芳 13800001111")
    assert "1380000" not in "".join(Entry.objects.values_list("data", flat=True))
    with pytest.raises(Invalid):
        actions.add_contractor(node=project, name="洁净公司", by=chief)
    worker = StaffFactory(team__project=project, employment="outsourced", contractor=row)
    with pytest.raises(Conflict):
        actions.end_contractor(row, by=chief)
    actions.leave(worker, by=chief)
    actions.end_contractor(row, by=chief)
    assert Contractor.objects.get().ended_on == TODAY
    with pytest.raises(Conflict):
        actions.end_contractor(row, by=chief)
    with pytest.raises(Conflict):
        actions.change_contractor(row, by=chief, trade="x")


def test_a_company_of_the_group_is_seen_at_the_project() -> None:
    group = NodeFactory()
    project = ProjectFactory(node=NodeFactory(parent=group, kind="project"))
    ours, theirs = ContractorFactory(node=group), ContractorFactory()
    viewer = user_with("registry.view_staff", at=project)
    assert list(queries.contractors_visible_to(viewer)) == [ours]
    assert set(queries.contractors_visible_to(user_with("registry.view_staff", at=theirs.node))) == {theirs}


@pytest.mark.parametrize("permissions", [(), ("registry.view_staff", "registry.manage_people")])
def test_nobody_else_may(guard: Staff, team: Team, project: Project, permissions: tuple[str, ...]) -> None:
    colleague = user_with(*permissions, at=project)
    stranger = user_with("registry.manage_staff", at=ProjectFactory())
    licence, company = QualificationFactory(staff=guard), ContractorFactory(node=project.node)
    acts = [
        lambda by: actions.hire(person=PersonFactory(), team=team, number="x", job="x", by=by),
        lambda by: actions.change_staff(guard, by=by, job="x"),
        lambda by: actions.leave(guard, by=by),
        lambda by: actions.set_supervisor(guard, supervisor=None, by=by),
        lambda by: actions.set_zones(guard, zones=[], by=by),
        lambda by: actions.link_user(guard, user=None, by=by),
        lambda by: actions.add_qualification(guard, kind=licence.kind, by=by),
        lambda by: actions.renew_qualification(licence, by=by),
        lambda by: actions.revoke_qualification(licence, by=by, reason="x"),
        lambda by: actions.add_contractor(node=project, name="x", by=by),
        lambda by: actions.change_contractor(company, by=by, name="x"),
        lambda by: actions.end_contractor(company, by=by),
    ]
    for by in (colleague, stranger):
        for act in acts:
            with pytest.raises(Denied):
                act(by)
    with pytest.raises(Denied):
        actions.add_qualification_kind(code="x", name_zh="x", by=colleague)


# --- reads


def test_staff_present_on_a_day(team: Team, project: Project) -> None:
    stays = StaffFactory(team=team, number="1", hired_on=None)
    leaves = StaffFactory(team=team, number="2", left_on=TODAY)
    StaffFactory(team=team, number="3", hired_on=dt.date(2026, 11, 21))
    StaffFactory()
    assert list(queries.staff_present(project)) == [stays, leaves]
    assert list(queries.staff_present(project, on=dt.date(2026, 11, 21)))[:1] == [stays]
    assert leaves not in queries.staff_present(project, on=dt.date(2026, 11, 21))


def test_who_is_on_duty_now(team: Team, project: Project) -> None:
    day = StaffFactory(team=team, weekly_hours={"5": ["08:00", "17:00"]})  # the clock stands at Friday 10:00
    night = StaffFactory(team=team, weekly_hours={"5": ["20:00", "08:00"]})
    StaffFactory(team=team)
    assert queries.staff_on_duty(project) == [day]
    assert queries.staff_on_duty(project, dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)) == [night]


def test_an_expired_licence_blocks(team: Team, project: Project) -> None:
    kind = QualificationKind.objects.get(code="electrician_lv")
    good, late, revoked, none = (StaffFactory(team=team, number=str(at)) for at in range(4))
    QualificationFactory(staff=good, kind=kind, valid_to=TODAY)
    QualificationFactory(staff=late, kind=kind, valid_to=dt.date(2026, 11, 19))
    QualificationFactory(staff=revoked, kind=kind, revoked_on=TODAY)
    assert list(queries.qualified_staff(project, "electrician_lv")) == [good]
    assert list(queries.qualified_staff(project, "electrician_lv", dt.date(2026, 11, 19))) == [good, late]
    lacking = [queries.lacks_qualification(one, "electrician_lv", on=TODAY) for one in (good, late, revoked, none)]
    assert lacking == [False, True, True, True]
    assert queries.licences_in_force(project) == 50


def test_licences_that_expire(team: Team, project: Project) -> None:
    def ends(days: int, **given: object) -> Qualification:
        return QualificationFactory(staff__team=team, valid_to=TODAY + dt.timedelta(days=days), **given)

    gone, soon, later = ends(-5), ends(60), ends(61)
    ends(5, revoked_on=TODAY)
    former = ends(5)
    Staff.objects.filter(pk=former.staff_id).update(left_on=dt.date(2026, 11, 1))
    viewer = user_with("registry.view_staff", at=project)
    assert list(queries.qualifications_expiring(viewer)) == [gone, soon]
    assert list(queries.qualifications_expiring(viewer, within_days=61)) == [gone, soon, later]
    assert list(queries.qualifications_expiring(user_with(at=project))) == []
    assert queries.licences_in_force(ProjectFactory()) is None


def test_a_licence_warns_at_each_band_once(team: Team, project: Project) -> None:
    chief = user_with("registry.manage_staff", at=project)
    leader_user, own_user = UserFactory(), UserFactory()
    leader = StaffFactory(team=team, user=leader_user)
    holder = StaffFactory(team=team, user=own_user, supervisor=leader)
    QualificationFactory(staff=holder, valid_to=TODAY + dt.timedelta(days=45))
    QualificationFactory(staff=holder, valid_to=TODAY + dt.timedelta(days=400))
    QualificationFactory(staff=holder)
    assert actions.warn_expiring(project) == 1
    assert actions.warn_expiring(project) == 1
    assert [notify.unread_count(user.pk) for user in (chief, leader_user, own_user)] == [1, 1, 1]
    Qualification.objects.exclude(valid_to=None).update(valid_to=TODAY + dt.timedelta(days=6))
    actions.warn_expiring(project)
    assert notify.unread_count(own_user.pk) == 3


def test_nothing_to_warn_of(project: Project) -> None:
    assert actions.warn_expiring(project) == 0


def test_zones_are_seen_with_the_places(project: Project) -> None:
    zone = ZoneFactory(project=project)
    viewer = user_with("registry.view_places", at=project)
    assert list(queries.zones_visible_to(viewer)) == [zone]
    assert Zone.objects.count() == 1
    assert list(queries.staff_visible_to(viewer)) == []
    assert PlaceFactory().project not in {one.project for one in queries.zones_visible_to(viewer)}
