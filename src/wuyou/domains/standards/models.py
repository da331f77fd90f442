"""The versioned library of standards: clauses × grades, subjects that join them to places and assets (spec 03)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node

from .choices import Certainty, ClauseKind, StandardKind, VersionState


class Subject(models.Model):
    """What a clause is about → kinds of place or asset, activity, team, minutes, evidence, check. Editable."""

    name = models.CharField(_("clause subject"), max_length=60, unique=True)
    name_en = models.CharField(_("clause subject (English)"), max_length=80, blank=True)
    matches_place = models.JSONField(_("kinds of place"), default=list, blank=True)
    matches_asset = models.JSONField(_("kinds of asset"), default=list, blank=True)
    activity = models.SlugField(_("activity"), max_length=40)
    team = models.CharField(_("team"), max_length=40)
    unit = models.CharField(
        _("unit"), max_length=12
    )  # place, asset, 100m2, project, post, point, person, event, ticket, job
    minutes_per_unit = models.DecimalField(_("minutes per unit"), max_digits=8, decimal_places=2)
    qualification = models.CharField(_("qualification"), max_length=60, blank=True)
    evidence = models.CharField(_("evidence"), max_length=20, blank=True)
    check_text = models.CharField(_("what an inspector checks"), max_length=120, blank=True)
    deduct_points = models.DecimalField(_("deduction"), max_digits=6, decimal_places=2, default=0)
    is_edited = models.BooleanField(_("edited by the company"), default=False)  # a later shipment leaves it alone

    def __str__(self) -> str:
        return self.name


class Standard(models.Model):
    """A document of the library; shipped ones have no owner node."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=StandardKind.choices)
    source = models.CharField(_("source"), max_length=200, blank=True)
    node = models.ForeignKey(Node, null=True, blank=True, on_delete=models.PROTECT, related_name="standards")

    def __str__(self) -> str:
        return self.name_zh


class StandardVersion(models.Model):
    """An edition; once issued it never changes."""

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    note = models.CharField(_("note"), max_length=300, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)  # counts edits of a draft; an edit claims the row by it
    source_digest = models.CharField(
        max_length=64, blank=True
    )  # of the file it was loaded from: the same file loads once

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standard", "number"], name="standard_version_once"),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(issued_on__isnull=False),
                name="standard_version_issued_has_date",
                violation_error_message=_("An issued version has a date of issue."),
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(withdrawn_on__isnull=False),
                name="standard_version_withdrawn_has_date",
                violation_error_message=_("A withdrawn version has a date of withdrawal."),
            ),
        ]
        ordering = ["standard_id", "number"]

    def __str__(self) -> str:
        return f"{self.standard} v{self.number}"


class Grade(models.Model):
    """A column of the table clause × grade. Rank 1 is the best whatever the label says."""

    version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="grades")
    code = models.SlugField(_("code"), max_length=20)
    rank = models.PositiveSmallIntegerField(_("rank (1 is the best)"))
    label_zh = models.CharField(_("label (Chinese)"), max_length=30)
    label_en = models.CharField(_("label (English)"), max_length=30, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="grade_code_once")]
        ordering = ["rank", "id"]

    def __str__(self) -> str:
        return self.label_zh


class Clause(models.Model):
    """One requirement. What is left empty from `activity` on is as its subject says (rules.particulars)."""

    version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="clauses")
    position = models.PositiveIntegerField(default=0)
    code = models.CharField(_("code"), max_length=20)
    part = models.CharField(_("part"), max_length=20)
    subject_name = models.CharField(
        _("clause subject"), max_length=60
    )  # joins Subject.name; unknown subjects are shown as a gap
    requirement_zh = models.CharField(_("requirement"), max_length=300)
    requirement_en = models.CharField(_("requirement (English)"), max_length=300, blank=True)
    kind = models.CharField(_("kind of value"), max_length=14, choices=ClauseKind.choices)
    unit = models.CharField(_("unit"), max_length=12, blank=True)
    window = models.CharField(_("window in the day"), max_length=60, blank=True)
    applies_when = models.CharField(_("applies when"), max_length=120, blank=True)  # predicate over named facts
    basis = models.CharField(_("basis"), max_length=120, blank=True)
    retention = models.CharField(_("retention"), max_length=20, blank=True)
    certainty = models.CharField(_("certainty"), max_length=1, choices=Certainty.choices, default=Certainty.HIGH)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)  # both ends inclusive
    in_force_to = models.DateField(_("in force to"), null=True, blank=True)
    response = models.CharField(_("response target"), max_length=120, blank=True)
    criterion = models.CharField(_("acceptance criterion"), max_length=200, blank=True)
    method = models.CharField(_("method and materials"), max_length=200, blank=True)
    activity = models.SlugField(_("activity"), max_length=40, blank=True)
    workload_unit = models.CharField(_("workload per"), max_length=12, blank=True)
    minutes_per_unit = models.DecimalField(_("minutes per unit"), max_digits=8, decimal_places=2, null=True, blank=True)
    qualification = models.CharField(_("qualification"), max_length=60, blank=True)
    evidence = models.CharField(_("evidence"), max_length=20, blank=True)
    check_text = models.CharField(_("what an inspector checks"), max_length=120, blank=True)
    deduct_points = models.DecimalField(_("deduction"), max_digits=6, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="clause_code_once"),
            models.CheckConstraint(
                condition=Q(in_force_from__isnull=True)
                | Q(in_force_to__isnull=True)
                | Q(in_force_to__gte=F("in_force_from")),
                name="clause_force_ends_after_start",
                violation_error_message=_("A clause cannot go out of force before it comes into force."),
            ),
        ]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.code} {self.requirement_zh}"


class ClauseValue(models.Model):
    """The value a grade picks for a clause; `-` or no row: no such duty at this grade."""

    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="values")
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, related_name="values")
    value = models.CharField(_("value"), max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clause", "grade"], name="clause_value_once")]


class StaffingRatio(models.Model):
    """Customary heads by grade: a sanity check for the workload calculation, not a rule."""

    role = models.CharField(max_length=20)
    unit = models.CharField(max_length=40)  # "households per person", "m2 built area per person" …
    rank = models.PositiveSmallIntegerField()
    low = models.PositiveIntegerField()
    high = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "rank"], name="staffing_ratio_once")]
