"""The list of permissions. Every app declares its own in its policies; roles pick from this list (default deny)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """One right: `code` is `<app>.<verb>_<noun>`, `label` says it in the languages of the product."""

    code: str
    label: object


_declared: dict[str, Permission] = {}


def declare(code: str, label: object) -> str:
    """Enter a permission and give its code back, so that a policies module can keep it in a constant."""
    _declared[code] = Permission(code, label)
    return code


def all_permissions() -> list[Permission]:
    """Every declared permission, by code."""
    return [_declared[code] for code in sorted(_declared)]
