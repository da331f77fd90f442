"""Every way in, by face."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("wuyou.faces.api.urls")),
    path("ui/", include("wuyou.ui.urls")),
    path("", include("wuyou.faces.console.urls")),
]

handler400 = "wuyou.ui.errors.bad_request"
handler403 = "wuyou.ui.errors.forbidden"
handler404 = "wuyou.ui.errors.not_found"
handler500 = "wuyou.ui.errors.server_error"
