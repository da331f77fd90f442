"""How a task and a problem found on it move (spec 03)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.work.choices import ProblemState, TaskState
from wuyou.kernel import flows
from wuyou.kernel.flows import Flow, Transition

DO, ASSIGN, REVIEW = "work.do_tasks", "work.assign_tasks", "work.review_tasks"

TASK_FLOW = flows.register(
    Flow(
        name="task",
        label=_("Task"),
        initial=TaskState.OPEN,
        states=dict(TaskState.choices),
        transitions=(
            Transition("claim", (TaskState.OPEN,), TaskState.CLAIMED, _("Take it"), DO),
            Transition("release", (TaskState.CLAIMED,), TaskState.OPEN, _("Give it back"), DO),
            Transition(
                "complete",
                (TaskState.OPEN, TaskState.CLAIMED, TaskState.REJECTED),
                TaskState.DONE,
                _("Done"),
                DO,
                tone="success",
            ),
            Transition(
                "skip",
                (TaskState.OPEN, TaskState.CLAIMED),
                TaskState.SKIPPED,
                _("Not possible"),
                DO,
                needs=("skip_reason",),
                tone="warning",
            ),
            Transition(
                "hand_over",
                (TaskState.OPEN, TaskState.CLAIMED),
                TaskState.OPEN,
                _("Hand over"),
                ASSIGN,
                needs=("assignee",),
            ),
            Transition("accept", (TaskState.DONE,), TaskState.DONE, _("Accept the evidence"), REVIEW, tone="success"),
            Transition(
                "reject",
                (TaskState.DONE, TaskState.SKIPPED),
                TaskState.REJECTED,
                _("Reject the evidence"),
                REVIEW,
                needs=("review_note",),
                tone="danger",
            ),
            Transition(
                "withdraw",
                (TaskState.OPEN, TaskState.CLAIMED),
                TaskState.WITHDRAWN,
                _("Withdraw"),
                ASSIGN,
                needs=("note",),
            ),
        ),
    )
)

PROBLEM_FLOW = flows.register(
    Flow(
        name="problem",
        label=_("Problem"),
        initial=ProblemState.REPORTED,
        states=dict(ProblemState.choices),
        transitions=(
            Transition(
                "acknowledge",
                (ProblemState.REPORTED,),
                ProblemState.ACKNOWLEDGED,
                _("Acknowledge"),
                ASSIGN,
                starts=("resolve",),
                stops=("acknowledge",),
                tone="primary",
            ),
            Transition(
                "resolve",
                (ProblemState.REPORTED, ProblemState.ACKNOWLEDGED),
                ProblemState.RESOLVED,
                _("Resolved"),
                DO,
                needs=("remedy",),
                stops=("acknowledge", "resolve"),
                tone="success",
            ),
            Transition(
                "reopen",
                (ProblemState.RESOLVED,),
                ProblemState.ACKNOWLEDGED,
                _("Not solved"),
                REVIEW,
                starts=("resolve",),
                tone="danger",
            ),
            Transition("close", (ProblemState.RESOLVED,), ProblemState.CLOSED, _("Close"), REVIEW, tone="success"),
        ),
    )
)
