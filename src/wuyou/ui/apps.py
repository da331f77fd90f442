from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "wuyou.ui"
    label = "ui"
