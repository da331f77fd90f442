"""What people are told of quality, and whom; a notice points at its record by `kind:id`."""
