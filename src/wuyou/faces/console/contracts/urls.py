"""Addresses of the pages of contracts."""

from django.urls import URLPattern, path

from . import contracts, promises

app_name = "contracts"
urlpatterns: list[URLPattern] = [
    path("", contracts.ContractList.as_view(), name="list"),
    path("new/", contracts.NewContract.as_view(), name="new"),
    path("<int:pk>/", contracts.contract_page, name="contract"),
    path("<int:pk>/change/", contracts.ChangeContract.as_view(), name="change"),
    path("<int:pk>/terminate/", contracts.Terminate.as_view(), name="terminate"),
    path("<int:pk>/staffing/new/", promises.Staffing.as_view(), name="staffing_new"),
    path("<int:pk>/staffing/<int:place>/", promises.Staffing.as_view(), name="staffing"),
    path("<int:pk>/staffing/<int:place>/remove/", promises.remove_staffing, name="staffing_remove"),
    path("<int:pk>/promises/new/", promises.EditPromise.as_view(), name="promise_new"),
    path("<int:pk>/promises/<int:place>/", promises.EditPromise.as_view(), name="promise"),
    path("<int:pk>/promises/<int:place>/remove/", promises.remove_promise, name="promise_remove"),
    path("<int:pk>/changes/new/", promises.Propose.as_view(), name="propose"),
    path("changes/<int:pk>/approve/", promises.Approve.as_view(), name="approve"),
    path("changes/<int:pk>/decline/", promises.Decline.as_view(), name="decline"),
]
