"""Appraisal schemes: the list, a version in words, writing one, simulating it on past months (spec 06)."""

import json
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.appraisal import policies
from wuyou.domains.appraisal.actions.schemes import (
    change_version,
    create_scheme,
    load_shipped_schemes,
    move_version,
    new_version,
)
from wuyou.domains.appraisal.choices import VersionState
from wuyou.domains.appraisal.flows import EDIT_SCHEMES, SCHEME_FLOW
from wuyou.domains.appraisal.models import Scheme, SchemeVersion
from wuyou.domains.appraisal.queries.periods import enrolments_visible_to, newest_month, simulate_version
from wuyou.domains.appraisal.queries.schemes import known_now, schemes_visible_to, value_of, versions_visible_to
from wuyou.domains.appraisal.rules.parsing import parse_scheme
from wuyou.domains.appraisal.rules.validation import validate
from wuyou.domains.org.policies import may, require
from wuyou.domains.org.queries import has_permission, nodes_visible_to
from wuyou.faces.console.acting import act
from wuyou.faces.console.offering import offer
from wuyou.kernel.errors import Invalid
from wuyou.kernel.explain import to_json
from wuyou.ui.forms import FormPage
from wuyou.ui.lists import Button, Column, Empty, ListPage
from wuyou.ui.visitor import user_of

from .looks import STEP_TONES, TONES, VERSION_TONES, language, points_words, said, tree_rows
from .scheme_words import words_of

LONGEST = 200_000  # characters of a document


def scheme_url(row: Scheme) -> str:
    """A scheme's page."""
    return reverse("console:appraisal:scheme", args=[row.pk])


def scheme_name(row: Scheme) -> str:
    """What a scheme is called in the language active now."""
    return row.name_zh if language().startswith("zh") or not row.name_en else row.name_en


class SchemeList(ListPage):
    """Schemes."""

    code = "appraisal.schemes"
    title = _("Appraisal schemes")
    icon = "scale"
    columns = (
        Column("name", _("Scheme"), scheme_name, link=scheme_url, sort="name_zh", always=True),
        Column("code", _("Code"), lambda s: s.code, sort="code"),
        Column("subject", _("Who is appraised"), lambda s: s.get_subject_display(), sort="subject"),
        Column("node", _("Owner"), lambda s: s.node.name if s.node else _now("Shipped"), sort="node__name"),
    )

    def rows(self) -> QuerySet[Scheme]:
        """Every scheme, for whoever sees appraisals."""
        return schemes_visible_to(self.user)

    def header_actions(self) -> list[Button]:
        """To write one."""
        if not has_permission(self.user, EDIT_SCHEMES):
            return []
        return [Button(_("New scheme"), reverse("console:appraisal:scheme_new"), icon="plus", tone="primary")]

    def empty(self) -> Empty:
        """They are shipped."""
        return Empty(_now("No schemes"), _now("Load the schemes the product ships, or write one."), icon="scale")

    def context(self) -> dict[str, Any]:
        """Whether the shipped ones may be loaded."""
        return {"may_load": may(policies.check_edit_scheme, self.user, None)}

    template_name = "console/appraisal/schemes.html"


@require_POST
def load_shipped(request: HttpRequest) -> HttpResponse:
    """Load the shipped schemes."""
    to = reverse("console:appraisal:schemes")
    said_so = _("The shipped schemes are loaded.")
    return act(request, lambda: load_shipped_schemes(by=user_of(request)), said=said_so, to=to)


def version_of(request: HttpRequest, pk: int) -> SchemeVersion:
    """A visible version, or 404."""
    found: SchemeVersion = get_object_or_404(versions_visible_to(user_of(request)), pk=pk)
    return found


@require_GET
def scheme_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A scheme: its versions, one of them in words, what is wrong with it."""
    user = user_of(request)
    scheme = get_object_or_404(schemes_visible_to(user), pk=pk)
    versions = list(versions_visible_to(user).filter(scheme=scheme).order_by("-number"))
    shown = next((one for one in versions if str(one.pk) == request.GET.get("version")), versions[0])
    context = {
        "scheme": scheme,
        "name": scheme_name(scheme),
        "versions": [(one, VERSION_TONES[one.state]) for one in versions],
        "version": shown,
        "tone": VERSION_TONES[shown.state],
        "words": words_of(value_of(shown)),
        "problems": _problems(shown),
        "steps": _steps(user, shown),
        "may_edit": may(policies.check_edit_scheme, user, scheme.node),
        "is_draft": shown.state == VersionState.DRAFT,
        "may_open": versions[0].state in {VersionState.ISSUED, VersionState.WITHDRAWN},
    }
    return render(request, "console/appraisal/scheme.html", context)


def _problems(version: SchemeVersion) -> list[dict[str, Any]]:
    if version.state not in {VersionState.DRAFT, VersionState.REVIEW}:
        return []
    found = validate(value_of(version), known_now())
    return [{"at": one.pointer, "text": one.message, "tone": "warn" if one.is_warning else "bad"} for one in found]


def _steps(user: Any, version: SchemeVersion) -> list[tuple[Any, str]]:
    steps = SCHEME_FLOW.from_state(version.state)
    may_issue = may(policies.check_issue_scheme, user, version)
    may_edit = may(policies.check_edit_scheme, user, version.scheme.node)
    allowed = [step for step in steps if (may_edit if step.name == "submit" else may_issue)]
    return [(step, STEP_TONES.get(step.tone, "plain")) for step in allowed]


@require_POST
def version_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Submit, return, issue or withdraw."""
    version = version_of(request, pk)
    label = SCHEME_FLOW.transition(step).label
    to = f"{scheme_url(version.scheme)}?version={version.pk}"
    words = _("Done: %(step)s.") % {"step": label}
    return act(request, lambda: move_version(version, step=step, by=user_of(request)), said=words, to=to)


@require_POST
def version_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a new version."""
    scheme = get_object_or_404(schemes_visible_to(user_of(request)), pk=pk)
    what = lambda: new_version(scheme, by=user_of(request))  # noqa: E731 — called inside act
    return act(request, what, said=_("A new draft was begun."), to=scheme_url(scheme))


@require_GET
def version_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A version's document."""
    version = version_of(request, pk)
    answer = JsonResponse(version.document, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{version.scheme.code}-v{version.number}.json"'
    return answer


class DocumentForm(forms.Form):
    """A scheme as its document."""

    document = forms.CharField(
        label=_("Document"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 28, "class": "mono", "spellcheck": "false"}),
        help_text=_("JSON; errors are named by their place in it. Begin from a file of a shipped scheme."),
    )
    note = forms.CharField(label=_("What changes"), max_length=300, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_document(self) -> Any:
        """The text as a JSON value."""
        try:
            return json.loads(self.cleaned_data["document"])
        except json.JSONDecodeError as error:
            words = _now("This is no JSON: line %(line)s, column %(column)s.")
            raise forms.ValidationError(words % {"line": error.lineno, "column": error.colno}) from None


class NewDocumentForm(DocumentForm):
    """With who owns it."""

    node: Any = forms.ModelChoiceField(label=_("Owner"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, nodes: QuerySet[Any], **kwargs: Any) -> None:
        """Nodes where the person writes schemes."""
        super().__init__(*args, **kwargs)
        offer(self, node=nodes)


def with_places(error: Invalid) -> Invalid:
    """Errors of a document, each with its place, all at its one field."""
    lines = "; ".join(f"{one.field}: {one.message}" for one in error.fields)
    return Invalid(fields={"document": lines})


class NewScheme(FormPage):
    """Write a scheme."""

    title = _("New scheme")
    form_class = NewDocumentForm

    def allowed(self) -> None:
        """Only who writes schemes somewhere."""
        require(self.user, EDIT_SCHEMES)

    def form_arguments(self) -> dict[str, Any]:
        """Owners to choose from."""
        return {"nodes": nodes_visible_to(self.user, EDIT_SCHEMES).order_by("path")}

    def back(self) -> str:
        """To the list."""
        return reverse("console:appraisal:schemes")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Create it."""
        try:
            version = create_scheme(document=data["document"], node=data["node"], note=data["note"], by=self.user)
        except Invalid as error:
            raise with_places(error) from error
        return self.done(_("The draft was kept."), to=scheme_url(version.scheme))


class ChangeVersion(FormPage):
    """Write a draft anew."""

    title = _("Change the draft")
    form_class = DocumentForm

    @cached_property
    def version(self) -> SchemeVersion:
        """The version."""
        return version_of(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who writes it."""
        policies.check_edit_scheme(self.user, self.version.scheme.node)
        policies.check_draft(self.version)

    def back(self) -> str:
        """To the scheme."""
        return scheme_url(self.version.scheme)

    def initial(self) -> dict[str, Any]:
        """As it is."""
        text = json.dumps(self.version.document, ensure_ascii=False, indent=1)
        return {"document": text, "note": self.version.note, "revision": self.version.revision}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Keep it."""
        revision = self.version.revision if data["revision"] is None else data["revision"]
        try:
            change_version(self.version, document=data["document"], revision=revision, note=data["note"], by=self.user)
        except Invalid as error:
            raise with_places(error) from error
        return self.done(_("The draft was kept."), to=self.back())


# --- simulation


@require_GET
def simulate_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a version would have made of an enrolment's last twelve months, beside what was published."""
    user = user_of(request)
    version = version_of(request, pk)
    choices = list(enrolments_visible_to(user).filter(kind=version.scheme.subject)[:200])
    chosen = next(
        (one for one in choices if str(one.pk) == request.GET.get("enrolment")), choices[0] if choices else None
    )
    rows: list[dict[str, Any]] = []
    if chosen is not None:
        scheme = parse_scheme(version.document)
        published = dict(chosen.periods.values_list("month", "points"))
        for inputs, result in simulate_version(version.pk, chosen, last=newest_month(), months=12, by=user):
            band = scheme.band(result.band) if result.band else None
            month = next((day for day in published if f"{day:%Y-%m}" == str(inputs.month)), None)
            rows.append({
                "month": str(inputs.month),
                "points": points_words(result.points),
                "band": said(band.name) if band else _now("not rated"),
                "tone": TONES.get(band.tone, "muted") if band else "muted",
                "published": points_words(published[month]) if month else "",
                "dues": [(said(due.rule.name), due.amount_fen) for due in result.dues],
                "tree": tree_rows(to_json(result.tree)),
            })  # fmt: skip
    context = {"version": version, "name": scheme_name(version.scheme), "choices": choices, "chosen": chosen,
               "rows": rows, "back": f"{scheme_url(version.scheme)}?version={version.pk}"}  # fmt: skip
    return render(request, "console/appraisal/simulate.html", context)
