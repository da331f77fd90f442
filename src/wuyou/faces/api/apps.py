from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "wuyou.faces.api"
    label = "api"
