"""Codes that are stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Layer(models.TextChoices):
    """The layers a project is bound to at once (spec 03)."""

    GRADE = "grade", _("Graded standard")
    SERVICE_SET = "service_set", _("Service set")
    CONTRACT = "contract", _("Contract promises")
    STATUTORY = "statutory", _("Statutory duties")
    MAKER = "maker", _("Maker's instructions")


class PlanState(models.TextChoices):
    """Life of a plan."""

    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
    DISCARDED = "discarded", _("Discarded")


class GapReason(models.TextChoices):
    """Why a clause has no line, or a line cannot be done as it should."""

    UNKNOWN_SUBJECT = "unknown_subject", _("The subject is not in the table of subjects")
    NO_SUCH_PLACE = "no_such_place", _("The project has no such place or device")
    UNREADABLE = "unreadable", _("The frequency cannot be read")
    NO_DATE = "no_date", _("The date from which years are counted is missing in the ledger")
    NO_AREA = "no_area", _("The area is missing, so the minutes are a guess")
    LAW_SILENT = "law_silent", _("No statutory duty in force says how often")
    NOBODY_QUALIFIED = "nobody_qualified", _("Nobody here holds the licence this needs")
    LEFT_OUT = "left_out", _("Left out or done by somebody else, with a reason")
    WITHDRAWN = "withdrawn", _("The standard's version was withdrawn")
    MEASURED = "measured", _("Measured, not scheduled")


class TaskState(models.TextChoices):
    """Where a task stands; late is not a state but a fact of its times."""

    OPEN = "open", _("Open")
    CLAIMED = "claimed", _("Under way")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Not possible")
    REJECTED = "rejected", _("Evidence rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class TaskResult(models.TextChoices):
    """What came of a task."""

    DONE = "done", _("Done")
    PROBLEM = "problem", _("Found a problem")
    NOT_POSSIBLE = "not_possible", _("Not possible")


class SkipReason(models.TextChoices):
    """Why a task was not possible: the reason is a statistic."""

    WEATHER = "weather", _("Weather")
    NO_ACCESS = "no_access", _("No access")
    NO_STAFF = "no_staff", _("Nobody available")
    NO_MATERIAL = "no_material", _("Material or tool missing")
    OUT_OF_SERVICE = "out_of_service", _("Device out of service")
    NOT_NEEDED = "not_needed", _("Not needed")
    OTHER = "other", _("Other")


class Review(models.TextChoices):
    """What the supervisor said of the evidence."""

    NONE = "", _("Not reviewed")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")


class ProblemState(models.TextChoices):
    """Life of a problem found on a task."""

    REPORTED = "reported", _("Reported")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


class Severity(models.TextChoices):
    """How grave a problem is."""

    MINOR = "minor", _("Minor")
    MAJOR = "major", _("Major")
    CRITICAL = "critical", _("Critical")


class AbsenceKind(models.TextChoices):
    """Why somebody is away."""

    SICK = "sick", _("Sick leave")
    ANNUAL = "annual", _("Annual leave")
    PERSONAL = "personal", _("Personal leave")
    TRAINING = "training", _("Training")
    OTHER = "other", _("Other")


class RefuseSort(models.TextChoices):
    """Sorts of refuse."""

    RECYCLABLE = "recyclable", _("Recyclable")
    KITCHEN = "kitchen", _("Kitchen")
    HAZARDOUS = "hazardous", _("Hazardous")
    OTHER = "other", _("Other refuse")
