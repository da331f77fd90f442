"""The only writers of inspections, their answers and scores (spec 05)."""

from .beginning import hand_on_inspection, start_inspection
from .closing import publish_inspection, submit_inspection, void_inspection
from .filling import AnswerIn, attach_photo, discard_photo, save_section
from .scoring import rescore_inspection

__all__ = [
    "AnswerIn", "attach_photo", "discard_photo", "hand_on_inspection", "publish_inspection", "rescore_inspection",
    "save_section", "start_inspection", "submit_inspection", "void_inspection",
]  # fmt: skip
