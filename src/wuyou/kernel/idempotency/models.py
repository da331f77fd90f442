"""The table of keys."""

from django.db import models


class Key(models.Model):
    """A request that was answered: who asked (`actor`), their key, what (method and path, digest), the answer."""

    actor = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=400)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key
