"""Addresses of improvement projects and the meeting pack."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
