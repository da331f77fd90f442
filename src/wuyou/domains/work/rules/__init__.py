"""Pure rules of bindings, plans, tasks and compliance (spec 03): values in, values out, time is an argument."""
