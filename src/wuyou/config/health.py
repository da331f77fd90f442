"""/healthz (the process answers), /readyz (it can work), /metrics (counts for Prometheus).

They stand before host checks and log-in: a load balancer asks by address and has no account.
"""

import hmac
import os
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

REQUESTS = Counter("wuyou_http_requests", "Requests answered", ["face", "method", "status"])
SECONDS = Histogram(
    "wuyou_http_seconds", "Time to answer", ["face"], buckets=(0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10)
)
FACES = {"api", "static", "media", "portal", "field"}


class Health:
    """Middleware that answers the three addresses and counts every other request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the next middleware."""
        self.get_response = get_response
        self.pages = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer or pass on."""
        page = self.pages.get(request.path)
        if page:
            return page(request)
        started = time.perf_counter()
        response = self.get_response(request)
        face = face_of(request.path)
        REQUESTS.labels(face, request.method, str(response.status_code)).inc()
        SECONDS.labels(face).observe(time.perf_counter() - started)
        return response


def face_of(path: str) -> str:
    """The way in a path belongs to; few values, for each is a row in the counts."""
    first = path.strip("/").partition("/")[0]
    return first if first in FACES else "console"


def healthz(_request: HttpRequest) -> HttpResponse:
    """The process is alive."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when the database answers, is of this version, and the cache keeps values; else 503 with what fails."""
    checks = {
        "database": works(database_answers),
        "migrations": works(database_is_current),
        "cache": works(cache_keeps),
    }
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def works(check: Callable[[], bool]) -> bool:
    """The outcome of a check; a database that cannot be asked fails it."""
    try:
        return check()
    except DatabaseError:
        return False


def database_answers() -> bool:
    """One trivial query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def database_is_current() -> bool:
    """No migration is pending."""
    from wuyou.config.server import pending_migrations

    return not pending_migrations()


def cache_keeps() -> bool:
    """What is put in is found again."""
    cache = caches["default"]
    cache.set("readyz", "yes", 10)
    return bool(cache.get("readyz") == "yes")


def metrics(request: HttpRequest) -> HttpResponse:
    """Counts for Prometheus: for a bearer of WUYOU_METRICS_TOKEN, or from this machine itself when none is set."""
    if not may_read_metrics(request):
        return HttpResponse("not found\n", status=404, content_type="text/plain")
    return HttpResponse(generate_latest(counts()) + generate_latest(Records()), content_type=CONTENT_TYPE_LATEST)


def counts() -> Collector:
    """The request counts of all web processes; of this one where it is alone."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


def may_read_metrics(request: HttpRequest) -> bool:
    """Whether the asker has the token or, without one, stands on this machine and came through no proxy."""
    if settings.METRICS_TOKEN:
        return hmac.compare_digest(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    return request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and "X-Forwarded-For" not in request.headers


class Records(Collector):
    """Counts read from the database when asked."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Jobs by state."""
        from wuyou.kernel import jobs

        family = GaugeMetricFamily("wuyou_jobs", "Background jobs by state", labels=["state"])
        for state, count in sorted(jobs.counts().items()):
            family.add_metric([state], count)
        yield family
