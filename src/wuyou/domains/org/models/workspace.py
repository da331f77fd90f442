"""What people keep on their pages: saved views of lists, comments on anything."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .people import Project, User


class SavedView(models.Model):
    """The filters, columns and order of a list under a name; a shared one is offered to everybody of the list."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_views")
    page = models.CharField(max_length=80)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=2000)
    is_shared = models.BooleanField(_("shared"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="saved_view_name_once")]
        ordering = ["name"]


class Comment(models.Model):
    """A remark on a record; a withdrawn one stays, crossed out."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="comments")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField(_("comment"), max_length=2000)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="comment_subject")]
        ordering = ["at", "id"]
