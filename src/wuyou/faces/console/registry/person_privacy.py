"""What the law gives a resident: full values only for a reason, export, erasure; two records made one (spec 13 §6)."""

import json
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views import View

from wuyou.domains.registry import actions, policies, queries
from wuyou.domains.registry.models import Person
from wuyou.faces.console.acting import act
from wuyou.kernel.errors import Missing
from wuyou.ui.visitor import user_of

from .people_lists import person_url
from .person import FIELDS, PersonStep, ReasonForm, person_for


class Reveal(PersonStep):
    """Read one field in full: a reason, an entry in the journal, shown once."""

    form_class = ReasonForm
    submit = _("Show it")

    @property
    def title(self) -> object:  # type: ignore[override]
        """What is asked for."""
        return _("Read in full: %(field)s") % {"field": FIELDS.get(self.kwargs["field"], "")}

    def allowed(self) -> None:
        """Only who may read full values, and only known fields."""
        if self.kwargs["field"] not in FIELDS:
            raise Missing(_("There is no such field."))
        policies.check_reveal_person(self.user, self.person)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Show the value on this answer only; it is not kept anywhere."""
        person, field = self.person, self.kwargs["field"]
        value = actions.reveal(person, field, by=self.user, reason=data["reason"])
        context = {"person": person, "label": FIELDS[field], "value": value, "back": person_url(person)}
        response = render(self.request, "console/registry/revealed.html", context)
        response["Cache-Control"] = "no-store"
        return response


class EraseForm(ReasonForm):
    """Why, and whether the law wants the data kept."""

    legal_hold = forms.CharField(
        label=_("Why the law wants them kept"), max_length=200, required=False,
        help_text=_("With this the data are only kept and not used any more, instead of being erased."),
    )  # fmt: skip
    is_sure = forms.BooleanField(label=_("I know that erased data cannot be brought back"))


class Erase(PersonStep):
    """Blank a person's data, or restrict them."""

    title = _("Erase personal data")
    form_class = EraseForm
    submit = _("Erase")
    template_name = "console/registry/erase.html"

    def allowed(self) -> None:
        """Only who may erase this person's data."""
        policies.check_erase_person(self.user, self.person)

    def context(self) -> dict[str, Any]:
        """Whose data, and what becomes of them."""
        return {"person": self.person}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Erase or restrict."""
        actions.erase_person(self.person, by=self.user, reason=data["reason"], legal_hold=data["legal_hold"])
        said = _("The data are only kept now.") if data["legal_hold"] else _("The data were erased.")
        return self.done(said, to=self.back())


class Export(PersonStep):
    """Everything held about a person, as a file for them."""

    title = _("Export for the person")
    form_class = ReasonForm
    submit = _("Download")

    def allowed(self) -> None:
        """Only who may export this person's data."""
        policies.check_export_person(self.user, self.person)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """The file."""
        person = self.person
        content = actions.export_person(person, by=self.user, reason=data["reason"])
        text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = content_disposition_header(True, f"person-{person.pk}.json")
        response["Cache-Control"] = "no-store"
        return response


class MergePage(View):
    """Two records side by side: which is kept, which goes into it."""

    def get(self, request: HttpRequest, pk: int, other: int) -> HttpResponse:
        """Both, compared."""
        keep, absorb = self.pair(request, pk, other)
        rows = [
            (_("Full name"), keep.name, absorb.name),
            (_("Phone"), keep.phone_masked, absorb.phone_masked),
            (_("Identity number"), keep.identity_masked, absorb.identity_masked),
            (_("Rooms"), *(self.rooms(request, one) for one in (keep, absorb))),
        ]
        return render(request, "console/registry/merge.html", {"keep": keep, "absorb": absorb, "rows": rows})

    def post(self, request: HttpRequest, pk: int, other: int) -> HttpResponse:
        """Make them one."""
        keep, absorb = self.pair(request, pk, other)
        user = user_of(request)
        return act(
            request, lambda: actions.merge_persons(keep, absorb=absorb, by=user),
            said=_("The two records are one now."), to=person_url(keep),
        )  # fmt: skip

    def pair(self, request: HttpRequest, pk: int, other: int) -> tuple[Person, Person]:
        """The two records, both changeable by the person asking."""
        keep, absorb = person_for(request, pk), person_for(request, other)
        policies.check_change_person(user_of(request), keep)
        policies.check_change_person(user_of(request), absorb)
        return keep, absorb

    def rooms(self, request: HttpRequest, person: Person) -> str:
        """Their rooms."""
        rows = queries.occupancies_visible_to(user_of(request)).filter(person=person, ends_on__isnull=True)
        return "、".join(f"{row.room.place.code} ({row.get_role_display()})" for row in rows)
