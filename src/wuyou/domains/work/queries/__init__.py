"""The reads of work; every list starts from what is visible to a user."""
