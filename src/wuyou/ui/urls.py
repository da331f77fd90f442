"""Addresses of the shell's own parts."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from . import views
from .gallery import WorkList, WorkNew, job, part
from .gallery_figures import paper

app_name = "ui"
urlpatterns = [
    path("palette", views.palette_hits, name="palette"),
    path("projects", views.projects, name="projects"),
    path("projects/switch", views.switch_project, name="switch_project"),
    path("preferences", login_not_required(views.preferences), name="preferences"),
    path("gallery", login_not_required(views.gallery), name="gallery"),
    path("gallery/list", WorkList.as_view(), name="gallery_list"),
    path("gallery/form", WorkNew.as_view(), name="gallery_form"),
    path("gallery/job", views.only_debugging(job), name="gallery_job"),
    path("gallery/paper", views.only_debugging(paper), name="gallery_paper"),
    path("gallery/part", views.only_debugging(part), name="gallery_part"),
]
