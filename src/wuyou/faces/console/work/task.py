"""The page of one task, and what people do there: prove, finish, skip, hand over, review, remark (spec 03, 11)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_POST

from wuyou.domains.org.actions import add_comment
from wuyou.domains.org.models import User
from wuyou.domains.org.policies import may
from wuyou.domains.org.queries import comments_on, has_permission
from wuyou.domains.registry.models import Staff
from wuyou.domains.registry.queries.places import ancestors
from wuyou.domains.sheets.queries import items_of
from wuyou.domains.standards.models import Clause
from wuyou.domains.work import policies
from wuyou.domains.work.actions.attaching import attach_evidence
from wuyou.domains.work.actions.handing import hand_over, withdraw_tasks
from wuyou.domains.work.actions.problems import Found
from wuyou.domains.work.actions.reviewing import accept_evidence, reject_evidence
from wuyou.domains.work.actions.tasks import Completion, claim_task, complete_task, release_task, skip_task
from wuyou.domains.work.flows.tasks import TASK_FLOW
from wuyou.domains.work.models import Answer, Task
from wuyou.domains.work.queries.day import (
    answers_of,
    buildings_around,
    history_of,
    problems_of,
    proofs_of,
    scanned_here,
    takers_of,
    with_all,
)
from wuyou.domains.work.queries.plan import covers_of
from wuyou.domains.work.queries.tasks import is_qualified, last_readings, tasks_visible_to
from wuyou.domains.work.rules.tasks import Timing
from wuyou.kernel import clock
from wuyou.kernel.errors import Invalid, WuyouError
from wuyou.ui.addresses import own
from wuyou.ui.forms import UNPROCESSABLE, FormPage, field_errors
from wuyou.ui.pictures import Pin, PlanMap, Shape
from wuyou.ui.visitor import user_of

from .forms import PASS_FAIL, CommentForm, DoneForm, HandOverForm, SkipForm
from .looks import TIMINGS, entry_of, photos_of, proof_look, said, sheet_name, state_look

SPAN = 90.0  # metres from a task's place to the edge of its small plan

STEPS: Mapping[str, Callable[..., object]] = {
    "claim": lambda task, by, _text: claim_task(task, by=by),
    "release": lambda task, by, _text: release_task(task, by=by),
    "accept": lambda task, by, _text: accept_evidence(task, by=by),
    "reject": lambda task, by, text: reject_evidence(task, by=by, review_note=text),
    "withdraw": lambda task, by, text: withdraw_tasks([task], by=by, reason=text),
}
SAID: Mapping[str, object] = {
    "claim": gettext_lazy("The task is yours."),
    "release": gettext_lazy("The task went back to the team."),
    "accept": gettext_lazy("The evidence is accepted."),
    "reject": gettext_lazy("The evidence is rejected; the task goes back."),
    "withdraw": gettext_lazy("The task is withdrawn."),
}


def task_of(request: HttpRequest, pk: int) -> Task:
    """The task with all its page shows, if the person may see it; 404 otherwise."""
    found: Task = get_object_or_404(with_all(tasks_visible_to(user_of(request))), pk=pk)
    return found


def page_of(task: Task) -> str:
    """The address of a task's page."""
    return reverse("console:work:task", args=[task.pk])


class TaskPage(View):
    """Where a task stands, what it asks for, and the form that finishes it."""

    @cached_property
    def task(self) -> Task:
        """The task of the address."""
        return task_of(self.request, self.kwargs["pk"])

    @cached_property
    def user(self) -> User:
        """Who is asking."""
        return user_of(self.request)

    @cached_property
    def is_doable(self) -> bool:
        """Whether the person may finish it now."""
        names = {step.name for step in TASK_FLOW.from_state(self.task.state)}
        if "complete" not in names or self.is_early or self.lacks_licence:
            return False
        return may(policies.check_do, self.user, self.task)

    @cached_property
    def lacks_licence(self) -> bool:
        """Whether the task demands a licence this member of staff does not hold: better said before the work."""
        staff = getattr(self.user, "staff", None)
        licence = self.task.qualification
        return staff is not None and licence != "" and not is_qualified(staff, licence, on=clock.today())

    @cached_property
    def is_early(self) -> bool:
        """Whether the window has not opened yet: work before it would prove nothing."""
        return state_look(self.task) is TIMINGS[Timing.NOT_YET]

    def form(self, *data: Any) -> DoneForm:
        """The form with the items of the task's own version of its sheet."""
        version = self.task.sheet_version
        last: dict[str, Decimal] = {}
        if version and self.task.asset_id:
            last = last_readings(self.task.asset_id, version.sheet_id)
        initial = {"code": self.request.GET.get("code", "")}
        return DoneForm(*data, task=self.task, items=items_of(version) if version else (), last=last, initial=initial)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        return self.show(self.form() if self.is_doable else None)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Attach what was photographed, then finish; what is missing is said at its field."""
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, status=UNPROCESSABLE)
        with field_errors(form) as outcome:
            for upload in form.cleaned_data["photos"]:
                attach_evidence(self.task, upload=upload, by=self.user)
            complete_task(self.task, by=self.user, with_=self.completion(form))
        if outcome.error:
            self.task.refresh_from_db(fields=["state", "done_at", "done_by", "review"])
            return self.show(form if self.is_doable_again() else None, status=outcome.error.status, error=outcome.error)
        messages.success(request, _("Done: %(task)s") % {"task": self.task.title})
        return redirect(self.back() if self.is_mine() else page_of(self.task))

    def is_mine(self) -> bool:
        """Whether it was the person's own work, after which they go on with the rest of it."""
        return self.user.pk == getattr(self.task.assignee, "user_id", None) or "back" in self.request.GET

    def back(self) -> str:
        """Where one came from: the address says so, else one's own work or the list."""
        sees_all = has_permission(self.user, policies.VIEW_TASKS, self.task.project.node)
        default = reverse("console:work:tasks") if sees_all and not self.is_mine() else "/"
        return own(self.request, self.request.GET.get("back", default))

    def is_doable_again(self) -> bool:
        """Whether the form still makes sense after a refusal: somebody else may have finished the task."""
        return any(step.name == "complete" for step in TASK_FLOW.from_state(self.task.state))

    def completion(self, form: DoneForm) -> Completion:
        """What the form says."""
        data = form.cleaned_data
        found = Found(data["text"], data["severity"] or "minor") if data["text"].strip() else None
        return Completion(
            note=data["note"],
            answers=form.answers(),
            scanned=self.is_scanned(data.get("code", "")),
            pick_reason=data.get("pick_reason", ""),
            found=found,
            client_id=data["client_id"],
        )

    def is_scanned(self, code: str) -> bool:
        """Whether the code is the sticker of this place; raises Invalid for another one's."""
        if not code.strip():
            return False
        if not scanned_here(code, self.task, by=self.user):
            raise Invalid(fields={"code": _("This sticker belongs to another place.")})
        return True

    def show(self, form: DoneForm | None, *, status: int = 200, error: WuyouError | None = None) -> HttpResponse:
        """Render the page."""
        return render(self.request, "console/work/task.html", self.context(form, error), status=status)

    def context(self, form: DoneForm | None, error: WuyouError | None) -> dict[str, Any]:
        """What the template needs."""
        task, user = self.task, self.user
        proofs = proofs_of([task])[task.pk]
        place = task.place or (task.asset.place if task.asset else None)
        sees_all = has_permission(user, policies.VIEW_TASKS, task.project.node)
        return {
            "task": task,
            "look": state_look(task),
            "proof": proof_look(task),
            "form": form,
            "is_early": self.is_early,
            "lacks_licence": self.lacks_licence and task.state in {"open", "claimed", "rejected"},
            "sheet": sheet_name(task.sheet_version),
            "error": error if form is None else None,
            "steps": steps_for(user, task) - ({"claim"} if self.lacks_licence else set()),
            "photos": photos_of(proofs),
            "documents": [row for row in proofs if not row.thumbnail_path],
            "answers": [] if form else [answered(row) for row in answers_of(task)],
            "covers": [(row, requirement_of(row.clause)) for row in covers_of(task.line)] if task.line else [],
            "problems": problems_of(task),
            "clock_due": task.due if task.state in {"open", "claimed"} else None,
            "requirement": requirement_of(task.clause) if task.clause else "",
            "where": [row.name for row in ancestors(place)][1:] if place else [],
            "place": place if place and (task.asset is None or task.asset.name != place.name) else None,
            "plan": small_plan(task),
            "entries": [entry_of(row) for row in history_of(task)],
            "comments": comments_on("task", task.pk) if sees_all else None,
            "comment_form": CommentForm() if sees_all else None,
            "draft": f"{user.pk}:task:{task.pk}",
            "back": self.back(),
            "may_see_original": has_permission(user, policies.REVIEW_TASKS, task.project.node),
        }


def requirement_of(clause: Clause) -> str:
    """What a clause asks for, in the language active now."""
    return said(clause.requirement_zh, clause.requirement_en)


def answered(row: Answer) -> tuple[str, str, bool]:
    """An answer: what was asked, what was said in words, whether it is implausible."""
    item = row.item
    words: dict[str, str] = {code: str(label) for code, label in PASS_FAIL} if item.answer_type == "pass_fail" else {}
    words |= {one["code"]: said(one["zh"], one.get("en", "")) for one in item.options or ()}
    given = f"{words.get(row.value, row.value)} {item.unit}".strip()
    return said(item.text_zh, item.text_en), given, row.is_implausible


def steps_for(user: User, task: Task) -> set[str]:
    """The names of the steps the person may take now, besides finishing."""
    checks = {
        "claim": policies.check_do, "release": policies.check_do, "skip": policies.check_do,
        "hand_over": policies.check_assign, "withdraw": policies.check_assign,
        "accept": policies.check_review, "reject": policies.check_review,
    }  # fmt: skip
    names = {step.name for step in TASK_FLOW.from_state(task.state)} & set(checks)
    if task.review == "accepted":
        names.discard("accept")
    if task.assignee_id is not None and task.assignee_id == getattr(getattr(user, "staff", None), "pk", None):
        names.discard("claim")  # it is theirs already
    return {name for name in names if may(checks[name], user, task)}


def small_plan(task: Task) -> PlanMap | None:
    """A pin where the task is, when its place has coordinates."""
    place = task.place or (task.asset.place if task.asset else None)
    if place is None or place.x is None or place.y is None:
        return None
    pin = Pin(place.x, place.y, place.name, state_look(task).tone)
    blocks = [Shape(row.x or 0, row.y or 0, row.name) for row in buildings_around(place, metres=SPAN)]
    box = (place.x - SPAN, place.y - SPAN * 0.7, place.x + SPAN, place.y + SPAN * 0.7)
    return PlanMap(place.name, [pin], blocks, extent=box)


def task_photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in photos as soon as they are shot; gives the part of the page that shows them."""
    task = task_of(request, pk)
    for upload in request.FILES.getlist("photos"):
        attach_evidence(task, upload=upload, by=user_of(request))
    context = {"photos": photos_of(proofs_of([task])[task.pk]), "upload_url": request.path}
    return render(request, "console/work/parts/proof.html", context)


@require_POST
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take, give back, accept, reject, withdraw: one press, perhaps with a reason."""
    task = task_of(request, pk)
    TASK_FLOW.check(step, task.state)
    text = request.POST.get("text", "")
    if step in {"reject", "withdraw"} and not text.strip():
        raise Invalid(fields={"text": _("Say why.")})
    STEPS[step](task, user_of(request), text)
    messages.success(request, str(SAID[step]))
    return redirect(page_of(task))


@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Remark on a task."""
    task = task_of(request, pk)
    subject = ("task", task.pk, task.title)
    add_comment(project=task.project, subject=subject, text=request.POST.get("text", ""), by=user_of(request))
    return redirect(page_of(task) + "#comments")


class OnTask(FormPage):
    """A form about one task."""

    @cached_property
    def task(self) -> Task:
        """The task of the address."""
        return task_of(self.request, self.kwargs["pk"])

    def back(self) -> str:
        """To the task."""
        return page_of(self.task)


class SkipTask(OnTask):
    """Say that a task is not possible."""

    title = gettext_lazy("Not possible")
    form_class = SkipForm
    submit = gettext_lazy("Report as not possible")
    is_touch = True

    def allowed(self) -> None:
        """Whoever may do the task."""
        policies.check_do(self.user, self.task)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Skip it."""
        skip_task(self.task, by=self.user, **data)
        return self.done(_("Reported as not possible."), to=own(self.request, "/"))


class HandOver(OnTask):
    """Give a task to a colleague."""

    title = gettext_lazy("Hand over")
    form_class = HandOverForm
    submit = gettext_lazy("Hand over")

    def allowed(self) -> None:
        """Whoever assigns work here."""
        policies.check_assign(self.user, self.task)

    def form_arguments(self) -> dict[str, Any]:
        """The people present."""
        return {"staff": takers_of(self.task.project, self.task.team_id)}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Hand it over."""
        to: Staff = data["to"]
        hand_over([self.task], to=to, by=self.user, reason=data["reason"])
        return self.done(_("Handed over to %(name)s.") % {"name": to.name}, to=page_of(self.task))
