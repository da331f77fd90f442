"""What is kept of an import: the file, how it was read, what was wrong, what it did."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .choices import OnError, RowAction


class ImportRun(models.Model):
    """One file on its way into the records."""

    project_id = models.BigIntegerField(_("project"), null=True)
    importer = models.CharField(_("kind of import"), max_length=60)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=200)
    size = models.BigIntegerField(_("size in bytes"))
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    sheets = models.JSONField(default=list)
    header_row = models.IntegerField(_("header row"), default=0)
    headers = models.JSONField(default=list)
    mapping = models.JSONField(_("columns"), default=dict)  # column code → position
    mapping_how = models.JSONField(default=dict)  # column code → exact or close
    preview = models.JSONField(default=list)  # the first rows as text
    options = models.JSONField(default=dict)
    on_error = models.CharField(
        _("when rows are wrong"), max_length=8, choices=OnError.choices, default=OnError.NOTHING
    )
    language = models.CharField(max_length=10)  # errors are worded in the language of whoever uploaded
    state = models.CharField(_("state"), max_length=10, default="uploaded")
    rows_total = models.IntegerField(_("rows"), default=0)
    rows_wrong = models.IntegerField(_("rows with errors"), default=0)
    errors_total = models.IntegerField(_("errors"), default=0)
    warnings_total = models.IntegerField(_("warnings"), default=0)
    errors = models.JSONField(_("errors by cell"), default=list)  # the first thousand
    changes = models.JSONField(_("changes"), default=dict)  # figures and samples
    failure = models.TextField(_("why it failed"), blank=True)
    by_id = models.CharField(max_length=60)
    by_label = models.CharField(_("by"), max_length=80)
    uploaded_at = models.DateTimeField(_("uploaded"))
    checked_at = models.DateTimeField(_("checked"), null=True)
    applied_at = models.DateTimeField(_("loaded"), null=True)
    undone_at = models.DateTimeField(_("undone"), null=True)
    file_removed_at = models.DateTimeField(_("file removed"), null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["project_id", "-id"])]

    def __str__(self) -> str:
        return self.file_name


class ImportedRow(models.Model):
    """A record that a run made or changed: what the undo goes by."""

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="rows")
    model = models.CharField(max_length=80)  # "registry.place"
    object_id = models.BigIntegerField()
    action = models.CharField(max_length=6, choices=RowAction.choices)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "model", "object_id"], name="imported_row_once")]
