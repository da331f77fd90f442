"""The journal: what happened, append-only, one hash chain per project (spec 02).

An action calls `record`; the entries are appended once, just before commit, so that the chain is locked for a moment
only. `verify` re-computes chains and names the first broken entry, `digest_rows` proves a batch in a single entry.
"""

from .hashing import digest_rows
from .recording import Subject, record
from .verification import Break, Verdict, verify

__all__ = ["Break", "Subject", "Verdict", "digest_rows", "record", "verify"]
