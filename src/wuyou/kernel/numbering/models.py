"""The counters."""

from django.db import models


class Counter(models.Model):
    """The last serial given in a series: kind, project code, day."""

    prefix = models.CharField(max_length=20)
    scope = models.CharField(max_length=40)
    day = models.DateField()
    last = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "scope", "day"], name="numbering_counter_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.scope}-{self.day}"
