from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "wuyou.kernel.search"
    label = "search"
