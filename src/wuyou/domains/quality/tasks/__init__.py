"""Background entry points of quality, by area."""
