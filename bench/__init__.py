"""Measurements of speed and memory; `make bench` runs them all on both databases and prints a table."""
