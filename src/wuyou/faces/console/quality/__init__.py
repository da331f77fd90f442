"""Pages of quality: campaigns, inspections, findings, appeals, improvement, statistics."""
