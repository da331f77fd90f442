"""One inspection: its score with the arithmetic, answers with photos, findings, what may be done (spec 05, 11)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org.models import User
from wuyou.domains.org.policies import may
from wuyou.domains.quality.actions import inspections as actions
from wuyou.domains.quality.choices import InspectionState
from wuyou.domains.quality.flows.inspections import INSPECTION_FLOW
from wuyou.domains.quality.models import Inspection
from wuyou.domains.quality.policies import inspections as policies
from wuyou.domains.quality.queries import inspections as queries
from wuyou.domains.quality.queries.inspectors import takers_of
from wuyou.domains.sheets.rules.agreement import differing, pairs
from wuyou.domains.sheets.rules.answers import FAIL, NOT_APPLICABLE, PASS, asked_items
from wuyou.faces.console.acting import act
from wuyou.faces.console.history import entry_of
from wuyou.kernel.errors import Invalid, Missing
from wuyou.kernel.journal.queries import entries_of
from wuyou.kernel.statistics.agreement import kappa, table_of
from wuyou.ui.forms import FormPage
from wuyou.ui.papers import response
from wuyou.ui.visitor import user_of

from .appeal_looks import appealing
from .finding_looks import TONES as FINDING_TONES
from .finding_looks import finding_url
from .inspecting import inspection_of
from .inspection_looks import (
    TONES,
    VERDICT_TONES,
    Answered,
    answer_words,
    arithmetic,
    ask_of,
    fill_url,
    inspection_url,
    score_tone,
    section_name,
    sheet_of,
    shown_photos,
)
from .inspection_papers import report

VERDICTS = {PASS: _("Pass"), FAIL: _("Fail"), NOT_APPLICABLE: _("Not applicable")}


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one inspection."""
    inspection, user = inspection_of(request, pk), user_of(request)
    filled = queries.filled_of(inspection)
    findings = list(queries.findings_of(inspection))
    twin = queries.twin_of(inspection)
    context = {
        "inspection": inspection,
        "sheet": sheet_of(inspection),
        "tone": TONES[inspection.state],
        "score_tone": score_tone(inspection),
        "progress": filled.progress,
        "sections": sections(filled, {row.answer_id: row for row in findings}),
        "findings": [(row, finding_url(row), FINDING_TONES[row.state]) for row in findings],
        "scores": queries.scores_of(inspection),
        "twin": twin,
        "twin_url": inspection_url(twin) if twin else "",
        "agreement": agreement(inspection, twin, filled) if twin else None,
        "entries": [entry_of(row) for row in reversed(entries_of("inspection", inspection.pk))],
        "acts": steps(inspection, user),
        "appealing": appealing(user, "inspection", inspection.pk),
    }
    return render(request, "console/quality/inspection.html", context)


def steps(inspection: Inspection, user: User) -> dict[str, str]:
    """Addresses of what the person may do now; empty where not."""
    names = {step.name for step in INSPECTION_FLOW.from_state(inspection.state)}
    is_open = inspection.state == InspectionState.UNDER_WAY
    to = {name: reverse(f"console:quality:inspection_{name}", args=[inspection.pk]) for name in ("publish", "void")}
    can = {
        "fill": is_open and may(policies.check_fill, user, inspection),
        "publish": "publish" in names and may(policies.check_publish, user, inspection),
        "void": "void" in names and may(policies.check_void, user, inspection),
        "hand_on": is_open and may(policies.check_hand_on, user, inspection),
        "second": _may_second(inspection, user),
    }
    addresses = {
        "fill": fill_url(inspection),
        "hand_on": reverse("console:quality:inspection_hand_on", args=[inspection.pk]),
        "second": reverse("console:quality:inspection_second", args=[inspection.pk]),
        **to,
    }
    return {name: addresses[name] if can[name] else "" for name in addresses}


def _may_second(inspection: Inspection, user: User) -> bool:
    if inspection.second_of_id or inspection.state not in {InspectionState.UNDER_WAY, InspectionState.SUBMITTED}:
        return False
    return may(policies.check_second, user, inspection) and not queries.has_second(inspection)


def sections(filled: queries.Filled, findings: dict[int | None, Any]) -> list[tuple[str, list[Answered]]]:
    """What was answered, section by section; what was not asked is left out."""
    asked = {item.code for item in asked_items(filled.specs, filled.values)}
    photos = queries.photos_of([row for row in filled.answers.values() if row.photos])
    found: dict[str, list[Answered]] = {}
    for item in filled.items:
        if item.code not in asked:
            continue
        row = filled.answers.get(item.code)
        verdict = row.verdict if row else ""
        line = Answered(
            item=item,
            ask=ask_of(item),
            answer=answer_words(item, row.value) if row else "",
            verdict=VERDICTS.get(verdict, ""),
            tone=VERDICT_TONES.get(verdict, "muted"),
            row=row,
            photos=shown_photos(photos.get(row.pk, [])) if row else [],
            finding=findings.get(row.pk) if row else None,
        )
        found.setdefault(section_name(item), []).append(line)
    return list(found.items())


def agreement(inspection: Inspection, twin: Inspection, filled: queries.Filled) -> dict[str, Any]:
    """How far two inspectors agree: κ where it can be computed, and the items on which they differ."""
    rows = queries.agreement_of(inspection, twin)
    asks = {item.code: ask_of(item) for item in filled.items}
    try:
        found = kappa(table_of(pairs(rows), categories=[PASS, FAIL, NOT_APPLICABLE]))
        said = _now("κ = %(kappa)s (95%% from %(low)s to %(high)s)") % {
            "kappa": f"{found.value:.2f}", "low": f"{found.low:.2f}", "high": f"{found.high:.2f}",
        }  # fmt: skip
    except Invalid as error:
        said = str(error)
    differ = differing(rows)
    return {
        "kappa": said,
        "same": len(rows) - len(differ),
        "all": len(rows),
        "differ": [(asks[row.code], VERDICTS[row.first_verdict], VERDICTS[row.second_verdict]) for row in differ],
    }


@require_GET
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """The arithmetic of the score in force, or of an earlier one with `?score=`."""
    inspection = inspection_of(request, pk)
    scores = queries.scores_of(inspection)
    wanted = request.GET.get("score", "")
    chosen = next((row for row in scores if str(row.pk) == wanted), scores[0] if scores and not wanted else None)
    if chosen is None:
        raise Missing(_now("There is no such score."))
    context = {"tree": arithmetic(chosen.tree), "score": chosen}
    return render(request, "console/quality/parts/inspection_score.html", context)


@require_GET
def paper(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The report as PDF or Word."""
    inspection = inspection_of(request, pk)
    return response(report(inspection), form=form, name=inspection.number)


# --- what is done


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the result to the project."""
    inspection = inspection_of(request, pk)
    return act(
        request,
        lambda: actions.publish_inspection(inspection, by=user_of(request)),
        said=_("The inspection is published."),
        to=inspection_url(inspection),
    )


@require_POST
def second(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a second one of the same, to compare."""
    first, user = inspection_of(request, pk), user_of(request)
    made: list[Inspection] = []
    where = first.target or first.project
    answer = act(
        request,
        lambda: made.append(actions.start_inspection(where, second_of=first, by=user)),
        said=_("The second inspection is under way; you see the first one when both are submitted."),
        to=reverse("console:quality:inspect_mine"),
    )
    if made:
        answer["Location"] = fill_url(made[0])
    return answer


class OnInspection(FormPage):
    """A form about one inspection."""

    @cached_property
    def inspection(self) -> Inspection:
        """The inspection of the address."""
        return inspection_of(self.request, self.kwargs["pk"])

    def back(self) -> str:
        """To the inspection."""
        return inspection_url(self.inspection)


class VoidForm(forms.Form):
    """Why it does not count."""

    void_because = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class Void(OnInspection):
    """Declare an inspection void."""

    title = _("Declare void")
    form_class = VoidForm
    submit = _("Declare void")
    intro = _("Its findings become void, its score counts nowhere; the campaign owes the project again.")

    def allowed(self) -> None:
        """Who publishes from above, or drops an own self-check."""
        policies.check_void(self.user, self.inspection)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Declare it."""
        actions.void_inspection(self.inspection, reason=data["void_because"], by=self.user)
        return self.done(_now("The inspection is void."), to=self.back())


class HandOnForm(forms.Form):
    """To whom, and why."""

    to: Any = forms.ModelChoiceField(label=_("To whom"), queryset=None, empty_label=None)
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        """Who may take it."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = people


class HandOn(OnInspection):
    """Give an inspection under way to somebody else."""

    title = _("Hand on")
    form_class = HandOnForm
    submit = _("Hand on")
    intro = _("What was answered so far goes along.")

    def allowed(self) -> None:
        """Its inspector, or who plans inspections."""
        policies.check_hand_on(self.user, self.inspection)

    def form_arguments(self) -> dict[str, Any]:
        """Independent inspectors."""
        return {"people": takers_of(self.inspection)}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Hand it on."""
        actions.hand_on_inspection(self.inspection, by=self.user, **data)
        to = self.back() if self.inspection_is_seen() else reverse("console:quality:inspect_mine")
        return self.done(_now("Handed on to %(name)s.") % {"name": data["to"].full_name}, to=to)

    def inspection_is_seen(self) -> bool:
        """Whether it is still shown to who handed it on."""
        return queries.inspections_visible_to(self.user).filter(pk=self.inspection.pk).exists()
