"""One finding: where it stands, its clocks, what I may do, what was done, what happened (spec 05, 11)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org.actions import add_comment
from wuyou.domains.org.models import User
from wuyou.domains.org.policies import may
from wuyou.domains.org.queries import comments_on, has_permission
from wuyou.domains.quality.actions import findings as actions
from wuyou.domains.quality.actions.findings.correcting import may_be_quick
from wuyou.domains.quality.flows.findings import FINDING_FLOW
from wuyou.domains.quality.models import Extension, Finding
from wuyou.domains.quality.policies import findings as policies
from wuyou.domains.quality.queries import findings as queries
from wuyou.domains.quality.queries.hiding import SEES_SITE
from wuyou.domains.quality.rules.findings import UNCORRECTED
from wuyou.faces.console.acting import act
from wuyou.faces.console.history import timeline_of
from wuyou.faces.console.work.forms import CommentForm
from wuyou.faces.console.work.looks import SEVERITY_TONES
from wuyou.faces.console.work.proof import served
from wuyou.kernel import clock, evidence
from wuyou.kernel.clocks.queries import clocks_of
from wuyou.kernel.errors import IllegalMove, Missing
from wuyou.kernel.evidence.models import Evidence
from wuyou.kernel.journal.queries import entries_of
from wuyou.ui.visitor import user_of

from .appeal_looks import appealing
from .finding_looks import TONES, clock_row, finding_url, photos_of, source_link, way_of, where_of

FORMS = ("contain", "clean", "analyse", "act", "prove")  # steps that open a form; the others ask one question
ASKED = {"refuse": "verify_note", "confirm": "effect_note", "reopen": "effect_note", "void": "void_because"}
JUDGED = ("verify", *ASKED)


def finding_of(request: HttpRequest, pk: int) -> Finding:
    """A visible finding with all that belongs to it, or 404."""
    rows = queries.whole(queries.findings_visible_to(user_of(request)))
    found: Finding = get_object_or_404(rows, pk=pk)
    return found


def may_correct(user: User, finding: Finding) -> bool:
    """Whether the person may work on the correction."""
    return may(policies.check_correct, user, finding)


def steps_of(user: User, finding: Finding) -> list[dict[str, Any]]:
    """The steps of the flow that this person may take now, as buttons; the first one stands out."""
    corrects, verifies = may_correct(user, finding), may(policies.check_verify, user, finding)
    found = []
    for one in FINDING_FLOW.from_state(finding.state):
        if one.name == "clean" and not may_be_quick(finding):
            continue
        if one.name in FORMS and corrects:
            url = reverse("console:quality:finding-form", args=[finding.pk, one.name])
            found.append({"step": one, "form": url})
        elif one.name in JUDGED and one.name != "void" and verifies:
            found.append({"step": one, "url": reverse("console:quality:finding-step", args=[finding.pk, one.name])})
    return found


@require_GET
def finding_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one finding."""
    finding, user = finding_of(request, pk), user_of(request)
    now = clock.now()
    clocks = clocks_of("finding", [finding.pk]).get(finding.pk, [])
    running = next((one for one in clocks if one.stopped_at is None and one.paused_at is None), None)
    context = {
        "finding": finding,
        "correction": policies.correction_of(finding),
        "where": where_of(finding),
        "tone": TONES[finding.state],
        "severity_tone": SEVERITY_TONES[finding.severity],
        "source_url": source_link(finding),
        "way": way_of(finding),
        "running": running,
        "clocks": [clock_row(one, one.status(now)) for one in clocks],
        "steps": steps_of(user, finding),
        "appealing": appealing(user, "finding", finding.pk),
        "entries": timeline_of(reversed(entries_of("finding", finding.pk))),
        **_rights(user, finding),
        **_about(user, finding),
        **_talk(user, finding),
    }
    return render(request, "console/quality/finding.html", context)


def _rights(user: User, finding: Finding) -> dict[str, Any]:
    corrects = may_correct(user, finding)
    is_open = finding.state in UNCORRECTED
    return {
        "may_correct": corrects,
        "may_prove": corrects and is_open,
        "may_assign": is_open and may(policies.check_assign, user, finding),
        "may_judge": finding.state != "void" and may(policies.check_judge, user, finding),
        "may_extend": corrects and is_open and clock.now() <= finding.deadline,
    }


def _about(user: User, finding: Finding) -> dict[str, Any]:
    corrects = may_correct(user, finding)
    wishes = list(queries.extensions_of(finding).select_related("finding__project__node"))
    return {
        "before": photos_of(finding, queries.photos_before(finding)),
        "after": photos_of(finding, queries.photos_after(finding)),
        "similar": list(queries.similar_places_of(finding)),
        "may_look": corrects and finding.state in queries.IN_HAND,
        "duplicates": list(queries.duplicates_of(finding)[:10]),
        "explanations": list(queries.explanations_of(finding)),
        "extensions": [(one, one.state == "asked" and _decides(user, one)) for one in wishes],
        "repeats": list(queries.findings_visible_to(user).filter(repeat_of=finding)[:10]),
    }


def _decides(user: User, extension: Extension) -> bool:
    return may(policies.check_decide_extension, user, extension)


def _talk(user: User, finding: Finding) -> dict[str, Any]:
    if not has_permission(user, SEES_SITE, finding.project.node):
        return {"comments": None, "comment_form": None}
    return {"comments": comments_on("finding", finding.pk), "comment_form": CommentForm()}


@require_POST
def finding_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take a step that needs at most one answer: verify, refuse, say whether it works, declare void."""
    finding, by = finding_of(request, pk), user_of(request)
    given = request.POST.get(ASKED.get(step, ""), "")
    judged = {
        "verify": lambda: actions.verify(finding, by=by),
        "refuse": lambda: actions.refuse_proof(finding, verify_note=given, by=by),
        "confirm": lambda: actions.check_effect(finding, works=True, effect_note=given, by=by),
        "reopen": lambda: actions.check_effect(finding, works=False, effect_note=given, by=by),
        "void": lambda: actions.void_finding(finding, reason=given, by=by),
    }
    if step not in judged:
        raise IllegalMove(_("There is no step “%(name)s” here."), name=step)
    judged[step]()
    words = {"number": finding.number, "state": finding.get_state_display()}
    messages.success(request, _("%(number)s: %(state)s") % words)
    return redirect(finding_url(finding))


@require_POST
def finding_photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in photos of what was put right, as soon as they are shot."""
    finding = finding_of(request, pk)
    for upload in request.FILES.getlist("photos"):
        actions.attach_proof(finding, upload=upload, by=user_of(request))
    if "HX-Request" not in request.headers:
        return redirect(finding_url(finding))
    photos = photos_of(finding, queries.photos_after(finding))
    return render(request, "console/work/parts/proof.html", {"photos": photos, "upload_url": request.path})


def _photo_of(request: HttpRequest, pk: int, row: int) -> Evidence:
    finding = finding_of(request, pk)
    found = [*queries.photos_before(finding), *queries.photos_after(finding)]
    photo = next((one for one in found if one.pk == row), None)
    if photo is None:
        raise Missing(_("There is no such photo, or not for you."))
    return photo


@require_GET
def finding_thumb(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """The small copy of one of its photos."""
    photo = _photo_of(request, pk, row)
    file = evidence.thumbnail_file(photo)
    if file is None:
        raise Missing(_("This is no picture."))
    return served(file, "image/jpeg", name=f"{photo.pk}-small.jpg")


@require_GET
def finding_photo(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """The copy to look at of one of its photos."""
    photo = _photo_of(request, pk, row)
    kind = "image/jpeg" if photo.thumbnail_path else photo.content_type
    return served(evidence.served_file(photo), kind, name=photo.served_path.rsplit("/", 1)[-1])


@require_POST
def finding_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Remark on a finding."""
    finding = finding_of(request, pk)
    subject = ("finding", finding.pk, finding.number)
    add_comment(project=finding.project, subject=subject, text=request.POST.get("text", ""), by=user_of(request))
    return redirect(finding_url(finding) + "#comments")


@require_POST
def finding_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge the others that were ticked into this one."""
    finding, user = finding_of(request, pk), user_of(request)
    ids = [int(other) for other in request.POST.getlist("other") if other.isdecimal()]
    others = list(queries.whole(queries.findings_visible_to(user)).filter(pk__in=ids))
    return act(
        request, lambda: actions.merge_findings(finding, others, by=user), said=_("Merged."), to=finding_url(finding)
    )


@require_POST
def extension_decide(request: HttpRequest, pk: int, verdict: str) -> HttpResponse:
    """Approve or refuse a wish for more time."""
    user = user_of(request)
    extension = get_object_or_404(queries.extensions_visible_to(user), pk=pk)
    note = request.POST.get("note", "")
    return act(
        request,
        lambda: actions.decide_extension(extension, approve=verdict == "approve", by=user, note=note),
        said=_("Decided."),
        to=finding_url(extension.finding),
    )
