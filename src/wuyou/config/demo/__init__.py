"""`wuyou demo`: five estates, three months of quality and 45 days of work, built by imports and actions only."""

import argparse
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.utils import translation

UNFINISHED = "unfinished"
PASSWORD = "Wuyou-2026"  # noqa: S105 - printed for who tries the demo; an installation of one's own has none of it


def command(given: argparse.Namespace) -> int:
    """Build the demo in an empty installation; the same seed on the same day gives the same demo."""
    from wuyou.config.cli.commands import CommandError
    from wuyou.config.installation import upgrade
    from wuyou.domains.org import queries

    upgrade()
    state = Path(settings.HOME) / "demo.txt"  # "unfinished" while it is being built, "finished" afterwards
    known = state.read_text(encoding="utf8") if state.exists() else ""
    if known == UNFINISHED:
        raise CommandError(f"an earlier demo was interrupted; remove {settings.HOME} (and its database) and try again")
    if queries.is_installed() and not given.if_empty:
        raise CommandError("there are users here already; the demo is for an empty installation")
    if not queries.is_installed():
        state.write_text(UNFINISHED, encoding="utf8")
        with translation.override("zh-hans"):
            build(seed=given.seed)
        state.write_text("finished", encoding="utf8")
    if state.exists():
        print_logins()
    return 0


def build(*, seed: int) -> None:
    """Everything, with a progress bar."""
    from wuyou.kernel import clock

    from . import days as living
    from .company import open_company
    from .days import live
    from .estates import ESTATES, open_estate
    from .plans import plan_estate
    from .progress import Bar
    from .quality import first_day, quality_of

    bar = Bar(steps=[("company", 1), *((f"import {one.code}", one.effort) for one in ESTATES),
                     ("months of quality", 20), *((f"plan {one.code}", 2) for one in ESTATES),
                     (f"{living.DAYS} days of work", 60)])  # fmt: skip
    first = first_day()
    with clock.at(clock.midnight(first) - timedelta(days=2, hours=-9)):
        nodes = bar.run(open_company)
        projects = [bar.run(partial(open_estate, one, nodes)) for one in ESTATES]
    quality = quality_of(projects, seed=seed, first=first)
    bar.run(partial(living.before, quality))
    with clock.at(clock.now() - timedelta(days=living.DAYS + 2)):
        for one, project in zip(ESTATES, projects, strict=True):
            bar.run(partial(plan_estate, one, project))
    bar.run(partial(live, projects, quality, seed=seed))
    bar.close()


def print_logins() -> None:
    """Who can log in to the demo."""
    from .company import PEOPLE

    print(f"\nDemo log-ins, all with the password {PASSWORD}:")
    for person in PEOPLE:
        print(f"  {person.username:10} {person.full_name}  {person.what}")
