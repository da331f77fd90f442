"""Addresses of the pages of the system."""

from django.urls import URLPattern, path

from . import jobs, journal, messages, settings

app_name = "system"
urlpatterns: list[URLPattern] = [
    path("jobs/", jobs.JobList.as_view(), name="jobs"),
    path("jobs/<int:pk>/", jobs.job_page, name="job"),
    path("jobs/<int:pk>/progress/", jobs.job_progress, name="job_progress"),
    path("jobs/<int:pk>/<slug:name>/", jobs.job_step, name="job_step"),
    path("journal/", journal.journal_page, name="journal"),
    path("journal/verify/", journal.verify, name="verify"),
    path("outbox/", messages.Outbox.as_view(), name="outbox"),
    path("webhooks/", messages.webhooks, name="webhooks"),
    path("webhooks/new/", messages.NewWebhook.as_view(), name="webhook_new"),
    path("webhooks/<int:pk>/", messages.webhook, name="webhook"),
    path("webhooks/<int:pk>/disable/", messages.disable_webhook, name="webhook_disable"),
    path("settings/", settings.settings_page, name="settings"),
]
