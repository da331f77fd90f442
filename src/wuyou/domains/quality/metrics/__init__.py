"""Figures of quality, by area: what boards, appraisal and reports read (spec 12)."""
