from django.apps import AppConfig

from jirani.core.registry import register_nightly


class AuditConfig(AppConfig):
    name = "jirani.audit"
    label = "audit"

    def ready(self) -> None:
        """Forget in time."""
        from .tasks import forget

        register_nightly("audit.forget", forget)
