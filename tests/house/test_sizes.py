"""Functions and files stay small (house style: Writing)."""

import ast

import pytest

from house.source import ROOT, figures, functions, product, read, suite

FILE_LIMIT = 600
FUNCTION_LIMIT = 50
NESTING_LIMIT = 3

BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


def test_no_file_outgrows_its_limit() -> None:
    long = [f"{file}: {file.lines}" for file in product() + suite() if file.lines > FILE_LIMIT]
    assert long == []


def test_long_functions_are_rare() -> None:
    lengths = sorted(((length, file.at(node)) for file, node, length in functions(product())), reverse=True)
    long = [f"{where}: {length}" for length, where in lengths if length > FUNCTION_LIMIT]
    assert len(long) <= 0.02 * len(lengths), long


def test_the_median_function_is_short() -> None:
    assert figures()["median lines"] <= 8


def depth(node: ast.AST, level: int = 0) -> int:
    """How deep blocks stand in each other; an elif is as deep as its if."""
    deepest = level
    for child in ast.iter_child_nodes(node):
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and [child] == node.orelse
        deepest = max(deepest, depth(child, level + (isinstance(child, BLOCKS) and not is_elif)))
    return deepest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f():\n  return 1", 0),
        ("def f():\n  if a:\n    b\n  elif c:\n    d", 1),
        ("def f():\n  for a in b:\n    with c:\n      if d:\n        e", 3),
    ],
)
def test_depth_counts_blocks(text: str, expected: int) -> None:
    assert depth(ast.parse(text).body[0]) == expected


def test_blocks_are_not_nested_deeply() -> None:
    deep = [f"{file.at(node)} {node.name}" for file, node, _ in functions(product()) if depth(node) > NESTING_LIMIT]
    assert deep == []


def test_commands_of_the_repo_are_small_too() -> None:
    scripts = [path for folder in ("bench", "scripts") for path in (ROOT / folder).glob("*.py")]
    assert [f"{path}" for path in scripts if read(path).lines > FILE_LIMIT] == []
