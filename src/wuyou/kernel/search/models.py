"""What can be found: one row per record of any kind, indexed by the database's own full-text engine."""

from django.db import models


class Document(models.Model):
    """A record as search shows it. `tokens` feeds the engine (FTS5 or tsvector) by trigger or generated column."""

    kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    project_id = models.BigIntegerField(null=True)  # none: for everybody who may search
    title = models.CharField(max_length=200)
    subtitle = models.CharField(max_length=300, blank=True)
    title_key = models.CharField(max_length=200)
    tokens = models.TextField()
    url_name = models.CharField(max_length=100)
    url_args = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_document_once")]
        indexes = [models.Index(fields=["title_key"], name="search_title_key")]

    def __str__(self) -> str:
        return self.title
