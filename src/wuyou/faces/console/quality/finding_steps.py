"""Forms of a correction: contain, find the cause, act, prove, ask for time, explain, look elsewhere (spec 05)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.actions import findings as actions
from wuyou.domains.quality.flows.findings import FINDING_FLOW
from wuyou.domains.quality.models import Explanation, Finding, SimilarPlace
from wuyou.domains.quality.policies import findings as policies
from wuyou.domains.quality.queries import findings as queries
from wuyou.ui.forms import FormPage

from .finding import finding_of
from .finding_forms import (
    ActForm,
    AmendForm,
    AnalyseForm,
    ContainForm,
    ExplainForm,
    ExtendForm,
    LookForm,
    OneOwnerForm,
    ProveForm,
)
from .finding_looks import finding_url


class OfFinding(FormPage):
    """A form about one finding."""

    is_touch = True

    @cached_property
    def finding(self) -> Finding:
        """The finding of the address, if the person sees it."""
        return finding_of(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Whoever may work on its correction."""
        policies.check_correct(self.user, self.finding)

    def back(self) -> str:
        """To the finding."""
        return finding_url(self.finding)

    def context(self) -> dict[str, Any]:
        """Says which."""
        return {"intro": f"{self.finding.number} · {self.finding.text}"}

    def finished(self) -> HttpResponse:
        """Back to the finding with where it stands now."""
        words = {"number": self.finding.number, "state": self.finding.get_state_display()}
        return self.done(_now("%(number)s: %(state)s") % words, to=finding_url(self.finding))


class StepForm(OfFinding):
    """One of the steps that need a form; which one, the address says."""

    FORMS: ClassVar[Mapping[str, type[forms.Form]]] = {
        "contain": ContainForm, "clean": ProveForm, "analyse": AnalyseForm, "act": ActForm, "prove": ProveForm,
    }  # fmt: skip

    @property
    def step(self) -> str:
        """The step; 404 for one without a form."""
        found: str = self.kwargs["step"]
        if found not in self.FORMS:
            raise Http404
        return found

    @property
    def title(self) -> object:  # type: ignore[override]
        """What the step is called."""
        return FINDING_FLOW.transition(self.step).label

    @property
    def submit(self) -> object:  # type: ignore[override]
        """The button says what it does."""
        return self.title

    @property
    def form_class(self) -> type[forms.Form]:  # type: ignore[override]
        """The step's form."""
        return self.FORMS[self.step]

    def form_arguments(self) -> dict[str, Any]:
        """People to choose from belong to the project."""
        return {"finding": self.finding} if self.step == "act" else {}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Take the step."""
        finding, by = self.finding, self.user
        if self.step == "analyse":
            whys = AnalyseForm.whys(self.form_class(), data)  # type: ignore[arg-type]
            actions.analyse(finding, cause=data["cause"], whys=whys, by=by)
        elif self.step in {"prove", "clean"}:
            self._prove(data)
        else:
            taken = {"contain": actions.contain, "act": actions.act}[self.step]
            taken(finding, by=by, **data)  # type: ignore[operator]
        return self.finished()

    def _prove(self, data: dict[str, Any]) -> None:
        for upload in data["photos"]:
            actions.attach_proof(self.finding, upload=upload, by=self.user)
        taken = {"prove": actions.prove, "clean": actions.clean}[self.step]
        taken(self.finding, proof=data["proof"], by=self.user)


class Extend(OfFinding):
    """Ask for more time."""

    title = _("Ask for more time")
    form_class = ExtendForm
    submit = _("Ask")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Ask."""
        until = ExtendForm.moment(ExtendForm(), data["until"])
        actions.ask_extension(self.finding, until=until, reason=data["reason"], by=self.user)
        return self.done(_now("Asked. The deadline stays until somebody has decided."), to=finding_url(self.finding))


class Assign(OfFinding):
    """Give it to somebody."""

    title = _("Give to somebody")
    form_class = OneOwnerForm

    def allowed(self) -> None:
        """Whoever hands out corrections."""
        policies.check_assign(self.user, self.finding)

    def form_arguments(self) -> dict[str, Any]:
        """People of the project."""
        return {"finding": self.finding}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Give it."""
        actions.assign_owner(self.finding, owner=data["owner"], by=self.user)
        words = {"number": self.finding.number, "name": data["owner"].name}
        return self.done(_now("%(number)s was given to %(name)s.") % words, to=finding_url(self.finding))


class Amend(OfFinding):
    """Change what was said of it."""

    title = _("Amend the finding")
    form_class = AmendForm

    def allowed(self) -> None:
        """Whoever judges it."""
        policies.check_judge(self.user, self.finding)

    def initial(self) -> dict[str, Any]:
        """What it says now."""
        return {"severity": self.finding.severity, "text": self.finding.text}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change what differs."""
        before = self.initial()
        changes = {name: value for name, value in data.items() if value != before[name]}
        actions.amend_finding(self.finding, by=self.user, **changes)
        return self.finished()


class Explain(FormPage):
    """Say why a finding was still open at an inspection."""

    title = _("Explain why it was still open")
    form_class = ExplainForm
    is_touch = True

    @cached_property
    def explanation(self) -> Explanation:
        """The explanation of the address, if the person sees its finding."""
        rows = queries.explanations_visible_to(self.user)
        return get_object_or_404(rows.select_related("finding__owner", "finding__inspection"), pk=self.kwargs["pk"])

    def allowed(self) -> None:
        """Whoever may work on its correction."""
        policies.check_correct(self.user, self.explanation.finding)

    def back(self) -> str:
        """To the finding."""
        return finding_url(self.explanation.finding)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Explain."""
        row = self.explanation
        actions.explain_open(row.finding, row.inspection, by=self.user, **data)
        return self.done(_now("Explained."), to=finding_url(row.finding))


class Look(FormPage):
    """Say what was seen at a similar place."""

    title = _("Similar place")
    form_class = LookForm
    is_touch = True

    @cached_property
    def similar(self) -> SimilarPlace:
        """The place of the address, if the person sees the finding."""
        rows = queries.similar_visible_to(self.user).select_related("finding__clause__version", "finding__owner")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def allowed(self) -> None:
        """Whoever may work on the correction."""
        policies.check_correct(self.user, self.similar.finding)

    def back(self) -> str:
        """To the finding."""
        return finding_url(self.similar.finding)

    def context(self) -> dict[str, Any]:
        """Says where and what to look for."""
        return {"intro": f"{self.similar.place} · {self.similar.finding.text}"}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Keep what was seen."""
        row = actions.look_at_similar(self.similar, state=data["state"], note=data["note"], by=self.user)
        said = _now("Noted.")
        if row.led_to is not None:
            said = _now("Entered as %(number)s.") % {"number": row.led_to.number}
        return self.done(said, to=finding_url(self.similar.finding))
