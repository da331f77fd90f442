"""Addresses of the pages of sheets."""

from django.urls import URLPattern, path

from . import items, sheets

app_name = "sheets"
urlpatterns: list[URLPattern] = [
    path("", sheets.SheetList.as_view(), name="list"),
    path("new/", sheets.New.as_view(), name="new"),
    path("<int:pk>/newest/", sheets.newest, name="sheet_newest"),
    path("<int:pk>/next/", sheets.next_version, name="sheet_next"),
    path("versions/<int:pk>/", sheets.version_page, name="version"),
    path("versions/<int:pk>/rename/", sheets.Rename.as_view(), name="rename"),
    path("versions/<int:pk>/scoring/", sheets.ChangeScoring.as_view(), name="scoring"),
    path("versions/<int:pk>/issue/", sheets.issue, name="issue"),
    path("versions/<int:pk>/withdraw/", sheets.Withdraw.as_view(), name="withdraw"),
    path("versions/<int:pk>/items/new/", items.EditItem.as_view(), name="item_new"),
    path("versions/<int:pk>/items/<int:place>/", items.EditItem.as_view(), name="item"),
    path("versions/<int:pk>/items/<int:place>/up/", items.move, {"way": "up"}, name="item_up"),
    path("versions/<int:pk>/items/<int:place>/down/", items.move, {"way": "down"}, name="item_down"),
    path("versions/<int:pk>/items/<int:place>/remove/", items.move, {"way": "remove"}, name="item_remove"),
]
