"""Reads of appraisal. Every list starts from what is visible to a user."""
