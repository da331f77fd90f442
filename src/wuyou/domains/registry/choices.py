"""Codes that are stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlaceLevel(models.TextChoices):
    """What a place is in the tree; its `category` says what kind of public spot (楼道楼梯, 垃圾投放点 …)."""

    SITE = "site", _("Site")
    AREA = "area", _("Area")
    BUILDING = "building", _("Building")
    UNIT = "unit", _("Unit of a building")
    FLOOR = "floor", _("Floor")
    ROOM = "room", _("Room")
    SPOT = "spot", _("Public spot")


class RoomUse(models.TextChoices):
    """What a room is built for."""

    DWELLING = "dwelling", _("Dwelling")
    SHOP = "shop", _("Shop")
    OFFICE = "office", _("Office")
    OTHER = "other", _("Other")


class RoomState(models.TextChoices):
    """Whether a room is lived in."""

    OCCUPIED = "occupied", _("Lived in")
    VACANT = "vacant", _("Vacant")
    UNDELIVERED = "undelivered", _("Not handed over")


class OccupancyRole(models.TextChoices):
    """What a person is to a room."""

    OWNER = "owner", _("Owner")
    TENANT = "tenant", _("Tenant")
    FAMILY = "family", _("Family member")


class CareKind(models.TextChoices):
    """Why a household needs attention on visits and in emergencies."""

    ELDERLY_ALONE = "elderly_alone", _("Elderly person living alone")
    DISABLED = "disabled", _("Disabled person")
    CHILD = "child", _("Small child")
    PREGNANT = "pregnant", _("Pregnant")


class Employment(models.TextChoices):
    """Who employs a member of staff."""

    OWN = "own", _("Own staff")
    OUTSOURCED = "outsourced", _("Outsourced")


class Sex(models.TextChoices):
    """As contracts ask for it."""

    MALE = "male", _("Male")
    FEMALE = "female", _("Female")
