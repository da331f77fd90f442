"""My account: language and colours, notifications, access tokens (spec 11)."""

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org import actions
from wuyou.domains.org.permissions import all_permissions
from wuyou.domains.org.queries import assignments_in_force, tokens_of
from wuyou.faces.console.acting import act
from wuyou.faces.console.leading import address_of
from wuyou.faces.console.offering import offer
from wuyou.faces.console.registry.looking import row_for
from wuyou.kernel import clock, notify
from wuyou.kernel.notify import Channel
from wuyou.ui.forms import FormPage
from wuyou.ui.pages import Tab
from wuyou.ui.visitor import user_of

from .users import role_name

CHANNELS = (Channel.IN_APP, Channel.EMAIL)
LIVES = ((30, _("30 days")), (90, _("90 days")), (365, _("a year")), (0, _("without end")))


def tabs(current: str) -> list[Tab]:
    """The pages of the account, those of the log-in library included."""
    pages = (
        ("console:org:account", _("Overview")),
        ("console:org:notices", _("Notifications")),
        ("console:org:tokens", _("Access tokens")),
        ("account_change_password", _("Password")),
        ("mfa_index", _("Two-step log-in")),
        ("usersessions_list", _("Logged-in devices")),
    )
    return [Tab(label, reverse(name), current=name == current) for name, label in pages]


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here and what I may."""
    user = user_of(request)
    held = assignments_in_force(user).select_related("role", "node")
    context = {
        "roles": [(role_name(row.role), row.node.name, row.ends_on) for row in held],
        "tabs": tabs("console:org:account"),
    }
    return render(request, "console/org/account.html", context)


# --- notifications


class QuietForm(forms.Form):
    """When only urgent messages may go out."""

    starts = forms.TimeField(label=_("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("Quiet until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))


class Notices(View):
    """Which events reach me, and how."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The table of events and channels."""
        user = user_of(request)
        quiet = notify.quiet_hours_of(user.pk)
        form = QuietForm(initial={"starts": quiet[0], "ends": quiet[1]} if quiet else {})
        return self.show(form)

    def show(self, form: QuietForm, *, status: int = 200) -> HttpResponse:
        """Render the page."""
        chosen = notify.preferences_of(user_of(self.request).pk)
        rows = [
            (one, [(channel, _is_on(one, channel, chosen)) for channel in CHANNELS]) for one in notify.all_templates()
        ]  # fmt: skip
        context = {
            "rows": rows,
            "channels": [channel.label for channel in CHANNELS],
            "form": form,
            "tabs": tabs("console:org:notices"),
        }
        return render(self.request, "console/org/notices.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the ticks and the quiet hours."""
        user = user_of(request)
        form = QuietForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        notify.set_quiet_hours(user.pk, starts=form.cleaned_data["starts"], ends=form.cleaned_data["ends"])
        chosen = notify.preferences_of(user.pk)
        for one in notify.all_templates():
            for channel in CHANNELS:
                is_on = f"{one.event}:{channel}" in request.POST
                if is_on != _is_on(one, channel, chosen):
                    notify.prefer(user.pk, event=one.event, channel=channel, is_on=is_on)
        return act(request, lambda: None, said=_("Kept."), to=reverse("console:org:notices"))


def _is_on(template: Any, channel: str, chosen: dict[tuple[str, str], bool]) -> bool:
    offered = channel == Channel.IN_APP or channel in template.channels
    return chosen.get((template.event, channel), chosen.get(("*", channel), offered))


# --- tokens


class TokenForm(forms.Form):
    """What a program may do in my name."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("What uses it, e.g. the finance system."))
    scopes = forms.MultipleChoiceField(
        label=_("May"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you may yourself."),
    )  # fmt: skip
    days = forms.TypedChoiceField(label=_("Works for"), choices=LIVES, coerce=int, initial=90)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Everything, everything of an app, or single rights."""
        super().__init__(*args, **kwargs)
        single = [(one.code, one.label) for one in all_permissions()]
        offer(self, scopes=[("*", _("Everything I may")), *single])


@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    """My tokens."""
    now = clock.now()
    rows = [
        {"token": one, "is_over": bool(one.revoked_at or (one.expires_at and one.expires_at <= now))}
        for one in tokens_of(user_of(request))
    ]
    context = {"rows": rows, "tabs": tabs("console:org:tokens")}
    return render(request, "console/org/tokens.html", context)


class NewToken(FormPage):
    """Make a token; its text is shown once."""

    title = _("New access token")
    form_class = TokenForm
    submit = _("Make the token")

    def back(self) -> str:
        """To the tokens."""
        return reverse("console:org:tokens")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Make it and show it once."""
        user = self.user
        until = clock.now() + dt.timedelta(days=data["days"]) if data["days"] else None
        _token, text = actions.create_token(user, name=data["name"], scopes=data["scopes"], by=user, expires_at=until)
        response = render(self.request, "console/org/token.html", {"text": text, "back": self.back()})
        response["Cache-Control"] = "no-store"
        return response


@require_POST
def stop_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop one of my tokens."""
    user = user_of(request)
    token = row_for(tokens_of(user), pk)
    to = reverse("console:org:tokens")
    return act(request, lambda: actions.revoke_token(token, by=user), said=_("The token was stopped."), to=to)


# --- bell


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """What I was told, newest first."""
    rows = notify.notifications_of(user_of(request).pk)[:100]
    return render(request, "console/org/bell.html", {"rows": rows})


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Nothing is new any more."""
    notify.mark_read(user_of(request).pk)
    return redirect("console:notifications")


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    user = user_of(request)
    notice = row_for(notify.notifications_of(user.pk), pk)
    notify.mark_read(user.pk, [notice.pk])
    return redirect(address_of(notice.url) or "console:notifications")


@require_GET
def lead(request: HttpRequest, reference: str) -> HttpResponse:
    """The page of a record a message names as `kind:id`; to one's notifications where it has none."""
    return redirect(address_of(reference) or "console:notifications")
