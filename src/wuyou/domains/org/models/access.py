"""One-time codes to join with and tokens for programs. Only digests are stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .people import User


class Invitation(models.Model):
    """A one-time code with which a user sets a first (or new) password; no e-mail needed."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    code_digest = models.CharField(max_length=64, unique=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)


class ApiToken(models.Model):
    """A token acts for its user, within its scopes (`read`, `write` or permission codes) and never beyond the user."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=60)
    prefix = models.CharField(max_length=12)  # shown, to recognise it by
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(_("scopes"), default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
