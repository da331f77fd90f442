"""Addresses of statistics of quality."""

from django.urls import path

from .statistics import stability_page, times_page
from .statistics_causes import causes_page
from .statistics_inspectors import inspectors_page
from .statistics_projects import projects_page

urlpatterns = [
    path("statistics/", stability_page, name="statistics"),
    path("statistics/times/", times_page, name="statistics_times"),
    path("statistics/projects/", projects_page, name="statistics_projects"),
    path("statistics/inspectors/", inspectors_page, name="statistics_inspectors"),
    path("statistics/causes/", causes_page, name="statistics_causes"),
]
