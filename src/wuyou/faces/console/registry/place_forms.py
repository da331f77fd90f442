"""Adding, changing, moving, closing places; zones (spec 01)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from wuyou.domains.registry import actions, policies, queries
from wuyou.domains.registry.actions.places import fits
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.domains.registry.models import Place
from wuyou.faces.console.acting import act
from wuyou.faces.console.offering import offer
from wuyou.kernel.errors import Missing
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.visitor import user_of

from .labels import one_label
from .looking import place_for, place_url

NUMBERS = {"x": _("x (m)"), "y": _("y (m)"), "latitude": _("Latitude"), "longitude": _("Longitude")}


class PlaceForm(forms.Form):
    """What is known of a place."""

    name = forms.CharField(label=_("Name"), max_length=80)
    category = forms.CharField(
        label=_("Kind"), max_length=30, required=False, help_text=_("Standards find their places by the kind.")
    )
    area_m2 = forms.DecimalField(label=_("Area (m²)"), required=False, min_value=0, decimal_places=2, max_digits=10)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, initial=1)
    material = forms.CharField(label=_("Material"), max_length=20, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    x = forms.FloatField(label=NUMBERS["x"], required=False)
    y = forms.FloatField(label=NUMBERS["y"], required=False)
    latitude = forms.FloatField(label=NUMBERS["latitude"], required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=NUMBERS["longitude"], required=False, min_value=-180, max_value=180)
    layout = (
        Section(_("Place"), ("name", "category"), ("area_m2", "quantity", "material"), "note"),
        Section(_("Where it is"), ("x", "y"), ("latitude", "longitude")),
    )


class NewPlaceForm(PlaceForm):
    """A place that is not there yet."""

    level = forms.ChoiceField(label=_("Level"))
    code = forms.CharField(label=_("Code"), max_length=60, help_text=_("Once in the project; it never changes."))
    layout = (
        Section(_("Place"), ("level", "code"), ("name", "category"), ("area_m2", "quantity", "material"), "note"),
        Section(_("Where it is"), ("x", "y"), ("latitude", "longitude")),
    )

    def __init__(self, *args: Any, below: str, **kwargs: Any) -> None:
        """Only levels that may stand below `below`; rooms come with their import."""
        super().__init__(*args, **kwargs)
        fitting = [level for level in PlaceLevel if fits(level, below=below) and level != PlaceLevel.ROOM]
        offer(self, level=[(level.value, level.label) for level in fitting])
        self.fields["level"].initial = PlaceLevel.SPOT.value


class PlaceStep(FormPage):
    """A form about one place."""

    @property
    def place(self) -> Place:
        """The place of the address."""
        return place_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who manages the project's places."""
        policies.check_change_place(self.user, self.place)

    def back(self) -> str:
        """To the place."""
        return place_url(self.place)


class AddPlace(PlaceStep):
    """A new place below another one."""

    title = _("New place")
    form_class = NewPlaceForm
    submit = _("Add")
    draft = "registry.place.new"

    def form_arguments(self) -> dict[str, Any]:
        """What may stand below this place."""
        return {"below": self.place.level}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Add it and show it."""
        parent = self.place
        place = actions.add_place(project=parent.project, parent=parent, by=self.user, **data)
        return self.done(_("The place was added."), to=place_url(place))


class ChangePlace(PlaceStep):
    """Name, kind, area, position."""

    title = _("Change the place")
    form_class = PlaceForm

    def initial(self) -> dict[str, Any]:
        """What is known now."""
        place = self.place
        return {name: getattr(place, name) for name in PlaceForm.base_fields}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change it."""
        place = actions.change_place(self.place, by=self.user, **data)
        return self.done(_("The place was changed."), to=place_url(place))


class TargetForm(forms.Form):
    """Another place, by its code."""

    code = forms.CharField(
        label=_("Move it below (code of the place)"), max_length=60,
        help_text=_("Everything below moves along. Codes and stickers stay valid."),
    )  # fmt: skip


class MovePlace(PlaceStep):
    """Hang a place, with everything below it, below another one."""

    title = _("Move the place")
    form_class = TargetForm
    submit = _("Move")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Move it."""
        place = self.place
        target = queries.places_visible_to(self.user).filter(project=place.project, code=data["code"].strip()).first()
        if target is None:
            raise Missing(_("There is no place with this code here."))
        actions.move_place(place, to=target, by=self.user)
        return self.done(_("The place was moved."), to=place_url(place))


class ZoneForm(forms.Form):
    """A zone of the place's project, or none."""

    zone: Any = forms.ModelChoiceField(label=_("Zone"), queryset=None, required=False, empty_label=_("None of its own"))

    def __init__(self, *args: Any, zones: Any, **kwargs: Any) -> None:
        """`zones` of the project."""
        super().__init__(*args, **kwargs)
        offer(self, zone=zones)


class SetZone(PlaceStep):
    """Put one place into a zone."""

    title = _("Zone of the place")
    form_class = ZoneForm

    def form_arguments(self) -> dict[str, Any]:
        """The project's zones."""
        return {"zones": queries.zones_visible_to(self.user).filter(project=self.place.project)}

    def initial(self) -> dict[str, Any]:
        """The present zone."""
        return {"zone": self.place.zone}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Set it."""
        place = self.place
        actions.set_zone([place], zone=data["zone"], by=self.user)
        return self.done(_("The zone was set."), to=place_url(place))


@require_POST
def place_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Close a place (with a reason), open it again, or give its sticker a new code."""
    place, user = place_for(request, pk), user_of(request)
    reason = request.POST.get("reason", "")
    if name == "close":
        return act(
            request, lambda: actions.close_place(place, by=user, reason=reason),
            said=_("The place was closed."), to=place_url(place),
        )  # fmt: skip
    if name == "reopen":
        return act(
            request, lambda: actions.reopen_place(place, by=user), said=_("The place is open again."),
            to=place_url(place),
        )  # fmt: skip
    if name == "label":
        return one_label(request, "place", place.pk, place.project)
    if name == "replace-code":
        tags = queries.tags_visible_to(user).filter(subject_kind="place", subject_id=place.pk)
        tag = get_object_or_404(tags, revoked_at__isnull=True)
        return act(
            request, lambda: actions.revoke_and_reissue(tag, by=user, reason=reason),
            said=_("The old sticker now says that it was replaced. Print the new one."), to=place_url(place),
        )  # fmt: skip
    raise Missing(_("There is no such step."))
