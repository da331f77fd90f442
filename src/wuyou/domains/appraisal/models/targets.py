"""Target letters (绩效目标责任书): KPIs from baseline to target, month by month (spec 06)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal.choices import LetterState, YearMethod
from wuyou.domains.org.models import Project


class TargetLetter(models.Model):
    """What somebody promises to reach at a project in a year."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="target_letters")
    year = models.PositiveSmallIntegerField(_("year"))
    title = models.CharField(_("title"), max_length=120)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="target_letters")
    state = models.CharField(_("state"), max_length=6, choices=LetterState.choices, default=LetterState.DRAFT)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    issued_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year"], condition=Q(state="issued"), name="target_letter_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(issued_on__isnull=False), name="target_letter_issued_has_date"
            ),
        ]
        ordering = ["-year", "project_id"]

    def __str__(self) -> str:
        return self.title


class Kpi(models.Model):
    """One KPI of a letter; `metric` names a figure of the registry, empty where it is entered by hand."""

    letter = models.ForeignKey(TargetLetter, on_delete=models.PROTECT, related_name="kpis")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(_("code"), max_length=40)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    baseline = models.DecimalField(_("baseline"), max_digits=14, decimal_places=4)
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=4)
    stretch = models.DecimalField(_("stretch"), max_digits=14, decimal_places=4, null=True, blank=True)
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=2)
    method = models.CharField(_("year from months"), max_length=4, choices=YearMethod.choices, default=YearMethod.MEAN)
    metric = models.CharField(_("data source"), max_length=60, blank=True)
    owner = models.CharField(_("owner"), max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "key"], name="kpi_once"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="kpi_weight_positive"),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name_zh


class KpiMonth(models.Model):
    """A KPI's value in a month; the newest of a month counts."""

    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="months")
    month = models.DateField(_("month"))
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4)
    is_measured = models.BooleanField(default=False)  # read from the metric, not entered by hand
    note = models.CharField(_("note"), max_length=200, blank=True)
    by_label = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kpi", "month"], name="kpi_month")]
        ordering = ["pk"]
