"""Codes that are stored with evidence."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What evidence is."""

    PHOTO = "photo", _("photo")
    VIDEO = "video", _("video")
    AUDIO = "audio", _("voice recording")
    SIGNATURE = "signature", _("signature")
    DOCUMENT = "document", _("document")


class Duplicate(models.TextChoices):
    """How alike evidence is to an earlier one."""

    NONE = "", _("not seen before")
    EXACT = "exact", _("the same file")
    NEAR = "near", _("nearly the same picture")


class Verdict(models.TextChoices):
    """What a reviewer said."""

    NONE = "", _("not reviewed")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")
