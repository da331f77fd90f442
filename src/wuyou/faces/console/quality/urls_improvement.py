"""Addresses of improvement projects, lessons and the meeting pack."""

from django.urls import URLPattern, path

from . import improvement, improvement_forms, improvements, lessons, meeting

urlpatterns: list[URLPattern] = [
    path("improvements/", improvements.ImprovementList.as_view(), name="improvements"),
    path("improvements/new/", improvement_forms.NewImprovement.as_view(), name="improvement_new"),
    path("improvements/<int:pk>/", improvement.improvement_page, name="improvement"),
    path("improvements/<int:pk>/change/", improvement_forms.ChangePlan.as_view(), name="improvement_change"),
    path("improvements/<int:pk>/measure/", improvement_forms.AddMeasure.as_view(), name="improvement_measure"),
    path("improvements/<int:pk>/check/", improvement_forms.CheckEffect.as_view(), name="improvement_check"),
    path("improvements/<int:pk>/propose/", improvement_forms.ProposeChange.as_view(), name="improvement_propose"),
    path("improvements/<int:pk>/lesson/", lessons.LessonOf.as_view(), name="improvement_lesson"),
    path("improvements/<int:pk>/step/<str:step>/", improvement.improvement_step, name="improvement_step"),
    path("measures/<int:pk>/done/", improvement_forms.FinishMeasure.as_view(), name="measure_done"),
    path("proposals/<int:pk>/decide/", improvement_forms.DecideProposal.as_view(), name="proposal_decide"),
    path("lessons/", lessons.LessonList.as_view(), name="lessons"),
    path("lessons/new/", lessons.NewLesson.as_view(), name="lesson_new"),
    path("lessons/<int:pk>/", lessons.lesson_page, name="lesson"),
    path("lessons/<int:pk>/change/", lessons.ChangeLesson.as_view(), name="lesson_change"),
    path("meeting/", meeting.meeting_page, name="meeting"),
    path("meeting/<str:form>/", meeting.meeting_paper, name="meeting_paper"),
]
