"""`wuyou upgrade` brings an installation up to this version; `wuyou init` sets up an empty one (spec 11)."""

import argparse
import re
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from wuyou.config import catalogue
from wuyou.config.cli.commands import CommandError
from wuyou.config.server import pending_migrations
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Invalid

QUESTIONS = {
    "name": "Name of the company (or estate)",
    "code": "Short code, e.g. ANJU",
    "admin": "Log-in name of the first administrator",
    "admin_name": "Name of the administrator",
}
HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
DAYS = re.compile(r"[1-7]-[1-7]")


def upgrade(_given: argparse.Namespace | None = None) -> int:
    """Migrations, cache table, translations, static files and shipped data; quick when nothing is to be done."""
    pending = pending_migrations()
    if pending:
        print(f"Applying {len(pending)} database changes …", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    catalogue.compile_catalogue()
    collect_static_files()
    load_shipped()
    return 0


def load_shipped() -> None:
    """Data the product ships, from the bottom to the top; the actions change nothing when run again."""
    from wuyou.domains.org.actions import load_roles
    from wuyou.domains.registry.actions import load_qualification_kinds
    from wuyou.domains.sheets.actions import load_shipped_sheets
    from wuyou.domains.standards.actions import load_shipped as load_standards
    from wuyou.kernel.clocks.calendars import load_calendar

    by = System("installation")
    load_roles()
    load_calendar(by=by)
    load_qualification_kinds()
    load_standards(by=by)
    load_shipped_sheets(by=by)


def collect_static_files() -> None:
    """Copy styles and scripts to where they are served from, when the build is another one."""
    built = [Path(folder) / "manifest.json" for folder in settings.STATICFILES_DIRS]
    collected = Path(settings.STATIC_ROOT) / "manifest.json"
    now = collected.read_bytes() if collected.exists() else None
    is_same = now is not None and any(path.exists() and path.read_bytes() == now for path in built)
    if not is_same:
        call_command("collectstatic", interactive=False, verbosity=0)


def init(given: argparse.Namespace) -> int:
    """Organisation, service hours, standards, a first administrator with a one-time code; where there is nobody yet."""
    upgrade()
    from wuyou.domains.org import queries

    if queries.is_installed():
        raise CommandError("there are users here already; init is for an empty installation")
    wanted = asked(given)
    code = first_rows(wanted)
    print()
    print(f"{wanted.name} is set up. Hand this to {wanted.admin_name}; it works once, within seven days:")
    print(f"  address        {settings.BASE_URL}")
    print(f"  log-in name    {wanted.admin.lower()}")
    print(f"  one-time code  {code}")
    print("Next: wuyou serve. Then invite the others under Users; each gets such a code, no e-mail is needed.")
    return 0


def first_rows(wanted: argparse.Namespace) -> str:
    """Enter organisation and administrator in one unit; gives the one-time code."""
    from wuyou.domains.org import actions, queries
    from wuyou.kernel.transactions import unit_of_work

    by = System("installation")
    with unit_of_work():
        if wanted.single:
            hours = service_hours(wanted.hours, wanted.days)
            root = actions.add_project(parent=None, code=wanted.code, name=wanted.name, by=by, service_hours=hours).node
        else:
            root = actions.add_node(parent=None, kind="group", name=wanted.name, code=wanted.code, by=by)
        role = queries.role_of("administrator")
        user, code = actions.invite_user(
            username=wanted.admin, full_name=wanted.admin_name, role=role, node=root, by=by
        )
        actions.appoint_administrator(user, by=by)
    return code


def asked(given: argparse.Namespace) -> argparse.Namespace:
    """What was not given as an option is asked for; without a terminal it is named as missing."""
    missing = [name for name in QUESTIONS if not getattr(given, name)]
    if missing and not sys.stdin.isatty():
        raise CommandError("please give " + ", ".join(f"--{name.replace('_', '-')}" for name in missing))
    for name, question in QUESTIONS.items():
        while not getattr(given, name):
            setattr(given, name, input(f"{question}: ").strip())
    if missing and not given.single:
        given.single = input("Is it one estate only, without regions and companies? [y/N] ").lower().startswith("y")
    if given.single and not given.hours:
        given.hours = (input("Service hours [08:00-18:00]: ").strip() if missing else "") or "08:00-18:00"
    return given


def service_hours(hours: str, days: str | None) -> dict[str, list[str]]:
    """`08:00-18:00` on weekdays `1-7` as a project keeps it; raises Invalid naming the option."""
    first, last = (days or "1-7").split("-") if DAYS.fullmatch(days or "1-7") else ("", "")
    if not first or first > last:
        raise Invalid(fields={"--days": "Give weekdays such as 1-5; Monday is 1."})
    if not HOURS.fullmatch(hours) or hours[:5] >= hours[6:]:
        raise Invalid(fields={"--hours": "Give hours such as 08:00-18:00."})
    return {str(day): [hours[:5], hours[6:]] for day in range(int(first), int(last) + 1)}
