"""Staff, licences, contractors, posts (spec 01)."""

from typing import Any

from wuyou.domains.registry import queries
from wuyou.domains.registry.actions import places as place_actions
from wuyou.domains.registry.actions import staff as actions
from wuyou.domains.registry.choices import Employment, Sex
from wuyou.domains.registry.models import Contractor, Post, Qualification, QualificationKind, Staff
from wuyou.domains.registry.policies import MANAGE_PLACES, MANAGE_STAFF, VIEW_STAFF
from wuyou.faces.api.operations import Acts, maybe, ref, refs
from wuyou.faces.api.org.people import USERS
from wuyou.faces.api.org.tree import NODES
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Day, Json, choice, column, decimal, number, text
from wuyou.kernel import clock

from . import router
from .people import PERSONS
from .places import PLACES, POSTS, TEAMS, ZONES

CONTRACTORS = Resource(
    "contractors",
    shape("Contractor", Contractor, "id node name licence trade contact insured_until ended_on"),
    queries.contractors_visible_to,
    view=[VIEW_STAFF],
    filters={"node_id": ids("node"), "trade": Filter(text(60), "trade")},
    sorts={"name": "name", "insured_until": "insured_until"},
    search=("name",),
)


def present(rows: Any, value: bool) -> Any:  # noqa: FBT001 — a filter's value
    """Only those who are employed today, or only those who have left."""
    left = rows.filter(left_on__lt=clock.today())
    return rows.exclude(pk__in=left.values("pk")) if value else left


STAFF = Resource(
    "staff",
    shape(
        "StaffMember",
        Staff,
        "id project person user number name sex education team job supervisor employment contractor weekly_hours"
        " hired_on left_on",
        team_name="team.name",
        zone_ids=(list[int], lambda row: [zone.pk for zone in row.zones.all()]),
    ),
    lambda user: (
        queries.staff_visible_to(user).select_related("team", "person", "project__node").prefetch_related("zones")
    ),
    view=[VIEW_STAFF],
    filters={
        "project_id": ids("project"),
        "team_id": ids("team"),
        "zone_id": ids("zones"),
        "job": Filter(text(40), "job"),
        "number": Filter(text(20), "number"),
        "is_present": Filter(bool, present),
    },
    sorts={"number": "number", "name": "name", "hired_on": "hired_on"},
    search=("name", "number"),
)
KINDS = Resource(
    "qualification-kinds",
    shape("QualificationKind", QualificationKind, "id code name_zh synonyms validity"),
    lambda user: queries.qualification_kinds(),
    view=[VIEW_STAFF],
    sorts={"code": "code"},
)


def in_force(row: Qualification) -> bool:
    """Whether a licence counts today."""
    return row.revoked_on is None and queries.counts(row, on=clock.today())


QUALIFICATIONS = Resource(
    "qualifications",
    shape(
        "Qualification", Qualification,
        "id staff kind number issuer valid_from valid_to reviewed_on revoked_on revoked_why",
        staff_name="staff.name", kind_code="kind.code", is_in_force=(bool, in_force),
    ),
    lambda user: queries.qualifications_visible_to(user).select_related("staff__team", "staff__project__node", "kind"),
    view=[VIEW_STAFF],
    filters={
        "staff_id": ids("staff"), "project_id": ids("staff__project"), "kind_id": ids("kind"),
        "expires_by": Filter(Day, "valid_to__lte"),
    },
    sorts={"valid_to": "valid_to"},
)  # fmt: skip
EMPLOYED = {
    "sex": maybe(choice(Sex)),
    "born_on": maybe(Day | None),
    "education": maybe(column(Staff, "education")),
    "employment": maybe(choice(Employment)),
    "contractor": maybe(ref(CONTRACTORS, empty=True)),
    "weekly_hours": maybe(Json),
}
LICENCE = {
    "number": maybe(column(Qualification, "number")),
    "issuer": maybe(column(Qualification, "issuer")),
    "valid_from": maybe(Day | None),
    "valid_to": maybe(Day | None),
    "reviewed_on": maybe(Day | None),
}
COMPANY = {
    "licence": maybe(column(Contractor, "licence")),
    "trade": maybe(column(Contractor, "trade")),
    "contact": maybe(column(Contractor, "contact")),
    "insured_until": maybe(Day | None),
}

STAFF.expose(router)
on_staff = Acts(router, STAFF, [MANAGE_STAFF])
on_staff.add(
    actions.hire,
    {
        "person": ref(PERSONS), "team": ref(TEAMS), "number": column(Staff, "number"), "job": column(Staff, "job"),
        "hired_on": maybe(Day | None), **EMPLOYED,
    },
)  # fmt: skip
on_staff.patch(actions.change_staff, {"team": maybe(ref(TEAMS)), "job": maybe(column(Staff, "job")), **EMPLOYED})
on_staff.post("leave", actions.leave, {"on": maybe(Day | None)})
on_staff.put("supervisor", actions.set_supervisor, {"supervisor": ref(STAFF, empty=True)})
on_staff.put("zones", actions.set_zones, {"zones": refs(ZONES)})
on_staff.put("user", actions.link_user, {"user": ref(USERS, empty=True)})

KINDS.expose(router)
Acts(router, KINDS, [MANAGE_STAFF]).add(
    actions.add_qualification_kind,
    {
        "code": column(QualificationKind, "code"), "name_zh": column(QualificationKind, "name_zh"),
        "validity": maybe(column(QualificationKind, "validity")),
    },
)  # fmt: skip

QUALIFICATIONS.expose(router)
on_qualifications = Acts(router, QUALIFICATIONS, [MANAGE_STAFF])


def add_qualification(*, staff: Staff, by: Any, **given: Any) -> Qualification:
    """Enter a licence; without a stated end its kind's term from the issue counts."""
    return actions.add_qualification(staff, by=by, **given)


on_qualifications.add(add_qualification, {"staff": ref(STAFF), "kind": ref(KINDS), **LICENCE})
on_qualifications.post("renew", actions.renew_qualification, LICENCE)
on_qualifications.post("revoke", actions.revoke_qualification, {"reason": text(200)}, answer=None)

CONTRACTORS.expose(router)
on_contractors = Acts(router, CONTRACTORS, [MANAGE_STAFF])
on_contractors.add(actions.add_contractor, {"node": ref(NODES), "name": column(Contractor, "name"), **COMPANY})
on_contractors.patch(actions.change_contractor, {"name": maybe(column(Contractor, "name")), **COMPANY})
on_contractors.post("end", actions.end_contractor, {"on": maybe(Day | None)})

HOURS = {
    "place": maybe(ref(PLACES, empty=True)),
    "heads": maybe(number(1, 1000)),
    "hours_per_day": maybe(decimal(2, 1)),
    "days_per_week": maybe(number(1, 7)),
    "qualification": maybe(ref(KINDS, empty=True)),
}
POSTS.expose(router)
on_posts = Acts(router, POSTS, [MANAGE_PLACES])
on_posts.add(
    place_actions.add_post,
    {"team": ref(TEAMS), "name": column(Post, "name"), **HOURS, "hours_per_day": decimal(2, 1)},
)
on_posts.patch(place_actions.change_post, {"name": maybe(column(Post, "name")), **HOURS})
on_posts.post("close", place_actions.close_post, answer=None)
