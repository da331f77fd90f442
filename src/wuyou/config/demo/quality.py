"""The demo's quality: three months of inspections, corrections, appeals and one improvement project, day by day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.quality.actions.findings import count_unexplained, settle_effects
from wuyou.kernel import clock
from wuyou.kernel.clocks.actions import escalate_due

from .appealing import appeal_day, improve_day, withdraw_day
from .appraising import Appraising
from .company import BY, NODES, PEOPLE
from .correcting import Doers, correct_day
from .inspecting import Inspectors, campaigns_of, self_check

MONTHS = 3  # whole months before this one
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def first_day() -> dt.date:
    """The first day of the demo's quality: of the month so many months ago."""
    months = clock.today().year * 12 + clock.today().month - 1 - MONTHS
    return dt.date(months // 12, months % 12 + 1, 1)


@dataclass
class Quality:
    """Who does what, and the day reached."""

    inspectors: Inspectors
    doers: dict[str, Doers]
    first: dt.date
    appraising: Appraising

    def live_day(self, day: dt.date) -> None:
        """Everything of one day that is not in the future."""
        number = (day.year * 12 + day.month) - (self.first.year * 12 + self.first.month)
        if day >= clock.today():
            return
        people, estate = self.inspectors.people, self.inspectors.projects["JT"]
        campaigns_of(self.inspectors, day, number)
        if day.day == 25:
            self_check(self.inspectors, estate, by=people["zhuguan"], day=day)
        appeal_day(estate, day, number, manager=people["jingli"], centre=people["pinzhi"])
        withdraw_day(estate, day, number, manager=people["jingli"])
        improve_day(estate, day, number, owner=people["jingli"], centre=people["pinzhi"])
        correct_day(self.doers, day, seed=self.inspectors.seed)
        self.appraising.live_day(day, number)
        with clock.at(clock.midnight(day) + 20 * HOUR):
            count_unexplained()
            settle_effects()
            escalate_due()


def quality_of(projects: Sequence[Project], *, seed: int, first: dt.date) -> Quality:
    """The people of the demo in their parts."""
    people = {login.username: User.objects.get(username=login.username) for login in PEOPLE}
    nodes = {code: Node.objects.get(code=code) for code, *_rest in NODES}
    known = {project.code: project for project in projects}
    doers = {code: Doers(correct=BY, judge=people["pinzhi"]) for code in known}
    doers["JT"] = Doers(people["zhuguan"], people["chengshi"], asks=people["jingli"], decides=people["chengshi"])
    appraising = Appraising(known, people, seed)
    with clock.at(clock.midnight(first) - DAY):
        appraising.begin(first)
    return Quality(Inspectors(people, nodes, known, seed), doers, first, appraising)
