"""Rules of the library: facts and predicates, values by kind, clauses, comparison (spec 03). Pure."""
