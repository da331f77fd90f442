"""Addresses of the working day."""

from django.urls import URLPattern, path

from . import absence, board, ledgers, mine, problems, proof, review, task, tasks

urlpatterns: list[URLPattern] = [
    path("", mine.mine, name="mine"),
    path("waiting/", mine.waiting, name="waiting"),
    path("together/<str:key>/", mine.TogetherPage.as_view(), name="together"),
    path("together/<str:key>/photos/<uuid:batch>/", mine.together_photos, name="together-photos"),
    path("tasks/", tasks.TaskList.as_view(), name="tasks"),
    path("tasks/<int:pk>/", task.TaskPage.as_view(), name="task"),
    path("tasks/<int:pk>/photos/", task.task_photos, name="task-photos"),
    path("tasks/<int:pk>/skip/", task.SkipTask.as_view(), name="task-skip"),
    path("tasks/<int:pk>/hand-over/", task.HandOver.as_view(), name="task-hand-over"),
    path("tasks/<int:pk>/comment/", task.comment, name="task-comment"),
    path("tasks/<int:pk>/step/<str:step>/", task.step, name="task-step"),
    path("board/", board.board_page, name="board"),
    path("review/", review.wall, name="review"),
    path("review/<int:pk>/<str:verdict>/", review.verdict, name="verdict"),
    path("problems/", problems.ProblemList.as_view(), name="problems"),
    path("problems/new/<str:kind>/<int:pk>/", problems.ReportProblem.as_view(), name="problem-new"),
    path("problems/<int:pk>/", problems.problem_page, name="problem"),
    path("problems/<int:pk>/photos/", problems.problem_photos, name="problem-photos"),
    path("problems/<int:pk>/comment/", problems.problem_comment, name="problem-comment"),
    path("problems/<int:pk>/step/<str:step>/", problems.problem_step, name="problem-step"),
    path("absence/", absence.AbsenceList.as_view(), name="absence"),
    path("absence/new/", absence.NewAbsence.as_view(), name="absence-new"),
    path("absence/<int:pk>/", absence.absence_detail, name="absence-detail"),
    path("absence/<int:pk>/cancel/", absence.absence_cancel, name="absence-cancel"),
    path("ledgers/", ledgers.Disinfections.as_view(), name="ledgers"),
    path("ledgers/disinfection/new/", ledgers.NewDisinfection.as_view(), name="disinfection-new"),
    path("ledgers/disinfection/<int:pk>/", ledgers.CorrectDisinfection.as_view(), name="disinfection-correct"),
    path("ledgers/refuse/", ledgers.Refuse.as_view(), name="refuse"),
    path("ledgers/refuse/new/", ledgers.NewRefuse.as_view(), name="refuse-new"),
    path("ledgers/refuse/<int:pk>/", ledgers.CorrectRefuse.as_view(), name="refuse-correct"),
    path("evidence/<int:pk>/thumb/", proof.thumb, name="thumb"),
    path("evidence/<int:pk>/", proof.photo, name="photo"),
    path("evidence/<int:pk>/original/", proof.Original.as_view(), name="original"),
]
