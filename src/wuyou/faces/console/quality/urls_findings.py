"""Addresses of findings and corrections."""

from django.urls import URLPattern, path

from . import finding, finding_board, finding_new, finding_steps, findings

urlpatterns: list[URLPattern] = [
    path("findings/", findings.FindingList.as_view(), name="findings"),
    path("findings/board/", finding_board.board_page, name="finding-board"),
    path("findings/heat/", finding_board.heat_page, name="finding-heat"),
    path("findings/new/", finding_new.NewFinding.as_view(), name="finding-new"),
    path("findings/new/<str:kind>/<int:pk>/", finding_new.NewFindingAt.as_view(), name="finding-new-at"),
    path("findings/of-problem/<int:pk>/", finding_new.FindingOfProblem.as_view(), name="finding-of-problem"),
    path("findings/<int:pk>/", finding.finding_page, name="finding"),
    path("findings/<int:pk>/step/<str:step>/", finding.finding_step, name="finding-step"),
    path("findings/<int:pk>/do/<str:step>/", finding_steps.StepForm.as_view(), name="finding-form"),
    path("findings/<int:pk>/extend/", finding_steps.Extend.as_view(), name="finding-extend"),
    path("findings/<int:pk>/assign/", finding_steps.Assign.as_view(), name="finding-assign"),
    path("findings/<int:pk>/amend/", finding_steps.Amend.as_view(), name="finding-amend"),
    path("findings/<int:pk>/merge/", finding.finding_merge, name="finding-merge"),
    path("findings/<int:pk>/comment/", finding.finding_comment, name="finding-comment"),
    path("findings/<int:pk>/photos/", finding.finding_photos, name="finding-photos"),
    path("findings/<int:pk>/photos/<int:row>/", finding.finding_photo, name="finding-photo"),
    path("findings/<int:pk>/photos/<int:row>/small/", finding.finding_thumb, name="finding-thumb"),
    path("findings/similar/<int:pk>/", finding_steps.Look.as_view(), name="finding-similar"),
    path("findings/explain/<int:pk>/", finding_steps.Explain.as_view(), name="finding-explain"),
    path("findings/extension/<int:pk>/<str:verdict>/", finding.extension_decide, name="finding-extension"),
]
