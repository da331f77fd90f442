"""Figures of work: what the boards, the owners' page and later the appraisal read (spec 12)."""

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.metrics import Metric, register

SOURCE = "work.ComplianceDay"
GRAIN = "project × day × clause × zone × team × person"

TASK_COMPLIANCE = register(
    Metric(
        code="work.task_compliance",
        name=_("Task compliance"),
        unit="%",
        direction="up",
        formula=_("tasks done in time ÷ tasks due; not possible and rejected ones were promised all the same"),
        source=SOURCE,
        grain=GRAIN,
        owner="project_manager",
    )
)
TASKS_DONE = register(
    Metric(
        code="work.tasks_done",
        name=_("Tasks done at all"),
        unit="%",
        direction="up",
        formula=_("tasks done, in time or late ÷ tasks due"),
        source=SOURCE,
        grain=GRAIN,
        owner="project_manager",
    )
)
EVIDENCE_REJECTED = register(
    Metric(
        code="work.evidence_rejected",
        name=_("Evidence rejected"),
        unit="%",
        direction="down",
        formula=_("tasks whose evidence stands rejected ÷ tasks due"),
        source=SOURCE,
        grain=GRAIN,
        owner="department_lead",
    )
)
NOT_POSSIBLE = register(
    Metric(
        code="work.not_possible",
        name=_("Tasks not possible"),
        unit="%",
        direction="down",
        formula=_("tasks said to be not possible, with a reason ÷ tasks due"),
        source=SOURCE,
        grain=GRAIN,
        owner="department_lead",
    )
)
STATUTORY_IN_DATE = register(
    Metric(
        code="work.statutory_in_date",
        name=_("Statutory duties in date"),
        unit="%",
        direction="up",
        formula=_("tasks of statutory clauses done in time ÷ tasks of statutory clauses due"),
        source="work.Task",
        grain="project × period",
        owner="project_manager",
    )
)
