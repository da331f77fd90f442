"""Forms of improvement projects: plan, measure, check, propose, decide."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.policies import may, require
from wuyou.domains.quality.actions.improvement import (
    add_measure,
    change_plan,
    check,
    decide_proposal,
    finish_measure,
    plan_improvement,
    propose_change,
)
from wuyou.domains.quality.models import Finding, Improvement, Measure, Proposal
from wuyou.domains.quality.policies import improvement as policies
from wuyou.domains.quality.policies.rights import MANAGE_IMPROVEMENT
from wuyou.domains.quality.queries.figures import measurable
from wuyou.domains.quality.queries.findings import findings_visible_to
from wuyou.domains.quality.queries.improvement import (
    clauses_to_change,
    findings_to_improve,
    measures_visible_to,
    nodes_to_improve,
    owners_at,
    proposals_visible_to,
    staff_at,
)
from wuyou.domains.quality.rules.improvement import PlanSpec
from wuyou.faces.console.offering import offer
from wuyou.kernel import clock
from wuyou.kernel.errors import Denied
from wuyou.ui.forms import FormPage, Section

from .improvement import improvement_of
from .improvement_looks import improvement_url

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOST_FINDINGS = 60


def metric_choices() -> list[tuple[str, object]]:
    """Figures that can be measured, with their units."""
    return [(metric.code, metric.name) for metric in measurable()]


class PlanForm(forms.Form):
    """What is to get better, from where to where, by when."""

    name = forms.CharField(label=_("Name"), max_length=120)
    problem = forms.CharField(label=_("What is the problem?"), widget=forms.Textarea, max_length=3000)
    metric = forms.ChoiceField(label=_("Figure that is to get better"))
    target = forms.DecimalField(label=_("Target"), max_digits=12, decimal_places=4)
    before_from = forms.DateField(label=_("Baseline from"), widget=DATE)
    before_to = forms.DateField(label=_("Baseline to"), widget=DATE)
    ends_on = forms.DateField(label=_("To be finished by"), widget=DATE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the figures."""
        super().__init__(*args, **kwargs)
        offer(self, metric=metric_choices())


class NewPlanForm(PlanForm):
    """A plan at a node."""

    node: Any = forms.ModelChoiceField(label=_("Where"), queryset=None, empty_label=None)
    layout = (
        Section("", "node", "name", "problem"),
        Section(_("Figure"), ("metric", "target"), ("before_from", "before_to"), "ends_on"),
    )

    def __init__(self, *args: Any, nodes: QuerySet[Any], **kwargs: Any) -> None:
        """Offer the nodes where the person runs projects."""
        super().__init__(*args, **kwargs)
        offer(self, node=nodes)


class ChangePlanForm(PlanForm):
    """A plan with its owner and the findings it is about."""

    owner: Any = forms.ModelChoiceField(label=_("In charge"), queryset=None, empty_label=None)
    findings: Any = forms.ModelMultipleChoiceField(
        label=_("Findings it is about"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    layout = (
        Section("", "name", "problem", "owner"),
        Section(_("Figure"), ("metric", "target"), ("before_from", "before_to"), "ends_on"),
        Section(_("Findings it is about"), "findings"),
    )

    def __init__(self, *args: Any, owners: QuerySet[Any], findings: QuerySet[Any], **kwargs: Any) -> None:
        """Offer people and findings below the node."""
        super().__init__(*args, **kwargs)
        offer(self, owner=owners, findings=findings)
        field: Any = self.fields["findings"]
        field.label_from_instance = lambda one: f"{one.number} {one.text}"


def spec_of(data: dict[str, Any]) -> PlanSpec:
    """A filled plan as the action takes it."""
    return PlanSpec(**{name: data[name] for name in PlanSpec.__dataclass_fields__})


class NewImprovement(FormPage):
    """Plan an improvement project; `?finding=7` says what it is about."""

    title = _("Plan an improvement")
    form_class = NewPlanForm
    draft = "quality.improvement.new"

    def allowed(self) -> None:
        """Whoever runs projects somewhere."""
        require(self.user, MANAGE_IMPROVEMENT)

    def findings(self) -> list[Finding]:
        """The finding of the address, if the person may see it."""
        asked = self.request.GET.get("finding", "")
        rows = findings_visible_to(self.user).select_related("project__node")
        return list(rows.filter(pk=asked)) if asked.isdecimal() else []

    def form_arguments(self) -> dict[str, Any]:
        """Where."""
        return {"nodes": nodes_to_improve(self.user)}

    def initial(self) -> dict[str, Any]:
        """The finding's project, and what it says."""
        findings = self.findings()
        if not findings:
            return {}
        return {"node": findings[0].project.node_id, "problem": f"{findings[0].number} {findings[0].text}"}

    def back(self) -> str:
        """To the list."""
        return reverse("console:quality:improvements")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Plan it."""
        row = plan_improvement(node=data["node"], spec=spec_of(data), findings=self.findings(), by=self.user)
        return self.done(_now("Planned as %(number)s.") % {"number": row.number}, to=improvement_url(row))


class OfImprovement(FormPage):
    """A form about one visible project, for who runs it."""

    def improvement(self) -> Improvement:
        """The project of the address, or 404."""
        return improvement_of(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Whoever runs it."""
        policies.check_run(self.user, self.improvement())

    def back(self) -> str:
        """To its page."""
        return reverse("console:quality:improvement", args=[self.kwargs["pk"]])


class ChangePlan(OfImprovement):
    """Change what is planned, before the work begins."""

    title = _("Change what is planned")
    form_class = ChangePlanForm

    def form_arguments(self) -> dict[str, Any]:
        """People, and the latest findings besides those it is about already."""
        row = self.improvement()
        recent = findings_to_improve(self.user, row.node).values_list("pk", flat=True)[:MOST_FINDINGS]
        wanted = {*recent, *row.findings.values_list("pk", flat=True)}
        findings = findings_to_improve(self.user, row.node).filter(pk__in=wanted).select_related("project__node")
        return {"owners": owners_at(row.node), "findings": findings}

    def initial(self) -> dict[str, Any]:
        """What is planned now."""
        row = self.improvement()
        values = {name: getattr(row, name) for name in PlanSpec.__dataclass_fields__}
        target = f"{row.target.normalize():f}"
        return {**values, "target": target, "owner": row.owner_id, "findings": list(row.findings.all())}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change it."""
        row = self.improvement()
        change_plan(row, spec=spec_of(data), owner=data["owner"], findings=list(data["findings"]), by=self.user)
        return self.done(_now("The plan is changed."), to=improvement_url(row))


class MeasureForm(forms.Form):
    """What will be done, by whom, until when."""

    text = forms.CharField(label=_("What will be done?"), max_length=300)
    owner: Any = forms.ModelChoiceField(label=_("Who does it"), queryset=None, required=False)
    due_on = forms.DateField(label=_("Until"), widget=DATE)

    def __init__(self, *args: Any, staff: QuerySet[Any], **kwargs: Any) -> None:
        """Offer staff below the node."""
        super().__init__(*args, **kwargs)
        offer(self, owner=staff)


class AddMeasure(OfImprovement):
    """Add a measure."""

    title = _("Add a measure")
    form_class = MeasureForm
    submit = _("Add")

    def form_arguments(self) -> dict[str, Any]:
        """Who works there."""
        return {"staff": staff_at(self.improvement().node)}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Add it."""
        row = self.improvement()
        add_measure(row, text=data["text"], owner=data["owner"], due_on=data["due_on"], by=self.user)
        return self.done(_now("The measure is added."), to=improvement_url(row))


class DoneForm(forms.Form):
    """What was done."""

    note = forms.CharField(label=_("What was done?"), max_length=300)


class FinishMeasure(FormPage):
    """Say that a measure is done."""

    title = _("Measure done")
    form_class = DoneForm
    submit = _("Done")

    def measure(self) -> Measure:
        """The measure of the address, or 404."""
        found: Measure = get_object_or_404(measures_visible_to(self.user), pk=self.kwargs["pk"])
        return found

    def allowed(self) -> None:
        """Whose it is, and who runs the project."""
        policies.check_finish(self.user, self.measure())

    def back(self) -> str:
        """To the project."""
        return improvement_url(self.measure().improvement)

    def context(self) -> dict[str, Any]:
        """Says which."""
        return {"intro": self.measure().text}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Finish it."""
        measure = finish_measure(self.measure(), note=data["note"], by=self.user)
        return self.done(_now("The measure is done."), to=improvement_url(measure.improvement))


class CheckForm(forms.Form):
    """The period that shows what the measures brought."""

    after_from = forms.DateField(label=_("From"), widget=DATE)
    after_to = forms.DateField(label=_("To"), widget=DATE)


class CheckEffect(OfImprovement):
    """Compare a period after the measures with the baseline."""

    title = _("Check what it brought")
    form_class = CheckForm
    submit = _("Compare")
    intro = _("The same figure is measured over this period and compared with the baseline; the numbers are kept.")

    def initial(self) -> dict[str, Any]:
        """The period checked last, else up to yesterday."""
        row = self.improvement()
        return {"after_from": row.after_from, "after_to": row.after_to or clock.today()}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Measure."""
        row = check(self.improvement(), after_from=data["after_from"], after_to=data["after_to"], by=self.user)
        return self.done(_now("The effect is measured."), to=improvement_url(row))


class ProposalForm(forms.Form):
    """Which clause should say what."""

    clause: Any = forms.ModelChoiceField(label=_("Clause"), queryset=None)
    text = forms.CharField(label=_("What should it say?"), widget=forms.Textarea, max_length=300)

    def __init__(self, *args: Any, clauses: QuerySet[Any], **kwargs: Any) -> None:
        """Offer clauses in force."""
        super().__init__(*args, **kwargs)
        offer(self, clause=clauses)
        field: Any = self.fields["clause"]
        field.label_from_instance = lambda one: f"{one.version} · {one}"[:120]


class ProposeChange(OfImprovement):
    """Propose that a clause says something else."""

    title = _("Propose to change a standard")
    form_class = ProposalForm
    submit = _("Propose")
    intro = _("Whoever writes the standard decides; an accepted change goes into its next version.")

    def form_arguments(self) -> dict[str, Any]:
        """Clauses the person may read."""
        return {"clauses": clauses_to_change(self.user)}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Propose it."""
        row = self.improvement()
        propose_change(row, clause=data["clause"], text=data["text"], by=self.user)
        return self.done(_now("The change is proposed."), to=improvement_url(row))


class VerdictForm(forms.Form):
    """Accept or decline, and why."""

    verdict = forms.ChoiceField(
        label=_("Decision"), choices=(("accept", _("Accept")), ("decline", _("Decline"))), widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Why"), required=False, max_length=300)


class DecideProposal(FormPage):
    """Decide on a change to a standard."""

    title = _("Decide the proposal")
    form_class = VerdictForm
    submit = _("Decide")

    def proposal(self) -> Proposal:
        """The proposal of the address, or 404."""
        found: Proposal = get_object_or_404(proposals_visible_to(self.user), pk=self.kwargs["pk"])
        return found

    def allowed(self) -> None:
        """Whoever writes the standard."""
        if not may(policies.check_decide, self.user, self.proposal()):
            raise Denied(_("Only who writes the standard decides."))

    def back(self) -> str:
        """To the list."""
        return reverse("console:quality:improvements")

    def context(self) -> dict[str, Any]:
        """Says what would change."""
        one = self.proposal()
        return {"intro": f"{one.clause.version} {one.clause.code}: {one.clause.requirement_zh} → {one.text}"}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Decide it."""
        one = decide_proposal(self.proposal(), accept=data["verdict"] == "accept", note=data["note"], by=self.user)
        said = _now("Accepted; it stands in the draft %(version)s.") % {"version": one.version} if one.version else ""
        return self.done(said or _now("The proposal is decided."), to=self.back())
