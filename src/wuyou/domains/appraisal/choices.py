"""Codes that are stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SubjectKind(models.TextChoices):
    """Who is appraised (spec 06)."""

    PROJECT = "project", _("Project")
    CONTRACTOR = "contractor", _("Contractor")
    TEAM = "team", _("Team")
    PERSON = "person", _("Person")


class SourceKind(models.TextChoices):
    """Where a component's numbers come from (spec 06, building blocks)."""

    PARTS = "parts", _("Parts of its own")
    EVENTS = "events", _("Full points less deductions")
    INSPECTIONS = "inspections", _("Scores of inspections")
    METRIC = "metric", _("Figure of the registry")
    PANEL = "panel", _("Rating by a panel")
    SURVEY = "survey", _("Share of a survey")
    COUNT = "count", _("Count of complaints or incidents")
    MANUAL = "manual", _("Score entered with evidence")
    SCHEME = "scheme", _("Result of another scheme")
    LETTER = "letter", _("Target letter")


class Aggregation(models.TextChoices):
    """How several values become one."""

    MEAN = "mean", _("Mean")
    TRIMMED = "trimmed_mean", _("Mean without the highest and lowest")
    MEDIAN = "median", _("Median")
    MIN = "min", _("Lowest value")
    SHARE_ABOVE = "share_above", _("Share at or above a threshold")
    LAST = "last", _("Last value")
    SHARE = "share", _("Share of answers")


class Absence(models.TextChoices):
    """What a component without data does to the whole."""

    NOT_RATED = "not_rated", _("The whole is not rated")
    ZERO = "zero", _("It counts as zero")
    REDISTRIBUTE = "redistribute", _("Its weight goes to the others")


class Partial(models.TextChoices):
    """What a subject present for a part of the month gets."""

    FULL = "full", _("The month counts in full")
    PRO_RATA = "pro_rata", _("Money and the month's weight by days")


class ConsequenceKind(models.TextChoices):
    """What follows from a band (spec 06)."""

    BOND_CHARGE = "bond_charge", _("Charge on the performance bond")
    FEE_DEDUCTION = "fee_deduction", _("Deduction from the fee")
    PENALTY = "penalty", _("Penalty in pay")
    BONUS = "bonus", _("Bonus")
    NOTICE = "notice", _("Written notice")
    PLAN = "plan", _("Improvement plan")
    RECTIFICATION = "rectification", _("Rectification order")
    TERMINATION = "termination", _("Proposal to end the contract")
    PREFERENCE = "preference", _("Preference at the next tender")


class MoneyBase(models.TextChoices):
    """What a share of money is a share of."""

    BOND = "bond", _("Performance bond")
    BOND_BALANCE = "bond_balance", _("What is left of the bond")
    FEE = "fee", _("Fee of the month")
    WAGE = "wage", _("Wage of the month")
    FIXED = "fixed", _("Fixed amount")


class RollMethod(models.TextChoices):
    """How months become quarters and quarters years."""

    MEAN = "mean", _("Mean")
    MIN = "min", _("Lowest value")
    LAST = "last", _("Last value")
    MEDIAN = "median", _("Median")


class RollGrain(models.TextChoices):
    """What a roll-up covers."""

    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")


class YearMethod(models.TextChoices):
    """How the months of a KPI become its year."""

    MEAN = "mean", _("Mean of the months")
    SUM = "sum", _("Sum of the months")
    LAST = "last", _("Last value")


class VersionState(models.TextChoices):
    """Life of a scheme's version; an issued one never changes."""

    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    ISSUED = "issued", _("Issued")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PeriodState(models.TextChoices):
    """Life of an appraised month: the party hears of it and may appeal before everybody does."""

    OPEN = "open", pgettext_lazy("appraisal", "Open")
    COMPUTED = "computed", _("Computed")
    DISCLOSED = "disclosed", _("Made known, appeals open")
    PUBLISHED = "published", _("Published")
    FINAL = "final", pgettext_lazy("appraisal", "Closed")


class ConsequenceState(models.TextChoices):
    """Life of what follows from a score."""

    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    REVERSED = "reversed", _("Reversed")


class BondKind(models.TextChoices):
    """What moves a bond."""

    DEPOSIT = "deposit", _("Paid in")
    CHARGE = "charge", _("Charged")
    KEPT = "kept", _("Kept by the client")
    REFUND = "refund", _("Paid back")
    REVERSAL = "reversal", _("Reversed")


class StatementState(models.TextChoices):
    """Life of a settlement statement; an issued one is corrected by another."""

    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")


class LineKind(models.TextChoices):
    """What a line of a statement is."""

    FEE = "fee", _("Service fee")
    DEDUCTION = "deduction", _("Deduction")
    BONUS = "bonus", _("Bonus")
    CORRECTION = "correction", _("Correction of an earlier month")


class LetterState(models.TextChoices):
    """Life of a target letter."""

    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    CLOSED = "closed", pgettext_lazy("appraisal", "Closed")


class PanelState(models.TextChoices):
    """Life of a panel."""

    COMMITTED = "committed", _("To be drawn")
    OPEN = "open", _("Rating")
    CLOSED = "closed", pgettext_lazy("appraisal", "Closed")
