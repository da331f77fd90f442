from django.apps import AppConfig


class DrawsConfig(AppConfig):
    name = "wuyou.kernel.draws"
    label = "draws"
