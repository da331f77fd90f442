"""The queue's tables."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .choices import CLAIMABLE, OVER, State


class Job(models.Model):
    """One piece of background work. `due_at` is when a worker may take it: the wanted time, or the end of a lease."""

    name = models.CharField(_("job"), max_length=100)
    args = models.TextField(_("arguments"))
    key = models.CharField(_("key"), max_length=200, null=True, blank=True)  # noqa: DJ001 — NULLs may repeat, "" not
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    priority = models.SmallIntegerField(_("priority"), default=0)
    run_at = models.DateTimeField(_("wanted"))
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    max_attempts = models.PositiveSmallIntegerField(_("attempts at most"))
    worker = models.CharField(_("worker"), max_length=80, blank=True)
    created_at = models.DateTimeField(_("created"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    result = models.TextField(_("result"), blank=True)
    done = models.BigIntegerField(_("steps done"), default=0)
    total = models.BigIntegerField(_("steps in all"), default=0)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(state=State.WAITING, key__isnull=False), name="jobs_job_key_waiting"
            ),
        ]
        indexes = [
            models.Index(
                F("priority").desc(), "due_at", "id", condition=Q(state__in=CLAIMABLE), name="jobs_job_claimable"
            ),
            models.Index(fields=["state", "finished_at"], condition=Q(state__in=OVER), name="jobs_job_over"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"

    @property
    def last_error_line(self) -> str:
        """The error in one line, for lists."""
        return self.error.strip().rsplit("\n", 1)[-1]


class Beat(models.Model):
    """The last slot of a periodic job, so that each slot is started once."""

    name = models.CharField(_("job"), max_length=100, unique=True)
    slot = models.DateTimeField(_("last due"))

    def __str__(self) -> str:
        return self.name


class Worker(models.Model):
    """A worker process and when it was last seen."""

    name = models.CharField(_("worker"), max_length=80, unique=True)
    started_at = models.DateTimeField(_("started"))
    seen_at = models.DateTimeField(_("last seen"))

    def __str__(self) -> str:
        return self.name
