from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "wuyou.kernel.clocks"
    label = "clocks"
