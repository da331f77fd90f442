"""Addresses of the API."""

from .door import patterns

app_name = "api"
urlpatterns = patterns()
