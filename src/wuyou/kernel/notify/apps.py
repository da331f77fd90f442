from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "wuyou.kernel.notify"
    label = "notify"
