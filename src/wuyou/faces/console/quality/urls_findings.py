"""Addresses of findings and corrections."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
