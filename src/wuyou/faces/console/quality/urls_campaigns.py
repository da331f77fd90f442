"""Addresses of campaigns and draws."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
