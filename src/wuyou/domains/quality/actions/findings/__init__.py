"""The only writers of findings and corrections (spec 05)."""

from .amending import amend_finding, merge_findings, void_finding, void_of_inspection
from .correcting import act, analyse, assign_owner, assign_owners, attach_proof, clean, contain, prove, release_of
from .elsewhere import draw_similar, look_at_similar
from .entering import FindingEntry, attach_to_finding, enter_finding, make_finding, reveal_findings
from .explaining import count_unexplained, explain_open, owe_explanations
from .extending import ask_extension, decide_extension
from .judging import check_effect, refuse_proof, settle_effect, settle_effects, verify

__all__ = [
    "FindingEntry", "act", "amend_finding", "analyse", "ask_extension", "assign_owner", "assign_owners",
    "attach_proof", "attach_to_finding", "check_effect", "clean", "contain", "count_unexplained",
    "decide_extension", "draw_similar", "enter_finding", "explain_open", "look_at_similar", "make_finding",
    "merge_findings", "owe_explanations", "prove", "refuse_proof", "release_of", "reveal_findings",
    "settle_effect", "settle_effects", "verify", "void_finding", "void_of_inspection",
]  # fmt: skip
