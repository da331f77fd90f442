"""What a project is bound to, and where it deviates (spec 03, Layers)."""

from typing import Any

from wuyou.domains.org.models import Project, User
from wuyou.domains.work.actions import binding as actions
from wuyou.domains.work.choices import Layer
from wuyou.domains.work.models import Binding, Deviation
from wuyou.domains.work.policies import BIND_STANDARDS, VIEW_PLAN
from wuyou.domains.work.queries.plan import bindings_visible_to, deviations_visible_to
from wuyou.faces.api.operations import Acts, maybe, ref
from wuyou.faces.api.org.tree import PROJECTS
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.standards.clauses import CLAUSES, GRADES
from wuyou.faces.api.standards.library import VERSIONS
from wuyou.faces.api.values import Day, choice, column, text

from . import router

BINDINGS = Resource(
    "bindings",
    shape(
        "Binding", Binding, "id project layer version grade starts_on ends_on bound_by",
        standard_code="version.standard.code", grade_code="grade.code",
    ),
    lambda user: bindings_visible_to(user).select_related("project__node", "version__standard__node", "grade"),
    view=[VIEW_PLAN],
    filters={
        "project_id": ids("project"), "layer": Filter(choice(Layer), "layer"), "version_id": ids("version"),
        "is_open": Filter(bool, "ends_on__isnull"),
    },
    sorts={"starts_on": "starts_on"},
)  # fmt: skip
DEVIATIONS = Resource(
    "deviations",
    shape(
        "Deviation",
        Deviation,
        "id binding clause value reason done_by made_by made_at ended_at",
        clause_code="clause.code",
    ),
    deviations_visible_to,
    view=[VIEW_PLAN],
    filters={
        "binding_id": ids("binding"),
        "project_id": ids("binding__project"),
        "is_open": Filter(bool, "ended_at__isnull"),
    },
    sorts={"made_at": "made_at"},
)

BINDINGS.expose(router)
on_bindings = Acts(router, BINDINGS, [BIND_STANDARDS])


def bind(*, project: Project, version: Any, grade: Any, by: User, **given: Any) -> Binding:
    """Bind a project to an issued version at a grade from a day."""
    return actions.bind(project, version, grade, by=by, **given)


def deviate(*, binding: Binding, clause: Any, by: User, **given: Any) -> Deviation:
    """Let one clause have another value here, with a reason; `-` means not done by us."""
    return actions.deviate(binding, clause, by=by, **given)


on_bindings.add(
    bind,
    {
        "project": ref(PROJECTS), "version": ref(VERSIONS), "grade": ref(GRADES), "starts_on": Day,
        "ends_on": maybe(Day | None), "layer": maybe(choice(Layer)),
    },
)  # fmt: skip
on_bindings.post("end", actions.end_binding, {"ends_on": Day, "reason": text(300)})

DEVIATIONS.expose(router)
on_deviations = Acts(router, DEVIATIONS, [BIND_STANDARDS])
on_deviations.add(
    deviate,
    {
        "binding": ref(BINDINGS), "clause": ref(CLAUSES), "value": column(Deviation, "value"),
        "reason": column(Deviation, "reason"), "done_by": maybe(column(Deviation, "done_by")),
    },
)  # fmt: skip
on_deviations.post("end", actions.end_deviation, {"reason": text(300)})
