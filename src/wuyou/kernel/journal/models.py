"""Tables of the journal. No foreign key leaves the app: ids and labels are kept, so history outlives its subjects."""

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Chain(models.Model):
    """One hash chain: `project:<id>`, or `node:<id>` for acts above projects. The head only moves forward."""

    key = models.CharField(_("chain"), max_length=60, unique=True)
    head_seq = models.BigIntegerField(_("entries"), default=0)
    head_hash = models.CharField(_("hash"), max_length=64)

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    """What happened. Triggers refuse UPDATE and DELETE on both databases (migration 0002)."""

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="entries")
    seq = models.BigIntegerField(_("number"))
    at = models.DateTimeField(_("time"))
    actor_id = models.CharField(_("who (id)"), max_length=60)
    actor_label = models.CharField(_("who"), max_length=120)
    on_behalf = models.CharField(_("on behalf of"), max_length=200, blank=True)
    verb = models.CharField(_("what"), max_length=80)
    subject_kind = models.CharField(_("kind of subject"), max_length=60)
    subject_id = models.CharField(_("subject (id)"), max_length=60)
    subject_label = models.CharField(_("subject"), max_length=200)
    data = models.TextField(_("details"))
    prev_hash = models.CharField(_("previous hash"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="journal_entry_once")]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="journal_entry_subject"),
            models.Index(fields=["actor_id", "chain", "seq"], name="journal_entry_actor"),
            models.Index(fields=["chain", "at"], name="journal_entry_day"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_label}"

    @property
    def details(self) -> dict[str, Any]:
        """The data as values."""
        values: dict[str, Any] = json.loads(self.data)
        return values


class Seal(models.Model):
    """The head of a chain at the end of a Shanghai day, published so that history cannot be rewritten unnoticed."""

    day = models.DateField(_("day"))
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="seals")
    seq = models.BigIntegerField(_("entries"))
    hash = models.CharField(_("hash"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "day"], name="journal_seal_once")]

    def __str__(self) -> str:
        return f"{self.chain} {self.day}"
