"""Codes that are stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a job is."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    FAILED = "failed", _("Failed, will be tried again")
    DONE = "done", _("Done")
    DEAD = "dead", _("Given up")
    CANCELLED = "cancelled", _("Cancelled")


CLAIMABLE = (State.WAITING, State.FAILED, State.RUNNING)  # a running one once its lease has run out
OVER = (State.DONE, State.DEAD, State.CANCELLED)
