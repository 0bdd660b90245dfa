from django.apps import AppConfig

from jirani.changes.registry import leave
from jirani.core.registry import register_nightly


class AuditConfig(AppConfig):
    name = "jirani.audit"
    label = "audit"

    def ready(self) -> None:
        """Forget in time."""
        from .actions import forget_forms
        from .tasks import forget

        leave(
            "What was done, and when the worker did it: no page for visitors, and nothing may follow from an entry.",
            *(f"audit.{name}" for name in ("Entry", "Submission", "Forgetting", "Nightly", "Clock", "Tally", "Backup")),
        )
        leave("The queue of background work.", "procrastinate")
        register_nightly("audit.forget", forget)
        register_nightly("audit.forget_forms", forget_forms)
