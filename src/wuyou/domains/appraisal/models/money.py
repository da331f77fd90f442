"""What follows from scores, and its money: approved, on the bond, on a statement, in payroll (spec 06)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal.choices import BondKind, ConsequenceKind, ConsequenceState, LineKind, StatementState
from wuyou.domains.contracts.models import Contract
from wuyou.domains.org.models import Project
from wuyou.domains.registry.models import Staff

from .periods import Period, Score


class Consequence(models.Model):
    """What a month's score brings by one rule of its scheme; money in fen, the kind says which way it goes."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="consequences", db_index=False)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="consequences")
    score = models.ForeignKey(Score, on_delete=models.PROTECT, related_name="consequences")
    rule = models.CharField(max_length=40)
    kind = models.CharField(_("kind"), max_length=16, choices=ConsequenceKind.choices)
    name_zh = models.CharField(_("consequence"), max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    amount_fen = models.BigIntegerField(_("amount (fen)"), null=True, blank=True)
    run = models.PositiveSmallIntegerField(_("months in a row"), default=1)
    state = models.CharField(
        _("state"), max_length=10, choices=ConsequenceState.choices, default=ConsequenceState.PROPOSED
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="consequences"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(_("note"), max_length=300, blank=True)
    reversed_because = models.CharField(_("why it was reversed"), max_length=300, blank=True)
    reversed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "rule"], condition=~Q(state="reversed"), name="consequence_once_in_force"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__isnull=True) | Q(amount_fen__gte=0), name="consequence_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(state="reversed") | ~Q(reversed_because=""), name="consequence_reversed_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "declined"]) | Q(decided_at__isnull=False),
                name="consequence_decided_has_time",
            ),
        ]
        indexes = [models.Index(fields=["project", "state"], name="consequence_project_state")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name_zh


class BondEntry(models.Model):
    """A movement of a contract's performance bond (append-only); the balance is the sum."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="bond_entries", db_index=False)
    month = models.DateField(_("month"))  # the month it belongs to, its first day
    kind = models.CharField(_("kind"), max_length=8, choices=BondKind.choices)
    amount_fen = models.BigIntegerField(_("amount (fen)"))  # more than 0: the bond grows
    text = models.CharField(_("for"), max_length=200)
    consequence = models.ForeignKey(
        Consequence, null=True, blank=True, on_delete=models.PROTECT, related_name="bond_entries"
    )
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    by_label = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount_fen=0), name="bond_entry_moves"),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False) | (~Q(kind="reversal") & Q(reverses__isnull=True)),
                name="bond_reversal_names_its_entry",
            ),
        ]
        indexes = [models.Index(fields=["contract", "month"], name="bond_entry_month")]
        ordering = ["id"]


class Statement(models.Model):
    """What a month costs the client: the expected fee, deductions by clause, bonuses; the sum is what is settled."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="statements", db_index=False)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="statements")
    number = models.CharField(_("number"), max_length=40, unique=True)
    month = models.DateField(_("month"))
    state = models.CharField(_("state"), max_length=6, choices=StatementState.choices, default=StatementState.DRAFT)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    reason = models.CharField(_("why it corrects another"), max_length=300, blank=True)
    total_fen = models.BigIntegerField(_("to be settled (fen)"))
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80, blank=True)
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "month"], condition=Q(corrects__isnull=True), name="statement_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(issued_at__isnull=False), name="statement_issued_has_time"
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""), name="statement_correction_says_why"
            ),
        ]
        indexes = [models.Index(fields=["project", "month"], name="statement_project_month")]
        ordering = ["-month", "-id"]

    def __str__(self) -> str:
        return self.number


class StatementLine(models.Model):
    """One line of a statement; deductions are negative."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind.choices)
    text_zh = models.CharField(_("for"), max_length=300)
    text_en = models.CharField(max_length=300, blank=True)
    basis_zh = models.CharField(_("clause"), max_length=300, blank=True)
    basis_en = models.CharField(max_length=300, blank=True)
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    consequence = models.ForeignKey(
        Consequence, null=True, blank=True, on_delete=models.PROTECT, related_name="statement_lines"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "position"], name="statement_line_once")]
        ordering = ["position"]


class PayrollEntry(models.Model):
    """A reward (more than 0) or penalty of a person for the payroll of a month (append-only, fen)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="payroll_entries", db_index=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="payroll_entries")
    month = models.DateField(_("month"))
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    text = models.CharField(_("for"), max_length=200)
    consequence = models.ForeignKey(Consequence, on_delete=models.PROTECT, related_name="payroll_entries")
    for_staff = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="charged_above"
    )  # whose violation a supervisor is charged for
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    exported_at = models.DateTimeField(_("exported"), null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_fen=0), name="payroll_entry_moves")]
        indexes = [models.Index(fields=["project", "month"], name="payroll_project_month")]
        ordering = ["id"]
