"""Webhooks against a real server on this machine: signed, retried, never into private networks."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from factories.org import NodeFactory, ProjectFactory, UserFactory

from wuyou.domains.org import actions
from wuyou.domains.org.actions.webhooks import NotDeliveredError
from wuyou.domains.org.models import WebhookDelivery
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Conflict, Denied, Invalid

pytestmark = pytest.mark.django_db
SETUP = System("set-up")


@pytest.fixture
def other_system(settings):
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    heard, answers = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((dict(self.headers), body))
            self.send_response(answers.pop(0) if answers else 204)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    server.heard, server.answers = heard, answers
    server.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def project():
    return ProjectFactory(node=NodeFactory(kind="project", parent=NodeFactory()))


def endpoint_for(project, server, events=("task.done",)):
    return actions.add_endpoint(node=project.node, url=server.url, events=events, by=SETUP)


def test_an_event_reaches_the_other_system_signed(project, other_system):
    endpoint = endpoint_for(project, other_system)
    assert actions.announce("task.done", project=project, payload={"task": 7, "title": "扫地"}) == 1
    actions.deliver(WebhookDelivery.objects.get())
    headers, body = other_system.heard[0]
    stamp, digest = (part.split("=")[1] for part in headers["Wuyou-Signature"].split(","))
    expected = hmac.new(endpoint.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert digest == expected
    assert json.loads(body)["data"] == {"project": project.code, "task": 7, "title": "扫地"}
    assert WebhookDelivery.objects.get().status == 204


def test_a_refusal_is_recorded_and_tried_again(project, other_system):
    endpoint_for(project, other_system)
    actions.announce("task.done", project=project, payload={})
    other_system.answers.append(500)
    with pytest.raises(NotDeliveredError):
        actions.deliver(WebhookDelivery.objects.get())
    row = WebhookDelivery.objects.get()
    assert (row.attempts, row.status, row.delivered_at) == (1, 500, None)
    actions.deliver(row)
    actions.deliver(WebhookDelivery.objects.get())  # delivered: nothing more is sent
    assert len(other_system.heard) == 2


def test_a_dead_host_is_recorded(project, other_system):
    endpoint = endpoint_for(project, other_system)
    endpoint.url = "http://127.0.0.1:1/"
    endpoint.save()
    actions.announce("task.done", project=project, payload={})
    with pytest.raises(NotDeliveredError):
        actions.deliver(WebhookDelivery.objects.select_related("endpoint").get())
    assert "ConnectError" in WebhookDelivery.objects.get().error


def test_only_matching_events_and_projects(project, other_system):
    endpoint = endpoint_for(project, other_system)
    assert actions.announce("task.skipped", project=project, payload={}) == 0
    assert actions.announce("task.done", project=ProjectFactory(), payload={}) == 0
    actions.disable_endpoint(endpoint, by=SETUP)
    assert actions.announce("task.done", project=project, payload={}) == 0
    with pytest.raises(Conflict):
        actions.disable_endpoint(endpoint, by=SETUP)


@pytest.mark.parametrize("url", ["ftp://example.com/", "http://", "http://127.0.0.1/", "http://localhost/x"])
def test_addresses_of_our_own_network_are_refused(project, url):
    with pytest.raises(Invalid):
        actions.add_endpoint(node=project.node, url=url, events=["task.done"], by=SETUP)


def test_bad_endpoints(project, other_system):
    with pytest.raises(Invalid):
        endpoint_for(project, other_system, events=[])
    with pytest.raises(Invalid):
        endpoint_for(project, other_system, events=["no.such"])
    with pytest.raises(Denied):
        actions.add_endpoint(node=project.node, url=other_system.url, events=["task.done"], by=UserFactory())
