"""Campaigns of inspections, the projects they owe, lots and their sampling plans (spec 05)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, Project
from wuyou.domains.quality.choices import CampaignState, Level, TargetState, Theme
from wuyou.domains.sheets.models import SheetVersion


class LevelSetting(models.Model):
    """What a company says differently about a level from a date: its weight, what it must cover, when it reports."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="level_settings")
    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    weight = models.DecimalField(_("weight"), max_digits=6, decimal_places=2)
    cover_percent = models.PositiveSmallIntegerField(_("share of projects to cover, %"))
    feedback = models.CharField(_("report by"), max_length=20)
    starts_on = models.DateField(_("from"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "level", "starts_on"], name="level_setting_once"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="level_weight_positive"),
            models.CheckConstraint(condition=Q(cover_percent__lte=100), name="level_cover_percent"),
        ]


class Campaign(models.Model):
    """A set of inspections with scope, coverage and draw (检查活动)."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="campaigns")  # whose campaign it is
    number = models.CharField(_("number"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    theme = models.CharField(_("theme"), max_length=12, choices=Theme.choices, blank=True)
    sheet_version = models.ForeignKey(SheetVersion, on_delete=models.PROTECT, related_name="campaigns")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    state = models.CharField(_("state"), max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT)
    is_hidden = models.BooleanField(_("hidden from the projects until published"), default=False)
    recheck_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="rechecks")
    results_due = models.DateTimeField(_("results due"), null=True, blank=True)
    draw_id = models.BigIntegerField(null=True, blank=True)  # kernel.draws: which projects
    note = models.CharField(_("note"), max_length=500, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="campaigns")
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="campaign_ends_after_start",
                violation_error_message=_("A campaign cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="campaign_published_has_time"
            ),
        ]
        indexes = [models.Index(fields=["level", "starts_on"], name="campaign_level_start")]

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """One project a campaign owes an inspection, with who is to inspect it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="targets")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="inspection_targets")
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="inspection_targets"
    )
    state = models.CharField(_("state"), max_length=10, choices=TargetState.choices, default=TargetState.OWED)
    why = models.CharField(_("why it is in"), max_length=200, blank=True)  # drawn, open findings, asked for …
    waived_because = models.CharField(_("why it was waived"), max_length=300, blank=True)
    draw_id = models.BigIntegerField(null=True, blank=True)  # kernel.draws: which buildings, rooms, records, devices

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "project"], name="target_once")]


class Guest(models.Model):
    """Somebody from outside who sees and fills one inspection, and nothing else."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="guests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="guest_inspections")
    organisation = models.CharField(_("who sent them"), max_length=120)
    ends_on = models.DateField(_("to"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["target", "user"], name="guest_once")]


class Series(models.Model):
    """A series of lots inspected by GB/T 2828.1: its switching state decides how the next lot is inspected."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="lot_series")
    name = models.CharField(_("name"), max_length=120)
    inspection_level = models.CharField(_("inspection level"), max_length=3)
    aql = models.DecimalField(_("AQL"), max_digits=6, decimal_places=3)
    state = models.JSONField(default=dict)  # of kernel.draws.gbt2828: severity, counters, score

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "name"], name="series_once")]

    def __str__(self) -> str:
        return self.name


class Lot(models.Model):
    """One lot of a series: its plan, what was found, whether it is accepted."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="lots")
    target = models.ForeignKey(Target, null=True, blank=True, on_delete=models.PROTECT, related_name="lots")
    size = models.PositiveIntegerField(_("lot size"))
    severity = models.CharField(_("severity of inspection"), max_length=10)
    sample_size = models.PositiveIntegerField(_("sample size"))
    accept = models.PositiveIntegerField(_("acceptance number"))
    reject = models.PositiveIntegerField(_("rejection number"))
    nonconforming = models.PositiveIntegerField(_("nonconforming units"), null=True, blank=True)
    is_accepted = models.BooleanField(_("accepted"), null=True, blank=True)
    draw_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
