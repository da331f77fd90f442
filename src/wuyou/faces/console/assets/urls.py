"""Addresses of the pages of equipment."""

from django.urls import URLPattern, path

from . import forms, lists, pages

app_name = "assets"
urlpatterns: list[URLPattern] = [
    path("", lists.AssetList.as_view(), name="list"),
    path("new/", forms.NewAsset.as_view(), name="new"),
    path("<int:pk>/", pages.asset_page, name="asset"),
    path("<int:pk>/change/", forms.ChangeAsset.as_view(), name="change"),
    path("<int:pk>/move/", forms.MoveAsset.as_view(), name="move"),
    path("<int:pk>/label/", pages.label, name="label"),
    path("<int:pk>/step/<slug:name>/", pages.step, name="step"),
]
