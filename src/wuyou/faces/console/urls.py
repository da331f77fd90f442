"""Addresses of the console, one module per domain; `system` shows the kernel's machines (jobs, journal, imports)."""

from django.urls import URLPattern, URLResolver, include, path

from .join import Join
from .org import account
from .work.scan import scan

app_name = "console"
urlpatterns: list[URLPattern | URLResolver] = [
    path("join/", Join.as_view(), name="join"),
    path("notifications/", account.bell, name="notifications"),
    path("notifications/read/", account.read_all, name="notifications_read"),
    path("to/<str:reference>/", account.lead, name="to"),
    path("notifications/<int:pk>/", account.open_notice, name="notification"),
    path("", include("wuyou.faces.console.work.urls")),
    path("s/<str:code>/", scan, name="scan"),  # what stickers say
    path("registry/", include("wuyou.faces.console.registry.urls")),
    path("assets/", include("wuyou.faces.console.assets.urls")),
    path("standards/", include("wuyou.faces.console.standards.urls")),
    path("sheets/", include("wuyou.faces.console.sheets.urls")),
    path("contracts/", include("wuyou.faces.console.contracts.urls")),
    path("quality/", include("wuyou.faces.console.quality.urls")),
    path("appraisal/", include("wuyou.faces.console.appraisal.urls")),
    path("org/", include("wuyou.faces.console.org.urls")),
    path("system/", include("wuyou.faces.console.system.urls")),
]
