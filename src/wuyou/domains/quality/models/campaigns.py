"""Campaigns of inspections, the projects they owe, lots and their sampling plans (spec 05)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, Project
from wuyou.domains.quality.choices import CampaignState, Feedback, Level, TargetState, Theme
from wuyou.domains.sheets.models import SheetVersion
from wuyou.kernel.draws.switching import Severity


class LevelSetting(models.Model):
    """What a company says differently about a level from a date: its weight, what it must cover, when it reports."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="level_settings")
    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    weight = models.DecimalField(_("weight"), max_digits=6, decimal_places=2)
    cover_percent = models.PositiveSmallIntegerField(_("share of projects to cover, %"))
    feedback = models.CharField(_("report by"), max_length=12, choices=Feedback.choices)
    starts_on = models.DateField(_("from"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "level", "starts_on"], name="level_setting_once"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="level_weight_positive"),
            models.CheckConstraint(condition=Q(cover_percent__lte=100), name="level_cover_percent"),
        ]


class Campaign(models.Model):
    """A set of inspections with scope, coverage and draw (检查活动). Its draws are those of case `campaign`."""

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
    note = models.CharField(_("note"), max_length=500, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="campaigns")
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(_("why it was cancelled"), max_length=300, blank=True)

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
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_because=""), name="campaign_cancelled_says_why"
            ),
        ]
        indexes = [models.Index(fields=["level", "starts_on"], name="campaign_level_start")]

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """One project a campaign owes an inspection, with who is to inspect it. Its draws are those of case `target`."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="targets")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="inspection_targets")
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="inspection_targets"
    )
    state = models.CharField(_("state"), max_length=10, choices=TargetState.choices, default=TargetState.OWED)
    why = models.CharField(_("why it is in"), max_length=200, blank=True)  # drawn, open findings, asked for …
    waived_because = models.CharField(_("why it was waived"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "project"], name="target_once"),
            models.CheckConstraint(condition=~Q(state="waived") | ~Q(waived_because=""), name="target_waived_says_why"),
        ]


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
    aql = models.CharField(_("AQL"), max_length=4)  # as the table writes it: 0.65 … 10
    state = models.JSONField(default=dict)  # of kernel.draws.switching: severity, counters, score
    lots_judged = models.PositiveIntegerField(default=0)  # counts up with every step: a step claims the row by it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "name"], name="series_once")]

    def __str__(self) -> str:
        return self.name


class Lot(models.Model):
    """One lot of a series: its plan, what was found, whether it is accepted. Its draw is that of case `lot`."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="lots")
    target = models.ForeignKey(Target, null=True, blank=True, on_delete=models.PROTECT, related_name="lots")
    name = models.CharField(_("what the lot is"), max_length=120)
    size = models.PositiveIntegerField(_("lot size"))
    severity = models.CharField(_("severity of inspection"), max_length=10, choices=Severity.choices)
    letter = models.CharField(_("code letter"), max_length=1, blank=True)  # empty where the plan was entered
    sample_size = models.PositiveIntegerField(_("sample size"))
    accept = models.PositiveIntegerField(_("acceptance number"))
    reject = models.PositiveIntegerField(_("rejection number"))
    nonconforming = models.PositiveIntegerField(_("nonconforming units"), null=True, blank=True)
    is_accepted = models.BooleanField(_("accepted"), null=True, blank=True)
    at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series"],
                condition=Q(judged_at__isnull=True),
                name="lot_one_open",
                violation_error_message=_("Judge the open lot of this series first."),
            ),
            models.CheckConstraint(
                condition=Q(judged_at__isnull=True) | Q(nonconforming__isnull=False, is_accepted__isnull=False),
                name="lot_judged_has_result",
            ),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
