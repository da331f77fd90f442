"""Addresses of inspections."""

from django.urls import URLPattern, path

from . import inspecting, inspection, inspections

urlpatterns: list[URLPattern] = [
    path("inspections/", inspections.InspectionList.as_view(), name="inspections"),
    path("inspections/mine/", inspections.mine, name="inspect_mine"),
    path("inspections/self-check/", inspections.SelfCheck.as_view(), name="self_check"),
    path("inspections/begin/<int:pk>/", inspections.start, name="inspection_start"),
    path("inspections/<int:pk>/", inspection.page, name="inspection"),
    path("inspections/<int:pk>/score/", inspection.score, name="inspection_score"),
    path("inspections/<int:pk>/report/<slug:form>/", inspection.paper, name="inspection_paper"),
    path("inspections/<int:pk>/publish/", inspection.publish, name="inspection_publish"),
    path("inspections/<int:pk>/void/", inspection.Void.as_view(), name="inspection_void"),
    path("inspections/<int:pk>/second/", inspection.second, name="inspection_second"),
    path("inspections/<int:pk>/hand-on/", inspection.HandOn.as_view(), name="inspection_hand_on"),
    path("inspections/<int:pk>/fill/<int:part>/", inspecting.fill, name="inspect"),
    path("inspections/<int:pk>/fill/<int:part>/save/", inspecting.save, name="inspect_save"),
    path("inspections/<int:pk>/fill/places/", inspecting.places, name="inspect_places"),
    path("inspections/<int:pk>/fill/finish/", inspecting.Finish.as_view(), name="inspect_finish"),
    path("inspections/<int:pk>/items/<slug:item>/photos/", inspecting.attach, name="inspect_photo"),
    path(
        "inspections/<int:pk>/items/<slug:item>/photos/<int:photo>/discard/",
        inspecting.discard,
        name="inspect_discard",
    ),
]
