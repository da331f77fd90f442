"""The equipment ledger (spec 08): what exists where, since when, in which state."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.registry.models import Contractor, Place, Zone

from .choices import AssetState


class Asset(models.Model):
    """A device or group of like devices at a place."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="assets")
    code = models.CharField(_("asset number"), max_length=40)
    system = models.CharField(_("system"), max_length=30)  # 照明, 电梯, 消防 …
    category = models.CharField(_("category"), max_length=30)  # 乘客电梯, 灭火器 …: what clauses match
    name = models.CharField(_("name"), max_length=80)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="assets")
    zone = models.ForeignKey(Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="assets")
    model = models.CharField(_("model"), max_length=60, blank=True)
    serial = models.CharField(_("serial number"), max_length=60, blank=True)
    maker = models.CharField(_("maker"), max_length=80, blank=True)
    contractor = models.ForeignKey(Contractor, null=True, blank=True, on_delete=models.PROTECT)
    in_service_on = models.DateField(_("in service since"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted (supervision inspection)"), null=True, blank=True)
    made_on = models.DateField(_("made on"), null=True, blank=True)
    life_years = models.PositiveSmallIntegerField(_("design life (years)"), null=True, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    state = models.CharField(_("state"), max_length=16, choices=AssetState.choices, default=AssetState.IN_SERVICE)
    x = models.FloatField(_("x (m)"), null=True, blank=True)
    y = models.FloatField(_("y (m)"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="asset_code_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="asset_quantity_positive",
                violation_error_message=_("A quantity must be at least one."),
            ),
        ]
        indexes = [models.Index(fields=["project", "category", "state"])]

    def __str__(self) -> str:
        return self.name
