"""A binding as people look at it: the clauses of its grade with what was agreed instead (spec 03)."""

from dataclasses import dataclass

from django.db.models import QuerySet

from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.standards.models import Clause, ClauseValue
from wuyou.domains.work.models import Binding, Deviation
from wuyou.domains.work.policies import VIEW_PLAN
from wuyou.domains.work.rules.binding import NO_DUTY
from wuyou.kernel.actors import Actor

from .site import deviations_of


@dataclass(frozen=True, slots=True)
class BoundClause:
    """A clause with the value of the bound grade ("-" for none) and the deviation that holds now."""

    clause: Clause
    value: str
    deviation: Deviation | None


def binding_clauses(binding: Binding) -> list[BoundClause]:
    """Every clause of the bound version in its order (three queries); those without a duty only when deviated from."""
    values = dict(ClauseValue.objects.filter(grade_id=binding.grade_id).values_list("clause_id", "value"))
    changed = {row.clause_id: row for row in deviations_of(binding)}
    rows = [
        BoundClause(clause, values.get(clause.pk, NO_DUTY), changed.get(clause.pk))
        for clause in binding.version.clauses.all()
    ]
    return [row for row in rows if row.value != NO_DUTY or row.deviation]


def deviations_visible_to(user: Actor) -> QuerySet[Deviation]:
    """Deviations of bindings of the projects where the user may see plans, ended ones included."""
    rows = Deviation.objects.filter(binding__project__in=projects_visible_to(user, VIEW_PLAN))
    return rows.select_related("binding__project__node", "binding__version__standard", "clause").order_by("-made_at")
