"""Read models of compliance: rebuilt per project and day from tasks, proven equal by a test."""

from django.db import models


class ComplianceDay(models.Model):
    """Counts of the tasks of a project that fell due on a day, by clause, zone, team and person (0: none)."""

    project_id = models.BigIntegerField()
    day = models.DateField()
    clause_id = models.BigIntegerField(default=0)
    zone_id = models.BigIntegerField(default=0)
    team_id = models.BigIntegerField(default=0)
    staff_id = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    on_time = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    pending = models.PositiveIntegerField(default=0)  # neither done nor skipped; not done once the day is over

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project_id", "day", "clause_id", "zone_id", "team_id", "staff_id"], name="compliance_day_once"
            )
        ]


class ComplianceSum(models.Model):
    """The counts of a project's day by one dimension alone: what a page reads that is narrowed to nothing.

    A tenth of the rows of ComplianceDay, from which they are summed. `dimension` is clause, zone, team, person, or
    day for the whole day with the key 0.
    """

    project_id = models.BigIntegerField()
    dimension = models.CharField(max_length=6)
    day = models.DateField()
    key = models.BigIntegerField(default=0)
    on_time = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    pending = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project_id", "dimension", "day", "key"], name="compliance_sum_once")
        ]


class StaleDay(models.Model):
    """A project's day whose counts must be rebuilt: written by every act on a task of that day."""

    project_id = models.BigIntegerField()
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project_id", "day"], name="stale_day_once")]
