"""The one table of what a stranger may open; the sweep test expects a log-in for everything else (architecture)."""

PUBLIC = frozenset({
    "account_login",
    "account_logout",  # sends a stranger to the log-in
    "account_signup",  # says that accounts come by invitation
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_reauthenticate",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_signup_webauthn",
    "mfa_trust",
    "ui:preferences",  # language and colours of the log-in page
    "ui:gallery",  # answers 404 outside DEBUG
    "console:join",  # a one-time code is asked for there
})  # fmt: skip
