"""What can be imported, in the order in which an estate is set up."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Missing
from wuyou.kernel.imports import Importer, all_importers


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of import as the wizard offers it."""

    importer: Importer
    icon: str
    what: object

    @property
    def code(self) -> str:
        """The importer's code."""
        return self.importer.code

    @property
    def label(self) -> object:
        """What is imported."""
        return self.importer.label

    @property
    def required(self) -> list[object]:
        """Labels of the columns a file cannot do without."""
        return [column.label for column in self.importer.columns if column.required]


SHOWN = {
    "registry.buildings": (
        "building",
        _("Areas and buildings with floors, height, lifts and fire systems. Statutory duties follow from them."),
    ),
    "registry.rooms": ("door", _("Rooms with owners, tenants and area; units and floors are made along the way.")),
    "registry.places": ("map-pin", _("Stairs, gates, lawns, refuse points: what standards say something about.")),
    "assets.assets": ("engine", _("Lifts, pumps, extinguishers, cameras … with place, model and dates.")),
    "registry.staff": ("id-badge-2", _("Staff with team, job, zones, licences and their expiry.")),
}


def kinds() -> list[Kind]:
    """Every kind of import, the usual order first."""
    known = {importer.code: importer for importer in all_importers()}
    first = [code for code in SHOWN if code in known]
    rest = [code for code in known if code not in SHOWN]
    return [Kind(known[code], *SHOWN.get(code, ("table-import", ""))) for code in [*first, *rest]]


def kind_of(code: str) -> Kind:
    """A kind by its importer's code; raises Missing."""
    found = next((kind for kind in kinds() if kind.code == code), None)
    if found is None:
        raise Missing(_("There is no such kind of import."))
    return found
