from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    name = "wuyou.domains.appraisal"
    label = "appraisal"
