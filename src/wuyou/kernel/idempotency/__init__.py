"""Idempotency keys: a request repeated with its key is answered, not done again (spec 11)."""

from .replay import Answer, replay_or_run, sweep_keys

__all__ = ["Answer", "replay_or_run", "sweep_keys"]
