"""Pages of appraisal: schemes, months with their explained scores, consequences, statements, target letters."""
