"""The API's own reference: the OpenAPI document as text, and every operation in one table per resource."""

import json
from typing import Any

from .door import DESCRIPTION, description


def document_text() -> str:
    """The OpenAPI document as it is kept in the repository."""
    return json.dumps(description(), ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


def page() -> str:
    """Every operation: method, address, what it does, the rights of which one is needed."""
    document = description()
    parts = ["# The API", "", DESCRIPTION, "The whole description: [openapi.json](openapi.json).", ""]
    for tag in dict.fromkeys(about["tags"][0] for _, _, about in _operations(document)):
        parts += [f"## {tag}", "", "| method | address | what | rights | |", "| --- | --- | --- | --- | --- |"]
        parts += [_row(method, path, about) for method, path, about in _operations(document) if about["tags"][0] == tag]
        parts.append("")
    return "\n".join(parts)


def _operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(method, path, about) for path, methods in document["paths"].items() for method, about in methods.items()]


def _row(method: str, path: str, about: dict[str, Any]) -> str:
    rights = ", ".join(f"`{right}`" for right in about["x-permissions"])
    who = "by a person, no token" if about.get("x-person-only") else ""
    what = about.get("description", about["summary"]).partition("\n")[0].replace("|", "\\|")
    return f"| {method.upper()} | `{path}` | {what} | {rights} | {who} |"
