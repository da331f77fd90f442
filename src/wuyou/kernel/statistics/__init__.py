"""Honest statistics: pure functions, floats, no business word (spec 05, Honest statistics).

charts and rules (is the process stable?), intervals (how sure is a figure?), funnel and ranking (who differs, who is
only small?), agreement (do two pairs of eyes see the same?), change (is it better than before?), pareto and ageing.
Every function names its formula and source; the tests hold them against published worked examples.
"""
