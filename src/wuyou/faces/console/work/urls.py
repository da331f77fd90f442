"""Addresses of the pages of work: the working day, and plans with their compliance."""

from . import plan_urls, tasks_urls

app_name = "work"
urlpatterns = [*tasks_urls.urlpatterns, *plan_urls.urlpatterns]
