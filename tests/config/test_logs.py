"""One line per request, with an id that the answer carries too."""

import json
import logging
import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from wuyou.config import logs


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [("proxy-12345", True), ("short", False), ("a" * 65, False), ("two words!!", False), ("", False)],
)
def test_ids_from_outside_must_be_sane(rf: RequestFactory, given: str, is_kept: bool) -> None:
    found = logs.reference(rf.get("/", headers={"x-request-id": given}))
    assert (found == given) is is_kept
    assert re.fullmatch(r"[\w.-]{8,64}", found)


@pytest.mark.django_db
def test_the_answer_carries_the_id(client: Client) -> None:
    assert client.get("/nowhere", headers={"x-request-id": "proxy-12345"})["X-Request-ID"] == "proxy-12345"


def rendered(as_json: bool, record: logging.LogRecord) -> str:
    """A record as the handler would write it."""
    made = logs.configuration(as_json=as_json, level="INFO")["formatters"]["all"]
    factory = made.pop("()")
    return factory(**made).format(record)


def test_json_lines_hold_the_traceback() -> None:
    error = ValueError("电梯")
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "it failed", (), (ValueError, error, None))
    line = json.loads(rendered(True, record))
    assert (line["event"], line["level"], line["exception"][0]["exc_value"]) == ("it failed", "error", "电梯")


def test_a_terminal_gets_plain_text() -> None:
    assert "it failed" in rendered(False, logging.LogRecord("x", logging.ERROR, "f", 1, "it failed", (), None))


@pytest.mark.parametrize(("status", "level"), [(200, "info"), (404, "info"), (500, "warning")])
def test_the_line_of_a_request(rf: RequestFactory, status: int, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[tuple[int, str, dict[str, object]]] = []

    class Listener:
        def log(self, number: int, event: str, **values: object) -> None:
            lines.append((number, event, values))

    def answer(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=status)

    monkeypatch.setattr(logs, "log", Listener())
    request = rf.get("/tasks/?phone=13800000000")
    response = logs.RequestLog(answer)(request)
    (number, event, values), *more = lines
    assert (logging.getLevelName(number).lower(), event, more) == (level, "request", [])
    assert (values["path"], values["status"], values["user"]) == ("/tasks/", status, None)
    assert response["X-Request-ID"] == request.reference
