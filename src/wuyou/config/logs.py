"""Logs as one JSON object per line (plain text on a terminal), each with the id of the request it belongs to."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from structlog.typing import Processor

PREPARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
# where it broke, never the values it broke with: a frame may hold records of people
TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
FROM_OUTSIDE = re.compile(r"[\w.-]{8,64}")
log = structlog.stdlib.get_logger("wuyou.http")


def configuration(*, as_json: bool, level: str) -> dict[str, Any]:
    """The LOGGING setting: everything to standard error, in one form."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *PREPARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    shown: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if as_json:
        shown += [TRACEBACKS, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        shown += [structlog.dev.ConsoleRenderer()]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "all": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": PREPARED,
                "processors": shown,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "all"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"level": level},
            "django.request": {"level": "ERROR"},  # a page not found is in the request's own line
            "django.server": {"propagate": True, "handlers": []},
            "wuyou": {"level": level},
            "httpx": {"level": "WARNING"},
        },
    }


def reference(request: HttpRequest) -> str:
    """The id of a request: given by a proxy in front if it is a sane one, else made here."""
    given = request.headers.get("X-Request-ID", "")
    return given if FROM_OUTSIDE.fullmatch(given) else secrets.token_hex(8)


class RequestLog:
    """Middleware: every request has an id, an answer header with it, and one line when it is done.

    The id is `request.reference`; error pages show it, so that a person can tell which line is theirs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and write its line."""
        started = time.perf_counter()
        request.reference = reference(request)  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=request.reference):  # type: ignore[attr-defined]
            response = self.get_response(request)
            self.write(request, response, seconds=time.perf_counter() - started)
        response["X-Request-ID"] = request.reference  # type: ignore[attr-defined]
        return response

    def write(self, request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
        """The line of one request: no query string and no body, they may hold personal data."""
        user = getattr(request, "user", None)
        log.log(
            logging.WARNING if response.status_code >= 500 else logging.INFO,
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            user=getattr(user, "pk", None),
        )
