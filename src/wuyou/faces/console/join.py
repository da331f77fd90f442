"""Where somebody invited sets the first password with a one-time code (spec 11): open to strangers, so throttled."""

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache

from wuyou.domains.org.actions import accept_invitation
from wuyou.kernel.errors import Conflict, Invalid, Missing


class JoinForm(forms.Form):
    """The code and a password, twice."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
    password = forms.CharField(
        label=_("New password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )
    again = forms.CharField(
        label=_("Once more"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("password") != data.get("again"):
            self.add_error("again", _("The two passwords differ."))
        return data


@method_decorator([never_cache, login_not_required], name="dispatch")
class Join(View):
    """One form; a wrong code says no more than that it is wrong."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form; a QR code brings the code along in the fragment-free address."""
        return self.show(JoinForm(initial={"code": request.GET.get("code", "")[:20]}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set the password, then ask for the log-in."""
        form = JoinForm(request.POST)
        if not ratelimit.consume(request, action="join"):
            form.add_error(None, _("Too many tries. Wait a quarter of an hour, then try again."))
            return self.show(form, status=429)
        if form.is_valid():
            user = self.accept(form)
            if user is not None:
                messages.success(request, _("Your password is set. Your log-in name is %(name)s.") % {"name": user})
                return redirect("account_login")
        return self.show(form, status=422)

    def accept(self, form: JoinForm) -> str | None:
        """The log-in name when the code was taken; else the error stands at its field."""
        try:
            return accept_invitation(form.cleaned_data["code"], password=form.cleaned_data["password"]).username
        except (Missing, Conflict) as error:
            form.add_error("code", str(error))
        except Invalid as error:
            form.add_error("password", str(error))
        return None

    def show(self, form: JoinForm, *, status: int = 200) -> HttpResponse:
        """Render the page with the password rules."""
        context = {"form": form, "rules": password_validators_help_texts()}
        return render(self.request, "console/join.html", context, status=status)
