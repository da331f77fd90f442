"""What is wrong with a record, in a sentence."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import filled

from .verification import Problem

SENTENCES = {
    "malformed": _("%(where)s is missing or not of the right kind."),
    "version": _("The record is of version “%(found)s”; this program knows “%(expected)s”."),
    "frame_changed": _("The frame was changed: its digest is %(found)s, committed was %(expected)s."),
    "other_commitment": _("The record's commitment %(found)s is not the one published before, %(expected)s."),
    "commitment_broken": _("Seed, frame and method give the commitment %(found)s; published was %(expected)s."),
    "word_missing": _("A public word was promised, and it was drawn without one."),
    "word_unasked": _("A public word “%(found)s” was used though none was promised."),
    "own_word": _("The public word was given by %(found)s, who had committed the seed."),
    "order": _("%(where)s (%(found)s) lies before %(expected)s."),
    "abandoned": _("This draw was abandoned: %(found)s"),
    "not_drawn": _("Nothing has been drawn yet."),
    "seed_not_revealed": _("The seed has not been published yet: nothing can be drawn again."),
    "cannot_be_drawn": _("From this frame nothing can be drawn by this method: %(found)s"),
    "other_list": _("%(where)s: drawn again is “%(expected)s”, recorded is “%(found)s”."),
}


def sentence(problem: Problem) -> str | Promise:
    """A problem as a sentence, in the language of whoever reads it."""
    return filled(
        SENTENCES[problem.code], where=problem.where, expected=problem.expected or "-", found=problem.found or "-"
    )
