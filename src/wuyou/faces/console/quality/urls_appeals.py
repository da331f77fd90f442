"""Addresses of appeals."""

from django.urls import URLPattern, path

from . import appeal, appeal_deciding, appeals, ladders, proofs

urlpatterns: list[URLPattern] = [
    path("appeals/", appeals.AppealList.as_view(), name="appeals"),
    path("appeals/new/<str:kind>/<int:pk>/", appeal_deciding.NewAppeal.as_view(), name="appeal_new"),
    path("appeals/<int:pk>/", appeal.appeal_page, name="appeal"),
    path("appeals/<int:pk>/photos/", appeal.appeal_photos, name="appeal_photos"),
    path("appeals/<int:pk>/document/", appeal_deciding.AttachDocument.as_view(), name="appeal_document"),
    path("appeals/<int:pk>/decide/", appeal_deciding.DecideAppeal.as_view(), name="appeal_decide"),
    path("appeals/<int:pk>/further/", appeal_deciding.TakeFurther.as_view(), name="appeal_further"),
    path("appeals/<int:pk>/withdraw/", appeal.appeal_withdraw, name="appeal_withdraw"),
    path("appeals/<int:pk>/appoint/", appeal_deciding.AppointDecider.as_view(), name="appeal_appoint"),
    path("proofs/<int:pk>/", proofs.proof, name="proof"),
    path("proofs/<int:pk>/small/", proofs.proof_small, name="proof_small"),
    path("ladders/", ladders.ladders_page, name="ladders"),
    path("ladders/<int:pk>/", ladders.SetLadder.as_view(), name="ladder_set"),
]
