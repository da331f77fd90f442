"""Codes that are stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    """Who inspects whom, and why (spec 05 Levels, a to i)."""

    TEAM = "team", _("Team's daily self-check")
    PROJECT = "project", _("Project's monthly check")
    CITY = "city", _("City company's monthly inspection")
    REGION = "region", _("Region's quarterly inspection")
    SPECIAL = "special", _("Group's special inspection")
    RECHECK = "recheck", _("Re-check")
    YEAREND = "yearend", _("Year-end last-place review")
    JOINT = "joint", _("Joint inspection with the client")
    OUTSIDE = "outside", _("Owners' committee or third party")


class Theme(models.TextChoices):
    """What a special inspection is about."""

    NONE = "", _("General")
    MYSTERY = "mystery", _("Mystery resident")
    LIFTS = "lifts", _("Lift safety")
    PAID_REPAIRS = "paid_repairs", _("Paid repair service")
    FIRE = "fire", _("Fire safety")
    ENVIRONMENT = "environment", _("Environment")
    NIGHT = "night", _("Surprise at night")
    INTERVIEWS = "interviews", _("Resident interviews")
    RECORDS = "records", _("Record review")


class Feedback(models.TextChoices):
    """By when the results of a campaign are delivered."""

    NONE = "none", _("No deadline")
    NEXT_MONDAY = "next_monday", _("By the next Monday")
    SECOND_WEEK = "second_week", _("Within the second week of the next month")
    DAYS_3 = "days_3", _("Within 3 days")
    DAYS_5 = "days_5", _("Within 5 days")
    DAYS_10 = "days_10", _("Within 10 days")


class CampaignState(models.TextChoices):
    """Life of a campaign."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Under way")
    CLOSED = "closed", _("Inspected")
    PUBLISHED = "published", _("Published")
    CANCELLED = "cancelled", _("Cancelled")


class TargetState(models.TextChoices):
    """Where one project of a campaign stands."""

    OWED = "owed", _("Owed")
    UNDER_WAY = "under_way", _("Under way")
    INSPECTED = "inspected", _("Inspected")
    WAIVED = "waived", _("Waived")


class InspectionState(models.TextChoices):
    """Life of an inspection."""

    UNDER_WAY = "under_way", _("Under way")
    SUBMITTED = "submitted", _("Submitted")
    PUBLISHED = "published", _("Published")
    VOID = "void", _("Void")


class FindingState(models.TextChoices):
    """Where a finding stands between being found and being closed (ISO 9001, 10.2)."""

    OPEN = "open", pgettext_lazy("finding", "Open")
    CONTAINED = "contained", _("Contained")
    ANALYSED = "analysed", _("Cause found")
    ACTING = "acting", _("Being corrected")
    PROVED = "proved", _("To be verified")
    VERIFIED = "verified", _("Verified")
    CLOSED = "closed", pgettext_lazy("finding", "Closed")
    MERGED = "merged", _("Merged")
    VOID = "void", _("Void")


class SourceKind(models.TextChoices):
    """What showed that something is wrong."""

    INSPECTION = "inspection", _("Inspection")
    PROBLEM = "problem", _("Problem found at work")
    TICKET = "ticket", _("Ticket")
    INCIDENT = "incident", _("Incident")
    MANUAL = "manual", _("Entered by hand")


class Remedy(models.TextChoices):
    """How it is to be put right; the deadline follows."""

    AT_ONCE = "at_once", _("Put right at once")
    REPAIR = "repair", _("Repair by a deadline")
    CAPITAL = "capital", _("Capital work with a plan")


class Hazard(models.TextChoices):
    """Class of a hazard."""

    NONE = "", _("No hazard")
    GENERAL = "general", _("General hazard")
    MAJOR = "major", _("Major hazard")


class Cause(models.TextChoices):
    """Category of a cause: people, method, material, machine, environment, measurement."""

    PEOPLE = "people", _("People")
    METHOD = "method", _("Method")
    MATERIAL = "material", pgettext_lazy("cause", "Material")
    MACHINE = "machine", _("Machine")
    ENVIRONMENT = "environment", pgettext_lazy("cause", "Environment")
    MEASURE = "measure", _("Measurement")


class ExtensionState(models.TextChoices):
    """A wish for more time."""

    ASKED = "asked", pgettext_lazy("extension", "Asked")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class AppealState(models.TextChoices):
    """Life of an appeal."""

    FILED = "filed", _("Filed")
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", pgettext_lazy("appeal", "Withdrawn")


class Outcome(models.TextChoices):
    """What deciders say."""

    UPHOLD = "uphold", _("The decision stands")
    AMEND = "amend", _("The decision is amended")
    VOID = "void", _("The decision is void")


class Step(models.TextChoices):
    """Steps of the ladder of appeals."""

    PROJECT_HEAD = "project_head", _("Head of the project")
    DEPARTMENT = "department", _("Quality department")
    GENERAL_MANAGER = "general_manager", _("General manager")
    APPOINTED = "appointed", _("Somebody named for it")  # when nobody of the ladder is left


class ImprovementState(models.TextChoices):
    """PDCA."""

    PLAN = "plan", pgettext_lazy("improvement", "Plan")
    DO = "do", pgettext_lazy("improvement", "Do")
    CHECK = "check", pgettext_lazy("improvement", "Check")
    ACT = "act", pgettext_lazy("improvement", "Standardise")
    CLOSED = "closed", pgettext_lazy("improvement", "Closed")
    DROPPED = "dropped", pgettext_lazy("improvement", "Dropped")


class ProposalState(models.TextChoices):
    """A proposal to change a standard."""

    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


class SimilarState(models.TextChoices):
    """What was seen at a similar place (举一反三)."""

    OWED = "owed", pgettext_lazy("similar place", "To be looked at")
    FINE = "fine", _("In order")
    SAME = "same", _("The same is wrong here")
