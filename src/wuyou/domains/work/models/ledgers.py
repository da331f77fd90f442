"""Append-only ledgers of disinfection and refuse; a wrong entry is corrected by a later one that refers to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.registry.models import Place
from wuyou.domains.work.choices import RefuseSort

from .tasks import Task


class DisinfectionEntry(models.Model):
    """Agent, concentration, batch, area, weather, warning signs, re-entry time."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="disinfections")
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="disinfections")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="disinfections")
    at = models.DateTimeField(_("at"))
    agent = models.CharField(_("agent"), max_length=60)
    concentration_mg_l = models.DecimalField(_("concentration (mg/L)"), max_digits=9, decimal_places=1)
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    area_m2 = models.DecimalField(_("area (m²)"), max_digits=10, decimal_places=2)
    weather = models.CharField(_("weather"), max_length=40, blank=True)
    signs_up_at = models.DateTimeField(_("warning signs put up"), null=True, blank=True)
    signs_down_at = models.DateTimeField(_("warning signs removed"), null=True, blank=True)
    reentry_at = models.DateTimeField(_("re-entry from"), null=True, blank=True)
    by_label = models.CharField(_("by"), max_length=80)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")


class RefuseEntry(models.Model):
    """Point, time, weight by sort, vehicle, destination, overflow."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="refuse_entries")
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="refuse_entries")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="refuse_entries")
    at = models.DateTimeField(_("at"))
    sort = models.CharField(_("sort"), max_length=10, choices=RefuseSort.choices)
    weight_kg = models.DecimalField(_("weight (kg)"), max_digits=9, decimal_places=2)
    vehicle = models.CharField(_("vehicle"), max_length=20, blank=True)
    destination = models.CharField(_("destination"), max_length=80, blank=True)
    is_overflowing = models.BooleanField(_("overflowing"), default=False)
    by_label = models.CharField(_("by"), max_length=80)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
