"""The appraisal engine: a scheme as data, what it makes of a month, and why (spec 06). Values in, values out."""
