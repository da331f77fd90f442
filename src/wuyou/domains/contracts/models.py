"""Service contracts: what was promised to the client (spec 09); the promised frequencies are a standard's version."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.registry.choices import Sex
from wuyou.domains.registry.models import QualificationKind
from wuyou.domains.standards.models import StandardVersion

from .choices import ChangeState, ContractMode


class Contract(models.Model):
    """The service contract of a project. Money in whole fen; both days of the term are inclusive."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="contracts")
    code = models.CharField(_("contract number"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    client = models.CharField(_("client"), max_length=120)
    mode = models.CharField(_("mode"), max_length=6, choices=ContractMode.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    yearly_fee_fen = models.BigIntegerField(_("yearly fee (fen)"), default=0)
    bond_fen = models.BigIntegerField(_("performance bond (fen)"), default=0)
    promises = models.ForeignKey(
        StandardVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="contracts"
    )
    terms = models.JSONField(_("other terms"), default=dict, blank=True)  # reply limits, surveys, borne_by_company …
    terminated_on = models.DateField(_("terminated on"), null=True, blank=True)  # the last day, when before `ends_on`

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="contract_ends_after_start",
                violation_error_message=_("A contract ends after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(yearly_fee_fen__gte=0) & Q(bond_fen__gte=0),
                name="contract_money_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            ),
        ]
        indexes = [models.Index(fields=["project", "ends_on"])]

    def __str__(self) -> str:
        return self.name


class StaffingPromise(models.Model):
    """Heads, age, sex, education and licence promised for a job."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="staffing")
    position = models.PositiveSmallIntegerField(default=0)
    job = models.CharField(_("job title"), max_length=40)
    heads = models.PositiveSmallIntegerField(_("heads"), null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(_("oldest age"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices, blank=True)
    education = models.CharField(_("lowest education"), max_length=20, blank=True)
    qualification = models.ForeignKey(QualificationKind, null=True, blank=True, on_delete=models.PROTECT)
    coverage = models.CharField(_("coverage"), max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "job"], name="staffing_promise_once")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.job


class ContractChange(models.Model):
    """A change of scope with its effect on the yearly fee; it counts once the client has approved it."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="changes")
    state = models.CharField(_("state"), max_length=8, choices=ChangeState.choices, default=ChangeState.PROPOSED)
    summary = models.CharField(_("what changes"), max_length=300)
    effective_on = models.DateField(_("from"))
    yearly_fee_delta_fen = models.BigIntegerField(_("change of the yearly fee (fen)"), default=0)
    proposed_by = models.CharField(max_length=80)
    proposed_at = models.DateTimeField(_("proposed"))
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    reference = models.CharField(_("approval document"), max_length=120, blank=True)
    declined_why = models.CharField(_("why it was declined"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved") | (Q(approved_on__isnull=False) & ~Q(reference="")),
                name="contract_change_approved_has_proof",
                violation_error_message=_("An approval needs its date and document."),
            )
        ]
        ordering = ["effective_on", "id"]

    def __str__(self) -> str:
        return self.summary
