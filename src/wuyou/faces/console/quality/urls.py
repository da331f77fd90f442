"""Addresses of the pages of quality, by area."""

from . import urls_appeals, urls_campaigns, urls_findings, urls_improvement, urls_inspections, urls_statistics

app_name = "quality"
urlpatterns = [
    *urls_campaigns.urlpatterns,
    *urls_inspections.urlpatterns,
    *urls_findings.urlpatterns,
    *urls_appeals.urlpatterns,
    *urls_improvement.urlpatterns,
    *urls_statistics.urlpatterns,
]
