"""Background work of improvement projects: measures that are due."""

from wuyou.domains.quality.notices.improvement import tell_of_measure
from wuyou.domains.quality.queries.improvement import measures_due
from wuyou.kernel import clock, jobs


@jobs.periodic("quality.remind_measures", daily_at="08:00")
def remind_measures() -> int:
    """Tell people of measures that are due by today and not done; each is told once."""
    return sum(tell_of_measure(measure) for measure in measures_due(clock.today()))
