"""One resident: masked, with rooms, care, consents; reveal, export, erase, merge (spec 01, 13 §6)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org.policies import may
from wuyou.domains.org.queries import has_permission, projects_visible_to
from wuyou.domains.registry import actions, policies, queries
from wuyou.domains.registry.choices import CareKind, OccupancyRole
from wuyou.domains.registry.models import Person, Place
from wuyou.faces.console.acting import act
from wuyou.faces.console.history import timeline_of
from wuyou.kernel.errors import Missing
from wuyou.kernel.journal.queries import entries_of
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.visitor import user_of

from .looking import place_for, place_url, project_in_view, row_for
from .people_lists import person_url

FIELDS = {
    "phone": _("Phone"),
    "identity_number": _("Identity number"),
    "email": _("E-mail"),
    "emergency_contact": _("Emergency contact"),
}
HIDDEN = "••••••"


def person_for(request: HttpRequest, pk: int) -> Person:
    """A visible person."""
    person: Person = row_for(queries.persons_visible_to(user_of(request)).select_related("node"), pk)
    return person


@require_GET
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about a person that may be shown."""
    user = user_of(request)
    person = person_for(request, pk)
    occupancies = list(queries.occupancies_visible_to(user).filter(person=person))
    context = {
        "person": person,
        "fields": masked(person),
        "occupancies": [row for row in occupancies if row.ends_on is None],
        "former": [row for row in occupancies if row.ends_on],
        "vehicles": queries.vehicles_visible_to(user).filter(person=person),
        "flags": queries.care_flags_visible_to(user).filter(person=person),
        "consents": person.consents.order_by("-given_at"),
        "employments": queries.staff_visible_to(user).filter(person=person),
        "history": timeline_of(entries_of("registry.person", person.pk).order_by("-seq")[:30])
        if has_permission(user, "org.view_journal")
        else [],
        "may_change": may(policies.check_change_person, user, person),
        "may_reveal": may(policies.check_reveal_person, user, person),
        "may_export": may(policies.check_export_person, user, person),
        "may_erase": may(policies.check_erase_person, user, person),
    }
    return render(request, "console/registry/person.html", context)


def masked(person: Person) -> list[tuple[str, object, str]]:
    """Code, label and masked value of the fields that are never shown plainly."""
    shown = {"phone": person.phone_masked, "identity_number": person.identity_masked}
    return [
        (code, label, shown.get(code, HIDDEN if getattr(person, code) else "")) for code, label in FIELDS.items()
    ]  # fmt: skip


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("It is entered in the journal with your name.")
    )


class PersonStep(FormPage):
    """A form about one person."""

    @property
    def person(self) -> Person:
        """The person of the address."""
        return person_for(self.request, self.kwargs["pk"])

    def back(self) -> str:
        """To the person."""
        return person_url(self.person)


class PersonForm(forms.Form):
    """What a person tells of themselves. Numbers are only taken when typed: they are not shown here."""

    name = forms.CharField(label=_("Full name"), max_length=60)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    identity_number = forms.CharField(label=_("Identity number"), max_length=18, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    emergency_contact = forms.CharField(label=_("Emergency contact"), max_length=100, required=False)
    layout = (Section("", "name", ("phone", "identity_number"), ("email", "emergency_contact")),)


class NewPerson(FormPage):
    """A person of the project in view."""

    title = _("New person")
    form_class = PersonForm
    submit = _("Add")

    @property
    def project(self) -> Any:
        """The project in view; 404 without one."""
        project = project_in_view(self.request, policies.VIEW_PEOPLE)
        return row_for(projects_visible_to(self.user, policies.VIEW_PEOPLE), project.pk if project else 0)

    def allowed(self) -> None:
        """Only who may change people there."""
        policies.check_add_person(self.user, self.project.node)

    def back(self) -> str:
        """To the residents."""
        return reverse("console:registry:people")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Add, and show likely duplicates with the person."""
        person = actions.add_person(project=self.project, by=self.user, **data)
        return self.done(_("The person was entered."), to=person_url(person))


class ChangePerson(PersonStep):
    """Correct a person's record."""

    title = _("Change the person")
    form_class = PersonForm
    intro = _("Leave a number empty to keep it as it is.")

    def allowed(self) -> None:
        """Only who may change this person."""
        policies.check_change_person(self.user, self.person)

    def initial(self) -> dict[str, Any]:
        """The name; numbers stay hidden."""
        return {"name": self.person.name}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change what was typed."""
        given = {name: value for name, value in data.items() if value}
        actions.change_person(self.person, by=self.user, **given)
        return self.done(_("The person was changed."), to=self.back())


class CareForm(forms.Form):
    """Why somebody needs attention, and until when this is certain."""

    kind = forms.ChoiceField(label=_("Kind"), choices=CareKind.choices)
    reason = forms.CharField(label=_("Reason"), max_length=200)
    review_on = forms.DateField(label=_("Look again on"), widget=forms.DateInput(attrs={"type": "date"}))


class FlagCare(PersonStep):
    """Set a care flag."""

    title = _("Care flag")
    form_class = CareForm
    submit = _("Set the flag")

    def allowed(self) -> None:
        """Only who may change this person."""
        policies.check_change_person(self.user, self.person)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Set it."""
        actions.flag_care(self.person, by=self.user, **data)
        return self.done(_("The flag was set."), to=self.back())


class ConsentForm(forms.Form):
    """What somebody agrees to, under which wording."""

    purpose = forms.CharField(label=_("Purpose"), max_length=60)
    version = forms.CharField(label=_("Version of the notice"), max_length=20)


class GiveConsent(PersonStep):
    """Enter a consent."""

    title = _("Consent")
    form_class = ConsentForm
    submit = _("Enter the consent")

    def allowed(self) -> None:
        """Only who may change this person."""
        policies.check_change_person(self.user, self.person)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Enter it."""
        actions.give_consent(self.person, by=self.user, **data)
        return self.done(_("The consent was entered."), to=self.back())


class VehicleForm(forms.Form):
    """A car by its plate."""

    plate = forms.CharField(label=_("Number plate"), max_length=12, help_text=_("For example 吉A12345"))


class AddVehicle(PersonStep):
    """Enter a vehicle at the project of the person's room."""

    title = _("Enter a vehicle")
    form_class = VehicleForm
    submit = _("Enter")

    def allowed(self) -> None:
        """Only who may change this person."""
        policies.check_change_person(self.user, self.person)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Enter it with the first room the person holds; raises Missing without one."""
        rows = queries.occupancies_visible_to(self.user).filter(person=self.person, ends_on__isnull=True)
        held = rows.select_related("room__place__project__node").first()
        if held is None:
            raise Missing(_("Only somebody with a room here has a vehicle here."))
        project = held.room.place.project
        actions.add_vehicle(project=project, person=self.person, plate=data["plate"], room=held.room, by=self.user)
        return self.done(_("The vehicle was entered."), to=self.back())


@require_POST
@never_cache
def person_step(request: HttpRequest, pk: int, name: str, row: int = 0) -> HttpResponse:
    """End a flag, a consent, an occupancy, a vehicle; lift or set a restriction."""
    person, user = person_for(request, pk), user_of(request)
    reason = request.POST.get("reason", "")
    flags, consents = person.care_flags.all(), person.consents.all()
    steps: dict[str, tuple[Any, object]] = {
        "end-care": (
            lambda: actions.end_care(row_for(flags, row), by=user), _("The flag ended."),
        ),
        "withdraw-consent": (
            lambda: actions.withdraw_consent(row_for(consents, row), by=user), _("The consent was withdrawn."),
        ),
        "move-out": (
            lambda: actions.move_out(row_for(queries.occupancies_visible_to(user).filter(person=person), row), by=user),
            _("Moved out as of today."),
        ),
        "end-vehicle": (
            lambda: actions.end_vehicle(row_for(queries.vehicles_visible_to(user).filter(person=person), row), by=user),
            _("The vehicle was taken off the list."),
        ),
        "restrict": (
            lambda: actions.restrict_person(person, by=user, reason=reason), _("The data are only kept now."),
        ),
        "lift": (
            lambda: actions.lift_restriction(person, by=user, reason=reason), _("The data may be used again."),
        ),
    }  # fmt: skip
    if name not in steps:
        raise Missing(_("There is no such step."))
    what, said = steps[name]
    return act(request, what, said=said, to=person_url(person))


class MoveInForm(forms.Form):
    """Who moves in, as what, from when."""

    name = forms.CharField(label=_("Full name"), max_length=60)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=OccupancyRole.choices)
    starts_on = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    layout = (Section("", ("name", "phone"), ("role", "starts_on")),)


class MoveIn(FormPage):
    """Somebody moves into a room; a known telephone number means the known person."""

    title = _("Move in")
    form_class = MoveInForm
    submit = _("Move in")
    intro = _(
        "If name and telephone number are known here, the person is taken from the register instead of entered twice."
    )

    @property
    def place(self) -> Place:
        """The room's place."""
        return place_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who manages households there."""
        policies.check_manage_household(self.user, self.place.project)

    def back(self) -> str:
        """To the room."""
        return place_url(self.place)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Find or enter the person, then move in."""
        room = row_for(queries.rooms_visible_to(self.user).select_related("place__project__node"), self.place.pk)
        known = queries.persons_by_phone(self.user, data["phone"]).filter(name=data["name"].strip()).first()
        as_what = {"role": data["role"], "starts_on": data["starts_on"], "by": self.user}
        if known is not None:
            actions.move_in(room, person=known, **as_what)
        else:
            actions.add_resident(room, name=data["name"], phone=data["phone"], **as_what)
        return self.done(_("Moved in."), to=place_url(self.place))
