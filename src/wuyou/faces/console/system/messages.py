"""What went out of the product, and webhooks (spec 02, 11)."""

from typing import Any

import django_filters
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org import actions
from wuyou.domains.org.actions.webhooks import EVENTS
from wuyou.domains.org.models import WebhookEndpoint
from wuyou.domains.org.policies import MANAGE_SYSTEM, require
from wuyou.domains.org.queries import deliveries_of, nodes_visible_to, webhooks_visible_to
from wuyou.faces.console.acting import act
from wuyou.faces.console.offering import offer
from wuyou.faces.console.registry.looking import row_for
from wuyou.kernel import notify
from wuyou.kernel.notify import Channel, State
from wuyou.ui.forms import FormPage
from wuyou.ui.lists import BulkAction, Column, Empty, ListPage, ManyFilter, cells
from wuyou.ui.visitor import user_of

TONES = {
    State.QUEUED: "info", State.SENDING: "accent", State.SENT: "ok", State.FAILED: "bad", State.SUPPRESSED: "muted",
}  # fmt: skip


class OutboxFilter(django_filters.FilterSet):
    """Messages by channel and state."""

    channel = ManyFilter(label=_("Channel"), choices=Channel.choices)
    state = ManyFilter(label=_("State"), choices=State.choices)


def send_many(page: Any, rows: list[Any], _data: dict[str, Any]) -> object:
    """Queue the ticked messages once more."""
    for row in rows:
        actions.send_again(row, by=page.user)
    return _("%(count)s messages are queued again.") % {"count": len(rows)}


class Outbox(ListPage):
    """Everything that went out, waits, failed, or would have gone out."""

    code = "system.outbox"
    title = _("Messages sent")
    sub = _("Without a mail server nothing goes out; what would have is kept here.")
    icon = "send"
    filters = OutboxFilter
    columns = (
        Column("subject", _("Subject"), lambda m: m.subject, always=True),
        Column("to", _("To"), lambda m: m.to),
        Column("channel", _("Channel"), lambda m: m.get_channel_display(), sort="channel"),
        Column("event", _("Event"), lambda m: m.event, cell=cells.mono, sort="event", shown=False),
        Column("when", _("When"), lambda m: m.created_at, cell=cells.moment, sort="created_at"),
        Column("sent", _("Sent"), lambda m: m.sent_at, cell=cells.moment, sort="sent_at"),
        Column("attempts", _("Attempts"), lambda m: m.attempts, numeric=True, shown=False),
        Column(
            "state", _("State"), lambda m: m.get_state_display(), sort="state",
            cell=lambda m, value: cells.badge(value, TONES[State(m.state)]),
        ),
        Column("error", _("Last error"), lambda m: m.error[:120]),
    )  # fmt: skip
    bulk = (BulkAction("again", _("Send again"), run=send_many, icon="refresh"),)

    def allowed(self) -> None:
        """Only who manages the system."""
        require(self.user, MANAGE_SYSTEM)

    def rows(self) -> Any:
        """Newest first."""
        return notify.outbox()

    def search(self, rows: Any, text: str) -> Any:
        """By subject or receiver."""
        return rows.filter(subject__icontains=text) | rows.filter(to__icontains=text)

    def empty(self) -> Empty:
        """What would stand here."""
        return Empty(_("Nothing went out yet"), _("Late tasks and expiring licences are announced."), icon="send")


# --- webhooks


@require_GET
def webhooks(request: HttpRequest) -> HttpResponse:
    """Addresses that are told of events."""
    user = user_of(request)
    require(user, MANAGE_SYSTEM)
    return render(request, "console/system/webhooks.html", {"rows": webhooks_visible_to(user)})


class WebhookForm(forms.Form):
    """Where to, of what."""

    node: Any = forms.ModelChoiceField(label=_("Events below"), queryset=None, empty_label=None)
    url = forms.URLField(label=_("Address"), max_length=300, assume_scheme="https")
    events = forms.MultipleChoiceField(
        label=_("Events"), choices=[(one, one) for one in EVENTS], widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, nodes: Any, **kwargs: Any) -> None:
        """`nodes` where the person manages the system."""
        super().__init__(*args, **kwargs)
        offer(self, node=nodes)


class NewWebhook(FormPage):
    """Let another system hear of events."""

    title = _("New webhook")
    form_class = WebhookForm
    submit = _("Add")

    def allowed(self) -> None:
        """Only who manages the system."""
        require(self.user, MANAGE_SYSTEM)

    def form_arguments(self) -> dict[str, Any]:
        """Where that is."""
        return {"nodes": nodes_visible_to(self.user, MANAGE_SYSTEM).order_by("path")}

    def back(self) -> str:
        """To the webhooks."""
        return reverse("console:system:webhooks")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Add it and show its secret."""
        endpoint = actions.add_endpoint(by=self.user, **data)
        return self.done(_("The webhook was added."), to=reverse("console:system:webhook", args=[endpoint.pk]))


def endpoint_for(request: HttpRequest, pk: int) -> WebhookEndpoint:
    """A visible endpoint."""
    endpoint: WebhookEndpoint = row_for(webhooks_visible_to(user_of(request)).select_related("node"), pk)
    return endpoint


@require_GET
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One endpoint: its secret, and what was sent."""
    endpoint = endpoint_for(request, pk)
    context = {"endpoint": endpoint, "deliveries": deliveries_of(endpoint)[:100]}
    return render(request, "console/system/webhook.html", context)


@require_POST
def disable_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop telling an endpoint."""
    endpoint, user = endpoint_for(request, pk), user_of(request)
    to = reverse("console:system:webhook", args=[pk])
    return act(request, lambda: actions.disable_endpoint(endpoint, by=user), said=_("Switched off."), to=to)
