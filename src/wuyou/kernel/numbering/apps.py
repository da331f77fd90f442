from django.apps import AppConfig


class NumberingConfig(AppConfig):
    name = "wuyou.kernel.numbering"
    label = "numbering"
