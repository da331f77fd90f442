"""Draws that anybody can check afterwards (spec 05: Draws).

A seed is committed to before anything is drawn; somebody else may then add a public word; the draw is a pure function
of seed, word, method and frame; the seed is published after. `.generator` defines the random numbers, `.sampling` what
is drawn from a frame, `.record` what is published and how it is verified (docs/reference/draws.md, `wuyou draw
verify`); `.actions` keep draws in the database. `.sizes`, `.gbt2828` and `.switching` say how many to look at.
"""
