"""A finding entered by hand, at a place, on a device, or of a problem found at work (spec 05)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project
from wuyou.domains.org.policies import require
from wuyou.domains.quality.actions import findings as actions
from wuyou.domains.quality.actions.findings import FindingEntry
from wuyou.domains.quality.choices import SourceKind
from wuyou.domains.quality.policies.rights import INSPECT
from wuyou.domains.quality.queries.findings import clauses_for, places_for, problems_without, projects_to_inspect
from wuyou.domains.registry.models import Place
from wuyou.domains.work.models import Problem
from wuyou.domains.work.queries.day import assets_to_report, places_to_report
from wuyou.kernel.errors import Missing
from wuyou.ui import scope
from wuyou.ui.forms import FormPage
from wuyou.ui.pages import Button

from .finding_forms import NewFindingForm, OfProblemForm
from .finding_looks import finding_url


class NewFinding(FormPage):
    """Something is wrong with a project: which clause, where, how grave, photos."""

    title = _("Enter a finding")
    form_class = NewFindingForm
    submit = _("Enter")
    draft = "quality.finding.new"
    is_touch = True

    def allowed(self) -> None:
        """Whoever inspects somewhere."""
        require(self.user, INSPECT)

    @cached_property
    def project(self) -> Project:
        """The project looked at, else the only one; raises Missing when there are several."""
        rows = projects_to_inspect(self.user)
        chosen = scope.of(self.request).project
        found = rows.filter(pk=chosen.pk).first() if chosen else rows.get() if rows.count() == 1 else None
        if found is None:
            raise Missing(_("Choose a project at the top first."))
        return found

    def back(self) -> str:
        """To the list."""
        return reverse("console:quality:findings")

    def context(self) -> dict[str, Any]:
        """Says where."""
        return {"intro": str(self.where() or self.project)}

    def where(self) -> Place | Asset | None:
        """The place or device, where it is known."""
        return None

    def form_arguments(self) -> dict[str, Any]:
        """Clauses and places of the project."""
        places = places_for(self.project) if self.where() is None else None
        return {"clauses": clauses_for(self.project), "places": places}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Enter it, then attach the photos."""
        where = self.where() or data.get("place")
        entry = FindingEntry(
            source=SourceKind.MANUAL,
            text=data["text"],
            severity=data["severity"],
            clause=data["clause"],
            place=where if isinstance(where, Place) else None,
            asset=where if isinstance(where, Asset) else None,
            remedy=data["remedy"] or None,
            hazard=data["hazard"],
            found_by=self.user,
        )
        finding = actions.enter_finding(project=self.project, entry=entry, by=self.user)
        for upload in data["photos"] if finding.state == "open" else ():
            actions.attach_to_finding(finding, upload=upload, by=self.user)
        said = _now("Entered as %(number)s.") % {"number": finding.number}
        if finding.merged_into is not None:
            said = _now("This is known already as %(number)s.") % {"number": finding.merged_into.number}
        return self.done(said, to=finding_url(finding.merged_into or finding))


class NewFindingAt(NewFinding):
    """The same at a place or on a device that was scanned."""

    @cached_property
    def project(self) -> Project:
        """The project of the place or device."""
        return self.where().project

    def where(self) -> Place | Asset:
        """The place or device of the address, if the person inspects there; 404 otherwise."""
        kind, pk = self.kwargs["kind"], self.kwargs["pk"]
        projects = projects_to_inspect(self.user)
        if kind == "asset":
            return get_object_or_404(assets_to_report(self.user).filter(project__in=projects), pk=pk)
        return get_object_or_404(places_to_report(self.user).filter(project__in=projects), pk=pk)


class FindingOfProblem(FormPage):
    """Make a finding of a problem found at work."""

    title = _("Make a finding of it")
    form_class = OfProblemForm
    is_touch = True

    @cached_property
    def problem(self) -> Problem:
        """The problem of the address, if none was made of it and the person may."""
        return get_object_or_404(problems_without(self.user), pk=self.kwargs["pk"])

    def allowed(self) -> None:
        """Whoever inspects there."""
        require(self.user, INSPECT, self.problem.project)

    def initial(self) -> dict[str, Any]:
        """As grave as it was reported."""
        return {"severity": self.problem.severity}

    def back(self) -> str:
        """To the problem."""
        return reverse("console:work:problem", args=[self.problem.pk])

    def context(self) -> dict[str, Any]:
        """Says which."""
        return {"intro": f"{self.problem.number} · {self.problem.text}"}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Make it."""
        given = {"severity": data["severity"], "remedy": data["remedy"] or None, "hazard": data["hazard"]}
        finding = actions.make_finding(self.problem, by=self.user, **given)
        return self.done(_now("Entered as %(number)s.") % {"number": finding.number}, to=finding_url(finding))


def finding_button(kind: str, pk: int) -> Button:
    """The way to enter a finding at a place or device."""
    return Button(_("Enter a finding"), reverse("console:quality:finding-new-at", args=[kind, pk]),
                  icon="clipboard-check", drawer=True)  # fmt: skip
