"""Draws as they are kept: what was committed to, what was drawn, and the seed, unreadable until it is published."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuyou.kernel.privacy import EncryptedText

from .choices import State
from .generator import WORD_LENGTH


class Draw(models.Model):
    """One draw; it names its case by kind and id. Whose case it is has to ask who may see and conduct it.

    `sealed_seed` is encrypted with the installation's data key; nothing but `record_of` after publication gives it out.
    """

    case_kind = models.CharField(_("kind of case"), max_length=40)
    case_id = models.BigIntegerField(_("case"))
    case_label = models.CharField(_("case label"), max_length=120)
    kind = models.CharField(_("what is drawn"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    method = models.JSONField(_("method"))
    frame = models.JSONField(_("frame"))
    frame_digest = models.CharField(_("digest of the frame"), max_length=64)
    commitment = models.CharField(_("commitment"), max_length=64, unique=True)
    sealed_seed = EncryptedText()
    word = models.CharField(_("public word"), max_length=WORD_LENGTH, blank=True)
    word_at = models.DateTimeField(null=True, blank=True)
    word_by_id = models.CharField(max_length=60, blank=True)
    word_by_label = models.CharField(_("word given by"), max_length=120, blank=True)
    result = models.JSONField(_("result"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.COMMITTED)
    committed_at = models.DateTimeField(_("committed"))
    committed_by_id = models.CharField(max_length=60)
    committed_by_label = models.CharField(_("committed by"), max_length=120)
    drawn_at = models.DateTimeField(_("drawn"), null=True, blank=True)
    revealed_at = models.DateTimeField(_("seed published"), null=True, blank=True)
    abandoned_at = models.DateTimeField(_("abandoned"), null=True, blank=True)
    abandoned_because = models.CharField(_("why it was abandoned"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["drawn", "revealed"]) | Q(drawn_at__isnull=False, result__isnull=False),
                name="draw_drawn_has_result",
            ),
            models.CheckConstraint(
                condition=~Q(state="revealed") | Q(revealed_at__isnull=False), name="draw_revealed_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="abandoned") | (Q(abandoned_at__isnull=False) & ~Q(abandoned_because="")),
                name="draw_abandoned_says_why",
            ),
            models.CheckConstraint(
                condition=Q(word="", word_at__isnull=True) | (~Q(word="") & Q(word_at__isnull=False)),
                name="draw_word_has_time",
            ),
            models.UniqueConstraint(
                fields=["case_kind", "case_id", "kind"], condition=~Q(state="abandoned"), name="draw_once_for_a_case"
            ),
        ]
        indexes = [models.Index(fields=["case_kind", "case_id"], name="draw_case")]

    def __str__(self) -> str:
        return self.title

    @property
    def needs_word(self) -> bool:
        """Whether a public word was promised."""
        return bool(self.method["needs_word"])

    @property
    def waits_for_word(self) -> bool:
        """Whether the promised word is still to come."""
        return self.needs_word and not self.word and self.state == State.COMMITTED
