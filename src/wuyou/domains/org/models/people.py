"""The organisation tree, users and their roles (spec 01)."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from wuyou.domains.org.choices import Language, NodeKind, ProjectKind, Theme
from wuyou.kernel import clock


class Node(MP_Node):
    """A place in the organisation: group, region, city company or project. A role at a node covers its subtree."""

    steplen = 4
    kind = models.CharField(_("kind"), max_length=10, choices=NodeKind.choices)
    name = models.CharField(_("name"), max_length=80)
    code = models.CharField(_("code"), max_length=20, unique=True)

    def __str__(self) -> str:
        return self.name


class Project(models.Model):
    """A site under one service contract; every business row carries its id."""

    node = models.OneToOneField(Node, on_delete=models.PROTECT, related_name="project")
    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=ProjectKind.choices, default=ProjectKind.RESIDENTIAL)
    city = models.CharField(_("city"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    # weekday "1" (Monday) … "7" → ["08:00", "18:00"]; a missing weekday is closed; "holiday" → hours on public holidays
    service_hours = models.JSONField(_("service hours"), default=dict, blank=True)
    # facts nobody can derive from places and assets: {"key_unit": true, "lightning": true, "common_income": true}
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    plan_image = models.CharField(_("plan image"), max_length=120, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """What the log-in library asks for; the product's own writes are in actions."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user by log-in name."""
        return self.get(username=username)


class User(AbstractBaseUser):
    """Somebody who logs in. Rights come from assignments only; `is_admin` may manage the installation itself."""

    username = models.CharField(_("log-in name"), max_length=60, unique=True)
    full_name = models.CharField(_("name"), max_length=60)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, default=Language.ZH)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    is_active = models.BooleanField(_("active"), default=True)
    is_admin = models.BooleanField(_("administrator of the installation"), default=False)
    created_at = models.DateTimeField(_("created"), default=clock.now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.full_name or self.username

    @property
    def actor_id(self) -> str:
        """Stable id for the journal."""
        return f"user:{self.pk}"

    @property
    def actor_label(self) -> str:
        """Readable name for the journal."""
        return self.full_name or self.username

    # what libraries written for Django's own user ask; every right of ours goes through policies
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """No rights outside assignments."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """No rights outside assignments."""
        return False


class Role(models.Model):
    """A named list of permissions; the standard ones ship with the product, a company adds its own."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60)
    permissions = models.JSONField(_("permissions"), default=list)
    is_standard = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name_zh


class Assignment(models.Model):
    """A user holds a role at a node from a date, perhaps to a date (inclusive)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="assignments")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="assignments")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    granted_by = models.CharField(_("granted by"), max_length=80, blank=True)
    revoked_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="assignment_ends_after_start",
                violation_error_message=_("The role cannot end before it starts."),
            ),
        ]
        indexes = [models.Index(fields=["user", "starts_on"])]
