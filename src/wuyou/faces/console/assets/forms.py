"""Entering, changing and moving devices (spec 08)."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets import actions, policies
from wuyou.domains.assets.models import Asset
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.registry.models import Place
from wuyou.domains.registry.queries import contractors_visible_to, places_visible_to
from wuyou.faces.console.offering import offer
from wuyou.faces.console.registry.looking import project_in_view, row_for
from wuyou.kernel.errors import Invalid
from wuyou.ui.forms import FormPage, Section

from .lists import asset_url
from .pages import asset_for

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AssetForm(forms.Form):
    """What is known of a device."""

    name = forms.CharField(label=_("Name"), max_length=80)
    category = forms.CharField(
        label=_("Kind"), max_length=30, help_text=_("Standards and statutory duties find devices by the kind.")
    )
    system = forms.CharField(label=_("System"), max_length=30, required=False)
    model = forms.CharField(label=_("Model"), max_length=60, required=False)
    serial = forms.CharField(label=_("Serial number"), max_length=60, required=False)
    maker = forms.CharField(label=_("Maker"), max_length=80, required=False)
    contractor: Any = forms.ModelChoiceField(label=_("Maintained by"), queryset=None, required=False)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, initial=1)
    in_service_on = forms.DateField(label=_("In service since"), required=False, widget=DATE)
    accepted_on = forms.DateField(label=_("Accepted"), required=False, widget=DATE)
    made_on = forms.DateField(label=_("Made on"), required=False, widget=DATE)
    life_years = forms.IntegerField(label=_("Design life (years)"), required=False, min_value=1, max_value=100)
    x = forms.FloatField(label=_("x (m)"), required=False)
    y = forms.FloatField(label=_("y (m)"), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    layout = (
        Section(
            _("Device"), ("name", "category"), ("system", "quantity"), ("model", "serial"), ("maker", "contractor")
        ),
        Section(_("Dates"), ("in_service_on", "accepted_on"), ("made_on", "life_years")),
        Section(_("Where it is"), ("x", "y"), "note"),
    )

    def __init__(self, *args: Any, contractors: Any, **kwargs: Any) -> None:
        """`contractors` that work there."""
        super().__init__(*args, **kwargs)
        offer(self, contractor=contractors)


class NewAssetForm(AssetForm):
    """A device that is not in the ledger yet."""

    code = forms.CharField(label=_("Number"), max_length=40)
    place_code = forms.CharField(label=_("Place (its code)"), max_length=60, required=False)
    layout = (
        Section(_("Device"), ("code", "name"), ("category", "system"), ("model", "serial"), ("maker", "contractor")),
        Section(_("Dates"), ("in_service_on", "accepted_on"), ("made_on", "life_years")),
        Section(_("Where it is"), ("place_code", "quantity"), ("x", "y"), "note"),
    )


def place_named(user: Any, project: Any, code: str, *, field: str) -> Place | None:
    """The project's place of a code; None for no code; raises Invalid at the field."""
    if not code.strip():
        return None
    place = places_visible_to(user).filter(project=project, code=code.strip()).first()
    if place is None:
        raise Invalid(fields={field: _("There is no place with this code here.")})
    return place


def filled(data: dict[str, Any]) -> dict[str, Any]:
    """The values with empty text columns as empty texts and the system named after the kind when left out."""
    return {**data, "system": data["system"] or data["category"]}


class NewAsset(FormPage):
    """Enter a device of the project in view."""

    title = _("New device")
    form_class = NewAssetForm
    submit = _("Enter")
    draft = "assets.asset.new"

    @property
    def project(self) -> Any:
        """The project in view; 404 without one."""
        project = project_in_view(self.request, policies.VIEW_ASSETS)
        return row_for(projects_visible_to(self.user, policies.VIEW_ASSETS), project.pk if project else 0)

    def allowed(self) -> None:
        """Only who manages the ledger there."""
        policies.check_manage_assets(self.user, self.project)

    def form_arguments(self) -> dict[str, Any]:
        """Contractors to choose from."""
        return {"contractors": contractors_visible_to(self.user).filter(ended_on__isnull=True)}

    def back(self) -> str:
        """To the ledger."""
        return reverse("console:assets:list")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Enter it."""
        place = place_named(self.user, self.project, data.pop("place_code"), field="place_code")
        asset = actions.add_asset(project=self.project, place=place, by=self.user, **filled(data))
        return self.done(_("The device was entered."), to=asset_url(asset))


class AssetStep(FormPage):
    """A form about one device."""

    @property
    def asset(self) -> Asset:
        """The device of the address."""
        return asset_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who manages the ledger there."""
        policies.check_change_asset(self.user, self.asset)

    def back(self) -> str:
        """To the device."""
        return asset_url(self.asset)


class ChangeAsset(AssetStep):
    """Change what is known."""

    title = _("Change the device")
    form_class = AssetForm

    def form_arguments(self) -> dict[str, Any]:
        """Contractors to choose from."""
        return {"contractors": contractors_visible_to(self.user).filter(ended_on__isnull=True)}

    def initial(self) -> dict[str, Any]:
        """What is known now."""
        asset = self.asset
        return {name: getattr(asset, name) for name in AssetForm.base_fields}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change it."""
        asset = actions.change_asset(self.asset, by=self.user, **filled(data))
        return self.done(_("The device was changed."), to=asset_url(asset))


class MoveForm(forms.Form):
    """Another place."""

    place_code = forms.CharField(label=_("Place (its code)"), max_length=60, required=False)


class MoveAsset(AssetStep):
    """Put a device at another place; its zone follows."""

    title = _("Move the device")
    form_class = MoveForm
    submit = _("Move")

    def initial(self) -> dict[str, Any]:
        """Where it stands now."""
        place = self.asset.place
        return {"place_code": place.code if place else ""}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Move it."""
        asset = self.asset
        to = place_named(self.user, asset.project, data["place_code"], field="place_code")
        actions.move_asset(asset, to=to, by=self.user)
        return self.done(_("The device was moved."), to=asset_url(asset))
