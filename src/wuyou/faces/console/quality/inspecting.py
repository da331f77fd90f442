"""Filling an inspection on a phone: section by section, saved as one goes, photos in a few taps (spec 05, 11)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.quality.actions import inspections as actions
from wuyou.domains.quality.actions.inspections import AnswerIn
from wuyou.domains.quality.choices import InspectionState
from wuyou.domains.quality.models import Inspection, InspectionAnswer
from wuyou.domains.quality.policies.inspections import check_fill
from wuyou.domains.quality.queries import inspections as queries
from wuyou.domains.sheets.choices import AnswerType
from wuyou.domains.sheets.models import Item
from wuyou.domains.sheets.rules.answers import NOT_APPLICABLE, NOTHING
from wuyou.kernel.errors import Conflict, Invalid, Missing
from wuyou.ui.addresses import own
from wuyou.ui.forms import UNPROCESSABLE, FormPage
from wuyou.ui.visitor import user_of

from .inspect_questions import Part, part_at, parts_of, questions
from .inspection_looks import ask_of, fill_url, inspection_url, sheet_of

ANSWERS, NOTES, PLACES = "answers.", "notes.", "places."
ALONE = (NOTHING, NOT_APPLICABLE)  # ticked, these stand for themselves


def inspection_of(request: HttpRequest, pk: int) -> Inspection:
    """An inspection the person may see, with its sheet; 404 otherwise."""
    rows = queries.whole(queries.inspections_visible_to(user_of(request)))
    found: Inspection = get_object_or_404(rows.select_related("target__campaign"), pk=pk)
    return found


def to_fill(request: HttpRequest, pk: int) -> Inspection:
    """An inspection the person fills in; raises Denied for others."""
    inspection = inspection_of(request, pk)
    check_fill(user_of(request), inspection)
    return inspection


@require_GET
def fill(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """One section with its questions; what is submitted is only shown."""
    inspection = to_fill(request, pk)
    if inspection.state != InspectionState.UNDER_WAY:
        return redirect(inspection_url(inspection))
    filled = queries.filled_of(inspection)
    progress = filled.progress
    parts = parts_of(filled, progress)
    here = part_at(parts, part)
    context = {
        "inspection": inspection,
        "sheet": sheet_of(inspection),
        "parts": parts,
        "here": here,
        "progress": progress,
        "questions": questions(inspection, filled, here.section),
        "before": fill_url(inspection, part - 1) if part > 1 else "",
        "after": fill_url(inspection, part + 1) if part < len(parts) else "",
        "finish": reverse("console:quality:inspect_finish", args=[pk]),
        "save": reverse("console:quality:inspect_save", args=[pk, part]),
        "places": reverse("console:quality:inspect_places", args=[pk]),
        "back": inspection_url(inspection),
    }
    return render(request, "console/quality/inspect.html", context)


@require_POST
def save(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Save a section; answers with how far it is, or what stands in the way. Without scripts goes to the next one."""
    inspection = to_fill(request, pk)
    filled = queries.filled_of(inspection)
    parts = parts_of(filled, filled.progress)
    here = part_at(parts, part)
    answers, errors = given(request, inspection, filled, here.section)
    wrong = saved(request, inspection, here.section, answers=answers, errors=errors)
    if "HX-Request" in request.headers:
        return status(request, inspection, here, wrong=wrong, errors=errors)
    if wrong:
        messages.error(request, wrong)
        return redirect(fill_url(inspection, part))
    return redirect(own(request, request.POST.get("go") or fill_url(inspection, part)))


def saved(
    request: HttpRequest,
    inspection: Inspection,
    section: str,
    *,
    answers: dict[str, AnswerIn],
    errors: dict[str, str],
) -> str:
    """Save what can be read; what cannot is added to `errors`. Gives what stands in the way, "" for nothing."""
    revision = request.POST.get("revision", "")
    seen = int(revision) if revision.isdecimal() else None
    for _try in range(2):
        try:
            actions.save_section(inspection, section=section, answers=answers, by=user_of(request), revision=seen)
        except Conflict as error:
            return str(error)
        except Invalid as error:
            for one in error.fields:
                code = one.field.removeprefix(ANSWERS)
                errors[code] = str(one.message)
                answers.pop(code, None)
        else:
            break
    return next(iter(errors.values()), "")


def status(
    request: HttpRequest, inspection: Inspection, here: Part, *, wrong: str, errors: Mapping[str, str]
) -> HttpResponse:
    """What the page is told after saving."""
    filled = queries.filled_of(inspection)
    progress = filled.progress
    inspection.refresh_from_db(fields=["revision"])
    parts = parts_of(filled, progress)
    asks = {item.code: ask_of(item) for item in filled.items}
    context = {
        "inspection": inspection,
        "parts": parts,
        "here": parts[here.index - 1],
        "progress": progress,
        "wrong": wrong,
        "errors": [(asks.get(code, code), message) for code, message in errors.items()],
        "is_update": True,
    }
    code = UNPROCESSABLE if wrong else 200
    return render(request, "console/quality/parts/inspect_status.html", context, status=code)


def given(
    request: HttpRequest, inspection: Inspection, filled: queries.Filled, section: str
) -> tuple[dict[str, AnswerIn], dict[str, str]]:
    """What the form says of the items of a section, and the places it names that are not there."""
    post = request.POST
    items = [item for item in filled.items if item.section == section and _is_named(post, item.code)]
    ways = queries.places_at(inspection.project, [post.get(PLACES + item.code, "") for item in items])
    found, errors = {}, {}
    for item in items:
        way = post.get(PLACES + item.code, "").strip()
        if way and way not in ways:
            errors[item.code] = _now("There is no place “%(name)s” here: choose one from the list.") % {"name": way}
            continue
        value = chosen(item, post.getlist(ANSWERS + item.code))
        found[item.code] = AnswerIn(value, note=post.get(NOTES + item.code, ""), place_id=ways.get(way))
    return found, errors


def _is_named(post: Mapping[str, Any], code: str) -> bool:
    return any(prefix + code in post for prefix in (ANSWERS, NOTES, PLACES))


def chosen(item: Item, values: Sequence[str]) -> object:
    """One answer of a form; of ticks, reasons win over "nothing" and "not applicable"."""
    if item.answer_type != AnswerType.DEDUCT:
        return values[0] if values else ""
    reasons = [value for value in values if value not in ALONE]
    if reasons:
        return reasons
    return values[0] if values else ""


@require_GET
def places(request: HttpRequest, pk: int) -> HttpResponse:
    """Places whose way contains what is typed, as options."""
    inspection = to_fill(request, pk)
    typed = next((str(value) for name, value in request.GET.items() if name.startswith(PLACES)), "")
    context = {"ways": queries.places_called(inspection.project, typed)}
    return render(request, "console/quality/parts/inspect_places.html", context)


@require_POST
def attach(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    """Photos of an item, sent as soon as they are shot."""
    inspection = to_fill(request, pk)
    for upload in request.FILES.getlist("photos"):
        actions.attach_photo(inspection, item_code=item, upload=upload, by=user_of(request))
    return photos_part(request, inspection, item)


@require_POST
def discard(request: HttpRequest, pk: int, item: str, photo: int) -> HttpResponse:
    """A photo taken by mistake."""
    inspection = to_fill(request, pk)
    rows = {row.pk: row for found in queries.photos_of(_answers(inspection, item)).values() for row in found}
    if photo not in rows:
        raise Missing(_now("There is no such photo, or not for you."))
    actions.discard_photo(inspection, item_code=item, photo=rows[photo], by=user_of(request))
    return photos_part(request, inspection, item)


def _answers(inspection: Inspection, code: str) -> list[InspectionAnswer]:
    filled = queries.filled_of(inspection)
    return [filled.answers[code]] if code in filled.answers else []


def photos_part(request: HttpRequest, inspection: Inspection, code: str) -> HttpResponse:
    """The photos of an item as they are now; without scripts back to its section."""
    filled = queries.filled_of(inspection)
    item = next((one for one in filled.items if one.code == code), None)
    if item is None:
        raise Missing(_now("There is no such item."))
    if "HX-Request" not in request.headers:
        parts = parts_of(filled, filled.progress)
        return redirect(fill_url(inspection, next(part.index for part in parts if part.section == item.section)))
    found = next(one for one in questions(inspection, filled, item.section) if one.item.code == code)
    return render(request, "console/quality/parts/inspect_photos.html", {"inspection": inspection, "one": found})


class FinishForm(forms.Form):
    """The inspector's summary and signature."""

    note = forms.CharField(
        label=_("Summary"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    signed_as = forms.CharField(label=_("Sign with your name"), max_length=60)


class Finish(FormPage):
    """What is missing, what failed, and the signature that submits it."""

    title = _("Submit the inspection")
    form_class = FinishForm
    submit = _("Sign and submit")
    template_name = "console/quality/inspect_finish.html"
    is_touch = True

    @cached_property
    def inspection(self) -> Inspection:
        """The inspection of the address."""
        return inspection_of(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only its inspector."""
        check_fill(self.user, self.inspection)

    def initial(self) -> dict[str, Any]:
        """Who is logged in signs."""
        return {"signed_as": self.user.full_name}

    def back(self) -> str:
        """To the first section."""
        return fill_url(self.inspection)

    def context(self) -> dict[str, Any]:
        """What is left to do, with the way there; what will become a finding."""
        filled = queries.filled_of(self.inspection)
        parts = parts_of(filled, filled.progress)
        index = {part.section: part.index for part in parts}
        left = queries.left_to_do(filled)
        return {
            "inspection": self.inspection,
            "sheet": sheet_of(self.inspection),
            "parts": parts,
            "progress": filled.progress,
            "left": [
                (ask_of(item), message, f"{fill_url(self.inspection, index[item.section])}#item-{item.code}")
                for item, message in left
            ],
            "failed": [ask_of(item) for item in queries.failed_items(filled)],
        }

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Submit it."""
        inspection = actions.submit_inspection(self.inspection, by=self.user, **data)
        return self.done(
            _now("%(number)s is submitted.") % {"number": inspection.number}, to=inspection_url(inspection)
        )
