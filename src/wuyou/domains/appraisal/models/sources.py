"""What a month is appraised by and no other app keeps: events, vetoes, panels, surveys, scores by hand (spec 06)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal.choices import PanelState
from wuyou.domains.org.models import Project
from wuyou.domains.registry.models import Zone
from wuyou.kernel.draws.models import Draw

from .periods import Enrolment


class DeductionEvent(models.Model):
    """So many events of an item of the scheme's table; a void one stays and counts no more."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="deduction_events", db_index=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="events", db_index=False)
    component = models.CharField(max_length=40)
    item = models.CharField(_("item"), max_length=40)
    origin = models.CharField(_("origin"), max_length=40, blank=True)  # such as `complaint`; "" is ordinary
    quantity = models.DecimalField(_("number of events"), max_digits=8, decimal_places=2, default=1)
    day = models.DateField(_("day"))
    text = models.CharField(_("what happened"), max_length=300)
    source_kind = models.CharField(max_length=40, blank=True)  # such as `finding`
    source_id = models.BigIntegerField(null=True, blank=True)
    source_label = models.CharField(_("from"), max_length=60, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="deduction_events"
    )
    entered_at = models.DateTimeField()
    void_because = models.CharField(_("why it is void"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="deduction_event_counts",
                violation_error_message=_("There is at least a part of an event."),
            )
        ]
        indexes = [
            models.Index(fields=["enrolment", "day"], name="deduction_event_day"),
            models.Index(fields=["project", "day"], name="deduction_event_project"),
            models.Index(fields=["source_kind", "source_id"], name="deduction_event_source"),
        ]
        ordering = ["-day", "-id"]


class VetoRecord(models.Model):
    """Something that a veto of the scheme looks at, with the facts its tests ask for."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="veto_records", db_index=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="veto_records", db_index=False)
    rule = models.CharField(_("veto"), max_length=40)
    day = models.DateField(_("day"))
    text = models.CharField(_("what happened"), max_length=300)
    facts = models.JSONField(_("facts"), default=dict)  # name → number as text
    document = models.CharField(_("document"), max_length=120, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="veto_records"
    )
    entered_at = models.DateTimeField()
    void_because = models.CharField(_("why it is void"), max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["enrolment", "day"], name="veto_record_day")]
        ordering = ["-day", "-id"]


class ManualScore(models.Model):
    """A score somebody entered for a component, with the reason and evidence; the newest counts."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="manual_scores", db_index=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="manual_scores", db_index=False)
    component = models.CharField(max_length=40)
    month = models.DateField(_("month"))
    value = models.DecimalField(_("points"), max_digits=8, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=300)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="manual_scores"
    )
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["enrolment", "month"], name="manual_score_month")]
        ordering = ["pk"]


class SurveyCount(models.Model):
    """What a survey counted in a month; the newest of a component counts."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="survey_counts", db_index=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="survey_counts", db_index=False)
    component = models.CharField(max_length=40)
    month = models.DateField(_("month"))
    satisfied = models.PositiveIntegerField(_("satisfied"))
    dissatisfied = models.PositiveIntegerField(_("dissatisfied"), default=0)
    answered = models.PositiveIntegerField(_("answers"))
    text = models.CharField(_("which survey"), max_length=120)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="survey_counts"
    )
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered__gte=F("satisfied") + F("dissatisfied")),
                name="survey_count_fits",
                violation_error_message=_("There are no more opinions than answers."),
            )
        ]
        indexes = [models.Index(fields=["enrolment", "month"], name="survey_count_month")]
        ordering = ["pk"]


class Panel(models.Model):
    """The people who rate a component in a month, drawn at random from a frame (kernel.draws)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="panels", db_index=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="panels", db_index=False)
    component = models.CharField(max_length=40)
    month = models.DateField(_("month"))
    due_on = models.DateField(_("rating due"))
    state = models.CharField(_("state"), max_length=10, choices=PanelState.choices, default=PanelState.COMMITTED)
    draw = models.ForeignKey(Draw, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "component", "month"], name="panel_once")]
        ordering = ["-month", "-id"]


class PanelMember(models.Model):
    """One person of a panel and the sheet that came back; without points none did."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="members")
    group = models.CharField(_("group"), max_length=40)
    code = models.CharField(_("number"), max_length=60)  # of the frame: no name needs to be kept
    label = models.CharField(_("name"), max_length=60, blank=True)
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2, null=True, blank=True)
    is_dissatisfied = models.BooleanField(_("dissatisfied"), default=False)
    rated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["panel", "code"], name="panel_member_once"),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__gte=0, points__lte=100),
                name="panel_points_in_range",
                violation_error_message=_("A sheet gives 0 to 100 points."),
            ),
        ]
        ordering = ["group", "id"]


class ZoneDifficulty(models.Model):
    """How hard a zone is against a plain one (1), from a day on: load and difficulty, agreed and explained."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="difficulties")
    factor = models.DecimalField(_("difficulty"), max_digits=4, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=300)
    starts_on = models.DateField(_("from"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["zone", "starts_on"], name="zone_difficulty_once"),
            models.CheckConstraint(
                condition=Q(factor__gte="0.5", factor__lte=3),
                name="zone_difficulty_in_range",
                violation_error_message=_("A difficulty is between 0.5 and 3."),
            ),
        ]
        ordering = ["zone_id", "starts_on"]
