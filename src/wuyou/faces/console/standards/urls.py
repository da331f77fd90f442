"""Addresses of the pages of standards."""

from django.urls import URLPattern, path

from . import clauses, duties, library, subjects, version

app_name = "standards"
urlpatterns: list[URLPattern] = [
    path("", library.StandardList.as_view(), name="list"),
    path("new/", library.New.as_view(), name="new"),
    path("duties/", duties.duties, name="duties"),
    path("subjects/", subjects.SubjectList.as_view(), name="subjects"),
    path("subjects/new/", subjects.NewSubject.as_view(), name="subject_new"),
    path("subjects/<int:pk>/", subjects.EditSubject.as_view(), name="subject"),
    path("<int:pk>/newest/", version.newest, name="standard_newest"),
    path("<int:pk>/rename/", library.Rename.as_view(), name="standard_rename"),
    path("<int:pk>/next/", library.new_version, name="standard_next"),
    path("versions/<int:pk>/", version.version_page, name="version"),
    path("versions/<int:pk>/copy/", library.Copy.as_view(), name="copy"),
    path("versions/<int:pk>/compare/", version.compare, name="compare"),
    path("versions/<int:pk>/export/", version.export, name="export"),
    path("versions/<int:pk>/import/", version.Import.as_view(), name="import"),
    path("versions/<int:pk>/send-back/", version.SendBack.as_view(), name="send_back"),
    path("versions/<int:pk>/withdraw/", version.Withdraw.as_view(), name="withdraw"),
    path("versions/<int:pk>/step/<slug:name>/", version.step, name="step"),
    path("versions/<int:pk>/clauses/new/", clauses.AddClause.as_view(), name="new_clause"),
    path("clauses/<int:pk>/", clauses.clause_page, name="clause"),
    path("clauses/<int:pk>/change/", clauses.EditClause.as_view(), name="clause_change"),
    path("clauses/<int:pk>/remove/", clauses.remove, name="clause_remove"),
]
