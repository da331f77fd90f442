from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "wuyou.kernel.imports"
    label = "imports"
