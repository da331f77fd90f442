"""Forms of appeals: file one, decide a step, take it further, name a decider, attach a document."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import User
from wuyou.domains.org.policies import may
from wuyou.domains.quality.actions.appeal_proofs import attach_to_appeal
from wuyou.domains.quality.actions.appeals import appoint_decider, decide_stage, file_appeal, go_further
from wuyou.domains.quality.choices import Outcome
from wuyou.domains.quality.models import Appeal, Finding
from wuyou.domains.quality.policies import appeals as policies
from wuyou.domains.quality.queries.appeals import appealable_until, appointees_for, ladder_of, standing
from wuyou.domains.quality.queries.challenged import challenge
from wuyou.domains.quality.queries.subjects import findings_to_amend
from wuyou.domains.work.choices import Severity
from wuyou.faces.console.offering import offer
from wuyou.faces.console.work.forms import PhotosField
from wuyou.kernel.errors import Denied
from wuyou.kernel.evidence import Kind
from wuyou.kernel.transactions import unit_of_work
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.wording import when

from .appeal import appeal_of
from .appeal_looks import appeal_url

FINDING = "finding_"  # start of the name of the field about one finding
VOID = "void"


class GroundsForm(forms.Form):
    """Why the decision is wrong, what is asked for, photos that show it."""

    grounds = forms.CharField(label=_("Why is the decision wrong?"), widget=forms.Textarea, max_length=3000)
    wanted = forms.CharField(label=_("What do you ask for?"), max_length=500)
    photos = PhotosField(label=_("Photos"), required=False)


class NewAppeal(FormPage):
    """Appeal against a finding, an inspection or a score."""

    title = _("Appeal")
    form_class = GroundsForm
    submit = _("File the appeal")
    draft = "quality.appeal.new"

    def allowed(self) -> None:
        """Whoever may see what is challenged and is its party."""
        found = challenge(self.user, self.kwargs["kind"], self.kwargs["pk"])
        policies.check_file(self.user, found.project, found.decision)

    def context(self) -> dict[str, Any]:
        """Says against what, and until when."""
        found = challenge(self.user, self.kwargs["kind"], self.kwargs["pk"])
        until = appealable_until(found.decision, ladder_of(found.project))
        words = {"what": found.decision.label, "until": when(until)}
        return {"intro": _now("Against %(what)s. This can be appealed until %(until)s.") % words}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """File it, then attach the photos."""
        found = challenge(self.user, self.kwargs["kind"], self.kwargs["pk"])
        words = {"grounds": data["grounds"], "wanted": data["wanted"]}
        with unit_of_work():
            appeal = file_appeal(project=found.project, decision=found.decision, by=self.user, **words)
            for upload in data["photos"]:
                attach_to_appeal(appeal, upload=upload, by=self.user)
        return self.done(_now("Filed as %(number)s.") % {"number": appeal.number}, to=appeal_url(appeal))


class OfAppeal(FormPage):
    """A form about one visible appeal."""

    def appeal(self) -> Appeal:
        """The appeal of the address, or 404."""
        return appeal_of(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Whoever sees it; what they may do with it the action says."""
        self.appeal()

    def back(self) -> str:
        """To its file."""
        return reverse("console:quality:appeal", args=[self.kwargs["pk"]])


class DecideForm(forms.Form):
    """What becomes of the decision, why, and to what it is amended: by the kind of what is challenged."""

    outcome = forms.ChoiceField(label=_("What becomes of the decision?"), choices=Outcome, widget=forms.RadioSelect)
    reasons = forms.CharField(label=_("Reasons"), widget=forms.Textarea, max_length=3000)

    def __init__(self, *args: Any, kind: str, findings: Sequence[Finding] = (), **kwargs: Any) -> None:
        """Add the fields that say what an amended decision becomes."""
        super().__init__(*args, **kwargs)
        amending = _amending(kind, findings)
        self.fields |= amending
        self.layout = (Section("", "outcome", "reasons"), Section(_("Only if the decision is amended"), *amending))


def _amending(kind: str, findings: Sequence[Finding]) -> dict[str, forms.Field]:
    """The fields that say what an amended decision becomes."""
    if kind == "inspection":
        return {f"{FINDING}{one.pk}": _fate(one) for one in findings}
    if kind != "finding":
        return {"value": forms.CharField(label=_("The number it becomes"), required=False, max_length=20)}
    text = findings[0].text if findings else ""
    same = [("", _("As it is")), *Severity.choices]
    return {
        "severity": forms.ChoiceField(label=_("Severity"), choices=same, required=False),
        "text": forms.CharField(label=_("What is wrong"), required=False, max_length=500, help_text=text),
    }


def _fate(finding: Finding) -> forms.Field:
    """Whether one finding of an inspection stays, becomes void or gets another severity."""
    severities = [(code, label) for code, label in Severity.choices if code != finding.severity]
    choices = [("", _("Stands as it is")), (VOID, _("Becomes void")), *severities]
    label = f"{finding.number} {finding.text}"
    return forms.ChoiceField(label=label, choices=choices, required=False, help_text=finding.get_severity_display())


def amended_to(kind: str, data: Mapping[str, Any]) -> dict[str, object] | None:
    """What was filled in under “if amended”, as the action takes it; None for nothing."""
    if kind == "finding":
        return {name: data[name] for name in ("severity", "text") if data[name]} or None
    if kind != "inspection":
        return {"value": data["value"]} if data["value"] else None
    fates = {int(name.removeprefix(FINDING)): fate for name, fate in data.items() if name.startswith(FINDING) and fate}
    rows = [{"id": pk, VOID: True} if fate == VOID else {"id": pk, "severity": fate} for pk, fate in fates.items()]
    return {"findings": rows} if rows else None


class DecideAppeal(OfAppeal):
    """Decide the step that waits."""

    title = _("Decide the appeal")
    form_class = DecideForm
    submit = _("Decide")
    draft = "quality.appeal.decide"
    intro = _("Your reasons are shown to who appealed. What follows is done at once and cannot be undone here.")

    def allowed(self) -> None:
        """Whoever decides the step that waits; when its time is over the action says so."""
        appeal = self.appeal()
        now = standing(appeal)
        if now.deciders:
            policies.check_decide(self.user, appeal, deciders=now.deciders, decided_before=now.decided_before)

    def form_arguments(self) -> dict[str, Any]:
        """What can be amended."""
        appeal = self.appeal()
        return {"kind": appeal.subject_kind, "findings": findings_to_amend(appeal)}

    def context(self) -> dict[str, Any]:
        """Says which one."""
        appeal = self.appeal()
        return {"title": f"{appeal.number} · {self.title}"}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Decide it; what was filled in for an amendment counts only for one."""
        appeal = self.appeal()
        becomes = amended_to(appeal.subject_kind, data) if data["outcome"] == Outcome.AMEND else None
        decide_stage(appeal, outcome=data["outcome"], reasons=data["reasons"], amended_to=becomes, by=self.user)
        return self.done(_now("%(number)s is decided.") % {"number": appeal.number}, to=appeal_url(appeal))


class FurtherForm(forms.Form):
    """Why who decided is wrong too."""

    grounds = forms.CharField(label=_("Why do you disagree?"), widget=forms.Textarea, max_length=3000)


class TakeFurther(OfAppeal):
    """Take an upheld decision one step up."""

    title = _("Take it a step further")
    form_class = FurtherForm
    submit = _("Take it further")

    def allowed(self) -> None:
        """Whoever appealed."""
        policies.check_own(self.user, self.appeal())

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Go up."""
        appeal = go_further(self.appeal(), grounds=data["grounds"], by=self.user)
        return self.done(_now("%(number)s goes one step up.") % {"number": appeal.number}, to=appeal_url(appeal))


class AppointForm(forms.Form):
    """Somebody without a part in the case."""

    user: Any = forms.ModelChoiceField(label=_("Who decides"), queryset=None)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        """Offer who may be named."""
        super().__init__(*args, **kwargs)
        offer(self, user=people)


class AppointDecider(OfAppeal):
    """Name a decider when nobody of the ladder is left."""

    title = _("Name a decider")
    form_class = AppointForm
    submit = _("Name")
    intro = _("Only people are offered who decide appeals and have no part in this one.")

    def allowed(self) -> None:
        """Whoever manages users here."""
        if not may(policies.check_appoint, self.user, self.appeal()):
            raise Denied(_("You are not allowed to do this here."))

    def form_arguments(self) -> dict[str, Any]:
        """Who may be named."""
        return {"people": appointees_for(self.appeal())}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Name them."""
        appeal = self.appeal()
        appoint_decider(appeal, user=data["user"], by=self.user)
        return self.done(_now("%(name)s decides now.") % {"name": data["user"]}, to=appeal_url(appeal))


class DocumentForm(forms.Form):
    """A document that proves something."""

    file = forms.FileField(label=_("PDF, Word, Excel or a picture"))


class AttachDocument(OfAppeal):
    """Attach a document to an appeal."""

    title = _("Attach a document")
    form_class = DocumentForm
    submit = _("Attach")

    def allowed(self) -> None:
        """Whoever appealed, and who decides it now."""
        appeal = self.appeal()
        policies.check_attach(self.user, appeal, deciders=standing(appeal).deciders)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Take it in."""
        appeal = self.appeal()
        attach_to_appeal(appeal, upload=data["file"], by=self.user, kind=Kind.DOCUMENT)
        return self.done(_now("Attached."), to=appeal_url(appeal))
