"""Schemes and their versions: reviewed documents (spec 06)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal.choices import SubjectKind, VersionState
from wuyou.domains.org.models import Node


class Scheme(models.Model):
    """A way of appraising; shipped ones have no owner node."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    subject = models.CharField(_("who is appraised"), max_length=10, choices=SubjectKind.choices)
    node = models.ForeignKey(Node, null=True, blank=True, on_delete=models.PROTECT, related_name="schemes")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_zh


class SchemeVersion(models.Model):
    """An edition of a scheme; once issued it never changes, and a month under way keeps the one it was opened with."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    document = models.JSONField(_("document"))  # docs/reference/schemes.md
    note = models.CharField(_("note"), max_length=300, blank=True)
    drafted_by = models.CharField(_("drafted by"), max_length=80)
    drafted_by_id = models.CharField(max_length=60)  # an actor's id: nobody issues what he sent himself
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)  # counts edits of a draft; an edit claims the row by it
    source_digest = models.CharField(max_length=64, blank=True)  # of the shipped file: the same file loads once

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="scheme_version_once"),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(issued_on__isnull=False), name="scheme_version_issued_has_date"
            ),
        ]
        ordering = ["scheme_id", "-number"]

    def __str__(self) -> str:
        return f"{self.scheme} v{self.number}"
