from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "jirani.audit"
    label = "audit"
