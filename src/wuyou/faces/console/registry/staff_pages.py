"""A member of staff: hours, licences, zones, log-in; hiring and leaving; teams, posts, contractors (spec 01)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org.policies import MANAGE_USERS, may
from wuyou.domains.org.queries import has_permission, projects_visible_to, users_visible_to
from wuyou.domains.registry import actions, policies, queries
from wuyou.domains.registry.choices import Employment, Sex
from wuyou.domains.registry.models import Qualification, Staff
from wuyou.domains.registry.rules.duty import hours_per_week, is_on_duty
from wuyou.faces.console.acting import act
from wuyou.faces.console.history import timeline_of
from wuyou.faces.console.hours import HoursField
from wuyou.faces.console.offering import offer
from wuyou.kernel import clock
from wuyou.kernel.errors import Missing
from wuyou.kernel.journal.queries import entries_of
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.visitor import user_of

from .looking import BAND_TONES, BAND_WORDS, project_in_view, row_for
from .staff_lists import band_of, staff_url

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def staff_for(request: HttpRequest, pk: int) -> Staff:
    """A visible member of staff with what their page shows."""
    rows = queries.staff_visible_to(user_of(request)).select_related(
        "project__node", "team", "person", "user", "contractor", "supervisor"
    )
    staff: Staff = row_for(rows, pk)
    return staff


@require_GET
def staff_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of a member of staff."""
    user, staff = user_of(request), staff_for(request, pk)
    licences = [
        (row, BAND_WORDS[band_of(row)], BAND_TONES[band_of(row)])
        for row in queries.qualifications_visible_to(user).filter(staff=staff)
    ]
    context = {
        "staff": staff,
        "is_on_duty": is_on_duty(staff.weekly_hours, clock.local(clock.now())) and not staff.left_on,
        "hours": [(day, staff.weekly_hours.get(str(day))) for day in range(1, 8)],
        "hours_total": hours_per_week(staff.weekly_hours),
        "licences": licences,
        "zones": staff.zones.order_by("name"),
        "history": timeline_of(entries_of("registry.staff", staff.pk).order_by("-seq")[:20])
        if has_permission(user, "org.view_journal", staff.project.node)
        else [],
        "may_change": may(policies.check_change_staff, user, staff) and staff.left_on is None,
        "may_invite": has_permission(user, MANAGE_USERS, staff.project.node),
    }
    return render(request, "console/registry/staff_member.html", context)


class StaffStep(FormPage):
    """A form about one member of staff."""

    @property
    def staff(self) -> Staff:
        """The member of staff of the address."""
        return staff_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who manages the project's staff."""
        policies.check_change_staff(self.user, self.staff)

    def back(self) -> str:
        """To the member of staff."""
        return staff_url(self.staff)


class StaffForm(forms.Form):
    """Team, job, hours, employer."""

    team: Any = forms.ModelChoiceField(label=_("Team"), queryset=None, empty_label=None)
    job = forms.CharField(label=_("Job"), max_length=40)
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", "—"), *Sex.choices], required=False)
    born_on = forms.DateField(label=_("Born on"), required=False, widget=DATE)
    education = forms.CharField(label=_("Education"), max_length=20, required=False)
    employment = forms.ChoiceField(label=_("Employment"), choices=Employment.choices)
    contractor: Any = forms.ModelChoiceField(label=_("Contractor"), queryset=None, required=False)
    hired_on = forms.DateField(label=_("Hired on"), required=False, widget=DATE)
    weekly_hours = HoursField(label=_("Weekly hours"), required=False)
    layout = (
        Section(_("Work"), ("team", "job"), ("employment", "contractor"), "hired_on", "weekly_hours"),
        Section(_("Person"), ("sex", "born_on", "education")),
    )

    def __init__(self, *args: Any, teams: Any, contractors: Any, **kwargs: Any) -> None:
        """Teams of the project, contractors that work there."""
        super().__init__(*args, **kwargs)
        offer(self, team=teams)
        offer(self, contractor=contractors)


class HireForm(StaffForm):
    """Who is hired, under which number."""

    number = forms.CharField(label=_("Staff number"), max_length=20)
    name = forms.CharField(label=_("Full name"), max_length=60)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    layout = (
        Section(_("Person"), ("number", "name"), ("phone", "sex"), ("born_on", "education")),
        Section(_("Work"), ("team", "job"), ("employment", "contractor"), "hired_on", "weekly_hours"),
    )


def choices_at(user: Any, project: Any) -> dict[str, Any]:
    """Teams and contractors to choose from at a project."""
    return {
        "teams": queries.teams_visible_to(user).filter(project=project),
        "contractors": queries.contractors_visible_to(user).filter(ended_on__isnull=True),
    }


class Hire(FormPage):
    """Somebody new at the project in view."""

    title = _("Hire")
    form_class = HireForm
    submit = _("Hire")
    draft = "registry.staff.hire"

    @property
    def project(self) -> Any:
        """The project in view; 404 without one."""
        project = project_in_view(self.request, policies.VIEW_STAFF)
        return row_for(projects_visible_to(self.user, policies.VIEW_STAFF), project.pk if project else 0)

    def allowed(self) -> None:
        """Only who manages staff there."""
        policies.check_manage_staff(self.user, self.project)

    def form_arguments(self) -> dict[str, Any]:
        """Teams and contractors."""
        return choices_at(self.user, self.project)

    def initial(self) -> dict[str, Any]:
        """From today."""
        return {"hired_on": clock.today()}

    def back(self) -> str:
        """To the staff."""
        return reverse("console:registry:staff")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Enter the person and the employment."""
        name, phone = data.pop("name"), data.pop("phone")
        team, number, job = data.pop("team"), data.pop("number"), data.pop("job")
        staff = actions.hire_new(
            project=self.project, name=name, phone=phone, team=team, number=number, job=job, by=self.user, **data
        )
        return self.done(_("Hired."), to=staff_url(staff))


class ChangeStaff(StaffStep):
    """Change team, job, hours."""

    title = _("Change the staff record")
    form_class = StaffForm

    def form_arguments(self) -> dict[str, Any]:
        """Teams and contractors."""
        return choices_at(self.user, self.staff.project)

    def initial(self) -> dict[str, Any]:
        """What is known now."""
        staff = self.staff
        return {name: getattr(staff, name) for name in StaffForm.base_fields}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change it."""
        staff = actions.change_staff(self.staff, by=self.user, **data)
        return self.done(_("The staff record was changed."), to=staff_url(staff))


class ZonesForm(forms.Form):
    """Zones somebody works in, and who leads them."""

    zones: Any = forms.ModelMultipleChoiceField(
        label=_("Zones"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    supervisor: Any = forms.ModelChoiceField(label=_("Supervisor"), queryset=None, required=False)

    def __init__(self, *args: Any, zones: Any, staff: Any, **kwargs: Any) -> None:
        """`zones` and `staff` of the project."""
        super().__init__(*args, **kwargs)
        offer(self, zones=zones, supervisor=staff)


class SetZones(StaffStep):
    """Zones and supervisor."""

    title = _("Zones and supervisor")
    form_class = ZonesForm

    def form_arguments(self) -> dict[str, Any]:
        """The project's zones and staff."""
        staff = self.staff
        zones = queries.zones_visible_to(self.user).filter(project=staff.project)
        return {"zones": zones, "staff": queries.staff_present(staff.project).exclude(pk=staff.pk)}

    def initial(self) -> dict[str, Any]:
        """What is set now."""
        staff = self.staff
        return {"zones": list(staff.zones.all()), "supervisor": staff.supervisor}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Set both."""
        staff = self.staff
        actions.set_supervisor(staff, supervisor=data["supervisor"], by=self.user)
        actions.set_zones(staff, zones=data["zones"], by=self.user)
        return self.done(_("Zones and supervisor were set."), to=staff_url(staff))


class LicenceForm(forms.Form):
    """A licence or its renewal."""

    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    issuer = forms.CharField(label=_("Issuer"), max_length=80, required=False)
    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=DATE)
    valid_to = forms.DateField(
        label=_("Valid to"), required=False, widget=DATE, help_text=_("Empty: by the rule for this kind of licence.")
    )
    reviewed_on = forms.DateField(label=_("Reviewed on"), required=False, widget=DATE)
    layout = (Section("", ("number", "issuer"), ("valid_from", "valid_to"), "reviewed_on"),)


class NewLicenceForm(LicenceForm):
    """A licence that is not entered yet."""

    kind: Any = forms.ModelChoiceField(label=_("Licence"), queryset=None, empty_label=None)
    layout = (Section("", "kind", ("number", "issuer"), ("valid_from", "valid_to"), "reviewed_on"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Every kind there is."""
        super().__init__(*args, **kwargs)
        offer(self, kind=queries.qualification_kinds())


class AddLicence(StaffStep):
    """Enter a licence."""

    title = _("Enter a licence")
    form_class = NewLicenceForm

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Enter it."""
        actions.add_qualification(self.staff, by=self.user, **data)
        return self.done(_("The licence was entered."), to=self.back())


class RenewLicence(StaffStep):
    """Enter a renewal or review."""

    title = _("Renew the licence")
    form_class = LicenceForm

    @property
    def licence(self) -> Qualification:
        """The licence of the address."""
        rows = queries.qualifications_visible_to(self.user).filter(staff=self.kwargs["pk"])
        licence: Qualification = row_for(rows.select_related("staff__project__node"), self.kwargs["row"])
        return licence

    def initial(self) -> dict[str, Any]:
        """What is known now."""
        licence = self.licence
        return {name: getattr(licence, name) for name in LicenceForm.base_fields}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Renew it."""
        actions.renew_qualification(self.licence, by=self.user, **data)
        return self.done(_("The licence was renewed."), to=self.back())


class LinkForm(forms.Form):
    """A log-in, or none."""

    user: Any = forms.ModelChoiceField(label=_("Log-in"), queryset=None, required=False, empty_label=_("None"))

    def __init__(self, *args: Any, users: Any, **kwargs: Any) -> None:
        """`users` to choose from."""
        super().__init__(*args, **kwargs)
        offer(self, user=users)


class LinkUser(StaffStep):
    """Tie a log-in to a member of staff: their tasks appear under My work."""

    title = _("Log-in of the member of staff")
    form_class = LinkForm
    intro = _("With a log-in, somebody finds their tasks under My work. Invite new people under Users and roles.")

    def form_arguments(self) -> dict[str, Any]:
        """Users the person asking manages."""
        return {"users": users_visible_to(self.user)}

    def initial(self) -> dict[str, Any]:
        """The present log-in."""
        return {"user": self.staff.user}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Tie or untie."""
        actions.link_user(self.staff, user=data["user"], by=self.user)
        return self.done(_("The log-in was set."), to=self.back())


@require_POST
def staff_step(request: HttpRequest, pk: int, name: str, row: int = 0) -> HttpResponse:
    """Leave, or revoke a licence."""
    staff, user = staff_for(request, pk), user_of(request)
    to = staff_url(staff)
    if name == "leave":
        return act(request, lambda: actions.leave(staff, by=user), said=_("Left as of today."), to=to)
    if name == "revoke":
        licence = row_for(queries.qualifications_visible_to(user).filter(staff=staff), row)
        reason = request.POST.get("reason", "")
        return act(
            request, lambda: actions.revoke_qualification(licence, by=user, reason=reason),
            said=_("The licence was revoked."), to=to,
        )  # fmt: skip
    raise Missing(_("There is no such step."))
