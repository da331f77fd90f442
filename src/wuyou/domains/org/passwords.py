"""Password rules beyond Django's own (spec 13 §6.3)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .rules import character_classes

CLASSES = 3


class CharacterClasses:
    """Three of: lower case, upper case, digits, other characters."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a password of too few classes."""
        if character_classes(password) < CLASSES:
            raise ValidationError(self.get_help_text(), code="too_few_classes")

    def get_help_text(self) -> str:
        """The rule in words."""
        return _("Use at least three of: lower case, upper case, digits, other characters.")
