"""Schemes, appraised months and their sources, what follows in money, target letters (spec 06)."""

from .money import BondEntry, Consequence, PayrollEntry, Statement, StatementLine
from .periods import Enrolment, Period, Ruling, Score
from .schemes import Scheme, SchemeVersion
from .sources import DeductionEvent, ManualScore, Panel, PanelMember, SurveyCount, VetoRecord, ZoneDifficulty
from .targets import Kpi, KpiMonth, TargetLetter

__all__ = [
    "BondEntry", "Consequence", "DeductionEvent", "Enrolment", "Kpi", "KpiMonth", "ManualScore", "Panel",
    "PanelMember", "PayrollEntry", "Period", "Ruling", "Scheme", "SchemeVersion", "Score", "Statement",
    "StatementLine", "SurveyCount", "TargetLetter", "VetoRecord", "ZoneDifficulty",
]  # fmt: skip
