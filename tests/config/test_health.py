"""Health, readiness and counts."""

import pytest
from django.core.cache import caches
from django.db import DatabaseError
from django.test import Client

from wuyou.config import health, server


def test_healthz_asks_nobody(client: Client) -> None:
    answer = client.get("/healthz", headers={"host": "10.0.0.9"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_when_all_is_well(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "migrations": True, "cache": True})


@pytest.mark.django_db
def test_readyz_names_what_fails(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "pending_migrations", lambda: ["org.0009_later"])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "migrations": False, "cache": True})


def test_a_database_that_is_away_is_not_ready() -> None:
    def away() -> bool:
        raise DatabaseError("gone")

    assert health.works(away) is False


@pytest.mark.django_db
def test_the_cache_check_sees_a_cache_that_forgets(settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    caches.close_all()
    assert health.cache_keeps() is False


@pytest.mark.django_db
def test_counts_tell_requests_and_jobs(client: Client) -> None:
    client.get("/nowhere")
    text = client.get("/metrics").content.decode()
    assert 'wuyou_http_requests_total{face="console",method="GET",status="' in text
    assert "# TYPE wuyou_jobs gauge" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "asked", "expected"),
    [
        ("", {}, 200),
        ("", {"x-forwarded-for": "192.0.2.1"}, 404),
        ("let-me-in", {}, 404),
        ("let-me-in", {"authorization": "Bearer wrong"}, 404),
        ("let-me-in", {"authorization": "Bearer let-me-in", "x-forwarded-for": "192.0.2.1"}, 200),
    ],
)
def test_who_may_read_the_counts(client: Client, settings, token: str, asked: dict[str, str], expected: int) -> None:
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", headers=asked).status_code == expected


@pytest.mark.django_db
def test_counts_are_not_for_the_network(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 404


@pytest.mark.parametrize(
    ("path", "face"), [("/", "console"), ("/api/v1/tasks", "api"), ("/static/a.css", "static"), ("/what", "console")]
)
def test_faces_are_few(path: str, face: str) -> None:
    assert health.face_of(path) == face
