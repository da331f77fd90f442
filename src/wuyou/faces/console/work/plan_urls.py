"""Addresses of plan, bindings, workload and compliance."""

from django.urls import URLPattern, path

from . import binding, clause_compliance, compliance, deviating, overview, plan, plan_lines, plan_times, workload

urlpatterns: list[URLPattern] = [
    path("compliance/", compliance.CompliancePage.as_view(), name="compliance"),
    path("compliance/reasons/", compliance.reasons, name="compliance_reasons"),
    path("compliance/clauses/<int:pk>/", clause_compliance.clause_page, name="compliance_clause"),
    path("overview/", overview.projects_today, name="overview"),
    path("plan/", plan.PlanList.as_view(), name="plan"),
    path("workload/", plan.current, {"page": "plan_workload"}, name="workload"),
    path("plan/projects/<int:project>/", plan.of_project, name="plan_of"),
    path("plan/projects/<int:project>/draft/", plan.draft, name="plan_draft"),
    path("plan/<int:pk>/", plan.version, name="plan_version"),
    path("plan/<int:pk>/changes/", plan.changes, name="plan_changes"),
    path("plan/<int:pk>/publish/", plan.Publish.as_view(), name="plan_publish"),
    path("plan/<int:pk>/send-back/", plan.SendBack.as_view(), name="plan_send_back"),
    path("plan/<int:pk>/step/<slug:name>/", plan.step, name="plan_step"),
    path("plan/<int:pk>/workload/", workload.plan_workload, name="plan_workload"),
    path("plan/<int:pk>/workload/assumptions/", workload.Assumptions.as_view(), name="plan_assumptions"),
    path("plan/<int:pk>/calendar/", plan_times.month, name="plan_calendar"),
    path("plan/<int:pk>/year/", plan_times.year, name="plan_year"),
    path("plan/<int:pk>/matrix/", plan_times.matrix, name="plan_matrix"),
    path("plan/<int:pk>/lines/", plan_lines.LineList.as_view(), name="plan_lines"),
    path("plan/<int:pk>/lines/new/", plan_lines.NewLine.as_view(), name="plan_line_new"),
    path("plan/lines/<int:pk>/", plan_lines.line_page, name="plan_line"),
    path("plan/lines/<int:pk>/change/", plan_lines.ChangeLine.as_view(), name="plan_line_change"),
    path("plan/lines/<int:pk>/remove/", plan_lines.remove_line, name="plan_line_remove"),
    path("bindings/", binding.BindingList.as_view(), name="bindings"),
    path("bindings/<int:pk>/", binding.binding_page, name="binding"),
    path("bindings/<int:pk>/end/", deviating.End.as_view(), name="binding_end"),
    path("bindings/<int:pk>/clauses/<int:clause>/", deviating.Deviate.as_view(), name="deviate"),
    path("bindings/projects/<int:project>/new/", binding.Bind.as_view(), name="binding_new"),
    path("deviations/<int:pk>/end/", deviating.EndDeviation.as_view(), name="deviation_end"),
]
