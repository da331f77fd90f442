"""The source of the product as syntax trees, read once for all architecture tests."""

import ast
import functools
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "wuyou"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class File:
    """One Python file: where it is, its text and its tree."""

    path: Path
    text: str
    tree: ast.Module

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def module(self) -> str:
        """Dotted name below `wuyou`, e.g. `domains.work.rules`."""
        parts = self.path.relative_to(PACKAGE).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def lines(self) -> int:
        """Number of lines."""
        return self.text.count("\n")

    def at(self, node: ast.AST) -> str:
        """`path:line` of a node."""
        return f"{self}:{getattr(node, 'lineno', 0)}"


def read(path: Path) -> File:
    """Parse one file."""
    text = path.read_text(encoding="utf8")
    return File(path, text, ast.parse(text))


@functools.cache
def product() -> list[File]:
    """Every file of the product but its migrations."""
    return [read(path) for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]


@functools.cache
def suite() -> list[File]:
    """Every file of the tests."""
    return [read(path) for path in sorted((ROOT / "tests").rglob("*.py"))]


def functions(files: list[File]) -> Iterator[tuple[File, Function, int]]:
    """Every function with its length in lines."""
    for file in files:
        for node in ast.walk(file.tree):
            if isinstance(node, Function):
                yield file, node, (node.end_lineno or node.lineno) - node.lineno + 1


def code_lines(files: list[File]) -> int:
    """Lines that are neither empty nor a comment."""
    return sum(
        1 for file in files for line in file.text.splitlines() if line.strip() and not line.strip().startswith("#")
    )


def figures() -> dict[str, float]:
    """The numbers the house style speaks of."""
    lengths = [length for _, _, length in functions(product())]
    return {
        "functions": len(lengths),
        "median lines": statistics.median(lengths),
        "p90 lines": statistics.quantiles(lengths, n=10)[-1],
        "over 50 lines %": round(100 * sum(length > 50 for length in lengths) / len(lengths), 1),
        "test:code": round(code_lines(suite()) / code_lines(product()), 2),
    }
