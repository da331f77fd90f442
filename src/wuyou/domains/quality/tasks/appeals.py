"""Background work of appeals: no answer in time climbs."""

from datetime import timedelta

from wuyou.domains.quality.actions.appeals import climb
from wuyou.domains.quality.queries.appeals import lapsed_appeals
from wuyou.kernel import clock, jobs


@jobs.periodic("quality.climb_appeals", every=timedelta(minutes=5), transactional=False)
def climb_appeals() -> int:
    """Let every appeal climb whose step had no answer in time; each in its own transaction."""
    return sum(climb(appeal) for appeal in lapsed_appeals(clock.now()).select_related("project__node"))
