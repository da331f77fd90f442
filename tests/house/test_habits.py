"""Habits that a syntax tree can show (architecture: A room; house style: Writing)."""

import ast
import re

import pytest

from house.source import File, product

FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|manager|service|base)$")
FORBIDDEN_CLASSES = re.compile(r"(Utils?|Helpers?|Common|Manager|Service)$|^Base[A-Z]")
WRITES = {"save", "delete", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
OTHER_CLOCKS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("timezone", "now"),
    ("timezone", "localtime"), ("timezone", "localdate"), ("time", "time"), ("time", "time_ns"),
}  # fmt: skip
RECORD_MODULES = {"models", "queries", "actions", "policies"}
PURE = {"rules", "flows"}
PURE_DJANGO = {"django.utils.translation", "django.utils.functional"}  # words of errors and labels, and their type


def below(prefix: str) -> list[File]:
    """Files of one floor."""
    return [file for file in product() if file.module.startswith(prefix)]


def attribute_calls(file: File) -> list[tuple[ast.Call, str, str]]:
    """Calls of the form `owner.name(…)`: (node, the owner's last name, name)."""
    calls = [
        node for node in ast.walk(file.tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    return [(call, ast.unparse(call.func.value).rpartition(".")[2], call.func.attr) for call in calls]


def test_faces_do_not_write() -> None:
    wrong = [
        f"{file.at(call)} .{name}("
        for file in below("faces")
        for call, _, name in attribute_calls(file)
        if name in WRITES
    ]
    assert wrong == []


def test_faces_do_not_query() -> None:
    wrong = [
        f"{file.at(node)} .{node.attr}"
        for file in below("faces")
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
    ]
    assert wrong == []


def test_faces_have_no_model_forms() -> None:
    wrong = [
        f"{file}: {name}"
        for file in below("faces") + below("ui")
        for name in ("ModelForm", "modelform_factory")
        if name in file.text
    ]
    assert wrong == []


def test_only_the_kernel_clock_asks_for_now() -> None:
    wrong = [
        f"{file.at(call)} {owner}.{name}()"
        for file in product()
        for call, owner, name in attribute_calls(file)
        if (owner, name) in OTHER_CLOCKS and file.module != "kernel.clock"
    ]
    assert wrong == []


def test_no_record_dates_itself() -> None:
    """auto_now asks another clock than kernel.clock, and so does the database's Now()."""
    pattern = re.compile(r"\bauto_now(_add)?\b|\bNow\(\)|\bCURRENT_TIMESTAMP\b")
    wrong = [f"{file}: {found.group()}" for file in product() for found in pattern.finditer(file.text)]
    assert wrong == []


def test_names_say_what_a_thing_is() -> None:
    parts = {(str(file), part) for file in product() for part in file.module.split(".")}
    modules = sorted({path for path, part in parts if FORBIDDEN_NAMES.search(part)})
    classes = [
        f"{file.at(node)} {node.name}"
        for file in product()
        for node in ast.walk(file.tree)
        if isinstance(node, ast.ClassDef) and FORBIDDEN_CLASSES.search(node.name) and not is_django_manager(node)
    ]
    assert (modules, classes) == ([], [])


def is_django_manager(node: ast.ClassDef) -> bool:
    """Django's own word for its table access; only a subclass of one may be called so."""
    return any("Manager" in ast.unparse(base) for base in node.bases)


def imported(file: File) -> list[tuple[ast.AST, str]]:
    """Modules a file imports, relative ones resolved."""
    found: list[tuple[ast.AST, str]] = []
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            found += [(node, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node, absolute(file, node)))
    return found


def absolute(file: File, node: ast.ImportFrom) -> str:
    """The full name behind `from ..x import`."""
    if not node.level:
        return node.module or ""
    package = ["wuyou", *file.module.split(".")]
    if file.path.name == "__init__.py":
        package.append("")
    return ".".join([*package[: -node.level], *([node.module] if node.module else [])])


def is_pure(file: File) -> bool:
    """Whether a file is one that may not touch the world."""
    parts = file.module.split(".")
    return parts[0] == "domains" and len(parts) > 2 and parts[2] in PURE


def test_rules_touch_nothing_but_values() -> None:
    wrong = []
    for file in filter(is_pure, product()):
        for node, name in imported(file):
            is_django = name.startswith("django") and name not in PURE_DJANGO
            is_record = name.startswith("wuyou.") and name.rpartition(".")[2] in RECORD_MODULES
            if is_django or is_record:
                wrong.append(f"{file.at(node)} {name}")
    assert wrong == []


def test_rules_are_told_the_time() -> None:
    wrong = [
        file.at(call)
        for file in filter(is_pure, product())
        for call, owner, name in attribute_calls(file)
        if owner == "clock" and name in {"now", "today"}
    ]
    assert wrong == []


def public(file: File) -> list[ast.FunctionDef | ast.ClassDef]:
    """Functions and classes other modules may use."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    return [node for node in file.tree.body if isinstance(node, kinds) and not node.name.startswith("_")]


def test_public_things_say_what_they_do() -> None:
    silent = [
        f"{file.at(node)} {node.name}"
        for file in below("kernel") + below("domains")
        for node in public(file)
        if not ast.get_docstring(node) and not node.name.endswith("Config")
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("datetime.now(UTC)", ("datetime", "now")),
        ("x.datetime.now()", ("datetime", "now")),
        ("clock.now()", ("clock", "now")),
    ],
)
def test_attribute_calls_name_the_owner(line: str, expected: tuple[str, str]) -> None:
    file = product()[0]
    probe = File(file.path, line, ast.parse(line))
    assert [(owner, name) for _, owner, name in attribute_calls(probe)] == [expected]
