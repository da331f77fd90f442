"""Listeners of quality to its own events and to those of the apps below, by area."""
