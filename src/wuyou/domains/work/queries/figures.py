"""Values of work's metrics over a scope of compliance (spec 12)."""

from decimal import Decimal

from django.db.models import Count, F, Q

from wuyou.domains.work import metrics
from wuyou.domains.work.choices import Layer, TaskState
from wuyou.domains.work.models import Task
from wuyou.domains.work.rules.compliance import percent
from wuyou.kernel import clock
from wuyou.kernel.metrics import Metric

from .compliance import Scope, compliance_total


def figures(scope: Scope) -> dict[Metric, Decimal | None]:
    """Every metric of work in percent, None where nothing fell due."""
    counts = compliance_total(scope)
    return {
        metrics.TASK_COMPLIANCE: counts.rate,
        metrics.TASKS_DONE: counts.done_rate,
        metrics.EVIDENCE_REJECTED: percent(counts.rejected, counts.due),
        metrics.NOT_POSSIBLE: percent(counts.skipped, counts.due),
        metrics.STATUTORY_IN_DATE: statutory_in_date(scope),
    }


def statutory_in_date(scope: Scope) -> Decimal | None:
    """Share of the tasks of statutory clauses that were done in time, of those due by now, in percent."""
    rows = Task.objects.filter(
        project_id__in=scope.projects,
        day__range=(scope.first, scope.last),
        due__lte=clock.now(),
        line__proofs__layer=Layer.STATUTORY,
    ).exclude(state=TaskState.WITHDRAWN)
    in_time = Q(state=TaskState.DONE, done_at__lt=F("due"))
    found = rows.aggregate(all=Count("pk", distinct=True), kept=Count("pk", distinct=True, filter=in_time))
    return percent(found["kept"], found["all"])
