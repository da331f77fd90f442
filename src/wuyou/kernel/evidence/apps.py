from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "wuyou.kernel.evidence"
    label = "evidence"
