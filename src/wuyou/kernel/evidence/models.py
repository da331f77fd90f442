"""What is kept of a photo, recording, signature or document that proves something (spec 02: Evidence)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .choices import Duplicate, Kind, Verdict


class Evidence(models.Model):
    """One file with its hashes; the original stays as it came, a copy is shown."""

    project_id = models.BigIntegerField(_("project"))
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    subject_label = models.CharField(_("proves"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField(_("size in bytes"))
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    sha256 = models.CharField(max_length=64)  # of the original
    phash = models.CharField(max_length=16, blank=True)  # 64 bits, hexadecimal; empty when the picture shows nothing
    band_0 = models.IntegerField(null=True)
    band_1 = models.IntegerField(null=True)
    band_2 = models.IntegerField(null=True)
    band_3 = models.IntegerField(null=True)
    taken_at = models.DateTimeField(_("taken"), null=True)
    received_at = models.DateTimeField(_("received"))
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    accuracy = models.FloatField(null=True)  # metres
    watermark = models.CharField(max_length=300, blank=True)
    original_path = models.CharField(max_length=200)
    served_path = models.CharField(max_length=200)
    thumbnail_path = models.CharField(max_length=200, blank=True)
    by_id = models.CharField(max_length=60)
    by_label = models.CharField(_("by"), max_length=80)
    duplicate_of_id = models.BigIntegerField(null=True)
    duplicate_kind = models.CharField(_("seen before"), max_length=5, choices=Duplicate.choices, blank=True)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices, blank=True)
    verdict_reason = models.CharField(_("reason"), max_length=300, blank=True)
    reviewed_at = models.DateTimeField(_("reviewed"), null=True)
    reviewed_by_id = models.CharField(max_length=60, blank=True)
    reviewed_by_label = models.CharField(_("reviewed by"), max_length=80, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"]),
            models.Index(fields=["project_id", "-received_at"]),
            models.Index(fields=["sha256"]),
            *(models.Index(fields=["project_id", f"band_{step}"], name=f"evidence_band_{step}") for step in range(4)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "sha256"],
                name="evidence_once_per_subject",
                violation_error_message=_("This file is attached here already."),
            ),
            models.CheckConstraint(
                condition=Q(duplicate_kind="", duplicate_of_id__isnull=True)
                | (~Q(duplicate_kind="") & Q(duplicate_of_id__isnull=False)),
                name="evidence_duplicate_has_original",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", reviewed_at__isnull=True) | (~Q(verdict="") & Q(reviewed_at__isnull=False)),
                name="evidence_verdict_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject_label}"

    @property
    def seconds_late(self) -> int | None:
        """Seconds between being taken and being received; None when nobody knows when it was taken."""
        return int((self.received_at - self.taken_at).total_seconds()) if self.taken_at else None

    @property
    def is_duplicate(self) -> bool:
        """Whether a reviewer should look because it was used before."""
        return self.duplicate_kind != Duplicate.NONE
