"""Campaigns, inspections, findings and their corrections, appeals, improvement projects."""

from .appeals import Appeal, AppealLadder, AppealStage
from .campaigns import Campaign, Guest, LevelSetting, Lot, Series, Target
from .findings import Correction, Explanation, Extension, Finding, SimilarPlace
from .improvement import Improvement, Lesson, Measure, Proposal
from .inspections import Inspection, InspectionAnswer, Score

__all__ = [
    "Appeal", "AppealLadder", "AppealStage", "Campaign", "Correction", "Explanation", "Extension", "Finding", "Guest",
    "Improvement", "Inspection", "InspectionAnswer", "Lesson", "LevelSetting", "Lot", "Measure", "Proposal", "Score",
    "Series", "SimilarPlace", "Target",
]  # fmt: skip
