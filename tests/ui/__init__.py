"""The shared components, from their rules to a real browser."""
