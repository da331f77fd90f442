"""Values that fit a JSON schema: the smallest body an operation takes."""

from typing import Any

TEXTS = {
    "date": "2026-11-20",
    "date-time": "2026-11-20T08:00:00+08:00",
    "uuid": "00000000-0000-4000-8000-000000000001",
}
PATTERNS = {"^\\d{2}:\\d{2}$": "22:00"}


def example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """A small value of a schema; only what is required."""
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return example(schema["anyOf"][0], schemas)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kind = schema.get("type")
    if kind == "object":
        needed = schema.get("required", [])
        return {name: example(schema["properties"][name], schemas) for name in needed}
    if kind == "array":
        return [example(schema["items"], schemas) for _ in range(schema.get("minItems", 0))]
    plain = {"integer": max(1, schema.get("minimum", 1)), "number": 1.5, "boolean": True, "null": None}
    return plain[kind] if kind in plain else text(schema)


def text(schema: dict[str, Any]) -> str:
    """A text of a format, of a pattern, or just long enough."""
    if schema.get("format") in TEXTS:
        return TEXTS[schema["format"]]
    pattern = schema.get("pattern", "")
    if "d" in pattern and "\\d" in pattern:
        return PATTERNS.get(pattern, "1")
    return "x" * max(1, schema.get("minLength", 1))
