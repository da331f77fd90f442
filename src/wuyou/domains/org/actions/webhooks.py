"""Telling other systems: endpoints, signed deliveries, retries by the job queue (spec 11)."""

import hashlib
import hmac
import json
import secrets
import socket
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, StrIndex
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org import policies, rules
from wuyou.domains.org.models import Node, Project, WebhookDelivery, WebhookEndpoint
from wuyou.domains.org.queries import chain_of
from wuyou.kernel import clock, jobs, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid, WuyouError
from wuyou.kernel.transactions import action

EVENTS = ("task.done", "task.skipped", "task.rejected", "problem.reported", "plan.published", "finding.entered",
          "finding.closed", "finding.voided", "campaign.published", "inspection.submitted", "inspection.published",
          "inspection.rescored", "inspection.voided", "appraisal.published", "statement.issued")  # fmt: skip
TIMEOUT_S = 10
BAD_STATUS = 300


class NotDeliveredError(WuyouError):
    """The other side did not take a delivery; the queue tries again."""

    status = 502
    code = "not_delivered"


@action
def add_endpoint(*, node: Node, url: str, events: Iterable[str], by: Actor) -> WebhookEndpoint:
    """Let another system hear of events below a node; its secret is shown on its page to who manages the system."""
    policies.require(by, policies.MANAGE_SYSTEM, node)
    wanted = sorted(set(events))
    if not wanted or not set(wanted) <= set(EVENTS):
        raise Invalid(fields={"events": _("Choose events from the list.")})
    _check_address(url)
    endpoint = WebhookEndpoint.objects.create(
        node=node, url=url, events=wanted, secret=secrets.token_hex(24), made_by=by.actor_label, made_at=clock.now()
    )
    subject = ("webhook", endpoint.pk, url)
    journal.record("org.webhook_added", chain=chain_of(node), by=by, subject=subject, data={"events": wanted})
    return endpoint


@action
def disable_endpoint(endpoint: WebhookEndpoint, *, by: Actor) -> None:
    """Stop telling an endpoint; its deliveries stay readable."""
    policies.require(by, policies.MANAGE_SYSTEM, endpoint.node)
    if WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at__isnull=True).update(disabled_at=clock.now()) != 1:
        raise Conflict(_("This endpoint is disabled already."))
    subject = ("webhook", endpoint.pk, endpoint.url)
    journal.record("org.webhook_disabled", chain=chain_of(endpoint.node), by=by, subject=subject)


@action
def announce(event: str, *, project: Project, payload: Mapping[str, object]) -> int:
    """Queue an event for every endpoint that covers the project; gives how many. Call it inside the act itself."""
    path = Value(project.node.path, output_field=CharField())
    covering = WebhookEndpoint.objects.filter(disabled_at__isnull=True).annotate(
        where=StrIndex(path, Cast(F("node__path"), CharField()))
    )
    endpoints = [row for row in covering.filter(where=1) if event in row.events]
    for endpoint in endpoints:
        _queue(endpoint, event, {"project": project.code, **payload})
    return len(endpoints)


def _queue(endpoint: WebhookEndpoint, event: str, payload: Mapping[str, object]) -> None:
    now = clock.now()
    body = json.dumps({"event": event, "at": now.isoformat(), "data": payload}, ensure_ascii=False, default=str)
    row = WebhookDelivery.objects.create(endpoint=endpoint, event=event, body=body, made_at=now)
    jobs.enqueue("org.deliver_webhook", delivery_id=row.pk)


def signature(secret: str, *, moment: int, body: str) -> str:
    """`t=<unix seconds>,v1=<hex>`: HMAC-SHA256 of "<t>.<body>"; receivers refuse an old t."""
    digest = hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def deliver(delivery: WebhookDelivery) -> None:
    """Send one delivery once; raises NotDeliveredError unless it was taken, so that the queue tries again later."""
    endpoint = delivery.endpoint
    if delivery.delivered_at or endpoint.disabled_at:
        return
    status, error = _post(endpoint, delivery)
    delivered = clock.now() if not error else None
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        attempts=F("attempts") + 1, status=status, error=error[:200], delivered_at=delivered
    )
    if error:
        raise NotDeliveredError(_("The other system did not take the delivery."))


def _post(endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> tuple[int | None, str]:
    headers = {
        "Content-Type": "application/json",
        "Wuyou-Event": delivery.event,
        "Wuyou-Delivery": str(delivery.pk),
        "Wuyou-Signature": signature(endpoint.secret, moment=int(clock.now().timestamp()), body=delivery.body),
    }
    try:
        _check_address(endpoint.url)
        answer = httpx.post(endpoint.url, content=delivery.body.encode(), headers=headers, timeout=TIMEOUT_S)
    except (httpx.HTTPError, Invalid) as problem:
        return None, f"{type(problem).__name__}: {problem}"
    return answer.status_code, "" if answer.status_code < BAD_STATUS else f"HTTP {answer.status_code}"


def _check_address(url: str) -> None:
    """Raise Invalid unless the address is http(s) on the open internet (or a setting allows private ones)."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Invalid(fields={"url": _("An address starts with http:// or https://.")})
    if settings.WEBHOOKS_TO_PRIVATE_ADDRESSES:
        return
    try:
        found = {info[4][0] for info in socket.getaddrinfo(parts.hostname, None)}
    except OSError as problem:
        raise Invalid(fields={"url": _("This host is not known.")}) from problem
    if not all(rules.is_public_address(str(address)) for address in found):
        raise Invalid(fields={"url": _("This address is inside a private network.")})
