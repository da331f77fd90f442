"""Reference pages written from the code, so that they cannot be out of date: `make docs`; a test compares them."""

import os
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import django
from django.apps import apps
from django.utils import translation

from wuyou.config.cli import parser
from wuyou.config.cli.commands import COMMANDS

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "reference"
NOTE = "<!-- Written by `make docs`; change the code instead. -->\n\n"


def load_declarations() -> None:
    """Import what declares flows, permissions and metrics in every app."""
    for app in apps.get_app_configs():
        for name in ("flows", "flow", "policies", "metrics"):
            if app.name.startswith("wuyou.") and find_spec(f"{app.name}.{name}"):
                import_module(f"{app.name}.{name}")


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def flows() -> str:
    """Every flow with its diagram and its transitions."""
    from wuyou.kernel.flows import flow_page

    return flow_page()


def permissions() -> str:
    """What roles are made of."""
    from wuyou.domains.org.permissions import all_permissions

    rows = [(f"`{one.code}`", one.label) for one in all_permissions()]
    return "# Permissions\n\nRoles pick from this list; nothing is allowed by default.\n\n" + table(
        ("code", "allows"), rows
    )


def roles() -> str:
    """The roles as shipped."""
    from wuyou.domains.org.roles import STANDARD_ROLES

    rows = [
        (f"`{role.code}`", role.name_en, role.name_zh, ", ".join(f"`{p}`" for p in role.permissions))
        for role in STANDARD_ROLES
    ]
    return "# Standard roles\n\nA company adds its own beside them.\n\n" + table(
        ("code", "English", "Chinese", "permissions"), rows
    )


def metrics() -> str:
    """Every figure and how it is computed."""
    from wuyou.kernel import metrics as registry

    rows = [
        (
            f"`{one.code}`",
            one.name,
            one.unit,
            "more" if one.direction == "up" else "less",
            one.formula,
            one.source,
            one.grain,
            one.owner,
        )
        for one in registry.all_metrics()
    ]
    heads = ("code", "name", "unit", "better is", "formula", "source", "one value per", "owner")
    return "# Metrics\n\n" + table(heads, rows)


def commands() -> str:
    """Every command with its options."""
    parts = ["# The `wuyou` command\n"]
    listed = parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    for command in COMMANDS:
        own = listed[command.name]  # type: ignore[index]
        own.prog = f"wuyou {command.name}"
        parts.append(f"## {command.name}\n\n```text\n{own.format_help().strip()}\n```\n")
    return "\n".join(parts)


def api() -> str:
    """Every operation of the API."""
    from wuyou.faces.api.reference import page

    return page()


def openapi() -> str:
    """The API's description for machines."""
    from wuyou.faces.api.reference import document_text

    return document_text()


PAGES: dict[str, Callable[[], str]] = {
    "api.md": api,
    "openapi.json": openapi,
    "commands.md": commands,
    "flows.md": flows,
    "metrics.md": metrics,
    "permissions.md": permissions,
    "roles.md": roles,
}


def written(name: str) -> str:
    """One page as it should be."""
    load_declarations()
    with translation.override("en"):
        note = NOTE if name.endswith(".md") else ""
        return note + PAGES[name]().rstrip() + "\n"


def stale() -> list[str]:
    """Pages that are not as they should be."""
    return [
        name for name in PAGES if not (FOLDER / name).exists() or (FOLDER / name).read_text("utf8") != written(name)
    ]


def main() -> int:
    """Write every page, or with --check name those that are out of date."""
    os.environ["COLUMNS"] = "100"  # argparse breaks lines by the terminal's width
    django.setup()
    if "--check" in sys.argv[1:]:
        print("\n".join(f"out of date: docs/reference/{name}; run: make docs" for name in stale()), end="")
        return int(bool(stale()))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (FOLDER / name).write_text(written(name), encoding="utf8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
